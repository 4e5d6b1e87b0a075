package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"parley/sim"
)

func newSimReplay() *cobra.Command {
	var o simOptions
	var kinds []string
	var host string
	var from, to time.Duration
	var asJSON bool
	var seed uint64
	cmd := &cobra.Command{
		Use:   "replay SCENARIO [SEED]",
		Short: "Show a run event by event",
		Long: `Run a scenario again with a seed, and print each event: messages and actions of the
models, deals, migrations and faults. The seed is that of --seed, as in parley sim run, or
the second argument.`,
		Args: cobra.RangeArgs(1, 2),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			if len(args) == 2 {
				if cmd.Flags().Changed("seed") {
					return errors.New("the seed is there twice: give --seed alone")
				}
				if seed, err = strconv.ParseUint(args[1], 10, 64); err != nil {
					return fmt.Errorf("the seed is %q: give a number", args[1])
				}
			}
			for _, kind := range kinds {
				if err := known("kind of event", kind, sim.EntryKinds()); err != nil {
					return fmt.Errorf("--kind: %w", err)
				}
			}
			show := func(t sim.Entry) error { return printEntry(cmd.OutOrStdout(), t) }
			if asJSON {
				lines := json.NewEncoder(cmd.OutOrStdout())
				show = func(t sim.Entry) error {
					return lines.Encode(jsonEntry{t.At.Seconds(), t.Host, t.Kind, t.Guest, t.Text})
				}
			}
			var broken error
			there := func(site sim.Site) error {
				if host == "" {
					return nil
				}
				return known("host", host, siteHosts(site))
			}
			err = o.replay(cmd, args[0], seed, there, func(t sim.Entry) {
				switch {
				case len(kinds) > 0 && !slices.Contains(kinds, t.Kind):
				case host != "" && t.Host != host:
				case t.At < from || to > 0 && t.At > to:
				case broken == nil:
					broken = show(t)
				}
			})
			return cmp.Or(err, broken)
		},
	}
	o.flags(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the run")
	cmd.Flags().StringSliceVar(&kinds, "kind", nil, "only events of these kinds: "+strings.Join(sim.EntryKinds(), ", "))
	completesFlag(cmd, "kind", someOf(sim.EntryKinds()...))
	cmd.Flags().StringVar(&host, "host", "", "only events of this host")
	cmd.Flags().DurationVar(&from, "from", 0, "only events from this virtual time on")
	cmd.Flags().DurationVar(&to, "to", 0, "only events up to this virtual time")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print each event as a line of JSON")
	return cmd
}

// jsonEntry is an event of a run in JSON.
type jsonEntry struct {
	At    float64 `json:"at_s"`
	Host  string  `json:"host"`
	Kind  string  `json:"kind"`
	Guest string  `json:"guest"`
	Text  string  `json:"text"`
}

func siteHosts(site sim.Site) (names []string) {
	for _, h := range site.Hosts {
		names = append(names, h.Name)
	}
	return names
}

func siteGuests(site sim.Site) (names []string) {
	for _, g := range site.Guests {
		names = append(names, g.Name)
	}
	return names
}

// replay runs one policy of a scenario, and passes on its entries. there says whether
// what the command asks for is on the site.
func (o *simOptions) replay(cmd *cobra.Command, path string, seed uint64, there func(sim.Site) error, show func(sim.Entry)) error {
	s, policies, err := o.open(path)
	if err != nil {
		return err
	}
	policy, err := o.onePolicy(cmd, s, policies)
	if err != nil {
		return err
	}
	site, err := s.Site(seed, policy.Models)
	if err != nil {
		return err
	}
	if err := there(site); err != nil {
		return err
	}
	site.OnEntry = show
	_, err = site.Run()
	return wrong(err)
}

func newSimExplain() *cobra.Command {
	var o simOptions
	var seed uint64
	cmd := &cobra.Command{
		Use:   "explain SCENARIO GUEST",
		Short: "Explain why a guest moved, or why it did not",
		Long: `Run a scenario again, and show one guest: the messages of the models that name it,
its deals with their reasons, its migrations.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			guest, moves, lines := args[1], 0, 0
			var broken error
			there := func(site sim.Site) error { return known("guest", guest, siteGuests(site)) }
			err := o.replay(cmd, args[0], seed, there, func(t sim.Entry) {
				if t.Guest != guest && !mentions(t.Text, guest) {
					return
				}
				lines++
				if t.Kind == "moved" {
					moves++
				}
				broken = cmp.Or(broken, printEntry(cmd.OutOrStdout(), t))
			})
			if err := cmp.Or(err, broken); err != nil {
				return err
			}
			switch {
			case lines == 0:
				fmt.Fprintf(cmd.OutOrStdout(), "%s did not move: no model named it and no deal was about it (seed %d)\n", guest, seed)
			case moves == 0:
				fmt.Fprintf(cmd.OutOrStdout(), "%s did not move (seed %d)\n", guest, seed)
			default:
				fmt.Fprintf(cmd.OutOrStdout(), "%s moved %s (seed %d)\n", guest, times(moves), seed)
			}
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the run")
	return cmd
}

// printEntry prints an event of a run; a text that is wider than the terminal continues
// on indented lines.
func printEntry(out io.Writer, t sim.Entry) error {
	const indent = 14 // as wide as the time before each event
	head := strings.TrimSuffix(t.String(), t.Text)
	_, err := io.WriteString(out, wrapped(widthOf(out), head, strings.Repeat(" ", indent), t.Text))
	return err
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// mentions says whether a text contains a name as a whole word.
func mentions(text, name string) bool {
	for rest := text; ; {
		at := strings.Index(rest, name)
		if at < 0 {
			return false
		}
		after := rest[at+len(name):]
		if (at == 0 || !isWord(rest[at-1])) && (after == "" || !isWord(after[0])) {
			return true
		}
		rest = after
	}
}

func isWord(b byte) bool {
	return b == '_' || b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
