package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/hostagent/audit"
	"parley/internal/spell"
)

// This file says what is wrong with a filter that no entry, or more than one deal, passes.

// knownState refuses a state that no deal has. Entries that are not of deals have states
// of their own, which only --all shows.
func knownState(state string, all bool) error {
	names := dealStates()
	if state == "" || all && spell.Nearest(state, names) == "" {
		return nil
	}
	if err := known("state", state, names); err != nil {
		return fmt.Errorf("--state: %w", err)
	}
	return nil
}

// oneDeal refuses the beginning of an id that several deals have.
func oneDeal(begin string, list []audit.Entry) error {
	if begin == "" {
		return nil
	}
	var ids []string
	for _, e := range list {
		if e.Deal == begin {
			return nil
		}
		if !slices.Contains(ids, e.Deal) {
			ids = append(ids, oneLine(e.Deal))
		}
	}
	if len(ids) < 2 {
		return nil
	}
	return fmt.Errorf("--deal: %q is the beginning of several ids: give more of one of %s", begin,
		strings.Join(ids[:min(len(ids), namesShown)], ", "))
}

// sayNone says that no entry matches, and whether that is because no entry ever names
// what is asked for.
func (a *agentFlags) sayNone(cmd *cobra.Command, f audit.Filter) error {
	for _, one := range []struct {
		what, name string
		filter     audit.Filter
	}{
		{"host", f.Host, audit.Filter{Host: f.Host, Limit: 1}},
		{"guest", f.Guest, audit.Filter{Guest: f.Guest, Limit: 1}},
		{"deal", f.Deal, audit.Filter{Deal: f.Deal, Limit: 1}},
	} {
		if one.name == "" {
			continue
		}
		list, err := a.client().History(cmd.Context(), one.filter)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			near, err := a.nearest(cmd, one.what, one.name)
			sayf(cmd.OutOrStdout(), "no entry names a %s %q%s\n", one.what, one.name, near)
			return err
		}
	}
	sayf(cmd.OutOrStdout(), "no entry matches\n")
	return nil
}

// nearest asks which host or guest may have been meant.
func (a *agentFlags) nearest(cmd *cobra.Command, what, name string) (string, error) {
	status, err := a.client().Status(cmd.Context())
	if err != nil {
		return "", err
	}
	var names []string
	switch what {
	case "host":
		for _, host := range hostNames(status) {
			names = append(names, host)
		}
	case "guest":
		for _, g := range status.Guests {
			names = append(names, g.Name)
		}
	}
	if near := spell.Nearest(name, names); near != "" {
		return fmt.Sprintf(": did you mean %q?", near), nil
	}
	return "", nil
}
