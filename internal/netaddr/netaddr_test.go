package netaddr

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/peer"
)

// TestPeerIDAsTheNetwork holds the rule against the network's own reading of ids.
func TestPeerIDAsTheNetwork(t *testing.T) {
	_, ed25519, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, rsa, err := crypto.GenerateRSAKeyPair(2048, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{"", "h1", "11", "Qm", "12D3KooW", strings.Repeat("1", 60), "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"}
	for _, key := range []crypto.PubKey{ed25519, rsa} {
		id, err := peer.IDFromPublicKey(key)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, id.String(), peer.ToCid(id).String(), id.String()+"x", id.String()[1:])
	}
	for _, text := range texts {
		id, err := peer.Decode(text)
		if got, want := IsPeerID(text), err == nil && len(text) >= idLeast; got != want {
			t.Errorf("IsPeerID(%q): got %v, want %v", text, got, want)
		}
		err = CheckPeer(text, nil)
		if got, want := err == nil, id != "" && id.String() == text; got != want {
			t.Errorf("CheckPeer(%q): got %v, want it taken: %v", text, err, want)
		}
	}
}

func TestCheckPeerNamesTheFault(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	decoded, err := peer.Decode(id)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		id   string
		at   []string
		want string
	}{
		{"nobody", nil, `"nobody" is not a peer id`},
		{peer.ToCid(decoded).String(), nil, "is another way to write " + id},
		{id, []string{"/ip4/10.0.0.1/tcp/1", "10.0.0.1:1"}, `"10.0.0.1:1" is not an address`},
		{id, []string{"10.0.0.1:1"}, "/tcp/4200: it begins with /"},
		{id, []string{"/ip4/10.0.0.1/tcp/47430000"}, `: "47430000" is not a port, a number up to 65535`},
		{id, []string{"/ip4/10.0.0/tcp/1"}, `: "10.0.0" is not right for ip4`},
		{id, []string{"/ip5/10.0.0.1/tcp/1"}, `: "ip5" is not a protocol such as`},
		{id, []string{"/ip4/10.0.0.1/tcp"}, ": nothing follows tcp"},
		{id, []string{"/ip4/10.0.0.1/udp/99999/quic-v1"}, `: "99999" is not a port`},
		{id, []string{"/ip4/10.0.0.1/tcp/1"}, ""},
	} {
		err := CheckPeer(c.id, c.at)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s %v: got %v, want %q", c.id, c.at, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "strconv") || err != nil && strings.Contains(err.Error(), "encoding") {
			t.Errorf("%s %v: words of a library: %v", c.id, c.at, err)
		}
	}
}
