package notify

import (
	"fmt"
	"slices"
	"time"

	"parley/hostagent/site"
)

// Message is what is told of one problem.
type Message struct {
	Event  site.Kind `json:"event"`
	Ended  bool      `json:"ended,omitempty"` // the problem is no more
	Host   string    `json:"host"`
	PeerID string    `json:"peer_id"`
	About  string    `json:"about,omitempty"` // the guest, policy or publisher; "": the host
	Text   string    `json:"text"`            // what it is, and what to do
	Since  time.Time `json:"since"`           // when the host first saw it
	At     time.Time `json:"at"`
	// Omitted is how many messages were left out before this one, because of the limit.
	Omitted int `json:"omitted,omitempty"`
}

// Line is the message for people, in one line.
func (m Message) Line() string {
	text := fmt.Sprintf("Parley on %s: %s", m.Host, m.Text)
	if m.About != "" {
		text = fmt.Sprintf("Parley on %s: %s: %s", m.Host, m.About, m.Text)
	}
	if m.Ended {
		text = fmt.Sprintf("Parley on %s: no longer: %s", m.Host, text[len("Parley on : ")+len(m.Host):])
	}
	if m.Omitted > 0 {
		text += fmt.Sprintf(" (%d earlier messages were left out: see `parley status --site`)", m.Omitted)
	}
	return text
}

// Choice says which problems one receiver is told of.
type Choice struct {
	Kinds []site.Kind   // none: all
	After time.Duration // how long a problem must last
	Most  int           // messages in an hour
}

// Watch keeps what one receiver knows.
type Watch struct {
	choice  Choice
	host    Host
	known   map[string]*problem
	sent    []time.Time // of the messages of the last hour
	omitted int
}

// Host is whose problems they are.
type Host struct{ Name, PeerID string }

type problem struct {
	site.Problem
	since time.Time
	told  bool
}

// NewWatch returns a Watch that knows nothing.
func NewWatch(host Host, c Choice) *Watch {
	return &Watch{choice: c, host: host, known: map[string]*problem{}}
}

// Look takes the problems that there are now, and returns the messages that are due, in the
// order in which the problems began.
func (w *Watch) Look(now time.Time, problems []site.Problem) (due []Message) {
	here := map[string]bool{}
	for _, p := range problems {
		if len(w.choice.Kinds) > 0 && !slices.Contains(w.choice.Kinds, p.Kind) {
			continue
		}
		key := p.Key()
		here[key] = true
		k := w.known[key]
		if k == nil {
			k = &problem{since: now}
			w.known[key] = k
		}
		k.Problem = p
		if !k.told && now.Sub(k.since) >= w.choice.After {
			k.told = true
			due = append(due, w.message(k, now, false))
		}
	}
	for key, k := range w.known {
		if here[key] {
			continue
		}
		delete(w.known, key)
		if k.told {
			due = append(due, w.message(k, now, true))
		}
	}
	slices.SortStableFunc(due, func(a, b Message) int {
		if c := a.Since.Compare(b.Since); c != 0 {
			return c
		}
		return slices.Compare([]string{string(a.Event), a.About}, []string{string(b.Event), b.About})
	})
	return w.limited(now, due)
}

func (w *Watch) message(p *problem, now time.Time, ended bool) Message {
	return Message{
		Event: p.Kind, Ended: ended, Host: w.host.Name, PeerID: w.host.PeerID, About: p.About, Text: p.Text, Since: p.since, At: now,
	}
}

// limited leaves out what is too much for an hour. The next message that is sent says how
// many were left out.
func (w *Watch) limited(now time.Time, due []Message) (list []Message) {
	w.sent = slices.DeleteFunc(w.sent, func(at time.Time) bool { return now.Sub(at) >= time.Hour })
	for _, m := range due {
		if len(w.sent) >= w.choice.Most {
			w.omitted++
			continue
		}
		w.sent = append(w.sent, now)
		m.Omitted, w.omitted = w.omitted, 0
		list = append(list, m)
	}
	return list
}
