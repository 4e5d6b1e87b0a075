package config

import (
	"fmt"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/internal/hostname"
	"parley/internal/netaddr"
	"parley/internal/yamlfile"
)

// Fault is one fault in a configuration, and Faults are all of them. A fault outside a
// file has only a key and a text.
type (
	Fault  = yamlfile.Fault
	Faults = yamlfile.Faults
)

// Limits of a configuration, in addition to those of the core.
const (
	CoresMost  = 1 << 20
	SocketMost = 107 // bytes of a socket's path on Linux
	GroupMost  = 200 // bytes of a group's name, which is part of each of its messages
	AuditMost  = 1 << 30
)

// checkPeers returns the faults of the listed peers.
func (c Config) checkPeers() (errs []error) {
	seen := map[string]int{}
	for i, p := range c.Peers {
		at := fmt.Sprintf("peers[%d]", i)
		first, twice := seen[p.ID]
		seen[p.ID] = i
		switch err := netaddr.CheckPeer(p.ID, p.Addresses); {
		case p.ID == "":
			errs = append(errs, &Fault{Key: at + ".id", Text: "is empty: `parley agent --print-id` on that host prints it"})
		case err != nil:
			errs = append(errs, &Fault{Key: at, Text: err.Error()})
		case twice:
			errs = append(errs, &Fault{Key: at + ".id", Text: fmt.Sprintf("is that of peers[%d] as well: list each host once", first)})
		}
		if p.Name == "" {
			continue
		}
		if err := hostname.Check(p.Name); err != nil {
			errs = append(errs, &Fault{Key: at + ".name", Text: err.Error()})
		}
	}
	return errs
}

// checkMachine checks what would otherwise fail only at the start of the agent, and
// times and sizes out of range.
func (c Config) checkMachine() (errs []error) {
	wrong := func(is bool, key, format string, args ...any) {
		if is {
			errs = append(errs, &Fault{Key: key, Text: fmt.Sprintf(format, args...)})
		}
	}
	for i, address := range c.Listen {
		if err := netaddr.Check(address); err != nil {
			wrong(true, fmt.Sprintf("listen[%d]", i), "%v", err)
		}
	}
	wrong(len(c.Socket) > SocketMost, "socket", "has %d bytes, and the path of a socket has at most %d: give a shorter one", len(c.Socket),
		SocketMost)
	wrong(len(c.Group) > GroupMost, "group", "has %d bytes: give a name of at most %d", len(c.Group), GroupMost)
	for key, d := range map[string]time.Duration{
		"platform.call_timeout": c.Platform.CallTimeout, "platform.dirty_every": c.Platform.DirtyEvery, "audit.keep_for": c.Audit.KeepFor,
		"audit.loads_for": c.Audit.LoadsFor,
	} {
		wrong(d < 0 || d > 10*hostagent.TimeMost, key, "is %v: give a time, at most %v", d, 10*hostagent.TimeMost)
	}
	wrong(c.Platform.CallTimeout == 0, "platform.call_timeout", "is 0: no call could be answered; give a time such as 30s")
	wrong(c.Audit.LoadsEvery < time.Second || c.Audit.LoadsEvery > time.Hour || c.Audit.LoadsEvery%time.Second != 0, "audit.loads_every",
		"is %v: give whole seconds, from 1s to 1h", c.Audit.LoadsEvery)
	wrong(c.Audit.Most > AuditMost, "audit.most", "is %d: give at most %d", c.Audit.Most, AuditMost)
	if c.Metrics.Listen != "" {
		_, _, err := net.SplitHostPort(c.Metrics.Listen)
		wrong(err != nil, "metrics.listen", "is %q: give host:port, such as 127.0.0.1:9100", c.Metrics.Listen)
	}
	if c.Web.Listen != "" {
		_, _, err := net.SplitHostPort(c.Web.Listen)
		wrong(err != nil, "web.listen", "is %q: give host:port, such as 127.0.0.1:4280", c.Web.Listen)
	}
	wrong(new(slog.Level).UnmarshalText([]byte(c.Log.Level)) != nil, "log.level", "is %q: write debug, info, warn or error", c.Log.Level)
	wrong(c.Log.Format != "text" && c.Log.Format != "json", "log.format", "is %q: write text or json", c.Log.Format)
	slices.SortFunc(errs, func(a, b error) int { return strings.Compare(a.Error(), b.Error()) })
	return errs
}

// faultsIn lists the faults in errors, which may be joined.
func faultsIn(errs []error) (list Faults) {
	for _, err := range errs {
		switch e := err.(type) {
		case nil:
		case *Fault:
			list = append(list, e)
		case interface{ Unwrap() []error }:
			list = append(list, faultsIn(e.Unwrap())...)
		default:
			list = append(list, &Fault{Text: err.Error()})
		}
	}
	return list
}
