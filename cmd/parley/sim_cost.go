package main

import (
	"fmt"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"

	"parley/sim/compare"
)

// costLeast is what a command that simulates may take without a word about it.
const costLeast = time.Minute

// sayCost says before long runs about how long they take, and what costs most.
func sayCost(cmd *cobra.Command, run compare.Options) error {
	compare.Roomy()
	cost, err := compare.Estimate(cmd.Context(), run, time.Now)
	if err != nil {
		return ranWrong(err)
	}
	if cost.Time > costLeast {
		fmt.Fprintln(cmd.ErrOrStderr(), costText(cost))
	}
	return nil
}

func costText(c compare.Cost) string {
	text := fmt.Sprintf("%s of %s and %s over %v of virtual time: about %v", english.Plural(c.Runs, "run", ""),
		english.Plural(c.Hosts, "host", ""), english.Plural(c.Guests, "guest", ""), c.Span, roughly(c.Time))
	if len(c.Policies) > 1 {
		costliest := c.Costliest()
		text += fmt.Sprintf(", of which %s takes %.0f %%", oneLine(costliest.Name), 100*costliest.Share)
	}
	return text + "; fewer --seeds, a shorter run.limit and a longer agent.advert_every take less"
}

// roughly is a time with as many digits as an estimate deserves.
func roughly(d time.Duration) time.Duration {
	for _, unit := range []time.Duration{time.Hour, 10 * time.Minute, time.Minute} {
		if d >= 10*unit {
			return d.Round(unit)
		}
	}
	return d.Round(10 * time.Second)
}
