package scenario

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var columns = regexp.MustCompile(`(x\.yaml:\d+):\d+: `)

// withoutColumn is an error without its columns, which the tests of yamlfile check.
func withoutColumn(err error) error {
	if err == nil {
		return nil
	}
	return errors.New(columns.ReplaceAllString(err.Error(), "$1: "))
}

// Faults of keys and of values are reported in one go, in the order of their places; what
// follows from another fault is not.
func TestErrorsInOneGo(t *testing.T) {
	const text = `hosts:
- {name: h, cores: four, memory: 8 GiB}
- {nam: i, cores: -1, memory: 8 GiB}
guests:
- {name: g, host: j, count: 3x, sizes: [{cores: 1, memory: 1 GiB}], load: {kind: zones, side: 4, clients: 9, scale: 1}}
- {name: g, place: everywhere, sizes: [{cores: 1, memory: 1 GiB}]}
run: {limit: 5, tick: -1m}
`
	_, err := Read(strings.NewReader(text), "x.yaml", Options{})
	got := strings.Split(withoutColumn(err).Error(), "\n")
	want := []string{
		`:2: hosts[0].cores: "four" is not a number`, `:3: there is no key "nam" here: did you mean "name"?`, ":3: hosts[1].cores: -1 cores",
		`:5: guests[0].count: "3x" is not a whole number`, `:6: guests[1].name: "g" is the name of guests[0] too`,
		`:6: guests[1].place: "everywhere": give random`, `:7: run.limit: "5" is not a time`,
		":7: run.tick: is -1m0s: give a time of 0 or more",
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || !strings.Contains(got[i], want[i]) {
			t.Fatalf("faults: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

// Each text has one fault, and the error says where it is and what to write.
func TestErrors(t *testing.T) {
	const hosts = "hosts: [{name: h, count: 2, cores: 4, memory: 8 GiB}]\n"
	const guest = hosts + "guests:\n- name: g\n  sizes: [{cores: 1, memory: 1 GiB}]\n"
	for _, c := range []struct{ text, want string }{
		{"", "x.yaml: it is empty: it needs hosts and guests at least"},
		{"# nothing\n", "x.yaml: it is empty"},
		{"title: a\n", "x.yaml:1: hosts: there are none"},
		{"hosts: [\n", "x.yaml"},
		{"hosts:\n- {name: h, cores: 4, memory: 8 GiB}\n- 7\n", `x.yaml:3: hosts[1]: "7" is not a section with keys`},

		{"colour: red\n" + hosts, `x.yaml:1: there is no key "colour" here: there are title, note, policies, hosts`},
		{hosts + "guest: []\n", `x.yaml:2: there is no key "guest" here: did you mean "guests"?`},
		{"hosts:\n- name: h\n  memory: 8 GiB\n  core: 4\n", `x.yaml:4: there is no key "core" here: did you mean "cores"?`},
		{guest + "  load: {kind: wave, swinging: 2}\n", `x.yaml:5: there is no key "swinging" here: did you mean "swing"?`},
		{hosts + "run: {limits: 2h}\n", `did you mean "limit"?`},
		{hosts + hosts, `x.yaml:2: hosts: the key stands on line 1 already`},

		{"hosts: [{name: h, cores: 4, memory: 8 GiB, count: two}]\n", `x.yaml:1: hosts[0].count: "two" is not a whole number`},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, count: 2.5}]\n", `x.yaml:1: hosts[0].count: "2.5" is not a whole number`},
		{"hosts: [{name: h, memory: 8 GiB, cores: many}]\n", `x.yaml:1: hosts[0].cores: "many" is not a number`},
		{"hosts: [{name: h, cores: 4, memory: lots}]\n", `x.yaml:1: hosts[0].memory: "lots" is not a number of bytes: write one such as 64 GiB`},
		{"hosts: [{name: h, cores: 4, memory: 64}]\n", `x.yaml:1: hosts[0].memory: "64" has no unit: write one, such as 64 GiB or 64 MiB`},
		{"hosts: [{name: h, cores: 4, memory: -1 GiB}]\n", `x.yaml:1: hosts[0].memory: "-1 GiB" is not a number of bytes`},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, alternate: perhaps}]\n", `"perhaps" is not true or false`},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, labels: disk=ssd}]\n", `"disk=ssd" is not a list`},
		{hosts + "run: {limit: 5}\n", `x.yaml:2: run.limit: "5" is not a time: write its unit, such as 5s`},
		{hosts + "run: {limit: soon}\n", `"soon" is not a time`},
		{hosts + "network: fast\n", `"fast" is not a section with keys`},

		{"hosts: []\n", "hosts: there are none"},
		{"hosts:\n- {cores: 4, memory: 8 GiB}\n", "x.yaml:2: hosts[0].name: each kind of host has a name"},
		{"hosts:\n- {name: h, cores: 4, memory: 8 GiB}\n- name: h\n  cores: 4\n  memory: 8 GiB\n", `x.yaml:3: hosts[1].name: "h" is the name of hosts[0] too`},
		{"hosts:\n- name: h\n  count: -1\n  cores: 4\n  memory: 8 GiB\n", "x.yaml:3: hosts[0].count: -1: give 1 or more"},
		{"hosts:\n- name: h\n  memory: 8 GiB\n", "hosts[0].cores: 0 cores: give more than 0"},
		{"hosts:\n- name: h\n  cores: -4\n  memory: 8 GiB\n", "x.yaml:3: hosts[0].cores: -4 cores"},
		{"hosts: [{name: h, cores: .nan, memory: 8 GiB}]\n", "hosts[0].cores: NaN cores"},
		{"hosts: [{name: h, cores: .inf, memory: 8 GiB}]\n", "hosts[0].cores: +Inf cores"},
		{"hosts: [{name: h, cores: 4}]\n", "hosts[0].memory: none: give the memory"},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, power: [100]}]\n", "hosts[0].power: give watts at even steps"},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, power: [100, -1]}]\n", "hosts[0].power: give watts"},
		{"hosts: [{name: h, cores: 4, memory: 8 GiB, labels: [fast]}]\n", `hosts[0].labels: "fast" is no label: write key=value`},
		{"hosts: [{name: h, count: 1000000, cores: 4, memory: 8 GiB}]\n", "hosts: 1000000 hosts: at most 200000"},

		{hosts + "guests:\n- sizes: [{cores: 1, memory: 1 GiB}]\n", "x.yaml:3: guests[0].name: guests have a name"},
		{guest + "- name: g\n  sizes: [{cores: 1, memory: 1 GiB}]\n", `x.yaml:5: guests[1].name: "g" is the name of guests[0] too`},
		{guest + "  count: -1\n", "x.yaml:5: guests[0].count: give count or per_host"},
		{guest + "  count: 2\n  per_host: 2\n", "x.yaml:5: guests[0].count: give count or per_host, and not both"},
		{guest + "  per_host: 1000001\n", "guests[0].count: more than 2000000 guests"},
		{hosts + "guests: [{name: g}]\n", "x.yaml:2: guests[0].sizes: there are none"},
		{hosts + "guests: [{name: g, sizes: [{cores: 1}]}]\n", "guests[0].sizes[0]: give cores and memory above 0"},
		{hosts + "guests: [{name: g, sizes: [{cores: .inf, memory: 1 GiB}]}]\n", "guests[0].sizes[0]: give cores"},
		{hosts + "guests: [{name: g, sizes: [{cores: 1, memory: 1 GiB, weight: -1}]}]\n", "guests[0].sizes[0]: give cores"},
		{guest + "  place: somewhere\n", `x.yaml:5: guests[0].place: "somewhere": give random, spread`},
		{guest + "  host: h3\n", `x.yaml:5: guests[0].host: there is no host "h3"`},
		{guest + "  host: h1\n  place: spread\n", "x.yaml:6: guests[0].place: give host or place, and not both"},
		{guest + "  labels: [db]\n", `guests[0].name: labels: "db" is no label`},
		{guest + "  mips: -1\n", "x.yaml:5: guests[0].mips: -1: give the millions of instructions in a second of CPU time"},
		{guest + "  priority: [0, 5000]\n", "x.yaml:5: guests[0].priority: priority is 5000: give"},

		{guest + "  load: {kind: storm}\n", "x.yaml:5: guests[0].load: kind is constant, beta,"},
		{guest + "  load: {kind: beta, a: 2}\n", "guests[0].load: beta needs a and b above 0"},
		{guest + "  load: {share: -1}\n", "guests[0].load: a number is below 0"},
		{guest + "  load: {share: .nan}\n", "guests[0].load: a number is below 0"},
		{guest + "  load: {kind: spots, period: -1m}\n", "guests[0].load: a time is below 0"},
		{guest + "  load: {kind: wave, phase: odd}\n", "guests[0].load: phase is random"},
		{guest + "  load: {kind: sawtooth}\n", "guests[0].load: sawtooth needs a period"},
		{guest + "  load: {kind: trace}\n", "guests[0].load: trace needs a file"},
		{guest + "  load: {kind: zones, side: 3}\n", "guests[0].load: zones need side (4 or more), clients"},

		{hosts + "groups: {by: colour}\n", `x.yaml:2: groups.by: "colour": give all, size, label, random or hash`},
		{hosts + "groups: {by: hash, size: 501}\n", `x.yaml:2: groups: peer: groups of at most 501 hosts: give 2 to 500, or 0 for 128`},
		{hosts + "groups: {by: size, size: 5, label: rack}\n", `x.yaml:2: groups.label: "rack": it is for groups by hash; with by: label, hosts say their group`},
		{hosts + "groups: {by: random}\n", "x.yaml:2: groups.size: 0: give 2 or more"},
		{hosts + "network: {loss: 2}\n", "x.yaml:2: network.loss: 2: give a share from 0 to 1"},
		{hosts + "network:\n  jitter: 2ms\n  reorder: -1\n", "x.yaml:4: network.reorder: -1: give a share"},
		{hosts + "network: {latency: -2ms}\n", "network.latency: is -2ms: give a time of 0 or more"},
		{hosts + "migration: {unshared: true}\n", "migration.rate: unshared migrations need a rate"},
		{hosts + "migration: {downtime: -1s}\n", "migration.downtime: is -1s: give a time of 0 or more"},
		{hosts + "migration: {source_cost: 1.5}\n", "migration.source_cost: 1.5: give a share"},
		{hosts + "migration: {target_cost: -1}\n", "migration.target_cost: -1: give a share"},
		{hosts + "power: {off: sometimes}\n", `power.off: "sometimes": give empty or idle`},
		{hosts + "power: {boot: -1m}\n", "power.boot: is -1m0s: give a time of 0 or more"},
		{hosts + "power: {sleep: -1}\n", "power.sleep: -1: give watts of 0 or more"},
		{hosts + "faults: {agents: -1}\n", "faults: its numbers and times are not negative"},
		{hosts + "faults: {drift: 1}\n", "x.yaml:2: faults.drift: 1: give a share from 0 to below 1"},
		{hosts + "faults: {skew: -1s}\n", "faults: its numbers and times are not negative"},
		{hosts + "faults: {schedule: [{at: 1m, for: 1m, kind: fire, hosts: [h1]}]}\n", "faults.schedule[0].kind: \"fire\": give agent, host, partition or network"},
		{hosts + "faults: {schedule: [{at: 1m, kind: host, hosts: [h1]}]}\n", "faults.schedule[0]: give at of 0 or more, and for above 0"},
		{hosts + "faults: {schedule: [{at: 1m, for: 1m, kind: partition}]}\n", "faults.schedule[0]: give the hosts that it is about"},
		{hosts + "faults:\n  schedule:\n  - {at: 1m, for: 1m, kind: host, hosts: [h]}\n", `x.yaml:4: faults.schedule[0].hosts: there is no host "h"`},
		{hosts + "faults: {schedule: [{at: 1m, for: 1m, kind: network, network: {loss: 7}}]}\n", "faults.schedule[0].network.loss: 7: give a share"},
		{hosts + "agent: {hysteresis: 7}\n", "x.yaml:2: agent.hysteresis: is 7: give a share of capacity, from 0 up to below 1"},
		{hosts + "agent:\n  high: 0.9\n  sample_every: 0\n", "x.yaml:4: agent.sample_every: is 0s: give 100ms to 10000h0m0s"},
		{hosts + "agent:\n  deadline:\n    per_gib: 1s\n    base: 0\n", "x.yaml:5: agent.deadline.base: is 0s: give 1s to 10000h0m0s"},
		{hosts + "agent: {high: 1.5}\n", "x.yaml:2: agent.high: is 1.5: give a share of capacity, above 0 and at most 1"},
		{hosts + "agent: {deadline: 1m}\n", `x.yaml:2: agent.deadline: "1m" is not a section with keys: write deadline: {base: ..., per_gib: ...}`},
		{hosts + "agent: {deadline_per_gib: 1s}\n", `x.yaml:2: there is no key "deadline_per_gib" here: write deadline: {per_gib: ...}; docs/scenarios.md has all`},
		{hosts + "agent: {mode: auto}\n", `x.yaml:2: there is no key "mode" here: `},
		{hosts + "agent: {advert_every: -7s}\n", "agent.advert_every: is -7s: give a time above 0, at most 10000h0m0s"},
		{hosts + "agent:\n  advert_every: 1s\n  advert_gap: 0\n", "x.yaml:4: agent.advert_gap: is 0s: give a time above 0"},
		{hosts + "run: {limit: -1s}\n", "run.limit: is -1s: give a time of 0 or more"},
		{hosts + "---\ntitle: b\n", "x.yaml:3: title: only the first document has this"},
		{hosts + "---\n", "x.yaml:2: a document is empty"},
		{hosts + "---\n- 7\n", "is not a section with keys"},
		{hosts + "---\nhosts: [{name: h, cores: 1, memory: 1 GiB}]\n", `x.yaml:3: hosts[1].name: "h" is the name of hosts[0] too`},
		{hosts + "---\nguests: [{nam: g}]\n", `x.yaml:3: there is no key "nam" here: did you mean "name"?`},
		{hosts + "guests:\n---\nguests:\n- sizes: [{cores: 1, memory: 1 GiB}]\n", "x.yaml:5: guests[0].name: guests have a name"},
		{hosts + "figures: [energy, migration]\n", `x.yaml:2: figures[1]: there is no figure "migration": did you mean "migrations"?`},
		{hosts + "figures: [energy, joy]\n", `x.yaml:2: figures[1]: there is no figure "joy": give some of energy, unserved`},
	} {
		_, err := Read(strings.NewReader(c.text), "x.yaml", Options{})
		err = withoutColumn(err)
		switch {
		case err == nil:
			t.Errorf("%q: got no error, want %q", c.text, c.want)
		case !strings.Contains(err.Error(), c.want):
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		case !strings.HasPrefix(err.Error(), "scenario: x.yaml"):
			t.Errorf("%q: got %v, want the file first", c.text, err)
		case strings.Contains(err.Error(), "\n"):
			t.Errorf("%q: got more than one error: %v", c.text, err)
		}
	}
}

// All faults are reported at once, in a fixed order.
func TestErrorsTogether(t *testing.T) {
	_, err := Read(strings.NewReader("hosts:\n- {name: h, cores: -1, memory: 1 GiB}\nnetwork: {loss: 3, reorder: 4}\nrun: {limit: -1s}\n"),
		"x.yaml", Options{})
	if err == nil {
		t.Fatal("got no error, want four")
	}
	want := []string{"hosts[0].cores", "network.loss", "network.reorder", "run"}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(want) {
		t.Fatalf("got %v, want %d errors", err, len(want))
	}
	for i, line := range lines {
		if !strings.Contains(line, want[i]) {
			t.Errorf("error %d: got %s, want one about %s", i, line, want[i])
		}
	}
}

// Faults that appear only when the site is drawn also have file and line.
func TestErrorsOfSite(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"holes.csv": "time,guest,cpu\n0,a,1\n60,a,2\n240,a,1\n",
		"two.csv":   "time,guest,cpu\n0,a,1\n60,a,2\n0,b,1\n60,b,1\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	const hosts = "hosts: [{name: h, count: 2, cores: 4, memory: 8 GiB}]\n"
	const guest = hosts + "guests:\n- name: g\n  sizes: [{cores: 1, memory: 3 GiB}]\n"
	for _, c := range []struct{ text, want string }{
		{guest + "  count: 5\n", "x.yaml:3: guests[0]: no host has the labels, the cores and 3.00 GiB of memory left for g5: write fewer or smaller " +
			"guests, or more hosts"},
		{guest + "  count: 3\n  host: h1\n", "x.yaml:6: guests[0].host: h1 has no 3.00 GiB of memory left for g3: its guests have 6.00 GiB of 8.00 GiB; " +
			"write fewer"},
		{hosts + "guests: [{name: g, sizes: [{cores: 1, memory: 9 GiB}]}]\n", "x.yaml:2: guests[0]: no host has"},
		{guest + "  load: {kind: trace, file: nowhere.csv}\n", "x.yaml:5: guests[0].load.file: there is no " + dir + "/nowhere.csv: set PARLEY_DATA"},
		{guest + "  load: {kind: trace, file: holes.csv}\n", "holes.csv:4: "},
		{guest + "  load: {kind: trace, file: two.csv, series: c}\n", `x.yaml:5: guests[0].load.series: two.csv has no series "c"`},
		{guest + "  count: 3\n  load: {kind: trace, file: two.csv}\n", "x.yaml:5: guests[0].count: 3 guests, but two.csv has the loads of 2"},
	} {
		s, err := Read(strings.NewReader(c.text), filepath.Join(dir, "x.yaml"), Options{})
		if err != nil {
			t.Errorf("%q: got %v before the site is drawn", c.text, err)
			continue
		}
		_, err = s.Site(1, nil)
		if err = withoutColumn(err); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "scenario: ") {
			t.Errorf("%q:\ngot  %v\nwant %s", c.text, err, c.want)
		}
	}
	if _, err := Open(dir, Options{}); err == nil || !strings.Contains(err.Error(), "site.yaml") {
		t.Errorf("got %v, want that the directory has no site.yaml", err)
	}
	if _, err := Open(filepath.Join(dir, "none.yaml"), Options{}); err == nil || !strings.Contains(err.Error(), "none.yaml") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}
