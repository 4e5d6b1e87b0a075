package doctor

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/models/publish/chain"
)

var now = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// well are the probes of a host that lacks nothing.
func well() Probes {
	cfg := config.Default()
	cfg.Platform.Endpoint = "qemu+tls://h1/system"
	cfg.Policy.File = "agility.lcc"
	cfg.Peers = []config.Peer{{ID: "me"}, {ID: "p2", Name: "h2", Addresses: []string{"/ip4/10.0.0.2/tcp/4200"}}}
	return Probes{
		ConfigPath: "parley.yaml", Config: cfg, Now: now,
		Status: func(context.Context) (api.Status, error) {
			return api.Status{PeerID: "me", Mode: "auto", Peers: []api.PeerStatus{{ID: "p2", Connected: true}}}, nil
		},
		Observe: func(context.Context) (hostagent.Observation, error) {
			return hostagent.Observation{Capacity: hostagent.Resources{MemoryBytes: 14 << 30}, Guests: []hostagent.Guest{{Name: "web"}}}, nil
		},
		Disk:        func(string) (int64, time.Duration, error) { return 1 << 40, time.Millisecond, nil },
		Memory:      func() (int64, int64, error) { return 16 << 30, 1 << 30, nil },
		Clock:       func() (bool, error) { return true, nil },
		Hook:        func() (bool, bool, error) { return true, true, nil },
		Certificate: func(string) (time.Time, error) { return now.AddDate(1, 0, 0), nil },
		Dial:        func(context.Context, string) error { return nil },
		Policy:      func(string) error { return nil },
		Anchor:      func(string) error { return nil },
		Policies:    func(context.Context) (api.PolicyReport, error) { return api.PolicyReport{}, nil },
	}
}

// reporting is an agent that follows one publisher.
func reporting(s chain.Status) func(context.Context) (api.PolicyReport, error) {
	return func(context.Context) (api.PolicyReport, error) {
		return api.PolicyReport{Hosts: []api.HostPolicies{{Host: "h1", Chains: []chain.Status{s}}}}, nil
	}
}

func TestWell(t *testing.T) {
	list := Run(t.Context(), well())
	if Worst(list) != OK || len(list) < 10 {
		t.Errorf("got %+v, want that all is well", list)
	}
}

// A program that cannot run is named; without processes nothing is said of them.
func TestProcesses(t *testing.T) {
	p := well()
	p.Program = func(path string) error {
		if path == "/bin/missing" {
			return errors.New("the program: /bin/missing is not there")
		}
		return nil
	}
	for _, c := range []struct {
		config config.Process
		want   string
	}{
		{config.Process{}, ""},
		{config.Process{On: true}, "warn no program may run here"},
		{config.Process{On: true, Programs: []string{"/bin/grep"}}, "ok programs that may run here: /bin/grep"},
		{config.Process{On: true, Programs: []string{"/bin/grep", "/bin/missing"}}, "warn the program: /bin/missing is not there"},
	} {
		p.Config.Process = c.config
		got := ""
		for _, f := range Run(t.Context(), p) {
			if f.Check == "processes" {
				got = string(f.State) + " " + f.Text
			}
		}
		if got != c.want {
			t.Errorf("%+v: got %q, want %q", c.config, got, c.want)
		}
	}
}

// Guests in memory are said to be none, and take nothing of the machine.
func TestInMemory(t *testing.T) {
	p := well()
	p.Config.Platform = config.Platform{Kind: "memory"}
	p.Memory = func() (int64, int64, error) { return 1 << 30, 1 << 30, nil }
	p.Observe = func(context.Context) (hostagent.Observation, error) {
		return hostagent.Observation{Endpoints: map[hostagent.Kind]string{hostagent.VM: "memory:///srv/site/h1"},
			Guests: []hostagent.Guest{{Name: "web"}}}, nil
	}
	list := Run(t.Context(), p)
	for _, f := range list {
		if f.Check == "platform" && !strings.Contains(f.Text, "files of /srv/site/h1") {
			t.Errorf("platform: got %q, want that the guests are files", f.Text)
		}
		if f.Check == "memory" || f.Check == "hook" || f.State != OK {
			t.Errorf("got %+v, want that all is well, and nothing of the machine's memory and libvirt's hook", f)
		}
	}
}

// Each thing that can be wrong is found, said, and has something to mend.
func TestIll(t *testing.T) {
	broken := errors.New("broken")
	for name, c := range map[string]struct {
		change func(p *Probes)
		check  string
		state  State
		want   string
	}{
		"configuration": {func(p *Probes) { p.ConfigErr = broken }, "configuration", Fail, "broken"},
		"no directory":  {func(p *Probes) { p.Disk = func(string) (int64, time.Duration, error) { return 0, 0, broken } }, "disk", Fail, "broken"},
		"audit changed": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Audit: api.AuditStatus{Faults: []string{"orders: the entries 3 to 4 are missing"}}}, nil
			}
		}, "audit", Fail, "3 to 4 are missing"},
		"audit lost": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Peers: []api.PeerStatus{{ID: "p2", Connected: true}},
					Audit: api.AuditStatus{Dropped: 7}}, nil
			}
		}, "audit", Warn, "7 entries"},
		"back-off": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Peers: []api.PeerStatus{{ID: "p2", Connected: true}}, BackOff: []api.BackOffStatus{
					{Target: "p2", Name: "h2", Whole: true, Guests: []string{"web", "db"}, Times: 3, Until: now, Why: "the link broke"},
				}}, nil
			}
		}, "target h2", Warn, "no target for any guest until 12:00:00: 3 failures"},
		"a process that failed": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Peers: []api.PeerStatus{{ID: "p2", Connected: true}}, Platform: api.PlatformStatus{
					Ended: []api.Process{{Name: "good", State: "done"}, {Name: "bad", State: "failed", Why: "the exit code 3"}},
				}}, nil
			}
		}, "process bad", Warn, "the exit code 3"},
		"duel": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Peers: []api.PeerStatus{{ID: "p2", Connected: true}}, Duels: []api.DuelStatus{
					{Guest: "id-1", Name: "web", Times: 4, Last: now, Until: now.Add(time.Hour)},
				}}, nil
			}
		}, "guest web", Warn, "alone until 13:00:00: it was moved back here 4 times"},
		"full": {func(p *Probes) { p.Disk = func(string) (int64, time.Duration, error) { return 1 << 20, 0, nil } }, "disk", Fail, "1 MiB"},
		"slow": {func(p *Probes) {
			p.Disk = func(string) (int64, time.Duration, error) { return 1 << 40, time.Second, nil }
		}, "disk", Warn, "1s"},
		"memory unknown": {func(p *Probes) { p.Memory = func() (int64, int64, error) { return 0, 0, broken } }, "memory", Warn, "broken"},
		"no memory left for the machine": {func(p *Probes) {
			p.Memory = func() (int64, int64, error) { return 16 << 30, 3 << 30, nil }
		}, "memory", Warn, "guests may fill 14.0 GiB"},
		"guests that took the memory of the machine": {func(p *Probes) {
			p.Observe = func(context.Context) (hostagent.Observation, error) {
				guest := hostagent.Guest{Name: "big", Declared: hostagent.Resources{MemoryBytes: 31 << 29}}
				return hostagent.Observation{Capacity: hostagent.Resources{MemoryBytes: 15 << 30}, Guests: []hostagent.Guest{guest}}, nil
			}
		}, "memory", Warn, "these may take 15.5 GiB"},
		"clock":         {func(p *Probes) { p.Clock = func() (bool, error) { return false, nil } }, "clock", Warn, "synchronised"},
		"clock unknown": {func(p *Probes) { p.Clock = func() (bool, error) { return false, broken } }, "clock", Warn, "broken"},
		"no agent": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) { return api.Status{}, broken }
		}, "agent", Fail, "broken"},
		"a clone of this host": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Twin: "another agent", Rejected: api.RejectedConfig{Why: "mode"},
					Peers: []api.PeerStatus{{ID: "p2", Connected: true}}}, nil
			}
		}, "agent", Fail, "another agent"},
		"a safe start": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", SafeStart: "without the policies", Idle: api.Refusal{Code: "drained", Detail: "drained"},
					Peers: []api.PeerStatus{{ID: "p2", Connected: true}}}, nil
			}
		}, "agent", Fail, "without the policies"},
		"old configuration": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Rejected: api.RejectedConfig{Why: "mode"}, Peers: []api.PeerStatus{{ID: "p2", Connected: true}}}, nil
			}
		}, "agent", Warn, "mode"},
		"drained": {func(p *Probes) {
			p.Status = func(context.Context) (api.Status, error) {
				return api.Status{PeerID: "me", Idle: api.Refusal{Code: "drained", Detail: "drained"},
					Peers: []api.PeerStatus{{ID: "p2", Connected: true}}}, nil
			}
		}, "agent", Warn, "drained"},
		"no libvirt": {func(p *Probes) {
			p.Observe = func(context.Context) (hostagent.Observation, error) { return hostagent.Observation{}, broken }
		}, "platform", Fail, "broken"},
		"a guest that stays": {func(p *Probes) {
			p.Observe = func(context.Context) (hostagent.Observation, error) {
				return hostagent.Observation{Guests: []hostagent.Guest{{Name: "db", Ineligible: "its disk is local"}}}, nil
			}
		}, "platform", Warn, "db: its disk is local"},
		"a guest that came without its autostart": {func(p *Probes) {
			p.Observe = func(context.Context) (hostagent.Observation, error) {
				return hostagent.Observation{Guests: []hostagent.Guest{{Name: "db", Fault: "it does not start with this host"}}}, nil
			}
		}, "platform", Warn, "db: it does not start with this host"},
		"an unseen kind": {func(p *Probes) {
			p.Observe = func(context.Context) (hostagent.Observation, error) {
				return hostagent.Observation{Unseen: map[hostagent.Kind]string{hostagent.Container: "podman is gone"}}, nil
			}
		}, "platform", Fail, "podman is gone"},
		"no endpoint":    {func(p *Probes) { p.Config.Platform.Endpoint = "" }, "endpoint", Fail, "not set"},
		"plain endpoint": {func(p *Probes) { p.Config.Platform.Endpoint = "qemu+tcp://h1/system" }, "endpoint", Warn, "encrypted"},
		"no certificate": {func(p *Probes) { p.Certificate = func(string) (time.Time, error) { return now, broken } }, "certificate", Fail, "broken"},
		"old certificate": {func(p *Probes) {
			p.Certificate = func(string) (time.Time, error) { return now.AddDate(0, 0, -1), nil }
		}, "certificate", Fail, "expired on"},
		"ageing certificate": {func(p *Probes) {
			p.Certificate = func(string) (time.Time, error) { return now.AddDate(0, 0, 3), nil }
		}, "certificate", Warn, "expires on"},
		"no hook":         {func(p *Probes) { p.Hook = func() (bool, bool, error) { return false, false, nil } }, "hook", Fail, "not installed"},
		"hook not called": {func(p *Probes) { p.Hook = func() (bool, bool, error) { return true, false, nil } }, "hook", Fail, "before its hook"},
		"no policy":       {func(p *Probes) { p.Config.Policy.File = "" }, "policy", Warn, "no policy"},
		"faulty policy":   {func(p *Probes) { p.Policy = func(string) error { return broken } }, "policy", Fail, "broken"},
		"faulty anchor": {func(p *Probes) {
			p.Config.Publishers = []config.Publisher{{Anchor: "a.json"}}
			p.Anchor = func(string) error { return broken }
		}, "policy", Fail, "broken"},
		"a host that was removed": {func(p *Probes) {
			p.Config.Publishers = []config.Publisher{{Anchor: "a.json"}}
			p.Policies = reporting(chain.Status{Publisher: "north", Version: 9, Hosts: 2})
		}, "policy", Fail, "the roster of north does not list this host, as of release 9"},
		"a host that was removed and left": {func(p *Probes) {
			p.Config.Publishers = []config.Publisher{{Anchor: "a.json"}}
			p.Policies = reporting(chain.Status{Publisher: "north", Version: 9, Hosts: 3, RosterMissing: true})
		}, "policy", Fail, "release 9 of north has another roster"},
		"a listed host without a policy": {func(p *Probes) {
			p.Config.Publishers = []config.Publisher{{Anchor: "a.json"}}
			p.Policies = reporting(chain.Status{Publisher: "north", Version: 9, Hosts: 3, Listed: true})
		}, "policy", Warn, "no signed policy"},
		"nothing signed yet": {func(p *Probes) {
			p.Config.Publishers = []config.Publisher{{Anchor: "a.json"}}
		}, "policy", Warn, "no signed policy"},
		"silent host of the roster": {func(p *Probes) {
			inner := p.Status
			p.Status = func(ctx context.Context) (api.Status, error) {
				s, err := inner(ctx)
				s.Peers = append(s.Peers, api.PeerStatus{ID: "p9", Name: "h9", Publisher: "north", Addresses: []string{"/ip4/10.0.0.9/tcp/4200"}})
				return s, err
			}
			p.Dial = func(context.Context, string) error { return broken }
		}, "peer h9", Fail, "does not answer"},
		"no peers": {func(p *Probes) { p.Config.Peers = nil }, "peers", Warn, "none to negotiate with"},
		"silent peer": {func(p *Probes) {
			p.Config.Peers[1].ID = "p3"
			p.Dial = func(context.Context, string) error { return broken }
		}, "peer h2", Fail, "does not answer"},
		"peer that lists others": {func(p *Probes) { p.Config.Peers[1].ID = "p3" }, "peer h2", Fail, "answers, but"},
		"peer without address": {func(p *Probes) {
			p.Config.Peers[1].ID, p.Config.Peers[1].Addresses = "p3", nil
		}, "peer h2", Fail, "no address"},
	} {
		p := well()
		c.change(&p)
		list := Run(t.Context(), p)
		found := false
		for _, f := range list {
			if f.Check == c.check && f.State == c.state && strings.Contains(f.Text, c.want) && f.Remedy != "" {
				found = true
			}
		}
		if !found {
			t.Errorf("%s: got %+v, want %s of %s with %q and a remedy", name, list, c.state, c.check, c.want)
		}
		if Worst(list) != c.state {
			t.Errorf("%s: the worst is %s, want %s", name, Worst(list), c.state)
		}
	}
}

func TestContainersAndTheirMemory(t *testing.T) {
	var c config.Config
	c.Container.On = true
	for tracks, want := range map[bool]string{true: "goes in rounds", false: "goes once"} {
		found := containers(t.Context(), Probes{Config: c, ContainerRounds: func(context.Context) bool { return tracks },
			Containers: func(context.Context) ([]string, error) {
				return []string{"criu=4.2", "image=sha256:aa", "image=sha256:bb"}, nil
			}})
		if len(found) != 1 || !strings.Contains(found[0].Text, want) || !strings.HasSuffix(found[0].Text, "criu=4.2, and 2 images of podman") {
			t.Errorf("tracks %v: got %v, want %q and the images counted", tracks, found, want)
		}
	}
}
