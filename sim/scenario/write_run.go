package scenario

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"parley/sim"
)

// Case is a site with a policy that a run of a scenario is to repeat, with the seed 1.
type Case struct {
	Title, Note, Policy string
	Site                sim.Site
}

// WriteRun writes a case as a scenario: its hosts and guests, with the initial loads, late
// frames, happenings, failing migrations, expectations, and the tuning of its agents.
func WriteRun(w io.Writer, c Case) error {
	var site bytes.Buffer
	if err := Write(&site, c.Policy, c.Site.Hosts, c.Site.Guests); err != nil {
		return err
	}
	head := struct {
		Title string `yaml:"title"`
		Note  string `yaml:"note"`
	}{c.Title, c.Note}
	rest := caseEntry{
		Agent: agentEntry{c.Site.Config.Cooldown, c.Site.Config.ReturnAfter},
		Run:   runEntry{c.Site.Limit, c.Site.Quiet, c.Site.StartWithin},
	}
	if late := c.Site.Faults.Late; len(late) > 0 {
		rest.Faults = &faultsEntry{}
		for _, l := range late {
			rest.Faults.Late = append(rest.Faults.Late, lateEntry(l))
		}
	}
	for _, h := range c.Site.Schedule {
		rest.Schedule = append(rest.Schedule, happeningEntry{h.At, h.Do, h.Hosts})
	}
	for _, f := range c.Site.Failing {
		rest.Failing = append(rest.Failing, failingEntry{f.Guests, f.From, f.To, f.How, f.After, f.Nth})
	}
	for _, e := range c.Site.Expect {
		rest.Expect = append(rest.Expect, expectEntry{e.Number, e.Host, e.Empty, e.Least, e.Most, e.From})
	}
	return writeParts(w, head, site.Bytes(), rest)
}

func writeParts(w io.Writer, head any, site []byte, rest any) error {
	parts := [][]byte{nil, site, nil}
	for i, part := range map[int]any{0: head, 2: rest} {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		if err := encoder.Encode(part); err != nil {
			return fmt.Errorf("scenario: writing: %w", err)
		}
		parts[i] = out.Bytes()
	}
	for _, part := range parts {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("scenario: writing: %w", err)
		}
	}
	return nil
}

type caseEntry struct {
	Faults   *faultsEntry     `yaml:"faults,omitempty"`
	Schedule []happeningEntry `yaml:"schedule,omitempty"`
	Failing  []failingEntry   `yaml:"failing,omitempty"`
	Expect   []expectEntry    `yaml:"expect,omitempty"`
	Agent    agentEntry       `yaml:"agent,flow"`
	Run      runEntry         `yaml:"run,flow"`
}

type faultsEntry struct {
	Late []lateEntry `yaml:"late"`
}

type lateEntry struct {
	From   string        `yaml:"from"`
	To     string        `yaml:"to"`
	Nth    int           `yaml:"nth"`
	By     time.Duration `yaml:"by"`
	Advert bool          `yaml:"advert,omitempty"`
}

type happeningEntry struct {
	At    time.Duration `yaml:"at"`
	Do    string        `yaml:"do"`
	Hosts []string      `yaml:"hosts,flow"`
}

type failingEntry struct {
	Guests []string      `yaml:"guests,flow"`
	From   []string      `yaml:"from,flow"`
	To     []string      `yaml:"to,flow"`
	How    string        `yaml:"how"`
	After  time.Duration `yaml:"after,omitempty"`
	Nth    int           `yaml:"nth,omitempty"`
}

type expectEntry struct {
	Number string        `yaml:"number,omitempty"`
	Host   string        `yaml:"host,omitempty"`
	Empty  bool          `yaml:"empty,omitempty"`
	Least  *float64      `yaml:"least,omitempty"`
	Most   *float64      `yaml:"most,omitempty"`
	From   time.Duration `yaml:"from,omitempty"`
}

type agentEntry struct {
	Cooldown    time.Duration `yaml:"cooldown"`
	ReturnAfter time.Duration `yaml:"return_after"`
}

type runEntry struct {
	Limit       time.Duration `yaml:"limit"`
	Quiet       time.Duration `yaml:"quiet"`
	StartWithin time.Duration `yaml:"start_within"`
}
