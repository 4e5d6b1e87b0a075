package service

import (
	"strings"
	"time"

	"parley/hostagent"
	"parley/lcc"
	"parley/peer"
)

// mentions keeps what the models did about guests, for explanations.
type mentions struct{ list []mention }

type mention struct {
	at   time.Time
	role string
	term string
	kind lcc.RecordKind
	peer lcc.PeerID
	line int // of the model's text, or of a library of it
	// library is the library that the line is one of; "": none
	library string
	file    string // of the line
}

// mentionsMax bounds the number of kept mentions.
const mentionsMax = 2000

// note keeps a message or an action; the ids of its guests are in its text.
func (m *mentions) note(r *peer.Record, at time.Time) {
	switch r.Record.Kind {
	case lcc.RecordSend, lcc.RecordReceive, lcc.RecordSolve, lcc.RecordSolved, lcc.RecordFailed:
	default:
		return
	}
	if r.Record.Term == nil {
		return
	}
	if len(m.list) == mentionsMax {
		m.list = append(m.list[:0], m.list[mentionsMax/4:]...)
	}
	m.list = append(m.list, mention{
		at: at, role: r.Record.Role.String(), term: r.Record.Term.String(), kind: r.Record.Kind, peer: r.Record.Peer,
		line: r.Record.Pos.Line, library: r.Record.Pos.Library(), file: r.Record.Pos.File,
	})
}

// about returns the latest mentions of a guest, oldest first, up to most.
func (m *mentions) about(guest hostagent.GuestID, most int) (list []mention) {
	quoted := `"` + string(guest) + `"`
	for i := len(m.list) - 1; i >= 0 && len(list) < most; i-- {
		if strings.Contains(m.list[i].term, quoted) {
			list = append([]mention{m.list[i]}, list...)
		}
	}
	return list
}
