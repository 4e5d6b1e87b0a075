package hostagent

import (
	"crypto/ed25519"
	"crypto/sha256"
	"testing"

	"parley/lcc"
)

// keys signs with a key derived from the host's name.
type keys struct{ self HostID }

func keyOf(host HostID) ed25519.PrivateKey {
	seed := sha256.Sum256([]byte(host))
	return ed25519.NewKeyFromSeed(seed[:])
}

func (k keys) Sign(text []byte) []byte { return ed25519.Sign(keyOf(k.self), text) }

func (k keys) Verify(host HostID, text, signature []byte) bool {
	return ed25519.Verify(keyOf(host).Public().(ed25519.PublicKey), text, signature)
}

// signing is an end whose core signs and verifies.
func signing(t *testing.T, self HostID, guests ...Guest) *end {
	e := newEnd(t, self, guests...)
	e.core.wire.signer = keys{self}
	return e
}

// carry delivers all payloads of some kinds from one end to the other.
func carry(from, to *end, kinds ...string) (data [][]byte) {
	for _, effect := range from.out {
		transmit, ok := effect.(Transmit)
		if !ok {
			continue
		}
		p, err := decodePayload(transmit.Payload)
		if err != nil {
			from.t.Fatal(err)
		}
		for _, kind := range kinds {
			if p.Kind == kind {
				data = append(data, transmit.Payload)
			}
		}
	}
	from.out = nil
	for _, one := range data {
		to.step(Received{From: from.core.self, Payload: one})
	}
	return data
}

func signed(e *end) (kinds []string) {
	for _, effect := range e.out {
		if s, ok := effect.(Signed); ok {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}

// Binding payloads are signed and verified; a forged or unsigned one, or one meant for
// or sent by another host, is ignored.
func TestSignatures(t *testing.T) {
	source, target := signing(t, "src", Guest{ID: "g", Name: "web", State: Running}), signing(t, "tgt")
	target.step(Act{ID: 1, Goal: lcc.NewTerm("reserve", lcc.String("g"), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024)), lcc.String("src"),
		&lcc.Var{Name: "D"})})
	carry(target, source, kindAsk)
	carry(source, target, kindDescribe)
	target.durable()
	offer := target.core.book.sortedDeals()[0]
	if carry(target, source, kindOffer); len(signed(source)) != 1 {
		t.Errorf("kept at the source: got %v, want the offer", signed(source))
	}
	deal := lcc.NewTerm("deal", lcc.String(offer.id), lcc.String(offer.token), lcc.Int(10))
	source.step(Act{ID: 1, Goal: lcc.NewTerm("migrate", deal, lcc.String("g"), lcc.String("tgt"))})
	source.durable()
	var commit payload
	for _, effect := range source.out {
		if transmit, ok := effect.(Transmit); ok {
			p, err := decodePayload(transmit.Payload)
			if err != nil {
				t.Fatal(err)
			}
			commit = p
		}
	}
	for name, change := range map[string]func(p payload) (HostID, payload){
		"stripped":   func(p payload) (HostID, payload) { p.Signature = nil; return "src", p },
		"changed":    func(p payload) (HostID, payload) { p.CPU = 7; return "src", p },
		"of another": func(p payload) (HostID, payload) { return "other", p },
		"for another": func(p payload) (HostID, payload) {
			p.Signature = keys{"src"}.Sign(signedText("src", "other", p))
			return "src", p
		},
	} {
		from, p := change(commit)
		target.step(Received{From: from, Payload: encodePayload(p)})
		target.durable()
		if d := target.core.book.deals[offer.id]; d == nil || d.state != Offered {
			t.Fatalf("a commitment that is %s was heeded", name)
		}
	}
	target.out = nil
	carry(source, target, kindCommit)
	target.durable()
	if d := target.core.book.deals[offer.id]; d.state != Armed {
		t.Fatalf("after the commitment the deal is %s: want it armed", d.state)
	}
	if got := signed(target); len(got) != 1 || got[0] != kindCommit {
		t.Errorf("kept at the target: got %v, want the commitment", got)
	}
	carry(target, source, kindArmed)
	if got := signed(source); len(got) != 1 || got[0] != kindArmed {
		t.Errorf("kept at the source: got %v, want the promise", got)
	}
	source.core.ledger.end(source.core.book.deals[offer.id], Aborted, Refusal{CodeGivenUp, "for the test"})
	source.out = source.core.out
	carry(source, target, kindReceipt)
	if got := signed(target); len(got) != 1 || got[0] != kindReceipt {
		t.Errorf("kept at the target: got %v, want the receipt", got)
	}
}
