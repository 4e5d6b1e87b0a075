package main

import (
	"context"
	"strings"

	"parley/sim/report"
)

// everyPolicy are the shipped policies for hosts, with a gossip beside those that need
// it.
var everyPolicy = []string{
	"none", "agility", "power_saving", "seed", "contract_net", "vickrey", "sample", "forward",
	"gossip+sender_initiated", "priority", "swap", "evacuate",
}

// eachOn are the scenarios on which each policy is compared; they make different
// demands.
var eachOn = []string{"hot_spots.yaml", "flash_crowd.yaml", "daily_wave.yaml", "sawtooth.yaml", "all_overloaded.yaml", "all_idle.yaml",
	"giant.yaml"}

func (b *book) all(ctx context.Context) error {
	b.printf("## All policies\n\nEach shipped policy with the parameters in its text, on scenarios that ask for different things. What a " +
		"policy is\n" +
		"for stands in [policies](policies/README.md): power_saving is not meant to make loads even, nor agility to save\npower.\n\n")
	for _, file := range eachOn {
		c, _, err := b.compared(ctx, file, b.seeds, true, everyPolicy...)
		if err != nil {
			return err
		}
		name := strings.TrimSuffix(file, ".yaml")
		b.printf("### %s\n\n%s\n\n", c.Title, strings.TrimSpace(c.Note))
		c.Measures = short(c.Measures)
		if err := report.Markdown(&b.text, c); err != nil {
			return err
		}
		if err := b.page(name, c); err != nil {
			return err
		}
		b.printf("\n[Charts](results/%s.html)\n\n", name)
	}
	return nil
}

// short keeps the most important figures.
func short(all []report.Measure) (kept []report.Measure) {
	for _, m := range all {
		switch m.Key {
		case "unserved", "deviation", "deviation_last", "over_ticks", "relief", "hosts_empty", "migrations", "ping_pongs", "messages_host_hour",
			"deals_refused", "deals_failed":
			kept = append(kept, m)
		}
	}
	return kept
}
