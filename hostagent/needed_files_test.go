package hostagent

import (
	"strings"
	"testing"
)

// lookedFor returns the question for files since the last call.
func (e *end) lookedFor() (ask LookFor, asked bool) {
	for _, effect := range e.out {
		if l, ok := effect.(LookFor); ok {
			ask, asked = l, true
		}
	}
	return ask, asked
}

// A target reserves no room for a guest whose files it lacks, and says which; nothing
// is decided before it has checked.
func TestTargetLooksForTheFilesOfAGuest(t *testing.T) {
	for missing, want := range map[string]string{"": kindOffer, "/srv/tools.iso": kindRefuse} {
		target := newEnd(t, "tgt")
		target.hears("src", payload{
			Kind: kindPropose, Deal: "d", Guest: "g", Name: "web", CPU: 1, Memory: 1 << 30,
			Files: []string{"/srv/tools.iso", "/proc/self/mem", "/srv/../etc/shadow", "/usr/share/OVMF/OVMF_CODE.fd"},
		})
		ask, asked := target.lookedFor()
		if !asked || len(ask.Files) != 2 || ask.Files[0] != "/srv/tools.iso" || ask.Files[1] != "/usr/share/OVMF/OVMF_CODE.fd" {
			t.Fatalf("got the question %+v, want one for the two files that may be asked for", ask)
		}
		if len(target.core.book.deals) != 0 {
			t.Error("room is held before the files were looked for")
		}
		target.step(Found{ID: ask.ID, Missing: missing})
		if want == kindOffer {
			target.durable()
		}
		said := target.said(want)
		if len(said) != 1 || !strings.Contains(said[0].Reason, missing) {
			t.Errorf("missing %q: got %+v, want one %s", missing, said, want)
		}
		// A duplicate answer changes nothing.
		target.step(Found{ID: ask.ID, Missing: "/srv/other"})
		if len(target.core.wire.aside.waiting) != 0 || len(target.core.book.deals) > 1 {
			t.Error("an answer was taken twice")
		}
	}
}

// A quote reports missing files too, so that an order does not go to a host that lacks
// one; the checks for one asking host are limited.
func TestQuoteLooksForFiles(t *testing.T) {
	target := newEnd(t, "tgt")
	quote := payload{Kind: kindQuote, Deal: "q", Guest: "g", CPU: 1, Memory: 1 << 30, Files: []string{"/srv/a.iso"}}
	target.hears("src", quote)
	ask, _ := target.lookedFor()
	target.step(Found{ID: ask.ID, Missing: "/srv/a.iso"})
	if said := target.said(kindRefuse); len(said) != 1 || said[0].Reason != "the guest needs the file /srv/a.iso, which is not on this host" {
		t.Errorf("got %+v, want a no that names the file", said)
	}
	for range asideOfOne + 3 {
		target.hears("src", quote)
	}
	if got := len(target.core.wire.aside.waiting); got != asideOfOne {
		t.Errorf("got %d descriptions set aside, want %d", got, asideOfOne)
	}
	if said := target.said(kindRoom); len(said) != 3 {
		t.Errorf("got %d answers to the others, want 3", len(said))
	}
}

func TestAskable(t *testing.T) {
	for name, want := range map[string]bool{
		"/srv/a.iso": true, "/usr/share/OVMF/OVMF_CODE.fd": true, "/processes/a": true,
		"": false, "a": false, "/srv/../a": false, "/srv//a": false, "/srv/": false, "/a\x00b": false,
		"/proc/self/environ": false, "/dev/sda": false, "/run/x": false, "/home/me/a": false, "/tmp/a": false,
		"/" + strings.Repeat("a", fileNameMost): false,
	} {
		if got := Askable(name); got != want {
			t.Errorf("%q: got %v, want %v", name, got, want)
		}
	}
}
