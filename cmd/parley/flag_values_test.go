package main

import (
	"strings"
	"testing"
	"time"
)

// Wrong values of flags are answered in words, with what the flag takes.
func TestWrongValues(t *testing.T) {
	for line, want := range map[string]string{
		"sim run x.yaml --seed -1":     `--seed is "-1": give a whole number of 0 or more`,
		"sim compare x.yaml --seeds a": `--seeds is "a": give a whole number`,
		"history --since 1w":           `--since is "1w": give a time such as 30s, 10m or 24h, or 7d`,
		"demo --limit 5":               `--limit is "5": give a time such as 30s, 10m or 24h`,
	} {
		root := newRoot()
		root.SetArgs(strings.Fields(line))
		root.SetOut(&strings.Builder{})
		root.SetErr(&strings.Builder{})
		if err := root.Execute(); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", line, err, want)
		}
	}
}

func TestPeriod(t *testing.T) {
	for text, want := range map[string]time.Duration{"1d": 24 * time.Hour, "90m": 90 * time.Minute, "7d": 7 * 24 * time.Hour} {
		var p period
		if err := p.Set(text); err != nil || time.Duration(p) != want {
			t.Errorf("%s: got %v, %v, want %v", text, time.Duration(p), err, want)
		}
	}
}

// A mistyped name of a policy is answered with the nearest one.
func TestMistypedPolicy(t *testing.T) {
	_, err := readModel("agilty")
	if want := `no file agilty, and no shipped model of that name: did you mean "agility"?`; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := readModel("nothing"); err == nil || !strings.Contains(err.Error(), "there are agility, ") {
		t.Errorf("got %v, want the names", err)
	}
}
