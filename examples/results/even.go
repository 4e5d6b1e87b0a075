package main

import (
	"context"
	"fmt"

	"parley/sim/report"
)

// hbalRow is a result of Ganeti's hbal on such clusters.
type hbalRow struct {
	file          string
	hosts         int
	before, after float64
	moves         int
	seconds       float64 // of processor time; 0: unknown
}

// hbal's figures: Debian's ganeti-htools on clusters drawn in the same way; for 5,000
// hosts in groups of 20, without its time. It was not measured with 1,000 hosts: in
// groups of 20 its result would be that for 5,000.
var hbalRows = []hbalRow{
	{"even_100.yaml", 100, 0.144, 0.037, 85, 600},
	{"even_1000.yaml", 1000, 0, 0.055, 991, 0},
	{"even_5000.yaml", 5000, 0.157, 0.055, 4957, 0},
}

const evening = "agility"

func (b *book) even(ctx context.Context) error {
	b.printf("## Even load\n\nHosts of 16 cores and 64 GiB with eight guests each on average, placed by chance; a guest uses a constant\n" +
		"share of its processors, drawn from Beta(2, 3). Every host hears of about twenty others. Ganeti's `hbal`,\n" +
		"which decides centrally, took a standard deviation of 0.144 to 0.037 with 85 moves at 100 hosts in ten\n" +
		"minutes of CPU, and at 5,000 hosts in groups of 20 from 0.157 to 0.055 with 4,957 moves. On the same site\n" +
		"of seed 2 at 100 hosts (`parley sim export`) hbal 3.0.2 took 0.148 to 0.041 with 97 moves in 484 s of CPU.\n\n")
	messages := map[int]float64{}
	for _, row := range hbalRows {
		seeds := b.seeds
		if row.hosts > 1000 {
			seeds = min(seeds, 2)
		}
		c, results, err := b.compared(ctx, row.file, seeds, row.hosts == 100)
		if err != nil {
			return err
		}
		b.printf("### %d hosts, %d seeds\n\n", row.hosts, seeds)
		if err := report.Markdown(&b.text, c); err != nil {
			return err
		}
		b.printf("\n")
		if row.hosts == 100 {
			if err := b.page("even_100", c); err != nil {
				return err
			}
			b.printf("[Charts of this comparison](results/even_100.html)\n\n")
		}
		worst := worstOf(results, func(p int) bool { return c.Policies[p].Name == evening })
		name := fmt.Sprintf("even load, %d hosts, agility: ", row.hosts)
		b.aim(name+"deviation (hbal's)", "", row.after, worst.DeviationLast, 3)
		b.aim(name+"migrations (hbal's)", "", float64(row.moves), float64(worst.Migrations), 0)
		alone, err := b.alone(ctx, row.file, evening, 1)
		if err != nil {
			return err
		}
		b.printf("One run of agility took %.1f s of CPU and %.0f MiB, %.2f messages of models a host in all.\n\n",
			alone.Seconds, alone.Peak, float64(alone.Figures.Messages)/float64(alone.Hosts))
		// The sites become even in other times, and send nothing more: an hour of one is not
		// an hour of the other.
		messages[row.hosts] = float64(alone.Figures.Messages) / float64(alone.Hosts)
		if row.seconds > 0 {
			b.aim(name+"CPU time (a fiftieth of hbal's)", " s", row.seconds/50, alone.Seconds, 1)
		}
	}
	b.aim("even load: messages a host until it is even at 5,000 hosts, against 1.25 times those at 100", "",
		1.25*messages[100], messages[5000], 2)
	return nil
}
