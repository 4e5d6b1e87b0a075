package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Story is a deal as its ends tell it.
type Story struct {
	Deal string `json:"deal"`
	Ends []End  `json:"ends"` // the source first
}

// End is one end of a deal, and what it knows.
type End struct {
	Host   string `json:"host"`
	Silent string `json:"silent,omitempty"` // why there is no answer
	Account
}

// Account is what one end of a deal knows of it.
type Account struct {
	Known bool `json:"known"` // it knows the deal
	Deal  Deal `json:"deal"`
	// Choice are the guests of the source when the deal began, the largest first.
	Choice []Candidate `json:"choice,omitempty"`
	Talk   []Line      `json:"talk,omitempty"` // what its models said and did about it, the earliest first
	// Origins are the policies of these models.
	Origins []Origin `json:"origins,omitempty"`
}

// Candidate is a guest that could have been moved.
type Candidate struct {
	Guest  string  `json:"guest"`
	Name   string  `json:"name"`
	CPU    float64 `json:"cpu"`             // share of the source's capacity that it used
	Memory float64 `json:"memory"`          // share of the source's capacity
	Stays  string  `json:"stays,omitempty"` // why no policy could move it
	// Worth is what the policy was told that its move is worth, in cores as a mean over half an
	// hour; nil: it did not ask.
	Worth *float64 `json:"worth,omitempty"`
}

// Line is a message or an action of a model.
type Line struct {
	At    time.Time `json:"at"` // by the clock of the host
	Role  string    `json:"role"`
	Kind  string    `json:"kind"`           // send, receive, solve, solved or failed
	Term  string    `json:"term"`           // with the names of guests and hosts
	With  string    `json:"with,omitempty"` // the host at the other end of a message
	Model string    `json:"model"`
	Line  int       `json:"line"` // of the model's text
	// Grounds are what a message that was sent depended on.
	Grounds []Ground `json:"grounds,omitempty"`
}

// Ground is something on which a message of a model depended when it was sent.
type Ground struct {
	// Kind is lacks, a comparison that does not hold; compared, one that holds; time, a timeout that
	// has passed; computed, a calculation; fact or rule, of the text; answer, of the host; player, a
	// host that played the role that the message went to; or others, how many more did.
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Values are those of a comparison, a calculation or a timeout; of a fact, a rule and an answer
	// the call, as the text has it.
	Values string `json:"values,omitempty"`
	About  string `json:"about,omitempty"` // what the text or the vocabulary says of it
	Host   string `json:"host,omitempty"`  // a player
	// Was are the values of a comparison when it did not hold last, at WasAt; "": that is not known.
	Was   string    `json:"was,omitempty"`
	WasAt time.Time `json:"was_at,omitzero"`
}

// Origin is the policy that has a model which spoke about a deal.
type Origin struct {
	Model  string `json:"model"`            // its file
	Policy string `json:"policy,omitempty"` // "": it is a file of the host, or no longer in force
	// Publisher and Release, the one that introduced this version of the policy, are of a policy
	// of a publisher.
	Publisher string `json:"publisher,omitempty"`
	Release   uint64 `json:"release,omitempty"`
	Gone      bool   `json:"gone,omitempty"` // it is no longer in force
	Text      string `json:"text,omitempty"` // of the model; "": it is no longer here, or too long
}

// dealBytes bounds a deal's id in a question.
const dealBytes = 128

// ErrNoDeal says that no host shows a deal.
var ErrNoDeal = errors.New("no host shows the deal in flight or among its last ones: `parley history` on its hosts has all")

// Ends finds the hosts that show a deal. Its id may be shortened.
func (r Report) Ends(deal string) (id string, ends []Host, err error) {
	if deal == "" {
		return "", nil, ErrNoDeal
	}
	for _, h := range r.Hosts {
		for _, d := range slices.Concat(h.Deals, h.Ended, h.Plan) {
			if !hasPrefixFold(d.Deal, deal) {
				continue
			}
			if id != "" && id != d.Deal {
				return "", nil, fmt.Errorf("%q is the beginning of several deals: give more of its id", deal)
			}
			id = d.Deal
			switch {
			case slices.ContainsFunc(ends, func(e Host) bool { return e.PeerID == h.PeerID }):
			case d.Side == sideSource:
				ends = slices.Insert(ends, 0, h)
			default:
				ends = append(ends, h)
			}
		}
	}
	if id == "" {
		return "", nil, ErrNoDeal
	}
	return id, ends, nil
}

// Encode encodes the answer to a question about a deal. Where it is too large, the earliest
// lines are left out.
func (a Account) Encode() ([]byte, error) {
	for {
		data, err := json.Marshal(a)
		if err != nil || len(data) <= AnswerBytes {
			return data, err
		}
		if len(a.Talk)+len(a.Choice) == 0 {
			return nil, fmt.Errorf("the account of a deal has %d bytes, more than %d", len(data), AnswerBytes)
		}
		a.Talk, a.Choice = a.Talk[(len(a.Talk)+1)/2:], a.Choice[:len(a.Choice)/2]
	}
}

// Tell asks hosts what they know of a deal.
func (a *Asker) Tell(ctx context.Context, members []Member, within time.Duration, deal string) ([]End, error) {
	text, err := json.Marshal(Question{Deal: deal})
	if err != nil {
		return nil, err
	}
	ends := make([]End, len(members))
	silent := a.look(ctx, members, within, asking{question: text, take: func(i int, data []byte) error {
		var told Account
		if err := json.Unmarshal(data, &told); err != nil {
			return fmt.Errorf("its answer is malformed: %w", err)
		}
		ends[i].Account = told
		return nil
	}})
	for i, m := range members {
		ends[i].Host, ends[i].Silent = m.Name, silent[i]
	}
	return ends, nil
}
