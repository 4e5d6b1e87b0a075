package bundle

import (
	"bytes"
	"testing"
	"time"
)

// fuzzSite is a site for fuzz tests: what it signs is what they begin with.
func fuzzSite(f *testing.F) (Anchor, Signed) {
	key, err := NewPrivate(bytes.NewReader(bytes.Repeat([]byte{7}, 64)))
	if err != nil {
		f.Fatal(err)
	}
	at := Anchor{Publisher: "north", Root: Root{Version: 1, Threshold: 1, Keys: []Key{{"a", key.Public()}}}}
	s := site{keys: []Private{key}, anchor: at, now: time.Unix(1_800_000_000, 0)}
	signed, err := s.release().Draft()
	if err != nil {
		f.Fatal(err)
	}
	return at, signed.Sign(key)
}

// FuzzDecodeSigned: whatever comes is refused with a code, or is what was signed.
func FuzzDecodeSigned(f *testing.F) {
	at, good := fuzzSite(f)
	f.Add(good.Encode())
	f.Add([]byte{0xa2, 0x01, 0x40, 0x02, 0x80})
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := DecodeSigned(data)
		if err != nil {
			if CodeOf(err) == "" {
				t.Errorf("got %v, want a refusal with a code", err)
			}
			return
		}
		if !bytes.Equal(s.Encode(), data) {
			t.Error("it is encoded in two ways")
		}
		if _, _, err := at.Next(s); err == nil && s.Digest() != good.Digest() {
			t.Error("a release that nobody signed is believed")
		} else if err != nil && CodeOf(err) == "" {
			t.Errorf("got %v, want a refusal with a code", err)
		}
	})
}

// FuzzDecodeNotice: a notice that is read says one thing, in one way.
func FuzzDecodeNotice(f *testing.F) {
	at, good := fuzzSite(f)
	f.Add(Notice{Head: good.Encode()}.Encode())
	f.Add(Notice{Heartbeat: &Heartbeat{Publisher: "north", Version: 1}}.Encode())
	f.Add(Notice{Halt: &Halt{Publisher: "north", Policy: "balance", Host: "h"}}.Encode())
	f.Fuzz(func(t *testing.T, data []byte) {
		n, err := DecodeNotice(data)
		switch {
		case err != nil && CodeOf(err) == "":
			t.Errorf("got %v, want a refusal with a code", err)
		case err != nil:
		case !bytes.Equal(n.Encode(), data):
			t.Error("it is encoded in two ways")
		case n.Heartbeat != nil && n.Heartbeat.Check(at.Root) == nil:
			t.Error("a heartbeat that nobody signed is believed")
		case n.Halt != nil && n.Halt.Check(func(string, []byte, []byte) bool { return false }) == nil:
			t.Error("a halt that nobody signed is believed")
		}
	})
}

// FuzzUnpack: an archive that is read holds objects that are what their names say.
func FuzzUnpack(f *testing.F) {
	_, good := fuzzSite(f)
	data, err := Archive{Releases: []Signed{good}, Objects: map[Digest][]byte{DigestOf(model): model}}.Pack()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Unpack(data)
		if err != nil {
			if CodeOf(err) == "" {
				t.Errorf("got %v, want a refusal with a code", err)
			}
			return
		}
		for digest, object := range a.Objects {
			if DigestOf(object) != digest {
				t.Error("an object is not what its name says")
			}
		}
	})
}
