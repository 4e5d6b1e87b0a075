package main

import (
	"context"
	"strconv"
)

func itoa(n int) string { return strconv.Itoa(n) }

// speedRow is a run whose cost is measured.
type speedRow struct {
	name, file, policy string
	large, data        bool
	seconds, mib       float64 // aims; 0: none
}

var speedRows = []speedRow{
	{name: "PlanetLab's day", file: "planetlab.yaml", policy: packing, data: true, seconds: 4.8, mib: 200},
	{name: "500 hosts with 10,000 zone servers, 20 minutes", file: manyZonesFile, policy: manyZonesPolicy},
	{name: "10,000 hosts with 100,000 guests, a day", file: "scale_10000.yaml", policy: "agility", large: true,
		seconds: 600},
	{name: "100,000 hosts with 1,000,000 guests, an hour", file: "scale_100000.yaml", policy: "agility",
		large: true},
}

func (b *book) speed(ctx context.Context) error {
	b.printf("## Speed\n\nEach run in a process of its own. CloudSim took 48 to 82 s for PlanetLab's day.\n\n" +
		"| run | wall clock, s | CPU, s | memory, MiB | events | migrations |\n|---|---|---|---|---|---|\n")
	for _, row := range speedRows {
		if row.large && !b.large || row.data && b.data == "" {
			b.printf("| %s | not run | | | | |\n", row.name)
			continue
		}
		c, err := b.alone(ctx, row.file, row.policy, 1)
		if err != nil {
			return err
		}
		b.printf("| %s | %.1f | %.1f | %.0f | %d | %d |\n", row.name, c.Wall, c.Seconds, c.Peak, c.Events, c.Figures.Migrations)
		if row.seconds > 0 {
			b.aim("speed: "+row.name, " s", row.seconds, c.Wall, 1)
		}
		if row.mib > 0 {
			b.aim("memory: "+row.name, " MiB", row.mib, c.Peak, 0)
		}
	}
	b.printf("\n")
	return nil
}
