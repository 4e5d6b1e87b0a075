package main

import (
	"context"

	"parley/sim/report"
)

const walking = "agility[counts=cpu;gap=0.25]"

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
	return nil
}
