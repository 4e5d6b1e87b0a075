package service

import (
	"bytes"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/hostagent/config"
	"parley/hostagent/config/telling"
)

// Each field of the configuration counts at once, or is kept and the log says that it needs
// a restart.
func TestKeepSaysWhatItKeeps(t *testing.T) {
	atOnce := []string{"Policy", "Publishers", "Mode", "Labels", "Rules", "Windows", "Arrival", "Power", "Survive"}
	all := reflect.TypeFor[config.Config]()
	for _, field := range reflect.VisibleFields(all) {
		if field.Anonymous || all.Field(field.Index[0]).Name == "Tuning" { // the core's own: one of them needs a restart
			continue
		}
		if slices.Contains(atOnce, field.Name) == slices.Contains(needRestart, field.Name) {
			t.Errorf("the field %s: it counts at once or is in needRestart, one of the two", field.Name)
		}
	}
	for _, c := range []struct {
		key    string
		change func(*config.Config)
	}{
		{"process", func(c *config.Config) { c.Process.Programs = []string{"/bin/true"} }},
		{"process", func(c *config.Config) { c.Process.Restart = true }},
		{"container", func(c *config.Config) { c.Container.Runc = "other" }},
		{"metrics", func(c *config.Config) { c.Metrics.Listen = "127.0.0.1:1" }},
		{"notify", func(c *config.Config) { c.Notify = []telling.Notify{{Post: "https://alerts.example.org"}} }},
		{"listen", func(c *config.Config) { c.Listen = []string{"/ip4/127.0.0.1/tcp/1"} }},
	} {
		var log bytes.Buffer
		was := config.Default()
		is := was
		c.change(&is)
		got := keep(was, is, slog.New(slog.NewTextHandler(&log, nil)))
		if !reflect.DeepEqual(got, was) || !strings.Contains(log.String(), "event=config_restart_required key="+c.key+"\n") {
			t.Errorf("%s: got %+v and the log %q, want the old value and that the key needs a restart", c.key, got, log.String())
		}
	}
}
