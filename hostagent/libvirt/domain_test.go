package libvirt

import (
	"testing"
	"time"
)

func nothingShared(string) bool { return false }

func TestDescribe(t *testing.T) {
	d, err := describe(`<domain type='kvm' id='3'>
  <name>g1</name>
  <metadata>
    <other:thing xmlns:other='urn:other' moved='2001-01-01T00:00:00Z'/>
    <parley:guest xmlns:parley='urn:parley:guest:1' moved='2026-01-02T15:04:05Z'/>
  </metadata>
  <memory unit='MiB'>96</memory><vcpu current='1'>2</vcpu>
  <devices/>
</domain>`, nothingShared)
	if err != nil {
		t.Fatal(err)
	}
	if d.declared.CPU != 2 || d.declared.MemoryBytes != 96<<20 || d.ineligible != "" {
		t.Errorf("got %+v, want 2 cores, 96 MiB, eligible", d)
	}
	if want := time.Date(2026, 1, 2, 15, 4, 5, 0, time.UTC); !d.mark.moved.Equal(want) {
		t.Errorf("moved: got %v, want %v", d.mark.moved, want)
	}
}

func TestDescribeFaults(t *testing.T) {
	for name, text := range map[string]string{
		"no XML":       "connection refused",
		"cut off":      "<domain><name>g1</name>",
		"unknown unit": "<domain type='kvm'><memory unit='parsec'>3</memory></domain>",
	} {
		if d, err := describe(text, nothingShared); err == nil {
			t.Errorf("%s: got %+v and no error, want an error", name, d)
		}
	}
}

func TestInBytes(t *testing.T) {
	for _, c := range []struct {
		value uint
		unit  string
		want  int64
	}{{1, "", 1 << 10}, {1, "KiB", 1 << 10}, {1, "k", 1 << 10}, {1, "KB", 1000}, {3, "GiB", 3 << 30}, {1, "TB", 1e12}, {7, "b", 7}} {
		if got, err := inBytes(c.value, c.unit); err != nil || got != c.want {
			t.Errorf("inBytes(%d, %q): got %d, error %v, want %d", c.value, c.unit, got, err, c.want)
		}
	}
}
