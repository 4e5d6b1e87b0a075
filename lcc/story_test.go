package lcc

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"
)

// TestStories runs the stories in testdata/stories: engines of several peers in
// one world of virtual time, every effect printed. `go test ./lcc -rewrite`
// writes what happened into the files, to be read by a person.
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		w := &storyWorld{peers: map[PeerID]*storyPeer{}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			w.out.Reset()
			if err := w.command(d); err != nil {
				fmt.Fprintf(&w.out, "error: %v\n", err)
			}
			return w.out.String()
		})
	})
}

// storyWorld is the driver of the stories.
type storyWorld struct {
	out        strings.Builder
	now        Instant
	model      *Model
	vocabulary Vocabulary
	limits     Limits
	peers      map[PeerID]*storyPeer
	order      []*storyPeer
	net        []Effect // Send and Bounce under way, in order
	netTo      []PeerID
}

type storyPeer struct {
	id       PeerID
	engine   *Engine
	world    *storyWorld
	facts    map[string][]Term
	later    map[string]bool
	roles    []Term
	alarm    Instant
	requests []RequestID
	goals    []Term
}

func (p *storyPeer) Ask(goal Term) (Answer, bool) {
	name, args, _ := Name(goal)
	key := fmt.Sprintf("%s/%d", name, len(args))
	if p.later[key] {
		return Answer{Truth: Later}, true
	}
	facts, ok := p.facts[key]
	answer := Answer{}
	for _, fact := range facts {
		answer.Truth = True
		if _, args, _ := Name(fact); len(args) > 0 {
			answer.Solutions = append(answer.Solutions, args)
		}
	}
	return answer, ok
}

func (p *storyPeer) Players(_ Digest, role Term) (players []Player, truth Truth) {
	wanted, _, _ := Name(role)
	for _, other := range p.world.order {
		for _, plays := range other.roles {
			if name, _, _ := Name(plays); name == wanted && other != p {
				players = append(players, Player{other.id, plays})
			}
		}
	}
	return players, True
}

func (w *storyWorld) command(d *datadriven.TestData) error {
	var names []string
	for _, arg := range d.CmdArgs {
		names = append(names, arg.Key)
	}
	rest := strings.TrimSpace(strings.Join(names, " "))
	lines := strings.FieldsFunc(d.Input, func(r rune) bool { return r == '\n' })
	switch d.Cmd {
	case "model":
		var diagnostics []Diagnostic
		w.model, diagnostics = Compile("model", []byte(d.Input), &w.vocabulary)
		for _, diag := range diagnostics {
			fmt.Fprintln(&w.out, diag)
		}
		if w.model != nil {
			fmt.Fprintf(&w.out, "roles %v needs %v\n", w.model.Roles(), w.model.Needs())
		}
	case "action": // name and modes: reserve ++-
		var params []Param
		for _, mode := range names[1] {
			params = append(params, Param{Mode: Mode(mode)})
		}
		w.vocabulary.Predicates = append(w.vocabulary.Predicates, Signature{Name: names[0], Params: params, Acts: true})
	case "limit":
		n, err := strconv.Atoi(names[1])
		if err != nil {
			return err
		}
		*map[string]*int{"steps": &w.limits.StepsPerEvent, "cells": &w.limits.CellsPerAgent, "depth": &w.limits.TermDepth,
			"message": &w.limits.MessageBytes, "mailbox": &w.limits.MailboxMessages, "peer": &w.limits.AgentsPerPeer}[names[0]] = n
	case "peer":
		for _, name := range names {
			p := &storyPeer{id: PeerID(name), world: w, facts: map[string][]Term{}, later: map[string]bool{}}
			engine, err := New(w.model, Options{Self: p.id, World: p, Limits: w.limits, Records: true})
			if err != nil {
				return err
			}
			p.engine = engine
			w.peers[p.id] = p
			w.order = append(w.order, p)
			sort.Slice(w.order, func(i, j int) bool { return w.order[i].id < w.order[j].id })
		}
	case "facts", "nofacts", "later":
		p := w.peers[PeerID(names[0])]
		for _, line := range lines {
			if d.Cmd == "later" {
				p.later[line] = true
				continue
			}
			fact, err := ParseTerm(line)
			if err != nil {
				return err
			}
			name, args, _ := Name(fact)
			key := fmt.Sprintf("%s/%d", name, len(args))
			delete(p.later, key)
			if d.Cmd == "nofacts" {
				p.facts[key] = nil
				continue
			}
			p.facts[key] = append(p.facts[key], fact)
		}
		w.step(p, Changed{})
	case "start", "subscribe":
		p := w.peers[PeerID(names[0])]
		for _, line := range lines {
			if d.Cmd == "subscribe" {
				w.step(p, Subscribe{Role: line})
				continue
			}
			// role, and the values of variables: buyer X=lamp
			words := strings.Fields(line)
			role, err := ParseTerm(words[0])
			if err != nil {
				return err
			}
			start := Start{Role: role}
			for _, word := range words[1:] {
				name, text, _ := strings.Cut(word, "=")
				value, err := ParseTerm(text)
				if err != nil {
					return err
				}
				start.Given = append(start.Given, Given{name, value})
			}
			w.step(p, start)
		}
	case "deliver":
		w.deliver(1)
	case "drop", "lose":
		if len(w.net) == 0 {
			return fmt.Errorf("nothing is under way")
		}
		lost := w.net[0]
		w.net, w.netTo = w.net[1:], w.netTo[1:]
		if send, ok := lost.(Send); ok && d.Cmd == "drop" {
			w.step(w.peers[send.Message.From.Peer], Undelivered{Message: send.Message.ID, To: send.Message.To.Peer, Reason: Reason{Code: ReasonUnreachable}})
		}
	case "stabilize":
		w.deliver(1000)
	case "advance":
		delay, err := time.ParseDuration(rest)
		if err != nil {
			return err
		}
		w.now += Instant(delay)
		for _, p := range w.order {
			if p.alarm != 0 && p.alarm <= w.now {
				p.alarm = 0
				w.step(p, Woken{})
			}
		}
	case "suspect", "trust":
		for _, name := range names[1:] {
			w.step(w.peers[PeerID(names[0])], Suspected{Peer: PeerID(name), Suspected: d.Cmd == "suspect"})
		}
	case "stop":
		w.step(w.peers[PeerID(names[0])], Stop{})
	case "solve":
		return w.solve(w.peers[PeerID(names[0])], names[1], lines)
	default:
		return fmt.Errorf("no command %s", d.Cmd)
	}
	return nil
}

// solve answers a peer's oldest action: true with the solution's arguments in
// the input, or false.
func (w *storyWorld) solve(p *storyPeer, truth string, lines []string) error {
	if len(p.requests) == 0 {
		return fmt.Errorf("%s waits for no action", p.id)
	}
	request := p.requests[0]
	p.requests = p.requests[1:]
	answer := Answer{Truth: False}
	if truth == "true" {
		answer.Truth = True
		for _, line := range lines {
			t, err := ParseTerm(line)
			if err != nil {
				return err
			}
			_, args, _ := Name(t)
			answer.Solutions = append(answer.Solutions, args)
		}
	}
	w.step(p, Solved{Request: request, Answer: answer})
	return nil
}

func (w *storyWorld) deliver(most int) {
	for ; most > 0 && len(w.net) > 0; most-- {
		e, to := w.net[0], w.peers[w.netTo[0]]
		w.net, w.netTo = w.net[1:], w.netTo[1:]
		switch e := e.(type) {
		case Send:
			if to == nil {
				from := w.peers[e.Message.From.Peer]
				w.step(from, Undelivered{Message: e.Message.ID, To: e.Message.To.Peer, Reason: Reason{Code: ReasonUnreachable}})
				continue
			}
			w.step(to, Received{Message: e.Message})
		case Bounce:
			if to != nil {
				w.step(to, Undelivered{Message: e.Message, To: PeerID(e.Reason.Detail), Reason: Reason{Code: e.Reason.Code}})
			}
		}
	}
}

func (w *storyWorld) step(p *storyPeer, ev Event) {
	effects, err := p.engine.Step(w.now, ev)
	if err != nil {
		fmt.Fprintf(&w.out, "%s: error: %v\n", p.id, err)
		return
	}
	changed := false
	for _, e := range effects {
		fmt.Fprintf(&w.out, "%s: ", p.id)
		switch e := e.(type) {
		case Send:
			fmt.Fprintf(&w.out, "send %s to a(%s, %s)\n", e.Message.Body, e.Message.To.Role, e.Message.To.Peer)
			w.net, w.netTo = append(w.net, e), append(w.netTo, e.Message.To.Peer)
		case Deliver:
			fmt.Fprintf(&w.out, "agent %d took %s\n", e.Agent, e.Message)
		case Bounce:
			fmt.Fprintf(&w.out, "bounce %s: %s\n", e.Message, e.Reason)
			e.Reason.Detail = string(p.id)
			w.net, w.netTo = append(w.net, e), append(w.netTo, e.Message.Peer)
		case Solve:
			fmt.Fprintf(&w.out, "solve %s\n", e.Goal)
			p.requests = append(p.requests, e.Request)
		case Alarm:
			fmt.Fprintf(&w.out, "alarm at %v\n", time.Duration(e.At))
			p.alarm = e.At
		case Advertise:
			fmt.Fprintf(&w.out, "plays %v\n", e.Roles)
			p.roles = e.Roles
			changed = true
		case Finish:
			fmt.Fprintf(&w.out, "agent %d ended: %s\n", e.Agent, e.Reason)
		case Record:
			if e.Term == nil {
				fmt.Fprintf(&w.out, "%s %s\n", e.Kind, e.Role)
				continue
			}
			fmt.Fprintf(&w.out, "%s %s in %s\n", e.Kind, e.Term, e.Role)
		}
	}
	if changed {
		for _, other := range w.order {
			if other != p {
				w.step(other, Changed{Names: []string{"player"}})
			}
		}
	}
}
