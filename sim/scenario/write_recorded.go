package scenario

import (
	"bytes"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"

	"parley/hostagent"
	"parley/sim"
)

// Recorded is a site whose guests want what a table says: each follows the series of its
// name, from when it is started on.
type Recorded struct {
	Title, Note, Policy string
	File                string // the table
	Hosts               []sim.SiteHost
	Guests              []sim.SiteGuest
	Tuning              hostagent.Tuning
	Limit               time.Duration
}

// Agents of a record look every minute: what guests wanted is known as the mean of minutes.
// Adverts travel when something changes, and otherwise each hour.
const (
	recordedLooks   = time.Minute
	recordedAdverts = time.Hour
	recordedGap     = 20 * time.Second
)

// WriteRecorded writes it as a scenario.
func WriteRecorded(w io.Writer, r Recorded) error {
	var site bytes.Buffer
	if err := write(&site, r.Policy, r.Hosts, r.Guests, r.File); err != nil {
		return err
	}
	agent, err := tuned(r.Tuning)
	if err != nil {
		return err
	}
	head := struct {
		Title string `yaml:"title"`
		Note  string `yaml:"note"`
	}{r.Title, r.Note}
	// Hosts measure what guests wait for, and simulated ones show it as well then.
	rest := struct {
		Waits bool      `yaml:"waits"`
		Agent yaml.Node `yaml:"agent"`
		Run   runEntry  `yaml:"run,flow"`
	}{true, agent, runEntry{Limit: r.Limit, Quiet: -time.Second}}
	return writeParts(w, head, site.Bytes(), rest)
}

// tuned is the tuning of a site's agents for a replay, without the keys that have their
// defaults.
func tuned(t hostagent.Tuning) (node yaml.Node, err error) {
	if t.SampleEvery < recordedLooks {
		// A level holds for as many looks as cover the same time.
		t.HoldSamples = max(1, int(time.Duration(t.HoldSamples)*t.SampleEvery/recordedLooks))
		t.SampleEvery = recordedLooks
	}
	node, err = encoded(Agent{Tuning: t, AdvertEvery: recordedAdverts, AdvertGap: recordedGap})
	if err != nil {
		return node, err
	}
	standard, err := encoded(defaultAgent())
	if err != nil {
		return node, err
	}
	usual := map[string]string{}
	for i := 0; i < len(standard.Content); i += 2 {
		if usual[standard.Content[i].Value], err = textOf(standard.Content[i+1]); err != nil {
			return node, err
		}
	}
	var kept []*yaml.Node
	for i := 0; i < len(node.Content); i += 2 {
		text, err := textOf(node.Content[i+1])
		if err != nil {
			return node, err
		}
		if usual[node.Content[i].Value] != text {
			kept = append(kept, node.Content[i], node.Content[i+1])
		}
	}
	node.Content = kept
	return node, nil
}

func encoded(a Agent) (node yaml.Node, err error) {
	if err := node.Encode(a); err != nil {
		return node, fmt.Errorf("scenario: writing: %w", err)
	}
	return node, nil
}

func textOf(node *yaml.Node) (string, error) {
	text, err := yaml.Marshal(node)
	if err != nil {
		return "", fmt.Errorf("scenario: writing: %w", err)
	}
	return string(text), nil
}
