package main

import (
	"context"

	"parley/sim/report"
)

// inTrouble runs every policy while frames are lost, agents and hosts stop and the site
// is partitioned. A run with a broken invariant or a deal that does not end is an
// error, and there is no table.
func (b *book) inTrouble(ctx context.Context) error {
	b.printf("## Trouble\n\nA tenth of all frames is lost, some come twice or late, twelve agents and two hosts stop, "+
		"a third of the site is\n"+
		"cut off for a while. Over %d seeds of each policy every deal ended and every invariant held, or this page\nwould not be here.\n\n",
		b.trouble)
	c, _, err := b.compared(ctx, "lossy.yaml", b.trouble, false, everyPolicy[1:]...)
	if err != nil {
		return err
	}
	c.Measures = short(c.Measures)
	if err := report.Markdown(&b.text, c); err != nil {
		return err
	}
	b.printf("\n")
	b.aims = append(b.aims, aim{
		text: "robustness: deals that do not end and broken invariants, every policy in trouble",
		want: "none over 1,000 seeds", got: "none over " + itoa(b.trouble), met: b.trouble >= 1000,
	})
	return nil
}
