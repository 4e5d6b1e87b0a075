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

// ProxyQuestion has a host ask others, each the same question, for the host that sends it.
type ProxyQuestion struct {
	Hosts []lcc.PeerID `json:"hosts"`
	// WithinMS is how long the answer may take, in milliseconds.
	WithinMS int64 `json:"within_ms"`
	Signed
}

// proxyHosts bounds the hosts of one question: their names fit into a question, and as many
// answers of hosts with some hundred guests into one answer.
const proxyHosts = 16

// proxyMost bounds how long a proxy may take.
const proxyMost = 3 * time.Second

func (q ProxyQuestion) validate() error {
	switch {
	case len(q.Hosts) == 0 || len(q.Hosts) > proxyHosts:
		return fmt.Errorf("it is for %d hosts: give from 1 to %d", len(q.Hosts), proxyHosts)
	case q.WithinMS <= 0 || q.WithinMS > proxyMost.Milliseconds():
		return fmt.Errorf("it is to take %d ms: give from 1 to %d", q.WithinMS, proxyMost.Milliseconds())
	}
	_, err := q.Question()
	return err
}

// Fetched is what one host answered to a proxy.
type Fetched struct {
	Vouched
	// Silent is why there is no answer. It is empty, and so is the answer, where the host
	// was not asked, or its answer had no room beside the others.
	Silent string `json:"silent,omitempty"`
}

// fetched are the answers that a proxy brings, in the order of the hosts.
type fetched struct {
	Fetched []Fetched `json:"fetched"`
}

// fetchedBytes bounds the answers that a proxy brings: encoded they take a third more, and the
// network carries 1 MiB.
const fetchedBytes = 720 << 10

// Proxy asks hosts for other hosts. It is safe for concurrent use.
type Proxy struct {
	Network Network
	// Ours says whether a host may be asked; why it may not is Silent.
	Ours func(lcc.PeerID) bool

	working  atomic.Int32
	dialling chan struct{} // one for each host that is asked and needs a connection
}

// proxyConnects is how many hosts without a connection a proxy asks at one time. There are many
// proxies: what they begin together must end within the time for it, also on busy hosts.
const proxyConnects = 6

// workingMost bounds the questions that a proxy works on at one time.
const workingMost = 16

// NewProxy returns one that asks over a network.
func NewProxy(network Network, ours func(lcc.PeerID) bool) *Proxy {
	return &Proxy{Network: network, Ours: ours, dialling: make(chan struct{}, proxyConnects)}
}

// Run asks the hosts of a question and returns the encoded answers.
func (p *Proxy) Run(ctx context.Context, q ProxyQuestion) ([]byte, error) {
	defer p.working.Add(-1)
	if p.working.Add(1) > workingMost {
		return nil, fmt.Errorf("it is a proxy %d times already: ask the hosts directly", workingMost)
	}
	within := time.Duration(q.WithinMS) * time.Millisecond
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	text, err := json.Marshal(Question{Signed: &q.Signed})
	if err != nil {
		return nil, err
	}
	list := make([]Fetched, len(q.Hosts))
	var group errgroup.Group
	for i, host := range q.Hosts {
		group.Go(func() error {
			// A host that is down leaves time for those that wait for its turn.
			list[i] = p.fetch(ctx, host, text, within/2)
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
func (p *Proxy) fetch(ctx context.Context, host lcc.PeerID, question []byte, within time.Duration) (f Fetched) {
	if !p.Ours(host) {
		f.Silent = "it is not a host of this owner"
		return f
	}
	if !p.Network.Connected(host) {
		select {
		case p.dialling <- struct{}{}:
			defer func() { <-p.dialling }()
		case <-ctx.Done():
			return f
		}
	}
	data, silent := lookAt(ctx, p.Network, host, question, within)
	switch {
	case silent != "":
		f.Silent = silent
	case json.Unmarshal(data, &f.Vouched) != nil || len(f.Answer) == 0 || len(f.Answer) > AnswerBytes:
		f = Fetched{Silent: "its answer is malformed"}
	}
	return f
}

// decodeFetched decodes the answer of a proxy.
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
