package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/config"
)

// State says how a check came out.
type State string

// The states of a check. With a Fail the host cannot do what it is for.
const (
	OK   State = "ok"
	Warn State = "warn"
	Fail State = "fail"
)

// Finding is what one check found, and what to do about it; Remedy is "" for OK.
type Finding struct {
	Check  string `json:"check"`
	State  State  `json:"state"`
	Text   string `json:"text"`
	Remedy string `json:"remedy,omitempty"`
}

// Probes are what the checks look at. A nil function or a zero value means that
// there is nothing to look at.
type Probes struct {
	ConfigPath string
	Config     config.Config
	ConfigErr  error
	Now        time.Time

	// Status asks the agent that runs here.
	Status func(ctx context.Context) (api.Status, error)
	// Observe looks at the platform itself.
	Observe func(ctx context.Context) (hostagent.Observation, error)
	// Disk says how much room the state directory has, and how long a sync
	// there takes.
	Disk func(dir string) (freeBytes int64, sync time.Duration, err error)
	// Memory says how much memory the machine has, and how much of it is taken
	// by what is no guest.
	Memory func() (totalBytes, ownBytes int64, err error)
	// Clock says whether the kernel counts the clock as synchronised.
	Clock func() (synchronised bool, err error)
	// Hook says whether libvirt's hook is installed and may be executed, and
	// whether libvirtd calls it: it looks, when it starts, whether there is one.
	Hook func() (installed, called bool, err error)
	// ContainerRounds says whether the memory of containers goes in rounds.
	ContainerRounds func(ctx context.Context) bool
	// Containers says what this host offers to containers, or what it lacks.
	Containers func(ctx context.Context) (offers []string, err error)
	// Certificate returns until when a certificate file is valid.
	Certificate func(path string) (until time.Time, err error)
	// Dial tries to reach an address (a multiaddr) over the network.
	Dial func(ctx context.Context, multiaddr string) error
	// Program says why a file cannot run as a cooperative process.
	Program func(path string) error
	// Policy compiles the configured policy.
	Policy func(path string) error
	// Policies asks the agent that runs here what is in force of its publishers.
	Policies func(ctx context.Context) (api.PolicyReport, error)
	// Anchor reads the anchor of a publisher.
	Anchor func(path string) error
}

// Run makes all checks, in an order in which the first fault is likely to
// explain the others.
func Run(ctx context.Context, p Probes) []Finding {
	if p.ConfigErr != nil {
		remedy := "correct " + p.ConfigPath
		if errors.Is(p.ConfigErr, fs.ErrNotExist) {
			remedy = "write " + p.ConfigPath + ", or name another file with --config"
		}
		return []Finding{{"configuration", Fail, p.ConfigErr.Error(), remedy + ": `parley agent --print-config` prints every key"}}
	}
	list := []Finding{ok("configuration", "%s is read and every key is known", p.ConfigPath)}
	list = append(list, disk(p), clock(p))
	status, agent := agent(ctx, p)
	seen, errSeen := p.Observe(ctx)
	list = append(list, agent, platform(p.Config.Platform.Kind, seen, errSeen))
	if errSeen == nil && p.Config.Platform.Kind != "memory" { // its guests take nothing of the machine
		list = append(list, memory(p, seen))
	}
	if p.Config.Platform.Kind == "libvirt" {
		list = append(list, endpoint(p)...)
		list = append(list, hook(p))
	}
	list = append(list, containers(ctx, p)...)
	list = append(append(list, processes(p)...), failedProcesses(status)...)
	list = append(append(list, history(status)...), avoided(status)...)
	return append(append(list, policy(ctx, p, status)), peers(ctx, p, status)...)
}

// Worst is the worst state of some findings.
func Worst(list []Finding) State {
	worst := OK
	for _, f := range list {
		if f.State == Fail || f.State == Warn && worst == OK {
			worst = f.State
		}
	}
	return worst
}

func ok(check, format string, args ...any) Finding {
	return Finding{Check: check, State: OK, Text: fmt.Sprintf(format, args...)}
}

const (
	freeLeast = 256 << 20
	syncMost  = 100 * time.Millisecond
)

func disk(p Probes) Finding {
	free, sync, err := p.Disk(p.Config.StateDir)
	switch {
	case err != nil:
		return Finding{"disk", Fail, err.Error(), "make " + p.Config.StateDir +
			" a directory that the agent's user may write in; without a journal no deal is begun"}
	case free < freeLeast:
		return Finding{"disk", Fail, fmt.Sprintf("%d MiB are free in %s", free>>20, p.Config.StateDir),
			"make room: a journal that cannot be written ends all deals"}
	case sync > syncMost:
		return Finding{"disk", Warn, fmt.Sprintf("a sync in %s takes %v", p.Config.StateDir, sync.Round(time.Millisecond)),
			"put state_dir on a faster disk: each deal waits for two syncs at each of its ends"}
	}
	return ok("disk", "%d MiB are free in %s, a sync takes %v", free>>20, p.Config.StateDir, sync.Round(10*time.Microsecond))
}

func clock(p Probes) Finding {
	synchronised, err := p.Clock()
	const remedy = "run chrony or systemd-timesyncd: cool-downs and the audit of two hosts are compared by the clock (leases are not)"
	switch {
	case err != nil:
		return Finding{"clock", Warn, err.Error(), remedy}
	case !synchronised:
		return Finding{"clock", Warn, "the kernel reports that the clock is not synchronised", remedy}
	}
	return ok("clock", "it is synchronised")
}

func agent(ctx context.Context, p Probes) (api.Status, Finding) {
	status, err := p.Status(ctx)
	switch {
	case err != nil:
		return status, Finding{"agent", Fail, err.Error(), "systemctl start parley, and look at `journalctl -u parley` where it does not stay"}
	case status.Twin != "":
		return status, Finding{"agent", Fail, status.Twin,
			"stop one of the two, or remove its key there, so that it makes one of its own, and list that (docs/network.md)"}
	case status.SafeStart != "":
		return status, Finding{"agent", Fail, status.SafeStart,
			"report the error (its log has all of it); publish another roster or policy, or install a version of Parley that fixes it"}
	case status.Rejected.Why != "":
		return status, Finding{"agent", Warn, "it runs with an older configuration: " + status.Rejected.Why,
			"correct the configuration and send SIGHUP"}
	case len(status.RosterFaults) > 0:
		return status, Finding{"agent", Warn, strings.Join(status.RosterFaults, "; "),
			"have the owner of the roster correct it in cluster.yaml and publish it"}
	case status.Idle.Is():
		return status, Finding{"agent", Warn, "it begins no deal: " + wording.Refusal(status.Idle), "look at `parley status`"}
	}
	return status, ok("agent", "it has run since %s in the mode %s", status.Since.Format(time.DateTime), status.Mode)
}

func platform(kind string, seen hostagent.Observation, err error) Finding {
	if err != nil {
		return Finding{"platform", Fail, err.Error(), "fix what the error says; the agent reconnects to the platform by itself"}
	}
	if len(seen.Unseen) > 0 {
		var list []string
		for _, kind := range slices.Sorted(maps.Keys(seen.Unseen)) {
			list = append(list, fmt.Sprintf("guests of the kind %s: %s", kind, seen.Unseen[kind]))
		}
		return Finding{"platform", Fail, strings.Join(list, "; "), "fix what each reason says; the agent looks again by itself"}
	}
	var stay, lack []string
	for _, g := range seen.Guests {
		if g.Fault != "" {
			lack = append(lack, g.Name+": "+g.Fault)
		}
		if g.Ineligible != "" {
			stay = append(stay, g.Name+": "+g.Ineligible)
		}
	}
	if len(lack) > 0 {
		return Finding{"platform", Warn, strings.Join(append(lack, stay...), "; "), "do what each guest's reason says"}
	}
	if len(stay) > 0 {
		return Finding{"platform", Warn, fmt.Sprintf("%d of %d guests cannot be moved: %s", len(stay), len(seen.Guests),
			strings.Join(stay, "; ")), "see each guest's reason"}
	}
	if kind == "memory" {
		return ok("platform", "guests that it shows: %d; each can be moved. It runs none: they are files of %s, to try Parley out",
			len(seen.Guests), strings.TrimPrefix(anyEndpoint(seen), "memory://"))
	}
	return ok("platform", "guests that it shows: %d; each can be moved", len(seen.Guests))
}

// anyEndpoint returns the address of a platform that is reached at one for all kinds.
func anyEndpoint(seen hostagent.Observation) string {
	for _, kind := range hostagent.Kinds() {
		if at := seen.Endpoints[kind]; at != "" {
			return at
		}
	}
	return ""
}

func policy(ctx context.Context, p Probes, status api.Status) Finding {
	path := p.Config.Policy.File
	switch {
	case len(p.Config.Publishers) > 0:
		return signed(ctx, p, status)
	case path == "":
		return Finding{"policy", Warn, "no policy is configured: the host takes part in no negotiation",
			"name the anchor of a publisher under publishers (docs/own-site.md), or set policy.file; shipped policies are in " +
				"/usr/share/parley/models"}
	}
	if err := p.Policy(path); err != nil {
		return Finding{"policy", Fail, err.Error(), "`parley check " + path + "` shows each finding"}
	}
	return ok("policy", "%s can be enacted", path)
}

// signed looks at the anchors, and at what is in force of their publishers.
func signed(ctx context.Context, p Probes, status api.Status) Finding {
	for _, one := range p.Config.Publishers {
		if err := p.Anchor(one.Anchor); err != nil {
			return Finding{"policy", Fail, err.Error(),
				"put the file there that `parley cluster show --anchor` prints in the publisher's repository"}
		}
	}
	if f, is := unlisted(ctx, p, status); is {
		return f
	}
	if status.PeerID != "" && len(status.Policy.Models) == 0 {
		return Finding{"policy", Warn, "no signed policy is in force", "`parley policy status` says what has come and what was refused"}
	}
	return ok("policy", "publishers that are followed: %d", len(p.Config.Publishers))
}

// unlisted says that a publisher no longer lists this host, as far as its agent knows.
func unlisted(ctx context.Context, p Probes, status api.Status) (Finding, bool) {
	if status.PeerID == "" {
		return Finding{}, false
	}
	report, err := p.Policies(ctx)
	if err != nil {
		return Finding{"policy", Warn, err.Error(), "see the agent's log"}, true
	}
	const remedy = "`parley cluster add` and publish if this host belongs to the site; if it was removed, stop its agent"
	for _, host := range report.Hosts {
		for _, c := range host.Chains {
			switch {
			case c.Listed:
			case c.RosterMissing:
				return Finding{"policy", Fail, fmt.Sprintf("release %d of %s has another roster, and no host hands it out to this one: it no longer "+
					"lists this host, or no listed host can be reached", c.Version, c.Publisher), remedy}, true
			case c.Hosts > 0:
				return Finding{"policy", Fail, fmt.Sprintf("the roster of %s does not list this host, as of release %d", c.Publisher, c.Version),
					remedy}, true
			}
		}
	}
	return Finding{}, false
}
