package recall

import (
	"cmp"
	"strings"
	"time"

	"parley/hostagent/site"
	"parley/lcc"
)

// What belongs to a deal: messages about its guest may precede it, and the last ones
// follow its end.
const (
	talkBefore = 2 * time.Minute
	TalkAfter  = 10 * time.Second
	TalkMost   = 80 // lines
)

// Names writes the ids of hosts as names.
type Names struct {
	Host func(lcc.PeerID) string
	In   func(text string) string // of the ids in a text
}

// Talk lists what the models of a host said and did about a deal of it. Until is when the
// deal ended; zero: it is in flight.
func (m *Mentions) Talk(d site.Deal, until time.Time, names Names) (lines []site.Line) {
	readable := strings.NewReplacer(`"`+d.Guest+`"`, d.Name, `"`+d.Deal+`"`, "deal "+d.Deal[:min(len(d.Deal), 8)])
	for _, one := range m.about(d, until) {
		lines = append(lines, one.Line(readable, names))
	}
	return lines[max(0, len(lines)-TalkMost):]
}

// Models lists the models that spoke about a deal, by the names of their files.
func (m *Mentions) Models(d site.Deal, until time.Time) map[lcc.Digest]string {
	spoke := map[lcc.Digest]string{}
	for _, one := range m.about(d, until) {
		if _, known := spoke[one.Model]; !known || one.Library == "" { // a line of its text names it better
			spoke[one.Model] = one.File
		}
	}
	return spoke
}

// about lists what the models said and did about a deal.
func (m *Mentions) about(d site.Deal, until time.Time) (list []Mention) {
	from := d.At.Add(-talkBefore)
	if !d.Begin.At.IsZero() {
		from = d.Begin.At.Add(-talkBefore)
	}
	for _, one := range m.exchanged(d.Guest, d.Deal, until) {
		if one.At.Before(from) || !until.IsZero() && one.At.After(until.Add(TalkAfter)) {
			continue
		}
		list = append(list, one)
	}
	return list
}

// Line tells a mention; readable writes the ids of guests and deals as names.
func (one Mention) Line(readable *strings.Replacer, names Names) site.Line {
	line := site.Line{
		At: one.At, Role: names.In(readable.Replace(one.Role)), Kind: string(one.Kind), Term: names.In(readable.Replace(one.Term)),
		Model: cmp.Or(one.Library, one.File), Line: one.Row, Grounds: tellGrounds(one.Grounds, readable, names),
	}
	if one.Peer != "" {
		line.With = names.Host(one.Peer)
	}
	return line
}
