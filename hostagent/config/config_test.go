package config

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
)

func TestConfigErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"hold_samples: 2.5", "hold_samples: \"2.5\" is not a whole number"},
		{"hold_samples: many", "hold_samples: \"many\" is not a whole number"},
		{"cooldown: 15", "cooldown: \"15\" is not a time: write its unit, such as 15s"},
		{"cooldown: 1.5", "cooldown: \"1.5\" is not a time: write its unit, such as 1.5s"},
		{"cooldown: soon", `cooldown: "soon" is not a time: write one such as 500ms, 30s, 5m or 2h`},
		{"arrival: {foreign: maybe}", `arrival.foreign: is "maybe": write refuse or allow`},
		{"hold_sampels: 2", `there is no key "hold_sampels" here: did you mean "hold_samples"?`},
		{"enable_turbo: 2", "there is no key \"enable_turbo\" here: there are host, key, state_dir"},
		{"capacity: {reserve_memory: 4}", "capacity.reserve_memory: is \"4\": write a number and a unit"},
		{"capacity: {reserve_memory: 4 gigs}", `capacity.reserve_memory: is "4 gigs": write a number and a unit`},
		{"capacity: {overhead_memory: -1MiB}", `capacity.overhead_memory: is "-1MiB": write a number and a unit`},
		{"capacity: {memory: 12x3GiB}", `capacity.memory: is "12x3GiB": write a number and a unit, such as 2GiB`},
		{"log: {level: verbose}", `log.level: is "verbose": write debug, info, warn or error`},
		{"log: {format: yaml}", `log.format: is "yaml": write text or json`},
		{"log_level: debug", `there is no key "log_level" here: write log: {level: ...}`},
		{"deadline: 1m", `deadline: "1m" is not a section with keys: write deadline: {base: ..., per_gib: ...}`},
		{"capacity: {memory: NaNGiB}", `capacity.memory: is "NaNGiB": write a number and a unit`},
		{"capacity: {memory: 0GiB}", "capacity.memory: is none: write what guests may use"},
		{"capacity: {memory: 8GiB, reserve_memory: 1GiB}", "capacity.reserve_memory: leave it out, or capacity.memory"},
		{"platform: {guests: [{name: web}]}", "platform.guests: leave it out, or write kind: memory"},
		{"platform: {site: /srv/site}", "platform.site: leave it out, or write kind: memory"},
		{"platform: {kind: memory, guests: [{nam: web}]}", `there is no key "nam" here: did you mean "name"?`},
		{"platform: {kind: memory, guests: [{memory: 1GiB}]}", "platform.guests[0].name: is wrong: a guest is called as a host"},
		{"platform: {kind: memory, guests: [{name: web, count: 0}]}", "platform.guests[0].count: is 0: give 1 to 1000"},
		{"platform: {kind: memory, guests: [{name: web, count: 999}, {name: db, count: 2}]}", "platform.guests: are 1001 guests"},
		{"platform: {kind: memory, guests: [{name: web, cores: 0}]}", "platform.guests[0].cores: is 0: give processors"},
		{"platform: {kind: memory, guests: [{name: web, memory: 4}]}", `platform.guests[0].memory: is "4": write a number and a unit`},
		{"platform: {kind: memory, guests: [{name: web, memory: 0GiB}]}", "platform.guests[0].memory: is none"},
		{"platform: {kind: memory, guests: [{name: web, dirty_rate: 4MB}]}", `platform.guests[0].dirty_rate: is "4MB": write a number and a unit`},
		{"platform: {kind: memory, guests: [{name: web, cpu: [1, -1]}]}", "platform.guests[0].cpu[1]: is -1: give cores"},
		{"platform: {kind: memory, guests: [{name: web, cpu: 1}]}", "platform.guests[0].cpu: \"1\" is not a list"},
		{"platform: {kind: memory, guests: [{name: web, every: 0s}]}", "platform.guests[0].every: is 0s: give a time"},
		{"platform: {kind: memory, guests: [{name: web1}, {name: web, count: 2}]}", "platform.guests[1].name: makes a second guest web1"},
		{"host: [", ":2: did not find expected node content"},
		{"host: h1", "host: the key stands on line 1 already"},
		{"---\nmode: auto", "this is a second document"},
	} {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(path, []byte("host: h1\n"+c.text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%q: got %v, want an error of %s with %q", c.text, err, path, c.want)
		}
	}
	path := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(path, []byte("host: h1\nhold_samples: 3\ncooldown: 0\nreturn_after: 1m30s\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := Read(path)
	if err != nil || config.HoldSamples != 3 || config.Core().Cooldown != 0 || config.ReturnAfter.String() != "1m30s" {
		t.Errorf("got %d, %v, %v, %v", config.HoldSamples, config.Cooldown, config.ReturnAfter, err)
	}
}

// TestConfigFaults: what the core, the network or a start of the agent would reject is
// found when the file is read, and reported with its key and line.
func TestConfigFaults(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	long := strings.Repeat("x", 300)
	for text, want := range map[string]string{
		"power: [3, 1]":                  ":2: power[1]: is 1, less than the 3 before",
		"power: [94]":                    ":2: power: has 1 values",
		"power: [-5, 10]":                ":2: power[0]: is -5: give watts",
		"power: [.nan, 1]":               ":2: power[0]: is NaN",
		"power: [1,\n  .inf]":            ":3: power[1]: is +Inf",
		"power: [0, 1e300]":              ":2: power[1]: is 1e+300",
		"return_after: 20000h":           ":2: return_after: is 20000h0m0s: give 0s to 10000h0m0s",
		"hold_samples: 2000":             ":2: hold_samples: is 2000: give 1 to 1000",
		"deadline: {base: 20000h}":       ":2: deadline.base: is 20000h0m0s",
		"deadline:\n  per_gib: 20000h\n": ":3: deadline.per_gib: is 20000h0m0s",
		"offer_ttl: 20000h":              ":2: offer_ttl: is 20000h0m0s",
		"smoothing: 20000h":              ":2: smoothing: is 20000h0m0s",
		"cooldown: 20000h":               ":2: cooldown: is 20000h0m0s",
		"cooldown: -1s":                  ":2: cooldown: is -1s: give 0s to 10000h0m0s",
		"sample_every: 20000h":           ":2: sample_every: is 20000h0m0s",
		"hysteresis: .nan":               ":2: hysteresis: is NaN",
		"coverage: 1":                    ":2: coverage: is 1",
		"gain_min: 2":                    ":2: gain_min: is 2",
		"low: .nan":                      ":2: low: is NaN",
		"low: 0.8":                       ":2: low: is 0.8: give a level below that of overload, which is 0.8",
		"sample_every: 0":                ":2: sample_every: is 0s: give 100ms to 10000h0m0s",
		"hold_samples: 0":                ":2: hold_samples: is 0: give 1 to 1000",
		"deviations: -1":                 ":2: deviations: is -1: give 0 to 10",
		"moves_in: 0":                    ":2: moves_in: is 0: give 1 to 100",
		"labels: [a=1,b=2,c=3,d=4,e=5,f=6,g=7,h=8,i=9,j=10,k=11,l=12,m=13,n=14,o=15,p=16,q=17]": ":2: labels: 17 labels, more than 16",
		"labels: [\"a=\\e[2J\"]":                                    `:2: labels: "a=\x1b[2J" is no label`,
		"rules: [{guests: '[', pin: true}]":                         `:2: rules[0].guests: is "["`,
		"rules:\n- guests: a\n- guests: b\n  priority: 101\n":       ":4: rules[1]: priority is 101",
		"rules: [{guests: a, near: [b]}]":                           `:2: rules[0]: near: "b" is no label`,
		"windows:\n- {deny: '0 25 * * *', for: 1h}\n":               `:3: windows[0].deny: is "0 25 * * *"`,
		"windows: [{allow: '@daily'}]":                              `:2: windows[0].for: is 0s`,
		"capacity: {cpu: .inf}":                                     ":2: capacity.cpu: is +Inf",
		"capacity: {memory: 1e300TiB}":                              `:2: capacity.memory: is "1e300TiB"`,
		"capacity: {memory: 2 bananas}":                             ":2: capacity.memory:",
		"platform: {downtime_max: 20000h}":                          ":2: platform.downtime_max: is 20000h0m0s",
		"process: {on: true, programs: [grep]}":                     `:2: process.programs[0]: is "grep": write an absolute path`,
		"process: {programs: [/bin/grep]}":                          ":2: process.programs: has no effect: write on: true",
		"process: {state_most: 1 GB}":                               `:2: process.state_most: is "1 GB"`,
		"process: {beat_missed: 0s}":                                ":2: process.beat_missed: is 0s: give 1s to 10000h0m0s",
		"process: {silent_most: 2s}":                                ":2: process.silent_most: is 2s, less than beat_missed, 10s",
		"platform: {bandwidth_max: -1}":                             ":2: platform.bandwidth_max: is -1",
		"platform: {call_timeout: 0}":                               ":2: platform.call_timeout: is 0",
		"listen: [127.0.0.1:4200]":                                  ":2: listen[0]: ",
		"web: {listen: \"4280\", certificate: c, key: k, token: t}": ":2: web.listen:",
		"metrics: {listen: nowhere}":                                ":2: metrics.listen:",
		"log: {level: loud}":                                        ":2: log.level:",
		"log: {format: xml}":                                        ":2: log.format:",
		"group: " + long:                                            ":2: group: has 300 bytes",
		"socket: /" + long:                                          ":2: socket: has 301 bytes",
		"host: -h":                                                  `:2: host: is wrong: "-h" cannot name a host`,
		"peers: [{id: nobody}]":                                     `:2: peers[0]: "nobody" is not a peer id`,
		"peers: [{id: " + id + ", name: " + id + "}]":               ":2: peers[0].name: ",
		"peers: [{id: " + id + ", name: a/b}]":                      ":2: peers[0].name: ",
		"peers: [{id: " + id + ", addresses: [h2]}]":                ":2: peers[0]: ",
		"peers:\n- id: " + id + "\n- id: " + id + "\n":              ":4: peers[1].id: is that of peers[0] as well",
		"publishers: [{anchor: a, labels: [x]}]":                    ":2: publishers[0].labels: ",
		"publishers: [{anchor: a, models: ['[']}]":                  ":2: publishers[0].models: ",
		"notify: [{command: [/bin/page], events: [duels]}]":         `:2: notify[0].events: has no event "duels": did you mean "duel"?`,
		"notify: [{events: [duel]}]":                                ":2: notify[0]: needs a command or post",
		"notify: [{command: [/bin/page], post: 'http://a'}]":        ":2: notify[0]: needs a command or post",
		"notify: [{command: [page]}]":                               `:2: notify[0].command: begins with "page": give the whole path`,
		"notify: [{post: a.example.org}]":                           ":2: notify[0].post: is no URL",
		"notify: [{post: 'https://a', after: 48h}]":                 ":2: notify[0].after: is 48h0m0s: from 0 to 24h",
		"notify: [{post: 'https://a', limit: 9999}]":                ":2: notify[0].limit: is 9999",
		"cooldown: soon":                                            ":2: ",
		"hold_sampels: 2":                                           ":2: there is no key",
	} {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(path, []byte("mode: auto\n"+text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		// The line is in the table, the column in the tests of yamlfile.
		line, rest, _ := strings.Cut(want[1:], ": ")
		form := regexp.MustCompile("^" + regexp.QuoteMeta(path+":"+line) + `:\d+: ` + regexp.QuoteMeta(rest))
		if _, err := Read(path); err == nil || !form.MatchString(err.Error()) {
			t.Errorf("%q: got %v, want an error that begins with %s%s", text, err, path, want)
		}
	}
	config := Default()
	config.High, config.Power, config.Peers = 2, []float64{1}, []Peer{{}}
	if err := config.Validate(); err == nil || strings.Count(err.Error(), "\n") != 2 {
		t.Errorf("got %v, want three faults", err)
	}
}

// TestMemoryGuests: a guest's keys have defaults, and several alike have numbers.
func TestMemoryGuests(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.yaml")
	const text = "platform:\n  kind: memory\n  site: here\n  guests:\n" +
		"    - {name: web, count: 2, cpu: [0.5]}\n    - {name: db, cores: 4, memory: 8GiB, dirty_rate: 40MiB, every: 5m}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	config, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := filepath.Join(filepath.Dir(path), "here"); config.Platform.Site != want {
		t.Errorf("site: got %s, want %s, beside the file", config.Platform.Site, want)
	}
	web, db := config.Platform.Guests[0], config.Platform.Guests[1]
	if got := strings.Join(append(web.Names(), db.Names()...), " "); got != "web1 web2 db" {
		t.Errorf("names: got %s, want web1 web2 db", got)
	}
	want := MemoryGuest{
		Name: "web", Kind: hostagent.VM, Count: 2, Cores: 1, Memory: "1GiB", CPU: []float64{0.5}, Every: time.Minute, DirtyRate: "0MiB",
	}
	if !reflect.DeepEqual(web, want) {
		t.Errorf("defaults: got %+v, want %+v", web, want)
	}
	if memory, dirty, disk, err := db.Bytes(); memory != 8<<30 || dirty != 40<<20 || disk != 0 || err != nil {
		t.Errorf("sizes: got %d, %d, %d and error %v, want 8 GiB, 40 MiB and none", memory, dirty, disk, err)
	}
}

// A host without virtual machines has another platform.
func TestNoVirtualMachines(t *testing.T) {
	c := Default()
	c.Platform.Kind = "none"
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "no guests") {
		t.Errorf("a host without any platform: got error %v, want that it has no guests", err)
	}
	c.Process.On = true
	if err := c.Validate(); err == nil || !strings.Contains(err.Error(), "what guests may use") {
		t.Errorf("without a capacity: got error %v, want that it is needed", err)
	}
	c.Capacity.CPU, c.Capacity.Memory = 2, "4GiB"
	if err := c.Validate(); err != nil {
		t.Errorf("a host with processes only: %v", err)
	}
}

func TestKindsInMemory(t *testing.T) {
	read := func(text string) (Config, error) {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return Read(path)
	}
	config, err := read(`
platform:
  kind: memory
  offers: [criu=4.2]
  guests:
    - {name: vm}
    - {name: box, kind: container, needs: [criu=4.2], disk: 4GiB}
capacity: {cpu: 4, memory: 8GiB, disk: 20GiB}
rules:
  - {kind: process, priority: -20}
`)
	if err != nil {
		t.Fatal(err)
	}
	if got := config.Platform.TakenKinds(); !slices.Equal(got, []hostagent.Kind{hostagent.VM, hostagent.Container}) {
		t.Errorf("kinds: got %v, want those of the guests", got)
	}
	if _, _, disk, err := config.Platform.Guests[1].Bytes(); disk != 4<<30 || err != nil {
		t.Errorf("disk of a guest: got %d, error %v, want 4 GiB", disk, err)
	}
	if disk, err := config.Capacity.DiskBytes(); disk != 20<<30 || err != nil {
		t.Errorf("capacity: got %d, error %v, want 20 GiB", disk, err)
	}
	for text, want := range map[string]string{
		"platform: {kind: memory, kinds: [jail]}":                             "platform.kinds[0]",
		"platform: {kind: memory, kinds: [container], guests: [{name: vm}]}":  "which platform.kinds leaves out",
		"platform: {kind: memory, guests: [{name: x, kind: jail}]}":           "platform.guests[0].kind",
		"platform: {kind: memory, guests: [{name: x, needs: ['two words']}]}": "platform.guests[0].needs[0]",
		"platform: {kind: memory, guests: [{name: x, disk: much}]}":           "platform.guests[0].disk",
		"platform: {kind: memory, offers: ['']}":                              "platform.offers[0]",
		"platform: {kinds: [vm]}":                                             "platform.kinds",
		"platform: {offers: [a]}":                                             "platform.offers",
		"capacity: {disk: 5}":                                                 "capacity.disk",
		"rules: [{kind: jail}]":                                               "rules[0].kind",
		"rules: [{priority: 3}]":                                              "rules[0].guests",
	} {
		if _, err := read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one about %s", text, err, want)
		}
	}
}

// Faults of keys and faults of values are reported in one go, in the order of their places.
// What follows only from another fault is not one.
func TestKeysAndValuesInOneGo(t *testing.T) {
	const text = `hots: h1
cooldwn: 5m
high: 7
capacity: {memory: 12x3GiB, cpuu: 3}
log: {level: verbose}
listen: {a: b}
peers: [{id: x}, 7]
`
	path := filepath.Join(t.TempDir(), "p.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	var got []string
	for line := range strings.Lines(fmt.Sprint(err)) {
		place, _, _ := strings.Cut(strings.TrimPrefix(line, path+":"), ": ")
		got = append(got, place)
	}
	want := []string{"1:1", "2:1", "3:1", "4:12", "4:29", "5:7", "6:9", "7:18"}
	if !slices.Equal(got, want) {
		t.Errorf("got faults at %v, want %v:\n%v", got, want, err)
	}
	for text, want := range map[string]string{
		"7":    path + ":1:1: \"7\" is not a section",
		"a: [": path + ":1: did not find",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestContainerFaults(t *testing.T) {
	for text, want := range map[string]string{
		"container: {bundles: srv}":                     `container.bundles: is "srv"`,
		"container: {volumes: /}":                       `container.volumes: is "/"`,
		"container: {namespaces: /run/../x}":            `container.namespaces: is "/run/../x"`,
		"container: {bundles: /a, volumes: /a}":         "container.volumes: is the directory of the bundles",
		"container: {runc: ''}":                         "container.runc: is empty",
		"container: {podman: podman.sock}":              `container.podman: is "podman.sock"`,
		"container: {on: true, podman: /run/p.sock}":    "",
		"container: {keep_left: -1h}":                   "container.keep_left: is -1h0m0s",
		"container: {on: true, keep_left: 24h}":         "",
		"container: {cgroups: parley}":                  `container.cgroups: is "parley"`,
		"container: {on: true, criu: /usr/local/criu}":  "",
		"container: {on: true, cgroups: /system.slice}": "",
	} {
		path := filepath.Join(t.TempDir(), "parley.yaml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Read(path)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}

// A kind of platform that is misspelt is told, and not keys that are right with the kind
// that was meant.
func TestWrongKindIsToldAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "parley.yaml")
	if err := os.WriteFile(path, []byte("host: h1\nplatform: {kind: memroy, site: /srv/site}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Read(path)
	if err == nil || !strings.Contains(err.Error(), `platform.kind: is "memroy"`) || strings.Contains(err.Error(), "leave it out") {
		t.Errorf("got %v, want the kind alone", err)
	}
}
