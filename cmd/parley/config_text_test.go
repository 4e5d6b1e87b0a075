package main

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"parley/hostagent/config"
)

// The output of `parley agent --print-config`, with all its comment marks removed, is
// the default configuration, and has every key.
func TestPrintConfig(t *testing.T) {
	var out bytes.Buffer
	if err := printConfig(&out); err != nil {
		t.Fatal(err)
	}
	key := regexp.MustCompile(`^#((?:  +)?(?:[a-z_]+:|- ).*)$`)
	var text strings.Builder
	for line := range strings.Lines(out.String()) {
		if match := key.FindStringSubmatch(strings.TrimSuffix(line, "\n")); match != nil && match[1] != `host: ""` {
			text.WriteString(match[1] + "\n")
		}
	}
	path := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := config.Read(path)
	if err != nil {
		t.Fatalf("%v in\n%s", err, text.String())
	}
	want := config.Default()
	for _, c := range []*config.Config{&got, &want} { // an empty list is none
		for _, list := range []*[]string{&c.Labels, &c.Platform.Shared, &c.Platform.Offers, &c.Process.Programs} {
			if len(*list) == 0 {
				*list = nil
			}
		}
		if len(c.Peers) == 0 {
			c.Peers = nil
		}
		if len(c.Power) == 0 {
			c.Power = nil
		}
		if len(c.Rules) == 0 {
			c.Rules = nil
		}
		if len(c.Windows) == 0 {
			c.Windows = nil
		}
		if len(c.Notify) == 0 {
			c.Notify = nil
		}
		if len(c.Publishers) == 0 {
			c.Publishers = nil
		}
		if len(c.Platform.Kinds) == 0 {
			c.Platform.Kinds = nil
		}
		if len(c.Platform.Guests) == 0 {
			c.Platform.Guests = nil
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if n := strings.Count(text.String(), ":\n") + strings.Count(text.String(), ": "); n < 40 {
		t.Errorf("only %d keys:\n%s", n, text.String())
	}
}
