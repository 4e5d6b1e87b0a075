package scenario_test

import (
	"os"
	"path/filepath"
	"testing"

	"parley/sim/scenario"
)

// A guest declares at least the memory that its trace used.
func TestTraceMemory(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"day.csv": "time,guest,cpu,memory\n0,a,0.5,1073741824\n300,a,1,3221225472\n0,b,0.5,1000\n300,b,0.25,1000\n",
		"x.yaml": `
hosts: [{name: h, cores: 4, memory: 16 GiB}]
guests:
  - name: g
    sizes: [{cores: 2, memory: 2 GiB}]
    load: {kind: trace, file: day.csv}
`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := scenario.Open(filepath.Join(dir, "x.yaml"), scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Guests) != 2 {
		t.Fatalf("got %d guests, want the two of the table", len(site.Guests))
	}
	for i, want := range []int64{3 << 30, 2 << 30} {
		if got := site.Guests[i].Declared.MemoryBytes; got != want {
			t.Errorf("guest %d: got %d bytes, want %d", i+1, got, want)
		}
	}
}
