package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Halt asks a host to pause its policies as part of a pause of the whole site, or to resume
// them. A host that its own operator has paused stays so.
type Halt struct {
	Resume bool   `json:"resume,omitempty"`
	By     string `json:"by,omitempty"`  // who ordered it, for people; the agent that is asked first fills it in
	Why    string `json:"why,omitempty"` // for people
}

// haltBytes bounds each text of a Halt.
const haltBytes = 256

// Validate returns what is wrong with it.
func (h Halt) Validate() error {
	for name, text := range map[string]string{"by": h.By, "why": h.Why} {
		if len(text) > haltBytes || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("%s is not a line of at most %d bytes", name, haltBytes)
		}
	}
	return nil
}

// Halted is what a host answers to a Halt.
type Halted struct {
	Was  bool   `json:"was,omitempty"`  // it was so before
	Own  bool   `json:"own,omitempty"`  // its own operator has paused it, too
	Code string `json:"code,omitempty"` // why it does not follow; "": it does
	Why  string `json:"why,omitempty"`
}

// HostHalted is the answer of one host.
type HostHalted struct {
	Host   string `json:"host"`
	PeerID string `json:"peer_id"`
	Silent string `json:"silent,omitempty"` // why there is no answer
	Halted
}

// Follows says whether the host did what was asked.
func (h HostHalted) Follows() bool { return h.Silent == "" && h.Code == "" }

// Halts are the answers of all hosts, by name.
type Halts struct {
	At     time.Time    `json:"at"`
	From   string       `json:"from"`
	Resume bool         `json:"resume,omitempty"`
	Hosts  []HostHalted `json:"hosts"`
}

// Halt asks hosts to pause or to resume.
func (a *Asker) Halt(ctx context.Context, members []Member, within time.Duration, h Halt) ([]HostHalted, error) {
	text, err := json.Marshal(Question{Halt: &h})
	if err != nil {
		return nil, err
	}
	answers := make([]HostHalted, len(members))
	silent := a.look(ctx, members, within, asking{question: text, take: func(i int, data []byte) error {
		var told *Halted
		if err := json.Unmarshal(data, &told); err != nil || told == nil {
			return errors.New("its answer is malformed")
		}
		answers[i].Halted = *told
		return nil
	}})
	for i, m := range members {
		answers[i].Host, answers[i].PeerID, answers[i].Silent = m.Name, string(m.ID), silent[i]
	}
	return answers, nil
}
