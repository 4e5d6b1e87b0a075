package lcc

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/cockroachdb/datadriven"

	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

// storyCommands are the commands of a story. The first argument is mostly a peer; the
// input has one item per line.
//
//	model [with]            compile the input; with: the actions declared before
//	action name modes       an action of the vocabulary, such as: action reserve ++-
//	question name modes     a question of the vocabulary
//	limit name number       for the peers made afterwards
//	refuse [roles...]       by the peers made afterwards
//	peer names... [records] make peers
//	facts peer              add facts to the peer's host, and send Changed
//	forget peer [unknown]   drop all facts of the predicates, such as in_stock/2, or
//	                        make their answer unknown for now
//	start peer              roles, with values of variables: buyer X=lamp
//	subscribe peer          roles
//	deliver [n]             deliver the next n messages in flight
//	drop                    lose the next message and report it to its sender
//	stabilize               deliver until nothing is in flight
//	receive peer            hand in a forged message: from-peer from-role to-role body
//	advance 5s              let time pass
//	change peer [names]     send Changed
//	suspect|trust peer whom
//	retire peer [no]        it leaves the model, or no longer does
//	rests peer              is any agent in the middle of a negotiation?
//	kill peer               it takes no more messages
//	solve peer true|false   answer the oldest action, with an instance of the goal
//	stop peer
var storyCommands = map[string]func(w *storyWorld, p *storyPeer, args, lines []string) error{
	"action":    func(w *storyWorld, _ *storyPeer, args, _ []string) error { return w.declare(args, true) },
	"question":  func(w *storyWorld, _ *storyPeer, args, _ []string) error { return w.declare(args, false) },
	"limit":     limitCommand,
	"refuse":    func(w *storyWorld, _ *storyPeer, args, _ []string) error { w.refuse = args; return nil },
	"peer":      peerCommand,
	"facts":     factsCommand,
	"forget":    forgetCommand,
	"start":     startCommand,
	"subscribe": subscribeCommand,
	"deliver":   deliverCommand,
	"drop":      dropCommand,
	"receive":   receiveCommand,
	"stabilize": func(w *storyWorld, _ *storyPeer, _, _ []string) error { w.deliver(1000); return nil },
	"change": func(w *storyWorld, p *storyPeer, args, _ []string) error {
		w.step(p, Changed{Names: args[1:]})
		return nil
	},
	"suspect": func(w *storyWorld, p *storyPeer, args, _ []string) error {
		w.step(p, Suspected{Peer: PeerID(args[1]), Suspected: true})
		return nil
	},
	"trust": func(w *storyWorld, p *storyPeer, args, _ []string) error {
		w.step(p, Suspected{Peer: PeerID(args[1])})
		return nil
	},
	"retire": func(w *storyWorld, p *storyPeer, args, _ []string) error {
		w.step(p, Retired{Retired: len(args) == 1})
		return nil
	},
	"close": func(w *storyWorld, p *storyPeer, args, _ []string) error {
		w.step(p, Closed{Roles: args[1:], Why: "it is closed"})
		return nil
	},
	"rests": func(w *storyWorld, p *storyPeer, _, _ []string) error {
		fmt.Fprintf(&w.out, "%s rests: %v\n", p.id, p.engine.Resting())
		return nil
	},
	"kill": func(w *storyWorld, p *storyPeer, _, _ []string) error {
		w.dead[p.id] = true
		return nil
	},
	"stop":  func(w *storyWorld, p *storyPeer, _, _ []string) error { w.step(p, Stop{}); return nil },
	"solve": solveCommand,
	"advance": func(w *storyWorld, _ *storyPeer, args, _ []string) error {
		delay, err := time.ParseDuration(args[0])
		if err == nil {
			w.advance(delay)
		}
		return err
	},
}

func (w *storyWorld) command(d *datadriven.TestData) error {
	var args []string
	for _, arg := range d.CmdArgs {
		args = append(args, arg.Key)
	}
	if w.dead == nil {
		w.dead = map[PeerID]bool{}
	}
	if d.Cmd == "model" {
		return w.compile(d.Input, len(args) > 0)
	}
	run, ok := storyCommands[d.Cmd]
	if !ok {
		return fmt.Errorf("no command %s", d.Cmd)
	}
	var p *storyPeer
	if len(args) > 0 {
		p = w.peers[PeerID(args[0])]
	}
	lines := strings.FieldsFunc(d.Input, func(r rune) bool { return r == '\n' })
	return run(w, p, args, lines)
}

func (w *storyWorld) compile(text string, withVocabulary bool) error {
	host := &w.vocabulary
	if !withVocabulary {
		host = nil
	}
	file, errs := syntax.Parse("model", []byte(text))
	if len(errs) > 0 {
		return errs[0]
	}
	// The stories have single clauses, which the checker would reject.
	w.model = lower("model", []byte(text), file, host)
	return nil
}

func (w *storyWorld) declare(args []string, acts bool) error {
	var params []vocabulary.Param
	if len(args) > 1 {
		for _, mode := range args[1] {
			params = append(params, vocabulary.Param{Name: "X", Mode: vocabulary.Mode(mode), Type: "term"})
		}
	}
	w.vocabulary.Predicates = append(w.vocabulary.Predicates, vocabulary.Signature{Name: args[0], Params: params, Acts: acts})
	return nil
}

func limitCommand(w *storyWorld, _ *storyPeer, args, _ []string) error {
	n, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	l := &w.limits
	*map[string]*int{
		"steps": &l.StepsPerEvent, "cells": &l.CellsPerAgent, "depth": &l.TermDepth, "list": &l.ListItems, "string": &l.StringBytes,
		"message": &l.MessageBytes, "mailbox": &l.MailboxMessages, "agents": &l.Agents, "peer": &l.AgentsPerPeer,
	}[args[0]] = n
	return nil
}

func peerCommand(w *storyWorld, _ *storyPeer, args, _ []string) error {
	records := args[len(args)-1] == "records"
	if records {
		args = args[:len(args)-1]
	}
	for _, name := range args {
		if err := w.newPeer(PeerID(name), records); err != nil {
			return err
		}
	}
	return nil
}

func factsCommand(w *storyWorld, p *storyPeer, _, lines []string) error {
	var names []string
	for _, line := range lines {
		fact, err := ParseTerm(line)
		if err != nil {
			return err
		}
		name, args, _ := Name(fact)
		k := key{name, len(args)}
		delete(p.later, k)
		p.facts[k] = append(p.facts[k], fact)
		names = append(names, name)
	}
	w.step(p, Changed{Names: names})
	return nil
}

func forgetCommand(w *storyWorld, p *storyPeer, args, lines []string) error {
	var names []string
	for _, line := range lines {
		name, arity, _ := strings.Cut(line, "/")
		n, err := strconv.Atoi(arity)
		if err != nil {
			return err
		}
		p.facts[key{name, n}] = nil
		p.later[key{name, n}] = len(args) > 1 && args[1] == "unknown"
		names = append(names, name)
	}
	w.step(p, Changed{Names: names})
	return nil
}

func startCommand(w *storyWorld, p *storyPeer, _, lines []string) error {
	for _, line := range lines {
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
	return nil
}

func subscribeCommand(w *storyWorld, p *storyPeer, _, lines []string) error {
	for _, line := range lines {
		w.step(p, Subscribe{Role: line})
	}
	return nil
}

func deliverCommand(w *storyWorld, _ *storyPeer, args, _ []string) error {
	n := 1
	if len(args) > 0 {
		var err error
		if n, err = strconv.Atoi(args[0]); err != nil {
			return err
		}
	}
	w.deliver(n)
	return nil
}

func dropCommand(w *storyWorld, _ *storyPeer, _, _ []string) error {
	if len(w.net) == 0 || w.net[0].message == nil {
		return fmt.Errorf("no message is under way")
	}
	m := *w.net[0].message
	w.net = w.net[1:]
	w.back(m, Reason{Code: ReasonUnreachable})
	return nil
}

func receiveCommand(w *storyWorld, p *storyPeer, _, lines []string) error {
	for i, line := range lines {
		words := strings.Fields(line)
		var terms []Term
		for _, word := range words[1:] {
			t, err := ParseTerm(word)
			if err != nil {
				return err
			}
			terms = append(terms, t)
		}
		from := PeerID(words[0])
		w.step(p, Received{Message{
			ID: MessageID{from, 9, uint64(i + 1)}, Conversation: ConversationID(fmt.Sprintf("%s/9/%d", from, i)),
			From: Party{Peer: from, Agent: 9, Role: terms[0]}, To: Party{Peer: p.id, Role: terms[1]}, Body: terms[2],
		}})
	}
	return nil
}

// solveCommand answers a peer's oldest action; the input is the solved goal.
func solveCommand(w *storyWorld, p *storyPeer, args, lines []string) error {
	if len(p.requests) == 0 {
		return fmt.Errorf("%s waits for no action", p.id)
	}
	request := p.requests[0]
	p.requests = p.requests[1:]
	answer := Answer{Truth: False, Detail: strings.Join(args[2:], " ")}
	if args[1] == "true" {
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
