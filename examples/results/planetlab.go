package main

import (
	"context"
	"os"
	"path/filepath"

	"parley/sim/baseline"
	"parley/sim/report"
	"parley/sim/trace"
)

const (
	planetLabFile = "planetlab-20110303.tar.gz"
	packing       = "power_saving" // the policy of the day, with its defaults
)

// planetLab is the consolidation of PlanetLab's day: the central baselines beside
// CloudSim's measurements, and Parley's policies.
func (b *book) planetLab(ctx context.Context) error {
	b.printf("## Consolidation: PlanetLab, 3 March 2011\n\n")
	path := filepath.Join(b.data, planetLabFile)
	if _, err := os.Stat(path); b.data == "" || err != nil {
		b.printf("%v\n\n", errNoData)
		return nil
	}
	b.printf("The experiment of Beloglazov and Buyya (CCPE 24, 2012). First the baselines, which decide\n" +
		"centrally and are not LCC, each cell with what CloudSim 3.0.3 measured and what `sim/baseline` does;\n" +
		"*stock* has CloudSim's two faults, *clean* has not.\n\n")
	series, err := trace.Open(path)
	if err != nil {
		return err
	}
	var rows []baseline.Result
	for _, row := range baseline.Rows() {
		r, err := baseline.Run(baseline.Options{Series: series, Policy: row.Policy, Safety: row.Safety, Stock: row.Stock})
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	b.printf("%s\n", baseline.Table(rows))
	return b.ours(ctx, rows)
}

// ours runs Parley's policies, to compare them with the clean rows.
func (b *book) ours(ctx context.Context, rows []baseline.Result) error {
	c, results, err := b.compared(ctx, "planetlab.yaml", b.seeds, true)
	if err != nil {
		return err
	}
	b.printf("Ours, every decision by two hosts that negotiate, each of which hears of forty others, over %d seeds\n"+
		"(of who hears of whom, and when; the load is PlanetLab's). SLATAH is the defined one.\n\n", b.seeds)
	if err := report.Markdown(&b.text, c); err != nil {
		return err
	}
	if err := b.page("planetlab", c); err != nil {
		return err
	}
	b.printf("\n[Charts of this comparison](results/planetlab.html)\n\n")
	var lr, thr baseline.Result
	for _, r := range rows {
		switch {
		case r.Stock:
		case r.Policy == baseline.LRMMT:
			lr = r
		case r.Policy == baseline.THRMMT:
			thr = r
		}
	}
	worst := worstOf(results, func(r int) bool { return r == 0 })
	text := func(what string) string { return "PlanetLab, clean, power_saving: " + what }
	b.aim(text("energy (LR-MMT's)"), " kWh", lr.EnergyKWh, worst.EnergyKWh, 2)
	b.aim(text("unserved (THR-MMT's)"), " %", 0.07, 100*worst.Unserved, 3)
	b.aim(text("migrations"), "", 10_000, float64(worst.Migrations), 0)
	b.aim(text("ping-pongs"), "", 0, float64(worst.PingPongs), 0)
	b.printf("For comparison, clean: LR-MMT took %.2f kWh with %d migrations and left %.2f %% unserved, THR-MMT %.2f kWh, %d and %.2f %%.\n\n",
		lr.EnergyKWh, lr.Migrations, 100*lr.Unserved, thr.EnergyKWh, thr.Migrations, 100*thr.Unserved)
	return nil
}
