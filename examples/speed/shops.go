package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"parley/examples/speed/shop"
)

// contender runs interactions and returns their duration.
type contender struct {
	name string
	run  func(interactions, atOnce int) (time.Duration, error)
	took []time.Duration
}

func (c *contender) median() time.Duration {
	slices.Sort(c.took)
	return c.took[len(c.took)/2]
}

// shops prints interactions per second, one at a time and a hundred at once.
func (o *options) shops(out io.Writer) error {
	erl, why := newErlang()
	if o.noErlang {
		why = fmt.Errorf("left out")
	}
	if erl != nil {
		defer erl.remove()
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "shop interactions (4 messages, 2 agents)\tper second\tns each\tof by hand")
	for _, atOnce := range []int{1, 100} {
		list := []*contender{{name: "engines", run: timeEngines}, {name: "by hand", run: timeByHand}}
		if erl != nil && why == nil {
			list = append(list, &contender{name: "Erlang", run: erl.run})
		}
		for range o.rounds {
			for _, c := range list { // in turns
				runtime.GC()
				took, err := c.run(o.interactions, atOnce)
				if err != nil {
					return fmt.Errorf("%s: %w", c.name, err)
				}
				c.took = append(c.took, took)
			}
		}
		hand := list[1].median()
		for _, c := range list {
			each := c.median() / time.Duration(o.interactions)
			fmt.Fprintf(table, "  %s, %d at once\t%.0f\t%d\t%.2f\n", c.name, atOnce,
				float64(o.interactions)/c.median().Seconds(), each.Nanoseconds(), float64(c.median())/float64(hand))
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if why != nil {
		fmt.Fprintf(out, "  Erlang: %v\n", why)
	}
	return nil
}

func timeEngines(interactions, atOnce int) (time.Duration, error) {
	alice, bob, err := shop.Engines()
	if err != nil {
		return 0, err
	}
	return timed(alice, bob, interactions, atOnce)
}

func timeByHand(interactions, atOnce int) (time.Duration, error) {
	alice, bob := shop.ByHand()
	return timed(alice, bob, interactions, atOnce)
}

// timed runs a warm-up first, as the Erlang program does.
func timed(alice, bob shop.Machine, interactions, atOnce int) (time.Duration, error) {
	trade := shop.Trade{Alice: alice, Bob: bob}
	if err := trade.Run(min(interactions, 20_000), atOnce); err != nil {
		return 0, err
	}
	begin := time.Now()
	err := trade.Run(interactions, atOnce)
	return time.Since(begin), err
}
