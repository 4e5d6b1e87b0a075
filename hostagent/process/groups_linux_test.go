package process

import (
	"os"
	"testing"
)

// TestRunAfterAnEnd: what is started in the cgroup of a guest lives, also where the processes
// of an earlier run were ended there.
func TestRunAfterAnEnd(t *testing.T) {
	dir := shortDir(t)
	g := findGroups(dir)
	if g == "" {
		t.Skip("no cgroup can be made here")
	}
	t.Cleanup(func() { sweepAll(t, g) })
	if err := g.make("guest"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := end(identity{}, g.of("guest")); err != nil {
			t.Fatal(err)
		}
		if err := g.make("guest"); err != nil {
			t.Fatal(err)
		}
		log, err := os.Open(os.DevNull)
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		id, err := start(command{spec: spec{Program: "/bin/true", Dir: dir}, log: log, cgroup: g.of("guest")})
		if err != nil {
			t.Fatal(err)
		}
		alive, how := id.alive()
		for alive {
			alive, how = id.alive()
		}
		if how.Signaled() {
			t.Errorf("it was ended by the signal %v", how.Signal())
		}
	}
}
