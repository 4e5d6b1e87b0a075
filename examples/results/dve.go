package main

import (
	"context"

	"parley/sim/report"
)

const (
	walking         = "agility"
	manyZonesFile   = "dve_10000.yaml"
	manyZonesPolicy = "gossip+sender_initiated"
)

func (b *book) dve(ctx context.Context) error {
	b.printf("## Distributed virtual environment\n\nFive nodes, 10 x 10 zones, 10,000 people who walk to two corners in 15 minutes " +
		"(Gerofi, Fujita and\n" +
		"Ishikawa, CLUSTER 2010). Without balancing the first, second and last node are overloaded.\n\n")
	c, results, err := b.compared(ctx, "dve.yaml", b.seeds, true)
	if err != nil {
		return err
	}
	if err := report.Markdown(&b.text, c); err != nil {
		return err
	}
	if err := b.page("dve", c); err != nil {
		return err
	}
	b.printf("\n[Charts of this comparison](results/dve.html)\n\n")
	worst := worstOf(results, func(p int) bool { return c.Policies[p].Name == walking })
	b.aim("distributed virtual environment: greatest load of a node", "", 1, worst.LoadMax, 3)
	b.aim("distributed virtual environment: migrations", "", 24, float64(worst.Migrations), 0)
	return b.manyZones(ctx)
}

// manyZones is the same environment with a hundred times as much of everything.
func (b *book) manyZones(ctx context.Context) error {
	b.printf("### 10,000 zone servers\n\nThe same a hundred times: 500 nodes with 20 zones each, a million people. One seed; what it " +
		"costs stands\nunder [Speed](#speed).\n\n")
	c, results, err := b.compared(ctx, manyZonesFile, 1, false)
	if err != nil {
		return err
	}
	if err := report.Markdown(&b.text, c); err != nil {
		return err
	}
	b.printf("\n")
	worst := worstOf(results, func(p int) bool { return c.Policies[p].Name == manyZonesPolicy })
	b.aim("10,000 zone servers: unserved", " %", 1, 100*worst.Unserved, 3)
	b.aim("10,000 zone servers: ping-pongs", "", 0, float64(worst.PingPongs), 0)
	return nil
}
