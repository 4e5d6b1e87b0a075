package service

import (
	"errors"
	"path/filepath"
	"sync/atomic"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/lazy"
	"parley/hostagent/memory"
	"parley/models"
)

// An agent runs without its platform if that is missing at the start; once it is there,
// everything works.
func TestPlatformComesLater(t *testing.T) {
	dir := t.TempDir()
	policy := filepath.Join(dir, "policy.lcc")
	text, _ := models.Text("agility")
	writePolicy(t, policy, string(text))
	inner := testHost(t, memory.NewSite(memory.Options{}), "h1")
	testGuest(t, inner, "g1", 1)
	var there atomic.Bool
	late := lazy.New("memory", func() (hostagent.Platform, error) {
		if !there.Load() {
			return nil, errors.New("it is not installed: install it")
		}
		return inner, nil
	})
	d := begin(t, testConfig(dir, "h1", policy), late)
	s := d.until(t, "the platform is missed", func(s api.Status) bool { return s.Platform.Error != "" })
	if s.Load.Known || s.Platform.Error != "it is not installed: install it" {
		t.Errorf("got %+v and a load that is known: %v, want what to do", s.Platform, s.Load.Known)
	}
	there.Store(true)
	d.until(t, "the platform is seen", func(s api.Status) bool { return s.Platform.Error == "" && s.Load.Known && len(s.Guests) == 1 })
	d.stop()
	if err := late.Close(); err != nil {
		t.Error(err)
	}
	if _, err := late.Observe(t.Context()); err == nil {
		t.Error("a closed platform is looked at")
	}
}
