// Speed times the engine against two others that do the same: state machines
// written by hand in Go, and two Erlang processes. It runs them in turns in one
// go, so that what else the machine does concerns all of them, and prints
// medians and ratios. It also measures what an agent costs that does nothing,
// what stays of a million changes of role, and how long the texts take to
// compile.
//
//	go run ./examples/speed
//	go run ./examples/speed -interactions 100000 -rounds 9
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() {
	var o options
	flag.IntVar(&o.interactions, "interactions", 50_000, "of each round")
	flag.IntVar(&o.rounds, "rounds", 7, "of each measurement, whose median counts")
	flag.IntVar(&o.idle, "idle", 100_000, "idle agents to weigh")
	flag.IntVar(&o.changes, "changes", 1_000_000, "changes of role")
	flag.BoolVar(&o.noErlang, "no-erlang", false, "leave Erlang out")
	flag.Parse()
	if flag.NArg() > 0 || o.interactions < 1 || o.rounds < 1 || o.idle < 1 || o.changes < 1000 {
		fmt.Fprintln(os.Stderr, "speed: the numbers are 1 or more (changes: 1000), and there are no arguments")
		os.Exit(2)
	}
	if err := o.run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

type options struct {
	interactions, rounds, idle, changes int
	noErlang                            bool
}

func (o *options) run(out io.Writer) error {
	for _, part := range []func(io.Writer) error{o.shops, o.agents, o.texts} {
		if err := part(out); err != nil {
			return err
		}
	}
	return nil
}
