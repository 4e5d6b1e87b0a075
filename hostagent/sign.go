package hostagent

import "bytes"

// Signer signs what binds a host and checks what binds another. Both are pure
// functions of what they are given; a driver whose channel is trusted by itself,
// such as the simulator's, has none.
type Signer interface {
	// Sign returns this host's signature of a text.
	Sign(text []byte) []byte
	// Verify says whether a signature of a text is a host's.
	Verify(host HostID, text, signature []byte) bool
}

// wire is what goes out to other ledgers and comes in from them.
type wire struct {
	*turn
	load   *loads
	book   *book
	signer Signer // nil: nothing is signed or checked
	aside  aside  // descriptions that wait for an answer about files (needed_files.go)
}

// binding are the kinds of payloads that are signed: the offer, the commitment,
// the target's promise that it is armed, and the receipts. Whatever else is
// said is authenticated by the channel and binds nobody.
func binding(kind string) bool {
	switch kind {
	case kindOffer, kindPropose, kindCommit, kindArmed, kindReceipt:
		return true
	}
	return false
}

// signedText is what is signed of a payload. Who says it to whom is part of it,
// so that it cannot be shown to another host as if it had been meant for it.
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
	p = fit(p) // what is signed is what is sent
	p.Signature = w.signer.Sign(signedText(w.self, to, p))
	return p
}

// genuine says whether a payload binds the host that it comes from, as far as it
// has to.
func (w *wire) genuine(from HostID, p payload, data []byte) bool {
	if w.signer == nil || !binding(p.Kind) {
		return true
	}
	text, err := unsigned(data)
	return err == nil && w.signer.Verify(from, signedBytes(from, w.self, text), p.Signature)
}

// auditBinding hands what binds another host to the audit, once it was gone into. What asks
// for a hold and got none, such as a proposal that was refused, binds nobody; an
// offer, which may be about a deal that only a model here knows of, is kept in any
// case (strays bounds how many).
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

// receipt tells the other end, signed, what this end has seen of the guest.
func (w *wire) receipt(d *deal) {
	if w.signer == nil || d.state == Asking || d.partner() == w.self {
		return
	}
	w.send(d.partner(), payload{
		Kind: kindReceipt, Deal: d.id, Guest: d.guest, State: d.state, Place: w.load.place(d.guest),
		Reason: d.reason.Detail, Code: d.reason.Code,
	})
}
