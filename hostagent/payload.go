package hostagent

import (
	"errors"
	"parley/internal/cborstrict"
	"slices"
	"strings"
)

// payload is a message between two ledgers. The sender is known from the channel, never
// from the payload.
type payload struct {
	Kind     string  `cbor:"1,keyasint"`
	Deal     DealID  `cbor:"2,keyasint"`
	Token    string  `cbor:"3,keyasint,omitempty"`
	Guest    GuestID `cbor:"4,keyasint,omitempty"`
	Name     string  `cbor:"5,keyasint,omitempty"`
	CPU      float64 `cbor:"6,keyasint,omitempty"`
	Memory   int64   `cbor:"7,keyasint,omitempty"`
	Endpoint string  `cbor:"8,keyasint,omitempty"`
	Reason   string  `cbor:"9,keyasint,omitempty"`
	Code     Code    `cbor:"32,keyasint,omitempty"` // of the reason
	Place    place   `cbor:"10,keyasint,omitempty"`
	Over     bool    `cbor:"11,keyasint,omitempty"` // from the source: no guest will come any more

	Labels   []string `cbor:"12,keyasint,omitempty"` // of the host that asks
	Rules    Rules    `cbor:"13,keyasint,omitzero"`  // of the guest
	Load     float64  `cbor:"14,keyasint,omitempty"` // share: of the source; of the target with the guest
	Draining bool     `cbor:"15,keyasint,omitempty"` // the source is draining
	Shown    bool     `cbor:"16,keyasint,omitempty"` // it was only recommended
	Seconds  int64    `cbor:"17,keyasint,omitempty"` // time to live of an offer; of kindAsk: how long the guest may not return

	Busy     bool     `cbor:"22,keyasint,omitempty"` // of a refusal: it may change soon
	Networks []string `cbor:"21,keyasint,omitempty"` // networks that the guest is connected to

	Price *Price `cbor:"20,keyasint,omitempty"` // of a description, if known

	// Processors is how many the guest has; its need of CPU is less.
	Processors float64 `cbor:"23,keyasint,omitempty"`

	Files []string `cbor:"30,keyasint,omitempty"` // files that the guest needs, local to its host

	// Beside, in kindRoom: a guest is at the target that this one is to be near.
	Beside bool `cbor:"31,keyasint,omitempty"`

	// Nature is the guest's, where its need is said. Kinds, in kindAsk, are those of the
	// guests that can come to the target; none: virtual machines only (kind.go).
	Nature nature `cbor:"33,keyasint,omitzero"`
	Kinds  []Kind `cbor:"34,keyasint,omitempty"`

	// Sequel, of a commit, of armed and of an outcome, is what the move is expected to do and
	// what it did (outcome.go).
	Sequel *sequelWord `cbor:"35,keyasint,omitempty"`

	State     DealState `cbor:"18,keyasint,omitempty"` // of a receipt and of a target's answer: how the deal ended here
	Signature []byte    `cbor:"19,keyasint,omitempty"`
}

// need is what the guest needs of a host, as the sender says.
func (p payload) need() Resources {
	return Resources{CPU: p.CPU, MemoryBytes: p.Memory, DiskBytes: p.Nature.Disk}
}

// refuseOf returns a refusal with its reason.
func refuseOf(deal DealID, why Refusal) payload {
	return payload{Kind: kindRefuse, Deal: deal, Reason: why.Detail, Code: why.Code}
}

// cancelOf returns a cancellation with its reason.
func cancelOf(deal DealID, why Refusal) payload {
	return payload{Kind: kindCancel, Deal: deal, Reason: why.Detail, Code: why.Code}
}

const (
	kindAsk      = "ask"      // target: what does this guest need, and where may it go? labels, seconds
	kindDescribe = "describe" // source: the answer to ask; or refuse
	kindQuote    = "quote"    // source, for its operator: would you have room for this guest?
	kindRoom     = "room"     // target: my load with it; or refuse
	kindPropose  = "propose"  // source, for its operator: reserve room for this guest
	kindOffer    = "offer"    // target: room is reserved; token, seconds
	// target, for its operator: move the guest back that my drain has brought to you
	kindHome = "home"

	kindCommit  = "commit"  // source: I will move this guest; token, guest, what it takes
	kindArmed   = "armed"   // target: armed; endpoint
	kindRefuse  = "refuse"  // either: refused; reason
	kindCancel  = "cancel"  // source: the guest will not come; reason
	kindWhere   = "where"   // either: where does your platform show the guest? token: of the question
	kindReceipt = "receipt" // either: how the deal ended here, and where the guest was seen
	kindOutcome = "outcome" // either: what the move has brought, as measured here; sequel
	// either: the answer to where; place, the token of the question; from the source
	// also whether it is over, from the target whether the guest came
	kindHere = "here"
)

// kinds lists the kinds that this version knows.
var kinds = []string{
	kindAsk, kindDescribe, kindQuote, kindRoom, kindPropose, kindOffer, kindCommit,
	kindArmed, kindRefuse, kindCancel, kindWhere, kindReceipt, kindHere, kindHome, kindOutcome,
}

// payloadBytes bounds a payload that is sent, payloadText each text in it, networksMax,
// filesMax and needsMax the networks, files and needs of a guest. A payload of up to readBytes is
// decoded, to distinguish a later version's payload from junk.
const (
	payloadBytes = 8 << 10
	payloadText  = 1 << 10
	networksMax  = 64
	filesMax     = 64
	needsMax     = 64
	readBytes    = 64 << 10
	loadMax      = 1000 // times the capacity of a host
	secondsMax   = 1 << 31
)

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: 128, Pairs: 64, Later: true})

func encodePayload(p payload) []byte {
	data, err := writer.Marshal(fit(p))
	if err != nil {
		panic(err) // impossible: a struct of texts and numbers
	}
	return data
}

// fit makes a payload acceptable to decodePayload: texts of other parts of this host
// may be too long, and the receiver would drop the whole payload.
func fit(p payload) payload {
	p.Name, p.Reason, p.Endpoint = cut(p.Name), cut(p.Reason), cut(p.Endpoint)
	p.Load = max(0, min(loadMax, p.Load))
	return p
}

// cut makes a text acceptable to decodePayload.
func cut(text string) string {
	if len(text) > payloadText {
		text = text[:payloadText]
	}
	return strings.ToValidUTF8(text, "?")
}

func (w *wire) send(to HostID, p payload) {
	w.emit(Transmit{To: to, Payload: encodePayload(w.sign(to, p))})
}

// received handles a payload of another ledger. An undecodable one is dropped: its
// sender asks again or gives up, and nothing here depends on it.
func (c *Core) received(ev Received) {
	p, err := decodePayload(ev.Payload)
	beyond := errors.Is(err, errBeyond)
	switch {
	case err != nil && !beyond:
		c.blame(ev.From, blameMalformed)
		return
	case !slices.Contains(kinds, p.Kind):
		return // of a later version
	case c.outside(ev.From, p) || !c.accepts(ev.From, p):
		return
	case beyond:
		if begins(p.Kind) || p.Kind == kindCommit {
			c.wire.send(ev.From, refuseOf(p.Deal, Refusal{CodeVersion, "the other host's message is more than this version takes: " + err.Error()}))
		}
		return
	}
	if !c.wire.genuine(ev.From, p, ev.Payload) {
		c.blame(ev.From, blameForged)
		if p.Kind == kindCommit || p.Kind == kindPropose {
			c.wire.send(ev.From, refuseOf(p.Deal, Refusal{CodeForged,
				"the signature is not that of the sending host: does each host's configuration list the key of the other?"}))
		}
		return
	}
	if describes(p.Kind) {
		if ask, ok := c.wire.aside.put(ev.From, p, ev.Payload); ok {
			c.emit(ask)
			return
		}
	}
	c.heard(ev.From, p, ev.Payload)
}

// heard dispatches a payload whose sender is verified.
func (c *Core) heard(from HostID, p payload, raw []byte) {
	switch p.Kind {
	case kindAsk:
		c.sources.describe(from, p)
	case kindDescribe:
		c.targets.described(from, p)
	case kindQuote:
		c.targets.quoted(from, p)
	case kindRoom:
		c.operator.hasRoom(from, p)
	case kindPropose:
		c.targets.proposed(from, p)
	case kindHome:
		c.operator.home.askedFor(from, p)
	case kindOffer:
		c.sources.offered(from, p)
	case kindCommit:
		c.targets.committed(from, p)
	case kindArmed:
		c.sources.armed(from, p)
	case kindRefuse:
		c.refusedBy(from, p)
	case kindCancel:
		c.targets.cancelled(from, p)
	case kindWhere:
		c.ledger.askedWhere(from, p)
	case kindHere:
		c.placeReported(from, p)
	case kindOutcome:
		c.outcomes.told(from, p)
	}
	c.wire.auditBinding(from, p, raw)
}

// askedWhere answers where a guest is, after a look that follows the question. For a
// deal that is no longer known here, the payload names the guest.
func (l *ledger) askedWhere(from HostID, p payload) {
	guest, kind := p.Guest, Kind("")
	d := l.book.deals[p.Deal]
	if d == nil {
		d = l.book.endedDeal(p.Deal)
	}
	if d != nil {
		if from != d.partner() {
			return // only the other end of a deal is answered
		}
		guest, kind = d.guest, d.kind()
	}
	for _, q := range l.asking {
		if q.from == from && q.deal == p.Deal {
			return // the question waits for a look already
		}
	}
	if guest == "" || len(l.asking) >= askingMax {
		return
	}
	l.asking = append(l.asking, whereQuestion{from: from, deal: p.Deal, token: p.Token, guest: guest, kind: kind, lookFrom: l.load.looks})
	l.emit(Observe{})
}

// answerWhere answers a question, or keeps it until a look is fresh enough: a look that
// may have begun before the question does not prove that a guest is absent.
func (l *ledger) answerWhere(q whereQuestion) {
	here := l.load.placeOf(q.guest, q.kind)
	if here == placeAbsent && !l.load.looksSince(q.lookFrom) {
		l.asking = append(l.asking, q)
		l.emit(Observe{})
		return
	}
	answer := payload{Kind: kindHere, Deal: q.deal, Token: q.token, Place: here, Over: l.book.deals[q.deal] == nil}
	if d := l.book.endedDeal(q.deal); d != nil && d.side == TargetSide && d.state == Done {
		answer.State = Done // it came, even if it left since
	}
	l.wire.send(q.from, answer)
}

func (c *Core) placeReported(from HostID, p payload) {
	d := c.book.deals[p.Deal]
	switch {
	case d == nil:
		c.ledger.heardLate(from, p)
	case d.side == SourceSide && d.target == from:
		c.sources.targetSays(d, p)
	case d.side == TargetSide && d.source == from && d.state != Offered:
		c.targets.sourceSays(d, p)
	}
}
