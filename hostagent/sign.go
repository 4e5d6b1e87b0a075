package hostagent

import "bytes"

// Signer signs this host's binding payloads and verifies those of others. Both methods
// are pure functions. A driver whose channel is trusted, such as the simulator's, has
// none.
type Signer interface {
	// Sign returns this host's signature of a text.
	Sign(text []byte) []byte
	// Verify says whether a host made a signature of a text.
	Verify(host HostID, text, signature []byte) bool
}

// wire sends payloads to other ledgers and authenticates theirs.
type wire struct {
	*turn
	load   *loads
	book   *book
	signer Signer // nil: nothing is signed or verified
	aside  aside  // descriptions that wait for a check of their files (needed_files.go)
}

// binding says whether payloads of a kind are signed: the offer, the proposal, the
// commit, the target's promise that it is armed, the receipts, and the outcomes. All others are
// authenticated by the channel and bind nobody.
func binding(kind string) bool {
	switch kind {
	case kindOffer, kindPropose, kindCommit, kindArmed, kindReceipt, kindOutcome:
		return true
	}
	return false
}

// signedText returns what is signed of a payload. It includes sender and receiver, so
// that the payload cannot be replayed to another host.
func signedText(from, to HostID, p payload) []byte {
	p.Signature = nil
	return signedBytes(from, to, encodePayload(p))
}

func signedBytes(from, to HostID, unsigned []byte) []byte {
	var text bytes.Buffer
	for _, part := range []string{"parley deal 1", string(from), string(to)} {
		text.WriteString(part)
		text.WriteByte(0)
	}
	text.Write(unsigned)
	return text.Bytes()
}

// sign signs a payload to a host if it is binding.
func (w *wire) sign(to HostID, p payload) payload {
	if w.signer == nil || !binding(p.Kind) {
		return p
	}
	p = fit(p) // sign exactly what is sent
	p.Signature = w.signer.Sign(signedText(w.self, to, p))
	return p
}

// genuine says whether a payload is correctly signed by its sender, or need not be
// signed.
func (w *wire) genuine(from HostID, p payload, data []byte) bool {
	if w.signer == nil || !binding(p.Kind) {
		return true
	}
	text, err := unsigned(data)
	return err == nil && w.signer.Verify(from, signedBytes(from, w.self, text), p.Signature)
}

// auditBinding passes binding payloads of another host to the audit, after they were
// processed. A proposal or commit that was refused binds nobody and is left out. An
// offer, which may be about a deal that only a model here knows, is always kept (strays
// bounds how many).
func (w *wire) auditBinding(from HostID, p payload, data []byte) {
	if w.signer == nil || !binding(p.Kind) {
		return
	}
	d := w.book.deals[p.Deal]
	if d == nil {
		d = w.book.endedDeal(p.Deal)
	}
	if asks := p.Kind == kindPropose || p.Kind == kindCommit; !asks || d != nil && d.partner() == from {
		w.emit(Signed{Deal: p.Deal, From: from, Kind: p.Kind, Payload: data})
	}
}

// receipt sends the other end a signed statement of what this end has seen of the
// guest.
func (w *wire) receipt(d *deal) {
	if w.signer == nil || d.state == Asking || d.partner() == w.self {
		return
	}
	w.send(d.partner(), payload{
		Kind: kindReceipt, Deal: d.id, Guest: d.guest, State: d.state, Place: w.load.place(d),
		Reason: d.reason.Detail, Code: d.reason.Code,
	})
}
