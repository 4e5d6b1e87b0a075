package service

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/models/publish/bundle"
	"parley/models/publish/chain"
)

// sees gives a running agent an observation of the platform.
func (d *daemon) sees(t *testing.T, seen hostagent.Observation) {
	t.Helper()
	if err := d.inLoop(t.Context(), func(lcc.Instant) error { return d.take(hostagent.Observed{Observation: seen}) }); err != nil {
		t.Fatalf("the agent takes no look any more: %v\n%s", err, d.log)
	}
}

// inventedID is a well-formed peer id without an owner.
func inventedID(n int) string {
	const digits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	key := sha256.Sum256(fmt.Append(nil, n))
	rest, base, digit := new(big.Int).SetBytes(append([]byte{0x24, 8, 1, 0x12, 32}, key[:]...)), big.NewInt(58), new(big.Int)
	var text []byte
	for rest.Sign() > 0 {
		rest.DivMod(rest, base, digit)
		text = append(text, digits[digit.Int64()])
	}
	slices.Reverse(text)
	return "1" + string(text)
}

// others returns n invented hosts.
func others(n int, change func(*bundle.Host)) (list []bundle.Host) {
	for i := range n {
		h := bundle.Host{ID: inventedID(i), Name: fmt.Sprintf("o%d", i)}
		if change != nil {
			change(&h)
		}
		list = append(list, h)
	}
	return list
}

// extremeRoster is a roster at the limits of what a host accepts.
type extremeRoster struct {
	name    string
	refused bundle.Code // "": the roster is accepted
	change  func(self *bundle.Host, r *bundle.Roster)
}

func extremeRosters() []extremeRoster {
	address := "/dns4/" + strings.Repeat("a", 240) + "/tcp/1"
	addresses := func(n int, text string) func(*bundle.Host) {
		return func(h *bundle.Host) { h.Addresses = slices.Repeat([]string{text}, n) }
	}
	labels := func(n, size int) func(*bundle.Host, *bundle.Roster) {
		return func(self *bundle.Host, r *bundle.Roster) {
			self.Labels = numbered(n, size)
			r.Hosts = others(3, func(h *bundle.Host) { h.Labels = numbered(n, size) })
		}
	}
	group := func(name string, most int) func(*bundle.Host, *bundle.Roster) {
		return func(_ *bundle.Host, r *bundle.Roster) { r.Group, r.GroupMost, r.Hosts = name, most, others(20, nil) }
	}
	return []extremeRoster{
		{"labels of a host at their most", "", labels(16, 64)},
		{"labels as earlier versions let by", "", labels(64, 128)},
		{"a label too many", bundle.WrongRoster, labels(65, 128)},
		{"a label too long", bundle.WrongRoster, labels(1, 129)},
		{"labels with control characters", "", func(self *bundle.Host, _ *bundle.Roster) { self.Labels = []string{"a=\x1b[2J", "b=\x00"} }},
		{"a longest name", "", func(self *bundle.Host, _ *bundle.Roster) { self.Name = strings.Repeat("n", 64) }},
		{"a name too long", bundle.WrongRoster, func(self *bundle.Host, _ *bundle.Roster) { self.Name = strings.Repeat("n", 65) }},
		{"no name", bundle.WrongRoster, func(self *bundle.Host, _ *bundle.Roster) { self.Name = "" }},
		{"a name that is an option", bundle.WrongRoster, func(self *bundle.Host, _ *bundle.Roster) { self.Name = "--force" }},
		{"a name that is an id", bundle.WrongRoster, func(self *bundle.Host, _ *bundle.Roster) { self.Name = inventedID(1) }},
		{"nobody", "", func(self *bundle.Host, _ *bundle.Roster) { self.ID = inventedID(999) }},
		{"ids that are none", "", func(_ *bundle.Host, r *bundle.Roster) {
			r.Hosts = []bundle.Host{{ID: "x", Name: "x1"}, {ID: strings.Repeat("y", 128), Name: "x2"}, {ID: "\x00\n", Name: "x3"}}
		}},
		{"an id that is no text", bundle.Malformed, func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = []bundle.Host{{ID: "\xff", Name: "x"}} }},
		{"an id too long", bundle.WrongRoster, func(_ *bundle.Host, r *bundle.Roster) {
			r.Hosts = []bundle.Host{{ID: strings.Repeat("y", 129), Name: "x"}}
		}},
		{"addresses at their most", "", func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = others(3, addresses(16, address)) }},
		{"addresses that are none", "", func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = others(3, addresses(16, "/")) }},
		{"an address too many", bundle.WrongRoster, func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = others(1, addresses(17, address)) }},
		{"an address too long", bundle.WrongRoster, func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = others(1, addresses(1, address+"00000")) }},
		{"a thousand hosts", "", func(_ *bundle.Host, r *bundle.Roster) { r.Hosts = others(999, nil) }},
		{"groups of two", "", group(strings.Repeat("g", 64), 2)},
		{"groups of most", "", group("", 500)},
		{"groups of one", bundle.WrongRoster, group("", 1)},
		{"groups of too many", bundle.WrongRoster, group("", 501)},
		{"a group's name too long", bundle.WrongRoster, group(strings.Repeat("g", 65), 0)},
	}
}

// TestExtremeRosters: a host survives each signed roster that a publisher can make,
// refuses those beyond the limits with a code, and applies the next good one.
func TestExtremeRosters(t *testing.T) {
	p := newPublisher(t, "north")
	at := newPlace(t, memory.NewSite(memory.Options{}), "h1")
	at.config.Labels = numbered(2, 10)
	d := at.run(t, []config.Publisher{{Anchor: p.anchor(at.config.StateDir)}})
	agility, _ := models.Text("agility")
	policy := p.policyOf("agility", string(agility))
	for _, e := range extremeRosters() {
		self := at.listed
		p.roster = bundle.Roster{}
		e.change(&self, &p.roster)
		p.roster.Hosts = append(p.roster.Hosts, self)
		p.publishes(d, policy)
		if e.refused == "" {
			d.untilChain(t, e.name+": the roster is taken", func(c chain.Status) bool {
				return c.Version == p.at.Version &&
					c.Hosts == len(p.roster.Hosts)
			})
		} else {
			d.untilChain(t, e.name+": the roster is refused", func(c chain.Status) bool {
				return slices.ContainsFunc(c.Refusals, func(r chain.Refusal) bool { return r.Version == p.at.Version && r.Code == e.refused })
			})
		}
		if _, err := d.Status(t.Context()); err != nil {
			t.Fatalf("%s: the agent does not answer any more: %v\n%s", e.name, err, d.log)
		}
	}
	p.roster = bundle.Roster{Hosts: []bundle.Host{at.listed}}
	p.publishes(d, policy)
	d.untilChain(t, "a good release is in force", func(c chain.Status) bool {
		return has(p.at.Version, "agility")(c) && c.Hosts == 1 &&
			c.Listed
	})
	d.until(t, "it enacts agility", enacts("agility"))
}

// publishes gives the next release to an agent, which may refuse a part of it.
func (p *publisher) publishes(d *daemon, policies ...bundle.Policy) {
	p.t.Helper()
	next := p.release(policies...)
	if _, err := d.Publish(p.t.Context(), p.pack(next)); err != nil && !errors.Is(err, api.ErrRefused) {
		p.t.Fatalf("publish: %v\n%s", err, d.log)
	}
}
