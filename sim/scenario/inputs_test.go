package scenario

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The inputs are the scenario's file and each of its traces once, as sha256sum has them.
func TestInputs(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	sum := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	const table, day = "time,a,b\n0,1,2\n300,2,1\n", "50\n60\n"
	text := `
hosts: [{name: h, count: 2, cores: 8, memory: 32 GiB}]
guests:
  - {name: g, count: 2, sizes: [{cores: 2, memory: 1 GiB}], load: {kind: trace, file: table.csv}}
  - {name: i, count: 2, sizes: [{cores: 2, memory: 1 GiB}], load: {kind: trace, file: table.csv}}
  - {name: k, count: 1, sizes: [{cores: 2, memory: 1 GiB}], load: {kind: trace, file: day}}
`
	trace := write("table.csv", table)
	days := filepath.Dir(write("day/one", day))
	s, err := Open(write("site.yaml", text), Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Inputs()
	if err != nil {
		t.Fatal(err)
	}
	want := []Input{{filepath.Join(dir, "site.yaml"), sum(text)}, {trace, sum(table)}, {days, sum(sum(day) + "  /one\n")}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := os.Remove(trace); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Inputs(); err == nil || !strings.Contains(err.Error(), "site.yaml:4:") {
		t.Errorf("without the trace: got %v, want an error with its line", err)
	}
}
