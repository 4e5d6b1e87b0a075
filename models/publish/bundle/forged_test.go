package bundle

import (
	"bytes"
	"slices"
	"testing"
)

// TestBitFlips: a signed release with any flipped bit is refused, or decodes to the
// same release.
func TestBitFlips(t *testing.T) {
	s := newSite(t)
	good := s.sign(t, s.release(), s.keys[0], s.keys[1])
	data := good.Encode()
	for i := range data {
		for bit := range 8 {
			bent := bytes.Clone(data)
			bent[i] ^= 1 << bit
			signed, err := DecodeSigned(bent)
			if err != nil {
				continue
			}
			if _, _, err := s.anchor.Next(signed); err == nil {
				t.Fatalf("a release with bit %d of byte %d changed is believed", bit, i)
			}
		}
	}
}

// TestTruncated: no prefix of a release, roster, notice or archive is accepted.
func TestTruncated(t *testing.T) {
	s := newSite(t)
	signed := s.sign(t, s.release(), s.keys...)
	heartbeat := Heartbeat{Publisher: "north", Version: 1}.Sign(s.keys[0])
	packed := pack(t, Archive{Releases: []Signed{signed}, Objects: map[Digest][]byte{DigestOf(model): model}})
	for name, c := range map[string]struct {
		data []byte
		read func([]byte) error
	}{
		"release": {signed.Encode(), func(d []byte) error { _, err := DecodeSigned(d); return err }},
		"body":    {signed.Body, func(d []byte) error { _, err := Signed{Body: d}.Release(); return err }},
		"roster":  {listed(3).Encode(), func(d []byte) error { _, err := DecodeRoster(d); return err }},
		"notice":  {Notice{Heartbeat: &heartbeat}.Encode(), func(d []byte) error { _, err := DecodeNotice(d); return err }},
		"archive": {packed, func(d []byte) error { _, err := Unpack(d); return err }},
		"request": {Request{Status: true}.Encode(), func(d []byte) error { _, err := DecodeRequest(d); return err }},
		"answer":  {Answer{Part: []byte("part")}.Encode(), func(d []byte) error { _, err := DecodeAnswer(d); return err }},
	} {
		if err := c.read(c.data); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for i := range c.data {
			if err := c.read(c.data[:i]); CodeOf(err) == "" {
				t.Fatalf("%s: the first %d of %d bytes: got %v, want a refusal", name, i, len(c.data), err)
			}
		}
		if err := c.read(append(bytes.Clone(c.data), 0)); CodeOf(err) == "" {
			t.Fatalf("%s: with a byte more: got %v, want a refusal", name, err)
		}
	}
}

// TestSignatures: how many signatures count, whatever is done to them.
func TestSignatures(t *testing.T) {
	s := newSite(t)
	foreign := newKeys(t, 1, 7)[0]
	r := s.release()
	none := s.sign(t, r)
	a, b, c := none.Sign(s.keys[0]).Signatures[0], none.Sign(s.keys[1]).Signatures[0], none.Sign(foreign).Signatures[0]
	renamed := Signature{b.Key, a.Bytes}
	other := s.sign(t, func() Release { r := s.release(); r.Note = "other"; return r }(), s.keys[1]).Signatures[0]
	beat := Signature{b.Key, s.keys[1].sign(heartbeatPurpose, none.Body)}
	bare := Signature{b.Key, nil}
	for name, c := range map[string]struct {
		signatures []Signature
		want       Code
	}{
		"two":                           {[]Signature{a, b}, ""},
		"two, doubled":                  {[]Signature{a, a, b, b}, ""},
		"two, in another order":         {[]Signature{b, a}, ""},
		"two, and one that says less":   {[]Signature{bare, c, a, b}, ""},
		"none":                          {nil, NoQuorum},
		"one":                           {[]Signature{a}, NoQuorum},
		"one, three times":              {[]Signature{a, a, a}, NoQuorum},
		"one, and a foreign one":        {[]Signature{a, c}, NoQuorum},
		"one under two names":           {[]Signature{a, renamed}, NoQuorum},
		"one of another release":        {[]Signature{a, other}, NoQuorum},
		"one of another purpose":        {[]Signature{a, beat}, NoQuorum},
		"one without its bytes":         {[]Signature{a, bare}, NoQuorum},
		"one that is longer":            {[]Signature{a, {b.Key, append(slices.Clone(b.Bytes), 0)}}, NoQuorum},
		"one that is shorter":           {[]Signature{a, {b.Key, b.Bytes[:63]}}, NoQuorum},
		"one with a name of no key":     {[]Signature{a, {"", b.Bytes}}, NoQuorum},
		"one with a foreign key's name": {[]Signature{a, {foreign.Public().ID(), b.Bytes}}, NoQuorum},
	} {
		_, _, err := s.anchor.Next(Signed{Body: none.Body, Signatures: c.signatures})
		if CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestTooManySignatures: added signatures cannot make a host verify without bound.
func TestTooManySignatures(t *testing.T) {
	s := newSite(t)
	signed := s.sign(t, s.release(), s.keys...)
	for len(signed.Signatures) <= keysMax {
		signed.Signatures = append(signed.Signatures, signed.Signatures[0])
	}
	if _, err := DecodeSigned(signed.Encode()); CodeOf(err) != TooLarge {
		t.Errorf("got %v, want %s", err, TooLarge)
	}
}

// TestRotation: a new root is signed by the old keys and by the new ones.
func TestRotation(t *testing.T) {
	s := newSite(t)
	fresh := newKeys(t, 3, 3)
	root := rootOf(2, 2, fresh...)
	r := s.release()
	r.Root = &root
	for name, c := range map[string]struct {
		keys []Private
		want Code
	}{
		"old only":           {s.keys, NoQuorumNew},
		"new only":           {fresh, NoQuorum},
		"both":               {[]Private{s.keys[0], s.keys[2], fresh[0], fresh[1]}, ""},
		"too few of the old": {[]Private{s.keys[0], fresh[0], fresh[1]}, NoQuorum},
		"too few of the new": {[]Private{s.keys[0], s.keys[1], fresh[0]}, NoQuorumNew},
		"as many, all mixed": {[]Private{s.keys[0], fresh[0]}, NoQuorum},
	} {
		_, next, err := s.anchor.Next(s.sign(t, r, c.keys...))
		if CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if want := map[bool]uint64{true: 2, false: 1}[c.want == ""]; next.Root.Version != want {
			t.Errorf("%s: root %d is in force, want %d", name, next.Root.Version, want)
		}
	}
	// A key that stays is in both, and counts in both.
	stays := rootOf(2, 2, s.keys[0], fresh[0])
	r.Root = &stays
	if _, _, err := s.anchor.Next(s.sign(t, r, s.keys[0], s.keys[1], fresh[0])); err != nil {
		t.Errorf("a key that stays: got %v", err)
	}
	// Afterwards the old ones count no more.
	_, next, err := s.anchor.Next(s.sign(t, r, s.keys[0], s.keys[1], fresh[0]))
	if err != nil {
		t.Fatal(err)
	}
	s.anchor = next
	if _, _, err := next.Next(s.sign(t, s.release(), s.keys[1], s.keys[2])); CodeOf(err) != NoQuorum {
		t.Errorf("the old keys after the change: got %v, want %s", err, NoQuorum)
	}
}

// TestRootsThatMakeNoSense: none of them is ever in force.
func TestRootsThatMakeNoSense(t *testing.T) {
	keys := newKeys(t, 3, 3)
	for name, bend := range map[string]func(*Root){
		"version 0":         func(r *Root) { r.Version = 0 },
		"no key":            func(r *Root) { r.Keys = nil },
		"threshold 0":       func(r *Root) { r.Threshold = 0 },
		"threshold below 0": func(r *Root) { r.Threshold = -1 },
		"threshold 4":       func(r *Root) { r.Threshold = 4 },
		"a key twice":       func(r *Root) { r.Keys[1].Public = r.Keys[0].Public },
		"a name twice":      func(r *Root) { r.Keys[1].Name = r.Keys[0].Name },
		"a beat that signs": func(r *Root) { r.Beats = []Key{{"z", r.Keys[0].Public}} },
		"a short key":       func(r *Root) { r.Keys[0].Public = r.Keys[0].Public[:31] },
		"another order":     func(r *Root) { r.Keys[0], r.Keys[1] = r.Keys[1], r.Keys[0] },
		"a bad name":        func(r *Root) { r.Keys[0].Name = "a b" },
		"too many": func(r *Root) {
			for range keysMax {
				r.Beats = append(r.Beats, r.Keys[0])
			}
		},
	} {
		root := rootOf(2, 2, keys...)
		bend(&root)
		if err := root.Validate(); err == nil {
			t.Errorf("%s: is taken", name)
		}
	}
}

// TestNotices: a notice says one thing; what it says counts with its signature only.
func TestNotices(t *testing.T) {
	s := newSite(t)
	h := Heartbeat{Publisher: "north", Version: 3, Digest: Digest{3}, At: 5}.Sign(s.keys[0])
	halt := Halt{Publisher: "north", Host: "h"}
	for name, n := range map[string]Notice{"nothing": {}, "two things": {Heartbeat: &h, Halt: &halt}} {
		if _, err := DecodeNotice(n.Encode()); CodeOf(err) != Malformed {
			t.Errorf("%s: got %v, want %s", name, err, Malformed)
		}
	}
	if _, err := DecodeNotice(make([]byte, NoticeBytes+1)); CodeOf(err) != TooLarge {
		t.Errorf("got %v, want %s", err, TooLarge)
	}
	if err := h.Check(s.anchor.Root); err != nil {
		t.Fatal(err)
	}
	for name, bend := range map[string]func(*Heartbeat){
		"publisher": func(h *Heartbeat) { h.Publisher = "south" }, "version": func(h *Heartbeat) { h.Version++ },
		"digest": func(h *Heartbeat) { h.Digest[0] ^= 1 }, "time": func(h *Heartbeat) { h.At++ },
		"key": func(h *Heartbeat) { h.Key = s.keys[1].Public().ID() }, "signature": func(h *Heartbeat) { h.Signature = nil },
	} {
		bent := h
		bend(&bent)
		if err := bent.Check(s.anchor.Root); CodeOf(err) != WrongSignature {
			t.Errorf("a heartbeat with another %s: got %v, want %s", name, err, WrongSignature)
		}
	}
	// A key for heartbeats signs nothing else.
	beats := newKeys(t, 1, 8)[0]
	s.anchor.Root.Beats = []Key{{"z", beats.Public()}}
	if err := h.Sign(beats).Check(s.anchor.Root); err != nil {
		t.Error(err)
	}
	if _, _, err := s.anchor.Next(s.sign(t, s.release(), s.keys[0], beats)); CodeOf(err) != NoQuorum {
		t.Errorf("a release signed by a key for heartbeats: got %v, want %s", err, NoQuorum)
	}
}

// TestHalts: what a host says counts with its own signature over all of it.
func TestHalts(t *testing.T) {
	key := newKeys(t, 1, 4)[0]
	verify := func(id string, text, signature []byte) bool {
		return id == "h" && key.Public().verify("identity", text, signature)
	}
	good := Halt{Publisher: "north", Version: 1, Policy: "balance", Digest: Digest{1}, Host: "h", Reason: "bad", At: 1}
	good.Signature = key.sign("identity", good.Text())
	if err := good.Check(verify); err != nil {
		t.Fatal(err)
	}
	for name, bend := range map[string]func(*Halt){
		"publisher": func(h *Halt) { h.Publisher = "south" }, "version": func(h *Halt) { h.Version++ }, "policy": func(h *Halt) { h.Policy = "other" },
		"digest": func(h *Halt) { h.Digest[0] ^= 2 }, "host": func(h *Halt) { h.Host = "i" }, "reason": func(h *Halt) { h.Reason = "good" },
		"time": func(h *Halt) { h.At++ }, "signature": func(h *Halt) { h.Signature = nil },
	} {
		bent := good
		bend(&bent)
		if err := bent.Check(verify); CodeOf(err) != WrongSignature {
			t.Errorf("another %s: got %v, want %s", name, err, WrongSignature)
		}
	}
}
