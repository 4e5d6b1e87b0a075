package hoststats

import (
	"os"
	"path/filepath"
	"testing"
)

func TestPressure(t *testing.T) {
	root := t.TempDir()
	files := map[string]string{
		"pressure/cpu":    "some avg10=12.50 avg60=1.00 avg300=0.10 total=100\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
		"pressure/memory": "some avg10=0.00 avg60=0.00 avg300=0.00 total=0\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
		"pressure/io":     "some avg10=100.00 avg60=1.00 avg300=0.10 total=100\nfull avg10=50.00 avg60=0.00 avg300=0.00 total=0\n",
		"arcstats":        "13 1 0x01 123 33456 1 2\nname type data\nsize 4 3000\nc_min 4 1000\nhits 4 77\n",
		"empty":           "",
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := &Pressure{proc: root, sys: root}
	for range 2 {
		p, err := w.Measure(t.Context())
		if err != nil || !p.Known {
			t.Fatalf("got %+v, %v", p, err)
		}
		if p.CPU != 0.125 || p.Memory != 0 || p.IO != 1 {
			t.Errorf("pressure: got %+v, want 0.125, 0 and 1", p)
		}
		for _, share := range []float64{p.Steal, p.Network, p.Disk} {
			if share < 0 || share > 1 {
				t.Errorf("got %+v, want shares", p)
			}
		}
	}
	// A kernel without it is no error.
	if p, err := (&Pressure{proc: filepath.Join(root, "pressure")}).Measure(t.Context()); err != nil || p.CPU != 0 || p.Disk != 0 {
		t.Errorf("without pressure stall information, at the first reading: got %+v, %v, want nothing", p, err)
	}
	for file, want := range map[string]int64{"arcstats": 2000, "empty": 0, "missing": 0} {
		if got := zfsCache(filepath.Join(root, file)); got != want {
			t.Errorf("what the cache of ZFS gives back by %s: got %d, want %d", file, got, want)
		}
	}
}
