package main

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// The demo is not over while a host rests, and acts again after that.
func TestRestingRoles(t *testing.T) {
	for model, want := range map[string]string{"power_saving": "resting", "agility": "resting", "shop": ""} {
		text, err := readModel(model)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(slices.Sorted(maps.Keys(restingRoles(text))), " "); got != want {
			t.Errorf("%s: got the roles %q, want %q", model, got, want)
		}
	}
}

// A demo that is interrupted, or reaches its limit, says how far it came.
func TestDemoThatIsNotSteady(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second")
	}
	demo := func(ctx context.Context) (last string, err error) {
		var out bytes.Buffer
		cmd := newDemo()
		cmd.SetOut(&out)
		cmd.SilenceUsage, cmd.SilenceErrors = true, true
		cmd.SetArgs([]string{"--hosts=2", "--guests=8", "--limit=1s"})
		err = cmd.ExecuteContext(ctx)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		return lines[len(lines)-1], err
	}
	if last, err := demo(t.Context()); err != nil || !strings.HasPrefix(last, "Not steady yet: --limit 1s was over, with ") {
		t.Errorf("limit: got %v and the last line %q", err, last)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	if last, err := demo(ctx); err == nil || !strings.HasPrefix(last, "Not steady yet: interrupted, with ") {
		t.Errorf("interrupt: got %v and the last line %q", err, last)
	}
}
