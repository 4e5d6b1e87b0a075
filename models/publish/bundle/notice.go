package bundle

// Notice is a gossip message: exactly one of its fields is set. It is small, and not
// trusted before it is checked.
type Notice struct {
	Head      []byte     `cbor:"1,keyasint,omitempty"` // an encoded Signed
	Heartbeat *Heartbeat `cbor:"2,keyasint,omitempty"`
	Halt      *Halt      `cbor:"3,keyasint,omitempty"`
}

// NoticeBytes is the maximum length of a notice.
const NoticeBytes = SignedBytes + 64

// Encode encodes a notice for DecodeNotice.
func (n Notice) Encode() []byte { return encode(n) }

// DecodeNotice decodes a notice. The error is a *Refusal.
func DecodeNotice(data []byte) (n Notice, err error) {
	if err := decode("a notice", data, NoticeBytes, &n); err != nil {
		return Notice{}, err
	}
	set := 0
	for _, is := range []bool{n.Head != nil, n.Heartbeat != nil, n.Halt != nil} {
		if is {
			set++
		}
	}
	if set != 1 {
		return Notice{}, Refuse(Malformed, "a notice says one thing, this one %d", set)
	}
	return n, nil
}

// Heartbeat says which release was the latest at a moment. Without it a host could not
// distinguish a lost connection to its publisher from a publisher without news.
type Heartbeat struct {
	Publisher string `cbor:"1,keyasint"`
	Version   uint64 `cbor:"2,keyasint"`
	Digest    Digest `cbor:"3,keyasint"` // of the release
	At        int64  `cbor:"4,keyasint"` // Unix seconds
	Key       KeyID  `cbor:"5,keyasint"`
	Signature []byte `cbor:"6,keyasint"` // over all fields before
}

func (h Heartbeat) body() []byte {
	h.Key, h.Signature = "", nil
	return encode(h)
}

// Sign returns the heartbeat with a signature by a key.
func (h Heartbeat) Sign(k Private) Heartbeat {
	h.Key, h.Signature = k.Public().ID(), k.sign(heartbeatPurpose, h.body())
	return h
}

// Check checks that a key of the root that may sign heartbeats has signed this one.
func (h Heartbeat) Check(root Root) error {
	key, ok := root.beats(h.Key)
	if !ok || !key.Public.verify(heartbeatPurpose, h.body(), h.Signature) {
		return Refuse(WrongSignature, "a heartbeat of %s that no key of its root has signed", h.Publisher)
	}
	return nil
}

// Halt is the message of a host that tried a policy and found it bad. The host's
// identity key signs it.
type Halt struct {
	Publisher string `cbor:"1,keyasint"`
	Version   uint64 `cbor:"2,keyasint"` // of the release in force there
	Policy    string `cbor:"3,keyasint"`
	Digest    Digest `cbor:"4,keyasint"` // of the policy (Policy.Digest)
	Host      string `cbor:"5,keyasint"` // peer id
	Reason    string `cbor:"6,keyasint"`
	At        int64  `cbor:"7,keyasint"` // Unix seconds
	Signature []byte `cbor:"8,keyasint"` // over all fields before
}

// Text returns the text that a host signs.
func (h Halt) Text() []byte {
	h.Signature = nil
	return separated(haltPurpose, encode(h))
}

// Check checks that the host in a halt has signed it; verify knows the keys in peer
// ids.
func (h Halt) Check(verify func(id string, text, signature []byte) bool) error {
	if len(h.Reason) > textMax || len(h.Host) > 128 || len(h.Policy) > 64 {
		return Refuse(TooLarge, "a halt of %s with a text that is too long", h.Publisher)
	}
	if !verify(h.Host, h.Text(), h.Signature) {
		return Refuse(WrongSignature, "a halt of policy %s that the host %s has not signed", h.Policy, h.Host)
	}
	return nil
}
