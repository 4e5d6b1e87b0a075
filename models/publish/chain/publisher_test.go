package chain

import (
	"crypto/ed25519"
	"crypto/sha256"
	"math/rand/v2"
	"time"

	"parley/models/publish/bundle"
)

// testingT is of the package testing, or of rapid.
type testingT interface {
	Helper()
	Fatal(args ...any)
}

// publisher is one of a test: it has keys, and signs whatever the test wants.
type publisher struct {
	t       testingT
	name    string
	keys    []bundle.Private
	root    bundle.Root
	objects map[bundle.Digest][]byte
}

func newPublisher(t testingT, name string, keys, threshold int, seed byte) *publisher {
	p := &publisher{t: t, name: name, objects: map[bundle.Digest][]byte{}}
	p.keys = newKeys(t, keys, seed)
	p.root = rootOf(1, threshold, p.keys)
	return p
}

func newKeys(t testingT, n int, seed byte) (keys []bundle.Private) {
	t.Helper()
	chance := rand.NewChaCha8([32]byte{seed})
	for range n {
		key, err := bundle.NewPrivate(chance)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, key)
	}
	return keys
}

func rootOf(version uint64, threshold int, keys []bundle.Private) bundle.Root {
	r := bundle.Root{Version: version, Threshold: threshold}
	for i, key := range keys {
		r.Keys = append(r.Keys, bundle.Key{Name: string(rune('a' + i)), Public: key.Public()})
	}
	return r
}

// anchor is the place before the first release.
func (p *publisher) anchor() bundle.Anchor { return bundle.Anchor{Publisher: p.name, Root: p.root} }

// file makes an object of a text.
func (p *publisher) file(path, text string) bundle.Entry {
	data := []byte(text)
	p.objects[bundle.DigestOf(data)] = data
	return bundle.Entry{Path: path, Size: int64(len(data)), Digest: bundle.DigestOf(data)}
}

// rosterOf makes an object of a roster.
func (p *publisher) rosterOf(hosts ...string) bundle.Ref {
	r := bundle.Roster{}
	for _, id := range hosts {
		r.Hosts = append(r.Hosts, bundle.Host{ID: id, Name: id})
	}
	data := r.Sorted().Encode()
	p.objects[bundle.DigestOf(data)] = data
	return bundle.RefOf(data)
}

// release is the next after an anchor.
func (p *publisher) release(after bundle.Anchor, now time.Time) bundle.Release {
	return bundle.Release{
		Format: bundle.Format, Publisher: p.name, Version: after.Version + 1, Previous: after.Digest,
		Created: now.Unix(), Expires: now.Add(240 * time.Hour).Unix(),
	}
}

func sign(t testingT, r bundle.Release, keys ...bundle.Private) bundle.Signed {
	t.Helper()
	s, err := r.Draft()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range keys {
		s = s.Sign(key)
	}
	return s
}

// identity is the key of a host, made of its name.
func identity(host string) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(host))
	return ed25519.NewKeyFromSeed(seed[:])
}

func signAs(host string) func([]byte) []byte {
	key := identity(host)
	return func(text []byte) []byte { return ed25519.Sign(key, text) }
}

func verify(host string, text, signature []byte) bool {
	return ed25519.Verify(identity(host).Public().(ed25519.PublicKey), text, signature)
}
