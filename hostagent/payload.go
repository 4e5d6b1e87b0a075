package hostagent

import (
	"errors"
	"parley/internal/cborstrict"
	"slices"
	"strings"
)

// payload is what two ledgers say to each other. Who says it is known from the
// channel and never from the payload.
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
	Over     bool    `cbor:"11,keyasint,omitempty"` // the source: no guest will come any more

	Labels   []string `cbor:"12,keyasint,omitempty"` // of the host that asks
	Rules    Rules    `cbor:"13,keyasint,omitzero"`  // of the guest
	Load     float64  `cbor:"14,keyasint,omitempty"` // share: of the source; of the target with the guest
	Draining bool     `cbor:"15,keyasint,omitempty"` // the source is being emptied
	Shown    bool     `cbor:"16,keyasint,omitempty"` // it was only recommended
	Seconds  int64    `cbor:"17,keyasint,omitempty"` // time to live of an offer

	Busy     bool     `cbor:"22,keyasint,omitempty"` // of a no: it may be a yes in a moment
	Networks []string `cbor:"21,keyasint,omitempty"` // that the guest is connected to

	Price *Price `cbor:"20,keyasint,omitempty"` // of a description, as far as it is known

	// Processors are those that the guest has: what it needs of them is less.
	Processors float64 `cbor:"23,keyasint,omitempty"`

	Files   []string `cbor:"30,keyasint,omitempty"` // that the guest needs, and its host has for itself
	missing string   // one of them that is not here (needed_files.go)

	// Beside: of room; a guest is at the target that this one is to be near.
	Beside bool `cbor:"31,keyasint,omitempty"`

	State     DealState `cbor:"18,keyasint,omitempty"` // of a receipt and of a target's answer: how the deal ended here
	Signature []byte    `cbor:"19,keyasint,omitempty"`
}

// refuseOf says no, and why.
func refuseOf(deal DealID, why Refusal) payload {
	return payload{Kind: kindRefuse, Deal: deal, Reason: why.Detail, Code: why.Code}
}

// cancelOf says that nothing will come, and why.
func cancelOf(deal DealID, why Refusal) payload {
	return payload{Kind: kindCancel, Deal: deal, Reason: why.Detail, Code: why.Code}
}

const (
	kindAsk      = "ask"      // target: what does this guest need, and where may it go? labels
	kindDescribe = "describe" // source: that; or refuse
	kindQuote    = "quote"    // source, for its operator: would you have room for this guest?
	kindRoom     = "room"     // target: my load with it; or refuse
	kindPropose  = "propose"  // source, for its operator: hold room for this guest
	kindOffer    = "offer"    // target: room is held; token, seconds

	kindCommit  = "commit"  // source: I mean to move this guest; token, guest, what it takes
	kindArmed   = "armed"   // target: come; endpoint
	kindRefuse  = "refuse"  // either: no; reason
	kindCancel  = "cancel"  // source: nothing will come; reason
	kindWhere   = "where"   // either: where does your platform show the guest? token: of the question
	kindReceipt = "receipt" // either: how the deal ended here, and where the guest was seen
	// the answer: place, the token of the question; from the source also whether it is over,
	// from the target whether the guest came
	kindHere = "here"
)

// kinds are those that this version knows.
var kinds = []string{
	kindAsk, kindDescribe, kindQuote, kindRoom, kindPropose, kindOffer, kindCommit,
	kindArmed, kindRefuse, kindCancel, kindWhere, kindReceipt, kindHere,
}

// payloadBytes bounds a payload that is sent, payloadText each text in it, and
// networksMax and filesMax the networks and files of a guest. A payload of up to readBytes is read, to
// tell a later version's from junk.
const (
	payloadBytes = 8 << 10
	payloadText  = 1 << 10
	networksMax  = 64
	filesMax     = 64
	readBytes    = 64 << 10
	loadMax      = 1000 // times what a host has
	secondsMax   = 1 << 31
)

var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 8, Elements: 128, Pairs: 64, Later: true})

func encodePayload(p payload) []byte {
	data, err := writer.Marshal(fit(p))
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	return data
}

// fit makes a payload one that decodePayload takes: what other parts of this
// host say may be long, and its receiver would drop all of it.
func fit(p payload) payload {
	p.Name, p.Reason, p.Endpoint = cut(p.Name), cut(p.Reason), cut(p.Endpoint)
	p.Load = max(0, min(loadMax, p.Load))
	return p
}

// cut makes a text one that decodePayload takes.
func cut(text string) string {
	if len(text) > payloadText {
		text = text[:payloadText]
	}
	return strings.ToValidUTF8(text, "?")
}

func (w *wire) send(to HostID, p payload) {
	w.emit(Transmit{To: to, Payload: encodePayload(w.sign(to, p))})
}

// received takes what another ledger says. What cannot be read is dropped: its
// sender asks again or gives up, and nothing of ours depends on it.
func (c *Core) received(ev Received) {
	p, err := decodePayload(ev.Payload)
	beyond := errors.Is(err, errBeyond)
	switch {
	case err != nil && !beyond:
		c.blame(ev.From, blameMalformed)
		return
	case !slices.Contains(kinds, p.Kind):
		return // of a later version: it is not for this one
	case c.outside(ev.From, p) || !c.accepts(ev.From, p):
		return
	case beyond:
		if begins(p.Kind) || p.Kind == kindCommit {
			c.wire.send(ev.From, refuseOf(p.Deal, Refusal{CodeVersion, "what the other host says is more than this version takes: " + err.Error()}))
		}
		return
	}
	if !c.wire.genuine(ev.From, p, ev.Payload) {
		c.blame(ev.From, blameForged)
		if p.Kind == kindCommit || p.Kind == kindPropose {
			c.wire.send(ev.From, refuseOf(p.Deal, Refusal{CodeForged,
				"the signature is not that of the host that says it: are the keys of the two hosts those in each other's configuration?"}))
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

// heard takes what another ledger says once it may be believed to be of it.
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
		c.toldWhere(from, p)
	}
	c.wire.auditBinding(from, p, raw)
}

// askedWhere answers where a guest is after a look that follows the question. For a
// deal that is not known here any more the guest is the one that is named.
func (l *ledger) askedWhere(from HostID, p payload) {
	guest := p.Guest
	d := l.book.deals[p.Deal]
	if d == nil {
		d = l.book.endedDeal(p.Deal)
	}
	if d != nil {
		if from != d.partner() {
			return // only the other end of a deal is told
		}
		guest = d.guest
	}
	for _, q := range l.asking {
		if q.from == from && q.deal == p.Deal {
			return // it waits for a look already
		}
	}
	if guest == "" || len(l.asking) >= askingMax {
		return
	}
	l.asking = append(l.asking, whereQuestion{from: from, deal: p.Deal, token: p.Token, guest: guest, lookFrom: l.load.looks})
	l.emit(Observe{})
}

// answerWhere answers a question, or keeps it until a look is fresh enough:
// that a guest is not here is not believed of a look that may have begun
// before the question was asked.
func (l *ledger) answerWhere(q whereQuestion) {
	here := l.load.place(q.guest)
	if here == placeAbsent && !l.load.looksSince(q.lookFrom) {
		l.asking = append(l.asking, q)
		l.emit(Observe{})
		return
	}
	answer := payload{Kind: kindHere, Deal: q.deal, Token: q.token, Place: here, Over: l.book.deals[q.deal] == nil}
	if d := l.book.endedDeal(q.deal); d != nil && d.side == TargetSide && d.state == Done {
		answer.State = Done // it came, wherever it has gone since
	}
	l.wire.send(q.from, answer)
}

func (c *Core) toldWhere(from HostID, p payload) {
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
