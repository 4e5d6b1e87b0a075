package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/spell"
	"parley/sim"
	"parley/sim/compare"
	"parley/sim/scenario"
)

// known refuses a name that is not there, and suggests the nearest. A simulated run
// changes nothing, so a suggestion may be of another guest or host.
func known(what, name string, names []string) error {
	if slices.Contains(names, name) {
		return nil
	}
	if near := spell.Nearest(name, names); near != "" {
		return fmt.Errorf("there is no %s %q: did you mean %q?", what, name, near)
	}
	shown := names
	if len(shown) > namesShown {
		shown = append(slices.Clone(shown[:namesShown]), "...")
	}
	return fmt.Errorf("there is no %s %q: there are %s", what, name, strings.Join(shown, ", "))
}

// namesShown bounds the names that an error lists.
const namesShown = 30

// chooseFigures makes a scenario show these figures; none: those that it names.
func chooseFigures(s *scenario.Scenario, chosen []string, wire bool) error {
	keys := figureKeys()
	for i, key := range chosen {
		if err := known("figure", key, keys); err != nil {
			return fmt.Errorf("--figures: %w (docs/figures.md)", err)
		}
		if slices.Contains(chosen[:i], key) {
			return fmt.Errorf("--figures: %s is there twice: name each figure once", key)
		}
		if key == "bytes_host" && !wire {
			return fmt.Errorf("--figures: bytes_host is counted only with --wire: add it")
		}
	}
	if len(chosen) > 0 {
		s.Figures = chosen
	}
	return nil
}

func figuresFlag(cmd *cobra.Command, figures *[]string) {
	cmd.Flags().StringSliceVar(figures, "figures", nil, "show only these figures, by the keys of docs/figures.md "+
		"(default: those of the scenario)")
	completesFlag(cmd, "figures", someOf(figureKeys()...))
}

func figureKeys() (keys []string) {
	for _, m := range sim.Measures() {
		keys = append(keys, m.Key)
	}
	return keys
}

// onePolicy is the policy of a command that runs one. A scenario may name more; then the
// command says which it takes.
func (o *simOptions) onePolicy(cmd *cobra.Command, s *scenario.Scenario, policies []compare.Policy) (compare.Policy, error) {
	first := policies[0]
	if len(policies) == 1 {
		return first, nil
	}
	if len(o.policy) > 0 {
		return first, fmt.Errorf("--policy has %d policies, and `%s` runs one: give one, or run `parley sim compare`", len(policies),
			cmd.CommandPath())
	}
	fmt.Fprintf(cmd.ErrOrStderr(), "%s names %d policies: this run has %s; --policy takes another, `parley sim compare` all\n", s.File(),
		len(policies), first.Name)
	return first, nil
}
