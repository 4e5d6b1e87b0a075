package container

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A host offers containers only with programs that can move them.
func TestProbe(t *testing.T) {
	for _, c := range []struct{ criu, runc, want string }{
		{"Version: 4.2.1", "runc version 1.2.0", ""},
		{"Version: 10.0", "runc version 2.0.1+ds1", ""},
		{"Version: 4.1.1", "runc version 1.3.6", "criu 4.1 fails at sockets"},
		{"Version: 4.2", "runc version 1.1.5+ds1", "runc 1.1 cannot restore"},
		{"Version: 4.2", "crun version 1.8", "runc does not say its version"},
	} {
		dir := t.TempDir()
		say := func(program, text string) string {
			path := filepath.Join(dir, program)
			if err := os.WriteFile(path, []byte(fmt.Sprintf("#!/bin/sh\necho '%s'\n", text)), 0o755); err != nil {
				t.Fatal(err)
			}
			return path
		}
		o := Options{Bundles: "/srv/containers", Volumes: "/srv/volumes", State: "/var/lib/parley/container",
			Criu: say("criu", c.criu), Runc: say("runc", c.runc)}
		offers, err := Probe(context.Background(), o)
		switch {
		case c.want == "" && (err != nil || len(offers) < 3):
			t.Errorf("%s, %s: got %v, %v, want offers", c.criu, c.runc, offers, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s, %s: got %v, want %q", c.criu, c.runc, err, c.want)
		}
	}
}
