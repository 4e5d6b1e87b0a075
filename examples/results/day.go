package main

import (
	"context"

	"parley/sim/report"
)

// leveling is the policy of the day, with its defaults.
const leveling = "agility"

func (b *book) day(ctx context.Context) error {
	b.printf("## Agility over a day\n\nPlanetLab's guests on 60 equal hosts, guest i on host i mod 60 at the start. hbal, run every 30 " +
		"minutes in\n" +
		"three groups of 20: mean standard deviation 0.130, 1,129 host-ticks above 80 %% and 121 above 100 %%,\n0.088 %% unserved, 562 " +
		"migrations.\n\n")
	if b.data == "" {
		b.printf("%v\n\n", errNoData)
		return nil
	}
	c, results, err := b.compared(ctx, "agility_day.yaml", b.seeds, true)
	if err != nil {
		return err
	}
	if err := report.Markdown(&b.text, c); err != nil {
		return err
	}
	if err := b.page("agility_day", c); err != nil {
		return err
	}
	b.printf("\n[Charts of this comparison](results/agility_day.html)\n\n")
	worst := worstOf(results, func(p int) bool { return c.Policies[p].Name == leveling })
	const name = "agility over a day: "
	b.aim(name+"mean deviation (hbal's: 0.130)", "", 0.125, worst.Deviation, 4)
	b.aim(name+"host-ticks above 80 % (hbal's)", "", 1129, float64(worst.HotTicks), 0)
	b.aim(name+"host-ticks above 100 % (hbal's: 121)", "", 90, float64(worst.OverTicks), 0)
	b.aim(name+"unserved (hbal's: 0.088 %)", " %", 0.045, 100*worst.Unserved, 3)
	b.aim(name+"migrations (hbal's: 562)", "", 150, float64(worst.Migrations), 0)
	b.aim(name+"ping-pongs", "", 0, float64(worst.PingPongs), 0)
	return nil
}
