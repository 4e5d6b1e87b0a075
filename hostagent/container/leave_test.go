//go:build linux

package container

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/changes"
	"parley/hostagent/handover"
)

// emptyEngine runs no container. Its removal fails as often as is said.
type emptyEngine struct {
	engine
	fails int
}

func (e *emptyEngine) name() string { return runcName }

func (e *emptyEngine) remove(context.Context, place, held) error {
	if e.fails--; e.fails >= 0 {
		return errors.New("the engine does not answer")
	}
	return nil
}

// TestLeave has a container leave, also where the removal fails first and is done again.
func TestLeave(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the namespace of a container is unmounted, which needs root")
	}
	for name, c := range map[string]struct {
		keep  time.Duration
		fails int
		kept  int
	}{
		"at once":           {0, 0, 0},
		"kept":              {time.Hour, 0, 1},
		"kept, after fault": {time.Hour, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := leftSite(t, c.keep)
			o.State, o.Memory = t.TempDir(), t.TempDir()
			s := &site{Options: o, engines: []engine{&emptyEngine{fails: c.fails}}, changes: changes.New(),
				leaving: leaving{guests: map[hostagent.GuestID]*copied{}}}
			for _, dir := range []string{"moves", "rules"} {
				if err := os.Mkdir(filepath.Join(o.State, dir), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			m := handover.Move{Guest: "shop"}
			own := move{ID: m.ID, Port: "pt-none", Namespace: filepath.Join(t.TempDir(), "none"), Volumes: []string{"shop/data"}}
			if err := writeJSON(s.move("shop"), own); err != nil {
				t.Fatal(err)
			}
			for n := range c.fails + 2 { // and once more: the order comes again
				if err := s.Leave(t.Context(), m); (err != nil) != (n < c.fails) {
					t.Fatalf("Leave %d: %v", n+1, err)
				}
			}
			if is(s.bundle("shop")) || is(filepath.Join(o.Volumes, "shop/data")) || is(s.move("shop")) {
				t.Error("bundle, volume or move is in its place")
			}
			for _, dir := range o.leftDirs() {
				entries, err := os.ReadDir(dir)
				if err != nil && !errors.Is(err, os.ErrNotExist) || len(entries) != c.kept {
					t.Errorf("%s: %d directories, %v; want %d", dir, len(entries), err, c.kept)
				}
			}
		})
	}
}

// What has not come is removed, however long others are kept.
func TestDiscardKeepsNothing(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the namespace of a container is unmounted, which needs root")
	}
	o := leftSite(t, time.Hour)
	o.State, o.Memory = t.TempDir(), t.TempDir()
	s := &site{Options: o, engines: []engine{&emptyEngine{}}, changes: changes.New()}
	if err := os.Mkdir(filepath.Join(o.State, "moves"), 0o700); err != nil {
		t.Fatal(err)
	}
	own := move{Arriving: true, Port: "pt-none", Namespace: filepath.Join(t.TempDir(), "none"), Volumes: []string{"shop/data"}}
	if err := writeJSON(s.move("shop"), own); err != nil {
		t.Fatal(err)
	}
	if err := s.Discard(t.Context(), handover.Move{Guest: "shop"}); err != nil {
		t.Fatal(err)
	}
	for _, path := range append(o.leftDirs(), s.bundle("shop"), filepath.Join(o.Volumes, "shop/data")) {
		if is(path) {
			t.Errorf("%s is there", path)
		}
	}
}
