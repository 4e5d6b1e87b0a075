package hostname

import (
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multibase"
)

func TestCheck(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	decoded, err := peer.Decode(id)
	if err != nil {
		t.Fatal(err)
	}
	base36, err := peer.ToCid(decoded).StringOfBase(multibase.Base36)
	if err != nil {
		t.Fatal(err)
	}
	for name, ok := range map[string]bool{
		"h1": true, "11": true, "web-1.example.org": true, "_h": true, strings.Repeat("h", Bytes): true,
		id: false, peer.ToCid(decoded).String(): false, base36: false, "QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N": false,
		"": false, strings.Repeat("h", Bytes+1): false, "south/h2": false, "h 1": false, "-h": false, "--force": false,
		".": false, "..": false, "h\n": false, "h\x1b[2J": false, "hö": false, "h\u202e": false, "*": false,
	} {
		if err := Check(name); (err == nil) != ok {
			t.Errorf("%q: got %v, want it taken: %v", name, err, ok)
		}
	}
	if err := Check(strings.Repeat("x", 10_000)); len(err.Error()) > 200 {
		t.Errorf("the error about a long name has %d bytes", len(err.Error()))
	}
}
