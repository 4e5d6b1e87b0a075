package recall

import (
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Mentions keeps the latest messages and actions of the models of a host. The zero value is
// ready. It is not safe for concurrent use.
type Mentions struct {
	list []Mention
	// Waits is what the models waited for before they spoke.
	Waits Waits
}

// Mention is a message or an action of a model.
type Mention struct {
	At   time.Time
	Role string
	Term string // with the ids of guests, deals and hosts
	Kind lcc.RecordKind
	Peer lcc.PeerID // at the other end of a message
	Row  int        // of the model's text, or of a library of it
	// Library is the library that the line is one of; "": none.
	Library string
	File    string     // of the line
	Model   lcc.Digest // zero: it is not known
	// Grounds are what a message that was sent depended on; the latest messages have them.
	Grounds []Ground
}

// mentionsMax bounds the number of kept mentions.
const mentionsMax = 2000

// groundsKept is how many of the latest mentions keep their grounds, which take much more
// space than the rest.
const groundsKept = 500

// Note keeps a message or an action of a model.
func (m *Mentions) Note(model lcc.Digest, r lcc.Record, at time.Time) {
	if one, ok := Mentioned(r, at); ok {
		one.Model = model
		m.Waits.Before(model, one.Grounds, at)
		m.Add(one)
	}
}

// Mentioned makes a mention of a message or an action; ok is false for other records. The ids
// of guests are in its text, and the tokens of deals are not.
func Mentioned(r lcc.Record, at time.Time) (one Mention, ok bool) {
	switch r.Kind {
	case lcc.RecordSend, lcc.RecordReceive, lcc.RecordSolve, lcc.RecordSolved, lcc.RecordFailed:
	default:
		return one, false
	}
	if r.Term == nil {
		return one, false
	}
	return Mention{
		At: at, Role: HideTokens(r.Role).String(), Term: HideTokens(r.Term).String(), Kind: r.Kind, Peer: r.Peer,
		Row: r.Pos.Line, Library: r.Pos.Library(), File: r.Pos.File, Grounds: groundsOf(r.Grounds),
	}, true
}

// Add keeps a mention. If there are too many, the earliest are dropped.
func (m *Mentions) Add(one Mention) {
	if len(m.list) == mentionsMax {
		m.list = append(m.list[:0], m.list[mentionsMax/4:]...)
	}
	m.list = append(m.list, one)
	if i := len(m.list) - 1 - groundsKept; i >= 0 {
		m.list[i].Grounds = nil
	}
}

// About returns the latest mentions of a guest, oldest first, up to most.
func (m *Mentions) About(guest hostagent.GuestID, most int) (list []Mention) {
	quoted := `"` + string(guest) + `"`
	for i := len(m.list) - 1; i >= 0 && len(list) < most; i-- {
		if strings.Contains(m.list[i].Term, quoted) {
			list = append([]Mention{m.list[i]}, list...)
		}
	}
	return list
}

// With returns the last messages with a host, up to TalkMost, the earliest first; "": with
// any.
func (m *Mentions) With(with lcc.PeerID) (list []Mention) {
	for _, one := range slices.Backward(m.list) {
		if one.Peer != "" && (with == "" || one.Peer == with) && len(list) < TalkMost {
			list = append(list, one)
		}
	}
	slices.Reverse(list)
	return list
}

// exchanged returns the mentions of a guest or of a deal, and the first answer of each
// host that was told of one: a refusal names neither. What such a host says after the end of
// the deal is about another one.
func (m *Mentions) exchanged(guest, deal string, end time.Time) (list []Mention) {
	guest, deal = `"`+guest+`"`, `"`+deal+`"`
	asked := map[lcc.PeerID]bool{}
	for _, one := range m.list {
		names := strings.Contains(one.Term, guest) || strings.Contains(one.Term, deal)
		switch {
		case names && one.Kind == lcc.RecordSend:
			asked[one.Peer] = true
		case one.Kind == lcc.RecordReceive && asked[one.Peer] && (names || end.IsZero() || !one.At.After(end)):
			delete(asked, one.Peer)
		case !names:
			continue
		}
		list = append(list, one)
	}
	return list
}

// Asker is the host whose message began a deal of a policy: the first one between its two
// hosts within a short time before now; "": there is none. self is the host that asks.
func (m *Mentions) Asker(self lcc.PeerID, story hostagent.DealChanged, now time.Time) lcc.PeerID {
	partner := lcc.PeerID(story.Target)
	if story.Side == hostagent.TargetSide {
		partner = lcc.PeerID(story.Source)
	}
	var first lcc.PeerID
	for _, one := range slices.Backward(m.list) {
		if now.Sub(one.At) > askedWithin || story.Operator {
			break
		}
		switch {
		case one.Peer != partner:
		case one.Kind == lcc.RecordSend:
			first = self
		case one.Kind == lcc.RecordReceive:
			first = partner
		}
	}
	return first
}

// askedWithin is how long before a deal its first message was at most.
const askedWithin = 15 * time.Second
