package process

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/handover/handovertest"
	"parley/hostagent/platformtest"
)

// host is a platform of the suite, which admits every guest.
func host(t testing.TB, dir, name, program string, change func(*Options)) *Platform {
	t.Helper()
	o := Options{
		Dir: dir, Host: name, Capacity: hostagent.Resources{CPU: 8, MemoryBytes: 1 << 34}, Programs: []string{program},
		Look: 10 * time.Millisecond, Logger: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
	if change != nil {
		change(&o)
	}
	p, err := Open(o)
	if err != nil {
		t.Fatal(err)
	}
	p.SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal { return hostagent.Refusal{} })
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
		shut(t, p.of)
	})
	return p
}

func TestPlatform(t *testing.T) {
	platformtest.Run(t, platformtest.Fixture{With: func(t *testing.T, body func(*testing.T, platformtest.Site)) {
		dir := shortDir(t)
		program := filepath.Join(dir, "program")
		if err := os.Symlink(self(t), program); err != nil {
			t.Fatal(err)
		}
		a := host(t, filepath.Join(dir, "a"), "a", program, nil)
		b := host(t, filepath.Join(dir, "b"), "b", program, nil)
		handovertest.Wire(a, b, "a", "b")
		var started atomic.Int64
		starts := func(what string) func(t *testing.T) hostagent.GuestID {
			return func(t *testing.T) hostagent.GuestID {
				l := launch(t, what+strconv.FormatInt(started.Add(1), 10), what)
				l.Program = program
				id, err := a.Launch(bounded(t), l)
				if err != nil {
					t.Fatal(err)
				}
				return id
			}
		}
		body(t, platformtest.Site{
			Source: a, Target: b, Kind: hostagent.Process, SourceID: "a", TargetID: "b",
			Guest:   starts("idle"),
			Lasting: starts("deaf"), // it comes to no safe point
			Ineligible: func(t *testing.T) hostagent.GuestID {
				id := starts("liar")(t)
				until(t, a.of, id, "its fault", func(l hostagent.Launched) bool { return l.Why != "" })
				return id
			},
			Obstruct: func(t *testing.T) func() {
				b.SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal {
					return hostagent.Refusal{Code: hostagent.CodeNoRoom, Detail: "it is full"}
				})
				return func() {
					b.SetAdmission(func(context.Context, hostagent.AdmissionAsked) hostagent.Refusal { return hostagent.Refusal{} })
				}
			},
			Open: func(t *testing.T) hostagent.Platform {
				return host(t, filepath.Join(dir, "c"), "c", program, nil)
			},
		})
	}})
}
