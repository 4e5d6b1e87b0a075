package process

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/hostagent"
)

// A guest is held to what it may use by the controllers that its cgroup has, and by no
// others. The files here are those of the kernel by name only.
func TestLimit(t *testing.T) {
	for _, c := range []struct {
		name, on string
		need     hostagent.Resources
		missing  []string
		want     map[string]string
	}{
		{"both", "cpu io memory pids\n", hostagent.Resources{CPU: 1.5, MemoryBytes: 64 << 20}, nil,
			map[string]string{"cpu.max": "150000 100000", "memory.max": "67108864", "memory.oom.group": "1"}},
		{"no memory", "cpuset cpu\n", hostagent.Resources{CPU: 0.001, MemoryBytes: 64 << 20}, []string{"memory"},
			map[string]string{"cpu.max": "1000 100000"}},
		{"neither", "", hostagent.Resources{CPU: 1, MemoryBytes: 64 << 20}, []string{"cpu", "memory"}, nil},
		{"not declared", "cpu memory\n", hostagent.Resources{}, nil, map[string]string{"cpu.max": "", "memory.max": "", "memory.oom.group": ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			g := groups(filepath.Join(dir, "parley-1-"))
			write(t, dir, "cgroup.subtree_control", c.on)
			if err := g.make("a"); err != nil {
				t.Fatal(err)
			}
			for file := range c.want {
				write(t, g.of("a"), file, "")
			}
			if got := g.unlimited(); !slices.Equal(got, c.missing) {
				t.Errorf("unlimited: got %v, want %v", got, c.missing)
			}
			if err := g.limit("a", c.need); err != nil {
				t.Fatal(err)
			}
			files, err := os.ReadDir(g.of("a"))
			if err != nil || len(files) != len(c.want) {
				t.Fatalf("got %d files, %v, want %d", len(files), err, len(c.want))
			}
			for file, want := range c.want {
				if got, err := os.ReadFile(filepath.Join(g.of("a"), file)); err != nil || string(got) != want {
					t.Errorf("%s: got %q, %v, want %q", file, got, err, want)
				}
			}
		})
	}
}

// A guest that wanted more memory than it may use is told from one that was ended otherwise.
func TestRanOut(t *testing.T) {
	dir := t.TempDir()
	g := groups(filepath.Join(dir, "parley-1-"))
	if err := g.make("a"); err != nil {
		t.Fatal(err)
	}
	if g.ranOut("a") {
		t.Error("without a controller: got that it ran out of memory")
	}
	for events, want := range map[string]bool{"low 0\noom 1\noom_kill 0\noom_group_kill 0\n": false, "low 0\noom 1\noom_kill 1\n": true} {
		write(t, g.of("a"), "memory.events", events)
		if got := g.ranOut("a"); got != want {
			t.Errorf("memory.events %q: got %v, want %v", events, got, want)
		}
	}
}
