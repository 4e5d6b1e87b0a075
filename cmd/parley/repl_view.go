package main

import (
	"fmt"
	"strings"

	"parley/sim"
	"parley/sim/modeltest"
)

func describeStep(ev sim.PeerRunEvent) string { return modeltest.Describe(ev) }

// some are the peers that a command applies to: one, or all.
func (r *repl) some(rest string) []string {
	if rest != "" {
		return strings.Fields(rest)
	}
	return r.stage.Peers()
}

// enabled prints what the agents may do next.
func (r *repl) enabled(rest string) error {
	for _, name := range r.some(rest) {
		views, err := r.stage.Views(name)
		if err != nil {
			return err
		}
		if !r.stage.Up(name) {
			fmt.Fprintf(r.out, "%s is down\n", name)
		}
		for _, v := range views {
			fmt.Fprintf(r.out, "%s, agent %d in %s\n", name, v.Agent, strings.Join(v.Roles, ", "))
			for _, w := range v.Waits {
				fmt.Fprintf(r.out, "  %s: %s\n", w.Pos.Place(), w.Text)
				if w.With != "" {
					fmt.Fprintf(r.out, "    with %s\n", w.With)
				}
				fmt.Fprintf(r.out, "    %s\n", w.Why)
			}
		}
	}
	for _, action := range r.stage.Actions() {
		fmt.Fprintf(r.out, "to be solved: %s\n", action)
	}
	return nil
}

// state prints what the peers know and remember.
func (r *repl) state(rest string) error {
	fmt.Fprintf(r.out, "it is %v\n", r.stage.Now())
	for _, name := range r.some(rest) {
		facts, err := r.stage.Knows(name)
		if err != nil {
			return err
		}
		state := ""
		if !r.stage.Up(name) {
			state = ", down"
		}
		fmt.Fprintf(r.out, "%s%s\n", name, state)
		for _, fact := range facts {
			fmt.Fprintf(r.out, "  knows %s\n", fact)
		}
		views, err := r.stage.Views(name)
		if err != nil {
			return err
		}
		for _, v := range views {
			fmt.Fprintf(r.out, "  agent %d, begun in %s, plays %s\n", v.Agent, v.Started, strings.Join(v.Roles, ", "))
			for _, fact := range v.Memory {
				fmt.Fprintf(r.out, "    remembers %s\n", fact)
			}
			for _, mail := range v.Mail {
				fmt.Fprintf(r.out, "    mail: %s\n", mail)
			}
		}
	}
	return nil
}
