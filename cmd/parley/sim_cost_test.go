package main

import (
	"testing"
	"time"

	"parley/sim/compare"
)

func TestCostText(t *testing.T) {
	cost := compare.Cost{Time: 554 * time.Second, Runs: 25, Span: 24 * time.Hour, Hosts: 40, Guests: 160,
		Policies: []compare.PolicyCost{{Name: "none", Share: 0.1}, {Name: "agility", Share: 0.9}}}
	const ends = "; fewer --seeds, a shorter run.limit and a longer agent.advert_every take less"
	if got, want := costText(cost), "25 runs of 40 hosts and 160 guests over 24h0m0s of virtual time: about 9m10s, of which agility "+
		"takes 90 %"+ends; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	cost.Policies, cost.Runs, cost.Time = cost.Policies[:1], 1, 11*time.Hour+7*time.Minute
	if got, want := costText(cost), "1 run of 40 hosts and 160 guests over 24h0m0s of virtual time: about 11h0m0s"+ends; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
