package site

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Messages are numbers of messages of models, by what they carry.
type Messages struct {
	Asks     int `json:"asks,omitempty"` // and answers that are neither of the others
	Refusals int `json:"refusals,omitempty"`
	Deals    int `json:"deals,omitempty"` // they name a deal
}

// All is their sum.
func (m Messages) All() int { return m.Asks + m.Refusals + m.Deals }

// Plus is the sum of both, kind by kind.
func (m Messages) Plus(n Messages) Messages {
	return Messages{m.Asks + n.Asks, m.Refusals + n.Refusals, m.Deals + n.Deals}
}

// refusals are the names that messages have which refuse something. The names are the
// policy's: these are those of the shipped ones.
var refusals = []string{"refuse", "reject", "decline", "pass", "none", "nobody", "no", "kept"}

// Carried is what a message carries, by its text.
func Carried(term string) Messages {
	name, rest, _ := strings.Cut(term, "(")
	switch {
	case slices.Contains(refusals, name), rest == "no)":
		return Messages{Refusals: 1}
	case name == "deal", strings.Contains(rest, `deal("`):
		return Messages{Deals: 1}
	}
	return Messages{Asks: 1}
}

// Spans are the times for which messages are counted, up to now.
func Spans() [3]time.Duration {
	return [...]time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour}
}

// Talk is how many messages a host and another one have exchanged.
type Talk struct {
	With string `json:"with"` // the name of the other host, as the host that asked knows it
	// Sent and Received have a number for each of Spans.
	Sent     []Messages `json:"sent"`
	Received []Messages `json:"received"`
}

// talksMost is how many other hosts a host names in its State.
const talksMost = 16

// Loudest keeps those with which most was exchanged in the longest time, and says how many
// are left out.
func Loudest(list []Talk) (kept []Talk, omitted int) {
	all := func(t Talk) (n int) {
		return t.Sent[len(t.Sent)-1].All() + t.Received[len(t.Received)-1].All()
	}
	slices.SortFunc(list, func(a, b Talk) int { return cmp.Or(cmp.Compare(all(b), all(a)), cmp.Compare(a.With, b.With)) })
	kept = list[:min(len(list), talksMost)]
	slices.SortFunc(kept, func(a, b Talk) int { return cmp.Compare(a.With, b.With) })
	return kept, len(list) - len(kept)
}

// TalkQuestion asks a host for the last messages of its models.
type TalkQuestion struct {
	With string `json:"with,omitempty"` // peer id of the other host; "": any
}

// Talk asks a host for the last messages of its models with another one, named by its peer
// id; "": with any.
func (a *Asker) Talk(ctx context.Context, member Member, within time.Duration, with string) (End, error) {
	text, err := json.Marshal(Question{Talk: &TalkQuestion{With: with}})
	if err != nil {
		return End{}, err
	}
	end := End{Host: member.Name}
	silent := a.look(ctx, []Member{member}, within, asking{question: text, take: func(_ int, data []byte) error {
		if err := json.Unmarshal(data, &end.Account); err != nil {
			return fmt.Errorf("its answer is malformed: %w", err)
		}
		return nil
	}})
	end.Silent = silent[0]
	return end, nil
}

// peerIDBytes bounds a peer id in a question.
const peerIDBytes = 128

// Validate returns what is wrong with a question.
func (q TalkQuestion) Validate() error {
	if len(q.With) > peerIDBytes {
		return fmt.Errorf("the peer id has %d bytes, more than %d", len(q.With), peerIDBytes)
	}
	return nil
}
