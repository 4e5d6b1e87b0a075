package service

import (
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/models"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// A policy that is published during a migration replaces the other when the deal has
// ended; until then the host begins nothing new.
func TestSwitchWaitsForDeals(t *testing.T) {
	// A guest of a GiB takes some seconds to move.
	site := memory.NewSite(memory.Options{BandwidthBytes: 200 << 20})
	p := newPublisher(t, "north")
	daemons, places := three(t, site, p, nil)
	for _, name := range []string{"g1", "g2", "g3", "g4"} {
		testGuest(t, places[0].platform, name, 0.9)
	}
	agility, _ := models.Text("agility")
	gossip, _ := models.Text("gossip")
	p.release(p.policyOf("agility", string(agility)))
	p.publish(daemons[0])
	daemons[0].until(t, "a guest moves", func(s api.Status) bool {
		return slices.ContainsFunc(s.Deals, func(d api.DealStatus) bool { return d.State == "moving" })
	})
	p.release(p.policyOf("gossip", string(gossip)))
	p.publish(daemons[0])
	daemons[0].untilChain(t, "it waits for the deal", func(c chain.Status) bool {
		return c.Version == 2 && slices.ContainsFunc(c.Policies, func(p chain.PolicyStatus) bool { return p.State == chain.StateSwitching })
	})
	waiting := daemons[0].until(t, "it is looked at", func(api.Status) bool { return true })
	if !enacts("agility")(waiting) || !strings.Contains(waiting.Idle.Detail, "another policy is being put in force") {
		t.Errorf("while a guest moves: got %+v, %q, want the old policy, held", waiting.Policy.Models, waiting.Idle)
	}
	for _, d := range daemons {
		s := d.until(t, "it enacts gossip alone", func(s api.Status) bool { return enacts("gossip")(s) && !enacts("agility")(s) })
		for _, deal := range s.History {
			if deal.State != "done" {
				t.Errorf("%s: the deal for %s is %s (%s): want it done under the policy that it began with", d.config.Host, deal.Name, deal.State,
					deal.Reason)
			}
		}
	}
	if s := daemons[0].until(t, "it is let go", func(s api.Status) bool { return !s.Idle.Is() }); len(s.History) == 0 {
		t.Error("no deal was made")
	}
}

// restless moves guests to a host that does not admit them: each deal fails.
const restless = `
r(member, initial).
r(giver(_), auxiliary).
a(member, ID) ::
    (
        take(G, N) <= a(member, S) then
        (
            (
                yes(D) => a(giver(_), S) <- reserve(G, N, S, D) then a(member, ID)
            ) or (
                no => a(giver(_), S) then a(member, ID)
            )
        )
    ) or (
        take(G, N) => a(member, T) <- guest(G, N) and player(member, T) then a(giver(G), ID) then a(member, ID)
    ) or (
        null <- timeout(1) then a(member, ID)
    )
a(giver(G), ID) ::
    (
        yes(D) <= a(member, T) then
        (
            ( migrate(D, G, T) ) or ( null )
        )
    ) or (
        no <= a(member, _)
    ) or (
        null <- timeout(3)
    )
`

// A host on which the deals of a policy on trial fail reverts to the previous policy
// and halts the new one for all hosts; the others never begin it.
func TestCanaryHalts(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	p := newPublisher(t, "north")
	daemons, places := three(t, site, p, func(c *config.Config) {
		if c.Host != "h3" { // a single host would have nobody to try it with
			c.Labels = []string{"canary=yes"}
		}
		c.Cooldown, c.ReturnAfter, c.GainMin = time.Millisecond, time.Millisecond, 0
	})
	agility, _ := models.Text("agility")
	p.release(p.policyOf("balance", string(agility)))
	p.publish(daemons[0])
	for _, d := range daemons {
		d.untilChain(t, "the first policy is in force", has(1, "balance"))
	}
	for _, name := range []string{"g1", "g2", "g3", "g4", "g5", "g6"} {
		testGuest(t, places[0].platform, name, 0.1)
	}
	for _, at := range places[1:] {
		at.platform.Inject(memory.Breaks)
	}
	bad := p.policyOf("balance", restless)
	bad.Canary = []bundle.Stage{{Labels: []string{"canary=yes"}, Share: 1, Seconds: 3600}}
	p.release(bad)
	p.publish(daemons[1])
	daemons[0].untilChain(t, "h1 has halted it", func(c chain.Status) bool { return c.Policies[0].State == chain.StateHalted })
	for _, d := range daemons {
		d.untilChain(t, "it heeds the halt", func(c chain.Status) bool {
			return c.Policies[0].State == chain.StateHalted && len(c.Halts) > 0 && c.Halts[0].Name == "h1" && c.Policies[0].ActiveVersion == 1
		})
		d.until(t, "it enacts the policy before", func(s api.Status) bool {
			return len(s.Policy.Models) == 1 && s.Policy.Models[0].Digest == bundle.DigestOf(agility).String()
		})
	}
}
