package sim

import (
	"fmt"
	"time"

	"parley/hostagent"
	"parley/lcc"
)

// Entry is an event of a run, for people.
type Entry struct {
	At    time.Duration
	Host  string
	Kind  string // one of EntryKinds
	Guest string // "": it is about no single guest; Text may name some
	Text  string
}

// String formats the entry as a line.
func (t Entry) String() string {
	guest := ""
	if t.Guest != "" {
		guest = " " + t.Guest
	}
	return fmt.Sprintf("%12s  %-10s %-8s%s %s", t.At.Round(time.Millisecond), t.Host, t.Kind, guest, t.Text)
}

func (s *chronicle) record(h *siteHost, kind, guest, text string) {
	if s.o.OnEntry == nil && len(s.expected) == 0 {
		return
	}
	entry := Entry{At: s.since(), Host: h.Name, Kind: kind, Guest: guest, Text: text}
	s.countEntry(entry)
	if s.o.OnEntry != nil {
		s.o.OnEntry(entry)
	}
}

// look tells who wants to know it what an agent knows after a look.
func (s *chronicle) look(h *siteHost, wall time.Time) {
	if s.looked == nil && s.witness == nil {
		return
	}
	status := h.node.Host().Status()
	if s.looked != nil {
		s.looked(&h.SiteHost, wall, status)
	}
	if s.witness != nil {
		s.witness.Looked(&h.SiteHost, s.since(), status)
	}
}

func (s *chronicle) recordTrace(h *siteHost, r lcc.Record) {
	if s.witness != nil {
		s.witness.Said(&h.SiteHost, s.since(), r)
	}
	if s.o.OnEntry != nil {
		s.record(h, string(r.Kind), "", recordText(r))
	}
}

func dealText(e hostagent.DealChanged) string {
	text := fmt.Sprintf("as %s: %s, %s to %s", e.Side, e.State, e.Source, e.Target)
	if e.Reason != "" {
		text += ": " + e.Reason
	}
	return text
}

func recordText(r lcc.Record) string {
	switch {
	case r.Kind == lcc.RecordSend:
		return fmt.Sprintf("to %s: %s", r.Peer, r.Term)
	case r.Kind == lcc.RecordReceive:
		return fmt.Sprintf("from %s: %s", r.Peer, r.Term)
	case r.Term != nil:
		return fmt.Sprintf("%s: %s", r.Role, r.Term)
	}
	return r.Role.String()
}
