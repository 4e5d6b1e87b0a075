package htools_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"os"

	"parley/hostagent"
	"parley/sim"
	"parley/sim/htools"
)

func site() sim.Site {
	s := sim.Site{}
	for _, name := range []string{"a", "b", "c", "d"} {
		s.Hosts = append(s.Hosts, sim.SiteHost{Name: name, Capacity: hostagent.Resources{CPU: 4, MemoryBytes: 8 << 30}})
	}
	for _, name := range []string{"g1", "g2", "g3"} {
		s.Guests = append(s.Guests, sim.SiteGuest{Name: name, Host: "a", CPU: 1, Declared: hostagent.Resources{CPU: 2, MemoryBytes: 1 << 30}})
	}
	return s
}

func TestWrite(t *testing.T) {
	var text, loads bytes.Buffer
	if err := htools.Write(&text, site(), 2); err != nil {
		t.Fatal(err)
	}
	if err := htools.WriteLoads(&loads, site()); err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(text.String(), "\n\n")
	if len(blocks) != 4 {
		t.Fatalf("got %d blocks, want groups, nodes, instances, and tags with policies:\n%s", len(blocks), text.String())
	}
	if n := strings.Count(blocks[0], "\n") + 1; n != 2 {
		t.Errorf("got %d groups, want 2", n)
	}
	if want := "a|8192|0|5120|"; !strings.HasPrefix(blocks[1], want) {
		t.Errorf("got the node %q, want it to begin with %q: three guests of 1,024 MiB are on it", blocks[1], want)
	}
	if want := "g1 0.250000 0 0 0\n"; !strings.HasPrefix(loads.String(), want) {
		t.Errorf("got the loads %q, want them to begin with %q", loads.String(), want)
	}
}

// hbal can read the output: it moves guests away from the only host that has any.
func TestHbalReadsIt(t *testing.T) {
	hbal, err := exec.LookPath("hbal")
	if err != nil {
		t.Skip("hbal is not installed: install Debian's ganeti-htools to try it")
	}
	dir := t.TempDir()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"site":  func(b *bytes.Buffer) error { return htools.Write(b, site(), 0) },
		"loads": func(b *bytes.Buffer) error { return htools.WriteLoads(b, site()) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.Command(hbal, "-t", filepath.Join(dir, "site"), "-U", filepath.Join(dir, "loads")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !strings.Contains(string(out), "Solution length=2") {
		t.Errorf("got\n%s\nwant a solution of two moves", out)
	}
}
