// Speed compares the engine with two other implementations of the same interaction:
// hand-written state machines in Go, and two Erlang processes. It runs them in turns,
// so that other load of the machine affects all of them, and prints medians and ratios.
// It also measures the cost of an idle agent, what remains allocated after a million
// changes of role, and the compile time of the texts.
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
