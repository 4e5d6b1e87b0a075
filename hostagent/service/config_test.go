package service

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"hold_samples: 2.5", "'hold_samples' 2.5 is not a whole number"},
		{"hold_samples: many", "'hold_samples' expected type 'int', got unconvertible type 'string'"},
		{"cooldown: 15", "'cooldown' 15 is not a time: write its unit, such as 15s"},
		{"cooldown: 1.5", "'cooldown' 1.5 is not a time: write its unit, such as 1.5s"},
		{"cooldown: soon", `'cooldown' "soon" is not a time: write one such as 500ms, 30s or 5m`},
		{"arrival: {foreign: maybe}", `arrival.foreign: is "maybe": write refuse or allow`},
		{"hold_sampels: 2", `there is no key "hold_sampels": did you mean "hold_samples"?`},
		{"capacity: {reserve_memory: 4}", "'capacity.reserve_memory' expected type 'string'"},
		{"capacity: {reserve_memory: 4 gigs}", `capacity.reserve_memory: is "4 gigs": write a number and a unit`},
		{"capacity: {overhead_memory: -1MiB}", `capacity.overhead_memory: is "-1MiB": write a number and a unit`},
		{"capacity: {memory: NaNGiB}", `capacity.memory: is "NaNGiB": write a number and a unit`},
		{"capacity: {memory: 0GiB}", "capacity.memory: is none: write what guests may use"},
		{"capacity: {memory: 8GiB, reserve_memory: 1GiB}", "capacity.reserve_memory: leave it out, or capacity.memory"},
		{"host: [", "is not YAML"},
	} {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(path, []byte("host: h1\n"+c.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := ReadConfig(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%q: got %v, want an error of %s with %q", c.text, err, path, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(path, []byte("host: h1\nhold_samples: 3\ncooldown: 0\nreturn_after: 1m30s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := ReadConfig(path)
	if err != nil || config.HoldSamples != 3 || config.Cooldown != 0 || config.ReturnAfter.String() != "1m30s" {
		t.Errorf("got %d, %v, %v, %v", config.HoldSamples, config.Cooldown, config.ReturnAfter, err)
	}
}
