package sim

import (
	"fmt"
	"time"

	"parley/lcc"
	"parley/peer"
)

// Late makes one frame between two hosts late. Frames that the host sends to the same host
// after it wait for it, as on the stream between two peers.
type Late struct {
	From string `yaml:"from"`
	To   string `yaml:"to"`
	// Nth is which one it is, from 1: of all frames of From to To, or, with Advert, of the
	// adverts of From that To hears. Adverts do not wait for each other.
	Nth    int           `yaml:"nth"`
	By     time.Duration `yaml:"by"`
	Advert bool          `yaml:"advert"`
}

// Wrong describes what is invalid, and in which key; "": nothing.
func (l Late) Wrong() (key, why string) {
	switch {
	case l.From == "":
		return "from", "say which host sends it"
	case l.To == "" || l.To == l.From:
		return "to", "say which other host it is for"
	case l.Nth < 1:
		return "nth", fmt.Sprintf("%d: count from 1", l.Nth)
	case l.By <= 0:
		return "by", fmt.Sprintf("%v: give a time above 0", l.By)
	}
	return "", ""
}

// lateness numbers the frames of each pair of hosts, and delays those that are late.
type lateness struct {
	late   map[lateKey]time.Duration
	number map[lateKey]int // of the last frame of a pair; Nth is 0 in its keys
	held   map[lane]lcc.Instant
}

type lateKey struct {
	lane
	nth    int
	advert bool
}

func newLateness(f Faults, hosts map[lcc.PeerID]*siteHost) (lateness, error) {
	l := lateness{number: map[lateKey]int{}, held: map[lane]lcc.Instant{}, late: map[lateKey]time.Duration{}}
	for i, one := range f.Late {
		if key, why := one.Wrong(); why != "" {
			return l, fmt.Errorf("sim: faults: late %d: %s: %s", i+1, key, why)
		}
		for _, name := range []string{one.From, one.To} {
			if hosts[lcc.PeerID(name)] == nil {
				return l, fmt.Errorf("sim: faults: late %d: there is no host %q", i+1, name)
			}
		}
		l.late[lateKey{lane{one.From, one.To}, one.Nth, one.Advert}] += one.By
	}
	return l, nil
}

// sent numbers a frame that is sent now, and returns how much later than usual it arrives.
func (l *lateness) sent(on lane, advert bool, now lcc.Instant) (nth int, more time.Duration) {
	key := lateKey{lane: on, advert: advert}
	l.number[key]++
	key.nth = l.number[key]
	more = l.late[key]
	if advert {
		return key.nth, more
	}
	if until := l.held[on]; until > now {
		more += time.Duration(until - now)
	}
	if more > 0 {
		l.held[on] = now + lcc.Instant(more)
	}
	return key.nth, more
}

// followed counts the frames of a run one by one where some are late, or somebody follows.
type followed struct {
	late  lateness
	watch *Watch // nil: nobody follows
}

// each says whether each frame counts by itself.
func (f *followed) each() bool { return f.watch != nil || len(f.late.late) > 0 }

// frame counts a frame that is sent now, and returns its turn and how much later than usual
// it arrives.
func (f *followed) frame(s *scene, on lane, sent peer.Frame) (turn int, more time.Duration) {
	if !f.each() {
		return none, 0
	}
	nth, more := f.late.sent(on, false, s.now)
	return f.watch.sends(s.since(), on.from, on.to, nth, sent), more
}

// advert is frame for an advert that one host hears.
func (f *followed) advert(s *scene, on lane) (turn int, more time.Duration) {
	if !f.each() {
		return none, 0
	}
	nth, more := f.late.sent(on, true, s.now)
	return f.watch.tells(s.since(), on.from, on.to, nth), more
}
