package libvirt

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

// namespaced returns what libvirt makes of an element when it stores it.
func namespaced(text string) string {
	text = strings.Replace(text, "<guest", "<parley:guest xmlns:parley='"+metadataURI+"'", 1)
	return strings.Replace(text, "</guest>", "</parley:guest>", 1)
}

// TestMark: what is written into a domain is read back from it.
func TestMark(t *testing.T) {
	for name, want := range map[string]mark{
		"moved": {moved: time.Date(2026, 11, 20, 8, 30, 1, 0, time.UTC)},
		"all": {
			moved: time.Date(2026, 11, 20, 8, 30, 1, 0, time.UTC), deal: "0af7", token: "b7ad",
			rules: hostagent.Rules{
				Pinned: true, Ignored: true, Priority: -7, Labels: []string{"team=a", "tier=web"},
				Requires: []string{"rack=a"}, Near: []string{"app=<shop>"}, Apart: []string{"tier=web"},
				Avoids: []string{"rack=b"}, AtMost: []string{"tier=web:2"},
			},
		},
	} {
		text, err := want.text()
		if err != nil {
			t.Fatal(err)
		}
		if got := readMark(namespaced(text)); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v from %s, want %+v", name, got, text, want)
		}
	}
	if text, err := (mark{}).text(); text != "" || err != nil {
		t.Errorf("an empty mark: got %q, %v, want none", text, err)
	}
}

// What a person writes with `virsh metadata` may have spaces and other words for yes.
func TestMarkByHand(t *testing.T) {
	got := readMark(namespaced(`<guest pin="true" ignore="no" labels=" tier=web , team=a,tier=web" priority="3"/>`))
	want := hostagent.Rules{Pinned: true, Priority: 3, Labels: []string{"team=a", "tier=web"}}
	if !reflect.DeepEqual(got.rules, want) || got.fault != "" {
		t.Errorf("got %+v, want the rules %+v", got, want)
	}
}

// Elements of other programs are ignored.
func TestMarkOfOthers(t *testing.T) {
	for _, metadata := range []string{
		"",
		"<guest moved='2026-01-02T15:04:05Z'/>",
		"<x:guest xmlns:x='urn:other' moved='2026-01-02T15:04:05Z'/>",
		"<p:guest xmlns:p='urn:parley:guest:1'/>",
		"<p:guest xmlns:p='urn:parley:guest:1' moved=",
	} {
		if got := readMark(metadata); !reflect.DeepEqual(got, mark{}) {
			t.Errorf("readMark(%q): got %+v, want nothing", metadata, got)
		}
	}
}

// A mark with a fault keeps its guest where it is, and the reason says how to correct
// it.
func TestMarkFaults(t *testing.T) {
	for attributes, want := range map[string]string{
		"moved='yesterday'":    "yesterday",
		"pin='perhaps'":        "write yes or no",
		"apart='tier'":         "write key=value",
		"appart='tier=web'":    `no attribute "appart"`,
		"priority='high'":      "high",
		"priority='1000'":      "-100 to 100",
		"labels='a=b c=d,e=f'": "without spaces",
	} {
		text := "<domain type='kvm'><metadata>" + namespaced("<guest "+attributes+"/>") + "</metadata></domain>"
		d, err := describe(text, nothingShared)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(d.ineligible, want) || !strings.Contains(d.ineligible, "virsh metadata") {
			t.Errorf("%s: got %q, want that the guest stays, with %q", attributes, d.ineligible, want)
		}
	}
}

// The admission check reads the guest and the deal from the XML that libvirt passes to
// the hook.
func TestReadArrival(t *testing.T) {
	text, err := mark{deal: "d1", token: "t1", rules: hostagent.Rules{Labels: []string{"a=b"}}}.text()
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadArrival(strings.NewReader("<domain type='kvm'><name>web</name><uuid>U-1</uuid><memory " +
		"unit='MiB'>96</memory><vcpu>2</vcpu><metadata>" +
		namespaced(text) + "</metadata></domain>"))
	want := hostagent.AdmissionAsked{Guest: "U-1", Deal: "d1", Token: "t1", Need: hostagent.Resources{CPU: 2, MemoryBytes: 96 << 20},
		Rules: hostagent.Rules{Labels: []string{"a=b"}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	for _, text := range []string{"", "<domain/>", "nonsense", "<domain><uuid>U</uuid>" + strings.Repeat(" ", arrivalBytes)} {
		if _, err := ReadArrival(strings.NewReader(text)); err == nil {
			t.Errorf("%.20q: got no error", text)
		}
	}
}

// The need of an arriving guest is its maximum: offline processors and pluggable memory
// count, and what exceeds any host is refused.
func TestReadArrivalNeed(t *testing.T) {
	for text, want := range map[string]hostagent.Resources{
		"<memory unit='MiB'>96</memory><vcpu current='1'>32</vcpu>":                                    {CPU: 32, MemoryBytes: 96 << 20},
		"<maxMemory slots='16' unit='GiB'>64</maxMemory><memory unit='GiB'>1</memory><vcpu>2</vcpu>":   {CPU: 2, MemoryBytes: 64 << 30},
		"<memory unit='GiB'>4</memory><currentMemory unit='GiB'>1</currentMemory><vcpu>2</vcpu>":       {CPU: 2, MemoryBytes: 4 << 30},
		"<memory unit='TB'>9223372036854775807</memory><vcpu>2</vcpu>":                                 {},
		"<maxMemory slots='16' unit='TiB'>2048</maxMemory><memory unit='GiB'>1</memory><vcpu>2</vcpu>": {},
		"<memory unit='MiB'>96</memory><vcpu>4000000000</vcpu>":                                        {},
		"<vcpu>2</vcpu>": {},
	} {
		got, err := ReadArrival(strings.NewReader("<domain type='kvm'><name>web</name><uuid>U-1</uuid>" + text + "</domain>"))
		if got.Need != want || (err == nil) != (want != hostagent.Resources{}) {
			t.Errorf("%s: got %+v, %v, want %+v", text, got.Need, err, want)
		}
	}
	if _, err := ReadArrival(strings.NewReader("<domain><uuid>U-1</uuid><memory>1024</memory><metadata>" +
		namespaced("<guest apart='tier'/>") + "</metadata></domain>")); err == nil {
		t.Error("rules that cannot be read: got no error")
	}
}
