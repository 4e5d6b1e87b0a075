package site

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/lcc"
)

// Errand has a host ask others, each the same question, for the host that sends it.
type Errand struct {
	Hosts []lcc.PeerID `json:"hosts"`
	// WithinMS is how long the host that is sent may take, in milliseconds.
	WithinMS int64 `json:"within_ms"`
	Signed
}

// errandHosts bounds the hosts of one errand: their names fit into a question, and as many
// answers of hosts with some hundred guests into one answer.
const errandHosts = 16

// errandMost bounds how long an errand may take.
const errandMost = 3 * time.Second

func (e Errand) validate() error {
	switch {
	case len(e.Hosts) == 0 || len(e.Hosts) > errandHosts:
		return fmt.Errorf("it is sent to %d hosts: from 1 to %d may be asked", len(e.Hosts), errandHosts)
	case e.WithinMS <= 0 || e.WithinMS > errandMost.Milliseconds():
		return fmt.Errorf("it is to take %d ms: give from 1 to %d", e.WithinMS, errandMost.Milliseconds())
	}
	_, err := e.Question()
	return err
}

// Fetched is what one host of an errand answered.
type Fetched struct {
	Vouched
	// Silent is why there is no answer. It is empty, and so is the answer, where the host
	// was not asked, or its answer had no room beside the others.
	Silent string `json:"silent,omitempty"`
}

// fetched are the answers of an errand, in the order of its hosts.
type fetched struct {
	Fetched []Fetched `json:"fetched"`
}

// fetchedBytes bounds the answers of one errand: encoded they take a third more, and the
// network carries 1 MiB.
const fetchedBytes = 720 << 10

// Runner carries out the errands of other hosts. It is safe for concurrent use.
type Runner struct {
	Network Network
	// Ours says whether a host may be asked; why it may not is Silent.
	Ours func(lcc.PeerID) bool

	runs     atomic.Int32
	dialling chan struct{} // one for each host that is asked and needs a connection
}

// runsMost bounds the errands that a host runs at one time.
const runsMost = 16

// NewRunner returns one that asks over a network.
func NewRunner(network Network, ours func(lcc.PeerID) bool) *Runner {
	return &Runner{Network: network, Ours: ours, dialling: make(chan struct{}, connectedAtOnce)}
}

// Run asks the hosts of an errand and returns the encoded answers.
func (r *Runner) Run(ctx context.Context, e Errand) ([]byte, error) {
	defer r.runs.Add(-1)
	if r.runs.Add(1) > runsMost {
		return nil, fmt.Errorf("it asks for %d others already", runsMost)
	}
	within := time.Duration(e.WithinMS) * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	text, err := json.Marshal(Question{Signed: &e.Signed})
	if err != nil {
		return nil, err
	}
	list := make([]Fetched, len(e.Hosts))
	var group errgroup.Group
	for i, host := range e.Hosts {
		group.Go(func() error {
			// A host that is down leaves time for those that wait for its turn.
			list[i] = r.fetch(ctx, host, text, within/2)
			return nil
		})
	}
	_ = group.Wait() // the functions return no error
	room := fetchedBytes
	for i, f := range list {
		if room -= len(f.Answer); room < 0 {
			list[i], room = Fetched{}, room+len(f.Answer)
		}
	}
	return json.Marshal(fetched{list})
}

// fetch asks one host.
func (r *Runner) fetch(ctx context.Context, host lcc.PeerID, question []byte, within time.Duration) (f Fetched) {
	if !r.Ours(host) {
		f.Silent = "it is not a host of this owner"
		return f
	}
	if !r.Network.Connected(host) {
		select {
		case r.dialling <- struct{}{}:
			defer func() { <-r.dialling }()
		case <-ctx.Done():
			return f
		}
	}
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	data, err := r.Network.Look(bounded, host, question)
	switch {
	case err != nil && bounded.Err() != nil:
		f.Silent = notAnswered(within)
	case err != nil:
		f.Silent = innermost(err)
	case json.Unmarshal(data, &f.Vouched) != nil || len(f.Answer) == 0 || len(f.Answer) > AnswerBytes:
		f = Fetched{Silent: "its answer is malformed"}
	}
	return f
}

// decodeFetched decodes the answer to an errand.
func decodeFetched(data []byte, hosts int) ([]Fetched, error) {
	var f fetched
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("its answer is malformed: %w", err)
	}
	if len(f.Fetched) != hosts {
		return nil, errors.New("its answer is not about the hosts that it was to ask")
	}
	return f.Fetched, nil
}
