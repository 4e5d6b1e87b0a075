package main

import (
	"cmp"
	"log/slog"
	"path/filepath"
	"slices"

	"parley/hostagent"
	"parley/hostagent/config"
	"parley/hostagent/memory/ondisk"
)

// openInMemory opens the platform memory.
func openInMemory(c config.Config, log *slog.Logger) (hostagent.Platform, error) {
	options, err := memoryOptions(c)
	if err != nil {
		return nil, err
	}
	options.Logger = log
	return ondisk.Open(options)
}

// lookInMemory looks at the platform memory beside the agent, which has it open.
func lookInMemory(c config.Config) (hostagent.Observation, error) {
	options, err := memoryOptions(c)
	if err != nil {
		return hostagent.Observation{}, err
	}
	return ondisk.Look(options)
}

// sortedWords is a list as platforms give it.
func sortedWords(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }

// memoryOptions are those of the platform memory. Without a site the host is alone in one
// of its own.
func memoryOptions(c config.Config) (ondisk.Options, error) {
	capacity, err := declaredCapacity(c)
	if err != nil {
		return ondisk.Options{}, err
	}
	site, err := filepath.Abs(cmp.Or(c.Platform.Site, filepath.Join(c.StateDir, "site")))
	if err != nil {
		return ondisk.Options{}, err
	}
	o := ondisk.Options{Site: site, Host: c.Host, Capacity: capacity, Kinds: c.Platform.TakenKinds(), Offers: sortedWords(c.Platform.Offers)}
	for _, g := range c.Platform.Guests {
		memory, dirty, disk, err := g.Bytes()
		if err != nil {
			return o, err
		}
		for _, name := range g.Names() {
			o.Guests = append(o.Guests, ondisk.Guest{
				Name: name, Processors: g.Cores, Memory: memory, CPU: g.CPU, Every: g.Every, Dirty: dirty,
				Kind: g.Kind, Needs: sortedWords(g.Needs), Disk: disk,
			})
		}
	}
	return o, nil
}
