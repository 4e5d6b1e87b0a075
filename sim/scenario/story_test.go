package scenario

import (
	"strings"
	"testing"
)

// An invalid happening or expectation is reported with its line, its key, and the most
// similar name.
func TestStoryErrors(t *testing.T) {
	const site = "hosts: [{name: h, count: 2, cores: 4, memory: 8 GiB}]\nguests: [{name: web, count: 2, sizes: [{cores: 1, memory: 1 GiB}]}]\n"
	for _, c := range []struct{ text, want string }{
		{"schedule:\n- {at: 1m, do: drian, hosts: [h1]}\n", `x.yaml:4: schedule[0].do: "drian": did you mean "drain"?`},
		{"schedule:\n- {at: 1m, do: drain, host: h1}\n", `x.yaml:4: there is no key "host" here: did you mean "hosts"?`},
		{"schedule:\n- {at: 1m, do: drain}\n", "x.yaml:4: schedule[0].hosts: drain needs it: the hosts"},
		{"schedule:\n- {at: 1m, do: drain, hosts: [h1], guest: web1}\n", "schedule[0].guest: it is not for drain"},
		{"schedule:\n- {at: 1m, do: drain, hosts: [h3]}\n", `x.yaml:4: schedule[0].hosts: there is no host "h3"`},
		{"schedule:\n- {at: 1m, do: migrate, guest: wbe1}\n", `x.yaml:4: schedule[0].guest: there is no guest "wbe1": did you mean "web1"?`},
		{"schedule:\n- {do: move, guest: web1}\n", "schedule[0].to: move needs it"},
		{"schedule:\n- {at: -1m, do: drain, hosts: [h1]}\n", "schedule[0].at: give a time of 0 or more"},
		{"schedule:\n- {do: reboot, hosts: [h1]}\n", "schedule[0].for: reboot needs it: how long"},
		{"schedule:\n- {do: grow, guest: web1}\n", "schedule[0].do: give memory, cores or share"},
		{"schedule:\n- do: end\n  guest: web1\n  when: {guest: web1, is: gone}\n", "x.yaml:6: schedule[0].when: give a guest, and is: migrating,"},
		{"schedule:\n- {do: end, guest: web1, when: {guest: web3, is: moved}}\n", `schedule[0].when: there is no guest "web3": did you mean`},
		{"schedule:\n- {do: end, guest: web1, every: 1m, when: {guest: web1, is: moved}}\n", "schedule[0].every: give every or when"},
		{"balancers:\n- {rule: swaps}\n", `x.yaml:4: balancers[0].rule: "swaps": give sends_back or evens`},
		{"balancers:\n- {rule: sends_back}\n", "balancers[0].after: give how long"},
		{"balancers:\n- {rule: evens, every: 1m, guests: [db]}\n", `balancers[0].guests: there is no guest "db"`},
		{"failing:\n- {how: explodes}\n", `x.yaml:4: failing[0].how: "explodes": give breaks, refuses, stalls or misreports`},
		{"failing:\n- {how: breaks, chance: 2}\n", "failing[0].chance: 2: give a share"},
		{"failing:\n- {how: breaks, to: [h9]}\n", `failing[0].to: there is no host "h9"`},
		{"failing:\n- {how: breaks, guests: ['[']}\n", `failing[0].guests: "[": give names or patterns`},
		{"expect:\n- {guest: web1}\n", "x.yaml:4: expect[0].guest: give one of: on,"},
		{"expect:\n- {number: joy, least: 1}\n", `x.yaml:4: expect[0].number: "joy": give blocked, by_hand,`},
		{"expect:\n- {number: moves}\n", "expect[0].number: give least, most or both"},
		{"expect:\n- {empty: true}\n", "expect[0].host: say which host"},
		{"expect:\n- {number: moves, most: 1, by: 1m}\n", "expect[0].by: what is counted has from and until"},
		{"expect:\n- {guest: web1, on: [h2], by: 1m, from: 1m}\n", "expect[0].by: give by, at, or from and until"},
	} {
		_, err := Read(strings.NewReader(site+c.text), "x.yaml", Options{})
		if err = withoutColumn(err); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
	for _, c := range []struct{ text, want string }{
		{"hosts: [{name: h, cores: 1, memory: 1 GiB, arrival: never}]\n", `hosts[0].arrival: "never": give deals, allow or unchecked`},
		{"hosts: [{name: h, cores: 1, memory: 1 GiB}]\nguests: [{name: g, quota: -1, sizes: [{cores: 1, memory: 1 GiB}]}]\n", "x.yaml:2: guests[0].quota: -1 cores"},
		{"hosts: [{name: h, cores: 1, memory: 1 GiB}]\nguests: [{name: g, starts: 2m, ends: 1m, sizes: [{cores: 1, memory: 1 GiB}]}]\n", "x.yaml:2: guests[0].ends: give times"},
	} {
		_, err := Read(strings.NewReader(c.text), "x.yaml", Options{})
		if err = withoutColumn(err); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
}
