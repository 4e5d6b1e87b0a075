package bundle

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"
)

// site is a publisher of a test: two of its three keys must sign.
type site struct {
	keys   []Private
	anchor Anchor
	now    time.Time
}

func newKeys(t *testing.T, n int, seed byte) (keys []Private) {
	t.Helper()
	chance := rand.NewChaCha8([32]byte{seed})
	for range n {
		key, err := NewPrivate(chance)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

func rootOf(version uint64, threshold int, keys ...Private) Root {
	r := Root{Version: version, Threshold: threshold}
	for i, key := range keys {
		r.Keys = append(r.Keys, Key{Name: string(rune('a' + i)), Public: key.Public()})
	}
	return r
}

func newSite(t *testing.T) site {
	t.Helper()
	s := site{keys: newKeys(t, 3, 1), now: time.Unix(1_800_000_000, 0)}
	s.anchor = Anchor{Publisher: "north", Root: rootOf(1, 2, s.keys...)}
	if err := s.anchor.Validate(); err != nil {
		t.Fatal(err)
	}
	return s
}

var model = []byte("a(idle, ID) :: null\n")

// release is the next release of a site, with one policy.
func (s site) release() Release {
	return Release{
		Format: Format, Publisher: s.anchor.Publisher, Version: s.anchor.Version + 1, Previous: s.anchor.Digest,
		Created: s.now.Unix(), Expires: s.now.Add(24 * time.Hour).Unix(), Roster: RefOf(Roster{}.Encode()),
		Policies: []Policy{{
			Name: "balance", Files: []Entry{{"balance.lcc", int64(len(model)), DigestOf(model)}},
			Targets: []string{"rack=a"}, Canary: []Stage{{Share: 0.1, Seconds: 60}},
		}},
	}
}

func draft(t *testing.T, r Release) Signed {
	t.Helper()
	s, err := r.Draft()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s site) sign(t *testing.T, r Release, keys ...Private) Signed {
	t.Helper()
	signed := draft(t, r)
	for _, key := range keys {
		signed = signed.Sign(key)
	}
	return signed
}

func TestNext(t *testing.T) {
	s := newSite(t)
	first := s.sign(t, s.release(), s.keys[0], s.keys[2])
	again, err := DecodeSigned(first.Encode())
	if err != nil {
		t.Fatal(err)
	}
	r, next, err := s.anchor.Next(again)
	if err != nil {
		t.Fatal(err)
	}
	if r.Policies[0].Files[0].Digest != DigestOf(model) || r.Policies[0].Files[0].Size != int64(len(model)) {
		t.Errorf("got %+v, want the file of the model", r.Policies[0].Files[0])
	}
	if next.Version != 1 || next.Digest != first.Digest() {
		t.Errorf("got the anchor %d %s, want 1 %s", next.Version, next.Digest.Short(), first.Digest().Short())
	}
	read, err := ParseAnchor(next.MarshalFile())
	if err != nil || !bytes.Equal(read.MarshalFile(), next.MarshalFile()) {
		t.Errorf("the anchor's file: got %v, %v", read, err)
	}
	s.anchor = next
	second := s.sign(t, s.release(), s.keys[1], s.keys[2])
	if _, next, err = s.anchor.Next(second); err != nil || next.Version != 2 {
		t.Errorf("the second release: got version %d, %v", next.Version, err)
	}
}
