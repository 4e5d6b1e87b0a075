package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/internal/spell"
	"parley/lcc"
	"parley/sim"
	"parley/sim/modeltest"
)

func newRun() *cobra.Command {
	var peers, facts, given []string
	var seed uint64
	var limit time.Duration
	var loss float64
	var chart string
	cmd := &cobra.Command{
		Use:   "run MODEL.lcc",
		Short: "Enact a model between peers in one process and print its messages",
		Long: `Enact a model between peers in one process, in virtual time, and print its
messages. The same seed gives the same run.

  parley run shop --peer alice=buyer --peer bob=shopkeeper \
      --fact 'alice: wants(lamp)' --fact 'alice: afford(lamp, 5)' \
      --fact 'bob: in_stock(lamp, 5)'

A peer is started in its role. A role without parameters that is not declared
initial, and that others send to, is subscribed to instead: a message begins it.`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return elsewhereError("a model has no arguments: `parley process run PROGRAM ARGUMENT...` runs a program")
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			text, err := readModel(args[0])
			if _, program := exec.LookPath(args[0]); err != nil && program == nil {
				return fmt.Errorf("%w: `parley process run %s` runs the program", err, oneLine(args[0]))
			}
			if err != nil {
				return wrong(err)
			}
			v := compileModel(args[0], text, nil)
			for _, d := range v.Errors() {
				fmt.Fprintln(cmd.ErrOrStderr(), d.Text(text))
			}
			model := v.Model
			if model == nil {
				return wrongError{err: errors.New("the model has faults"), said: true}
			}
			table := sim.PeerRun{Model: model, Seed: seed, Limit: limit, Network: sim.Network{Loss: loss}}
			if table.Peers, err = tablePeers(model, peers, facts, given); err != nil {
				return err
			}
			saySilent(cmd.ErrOrStderr(), v)
			for _, d := range strangers(model, factsOf(table.Peers), nil) {
				printJudged(cmd.ErrOrStderr(), d.Text(text))
			}
			var events []sim.PeerRunEvent
			table.OnEvent = func(ev sim.PeerRunEvent) {
				if events = append(events, ev); chart == "" {
					printTableEvent(cmd, ev)
				}
			}
			if _, err := drawRun(chart, nil); chart != "" && err != nil {
				return err
			}
			result, err := table.Run()
			if err != nil {
				return wrong(err)
			}
			if chart == "" {
				fmt.Fprintf(cmd.OutOrStdout(), "%s in %.3f s of virtual time\n", english.Plural(result.Messages, "message", ""),
					result.Took.Seconds())
				return stillPlaying(cmd.OutOrStdout(), table, result)
			}
			drawn, _ := drawRun(chart, events)
			if _, err := fmt.Fprint(cmd.OutOrStdout(), drawn); err != nil {
				return err
			}
			return stillPlaying(cmd.ErrOrStderr(), table, result)
		},
	}
	cmd.Flags().StringArrayVar(&peers, "peer", nil, "peer and its role, as name=role (repeat for more)")
	cmd.Flags().StringArrayVar(&facts, "fact", nil, "fact that a peer knows, as 'name: fact' (repeat for more)")
	cmd.Flags().StringArrayVar(&given, "given", nil, "value of a variable of the role that the peer starts in, as name.Variable=value")
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the random numbers")
	cmd.Flags().DurationVar(&limit, "limit", 10*time.Minute, "limit of virtual time")
	cmd.Flags().StringVar(&chart, "chart", "", "draw the run instead: text or mermaid")
	cmd.ValidArgsFunction = completeModels()
	completesFlag(cmd, "chart", oneOf("text", "mermaid"))
	cmd.Flags().Float64Var(&loss, "loss", 0, "share of the frames that are lost, 0 to 1")
	return cmd
}

// tablePeers reads the flags; an error is one of usage.
func tablePeers(model *lcc.Model, peers, facts, given []string) ([]sim.PeerRunPeer, error) {
	var list []sim.PeerRunPeer
	at := map[string]int{}
	for _, flag := range peers {
		name, role, ok := strings.Cut(flag, "=")
		if !ok || name == "" {
			return nil, fmt.Errorf("--peer %s: write name=role, such as alice=buyer", flag)
		}
		if _, known := at[name]; !known {
			at[name] = len(list)
			list = append(list, sim.PeerRunPeer{Name: name})
		}
		p := &list[at[name]]
		term, err := lcc.ParseTerm(role)
		if err != nil {
			return nil, fmt.Errorf("--peer %s: %w", flag, err)
		}
		if err := hasRole(model, term); err != nil {
			return nil, fmt.Errorf("--peer %s: %w", flag, err)
		}
		if sim.BegunByMessage(model, term) {
			p.Subscribe = append(p.Subscribe, role)
			continue
		}
		p.Start = append(p.Start, lcc.Start{Role: term})
	}
	if len(list) == 0 {
		return nil, errors.New("no peers: give each with --peer name=role")
	}
	for _, flag := range facts {
		name, text, ok := strings.Cut(flag, ":")
		if name = strings.TrimSpace(name); !ok {
			return nil, fmt.Errorf("--fact %q: write 'name: fact' with the name of a --peer", flag)
		}
		i, known := at[name]
		if !known {
			return nil, fmt.Errorf("--fact %q: %s", flag, noPeer(name, slices.Sorted(maps.Keys(at))))
		}
		fact, err := lcc.ParseTerm(strings.TrimSuffix(strings.TrimSpace(text), "."))
		if err != nil {
			return nil, fmt.Errorf("--fact %q: %w", flag, err)
		}
		if predicate, args, _ := lcc.Name(fact); predicate != "" {
			if err := modeltest.Asked(model, predicate, len(args)); err != nil {
				return nil, fmt.Errorf("--fact %q: %w", flag, err)
			}
		}
		list[i].Facts = append(list[i].Facts, fact)
	}
	for _, flag := range given {
		if err := give(list, at, flag); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// factsOf are the facts of all peers.
func factsOf(peers []sim.PeerRunPeer) (facts []lcc.Term) {
	for _, p := range peers {
		facts = append(facts, p.Facts...)
	}
	return facts
}

// hasRole refuses a role that a model does not have.
func hasRole(model *lcc.Model, role lcc.Term) error {
	name, args, ok := lcc.Name(role)
	if !ok {
		return fmt.Errorf("%s is no role: write one such as buyer", role)
	}
	for _, r := range model.Roles() {
		if r.Name == name && r.Arity == len(args) {
			return nil
		}
	}
	return fmt.Errorf("the model has no role %s/%d%s", name, len(args), modeltest.NearestRole(model, name, len(args)))
}

// noPeer says that a name is none of the peers, and which is meant.
func noPeer(name string, peers []string) string {
	if near := spell.Nearest(name, peers); near != "" {
		return fmt.Sprintf("there is no peer %s: did you mean %s?", name, near)
	}
	return fmt.Sprintf("there is no peer %s: there is %s", name, english.WordSeries(peers, "and"))
}

func give(list []sim.PeerRunPeer, at map[string]int, flag string) error {
	left, text, ok := strings.Cut(flag, "=")
	name, variable, dotted := strings.Cut(left, ".")
	i, known := at[name]
	if ok && dotted && !known {
		return fmt.Errorf("--given %q: %s", flag, noPeer(name, slices.Sorted(maps.Keys(at))))
	}
	if !ok || !dotted || len(list[i].Start) == 0 {
		return fmt.Errorf("--given %q: write name.Variable=value with the name of a --peer that starts in a role", flag)
	}
	value, err := lcc.ParseTerm(text)
	if err != nil {
		return fmt.Errorf("--given %q: %w", flag, err)
	}
	start := &list[i].Start[len(list[i].Start)-1]
	start.Given = append(start.Given, lcc.Given{Variable: variable, Value: value})
	return nil
}

func printTableEvent(cmd *cobra.Command, ev sim.PeerRunEvent) {
	out := cmd.OutOrStdout()
	switch {
	case ev.Finish != nil:
		fmt.Fprintf(out, "%8.3fs  %s: %s ended: %s\n", ev.At.Seconds(), ev.Peer, ev.Finish.Role, ev.Finish.Reason)
	case ev.Record.Kind == lcc.RecordSend:
		fmt.Fprintf(out, "%8.3fs  %s => %s: %s\n", ev.At.Seconds(), ev.Peer, ev.Record.Peer, ev.Record.Term)
	case ev.Record.Kind == lcc.RecordEnter:
		fmt.Fprintf(out, "%8.3fs  %s: enters %s\n", ev.At.Seconds(), ev.Peer, ev.Record.Role)
	}
}

// stillPlaying prints which agents wait for ever, and why; it is an error if any does, or has
// failed.
func stillPlaying(out io.Writer, table sim.PeerRun, result sim.PeerRunResult) error {
	bad := false
	for _, ev := range result.Finished {
		if ev.Finish.Reason.Code != lcc.ReasonDone {
			bad = true
		}
	}
	for _, p := range table.Peers {
		for _, role := range result.Waiting[p.Name] {
			bad = true
			fmt.Fprintf(out, "%s still plays %s: it waits for an event that does not come\n", p.Name, role)
			for _, line := range result.Why(p.Name, role) {
				fmt.Fprintf(out, "  %s\n", line)
			}
		}
	}
	if bad {
		return wrongError{err: errors.New("not every agent ended"), said: true}
	}
	return nil
}
