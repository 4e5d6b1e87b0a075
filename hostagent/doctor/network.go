package doctor

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config"
)

// certificates are where libvirt looks for those of TLS, by default.
var certificates = []string{"/etc/pki/CA/cacert.pem", "/etc/pki/libvirt/servercert.pem", "/etc/pki/libvirt/clientcert.pem"}

// expiresSoon is how long before its end a certificate is spoken of.
const expiresSoon = 30 * 24 * time.Hour

func endpoint(p Probes) []Finding {
	text := p.Config.Platform.Endpoint
	if text == "" {
		return []Finding{{"endpoint", Fail, "platform.endpoint is not set: no guest can come here",
			"set it to how the other hosts' libvirts reach this one, such as qemu+tls://host2/system"}}
	}
	u, err := url.Parse(text)
	if err != nil {
		return []Finding{{"endpoint", Fail, err.Error(), "write platform.endpoint as a URI of libvirt, such as qemu+tls://host2/system"}}
	}
	switch {
	case strings.HasSuffix(u.Scheme, "+tcp"):
		return []Finding{{"endpoint", Warn, text + " is neither encrypted nor authenticated: whoever reaches it may do everything there",
			"use qemu+tls or qemu+ssh outside of a laboratory"}}
	case strings.HasSuffix(u.Scheme, "+tls"):
		return append([]Finding{ok("endpoint", "%s", text)}, certificatesOf(p)...)
	}
	return []Finding{ok("endpoint", "%s", text)}
}

func certificatesOf(p Probes) (list []Finding) {
	for _, path := range certificates {
		until, err := p.Certificate(path)
		remedy := "replace it (https://libvirt.org/kbase/tlscerts.html) and restart libvirtd"
		switch {
		case err != nil:
			list = append(list, Finding{"certificate", Fail, err.Error(), remedy})
		case until.Before(p.Now):
			list = append(list, Finding{"certificate", Fail, fmt.Sprintf("%s expired on %s", path, until.Format(time.DateOnly)), remedy})
		case until.Before(p.Now.Add(expiresSoon)):
			list = append(list, Finding{"certificate", Warn, fmt.Sprintf("%s expires on %s", path, until.Format(time.DateOnly)), remedy})
		default:
			list = append(list, ok("certificate", "%s is valid until %s", path, until.Format(time.DateOnly)))
		}
	}
	return list
}

func hook(p Probes) Finding {
	installed, called, err := p.Hook()
	switch {
	case err != nil:
		return Finding{"hook", Warn, err.Error(), "see docs/arrival.md"}
	case !installed:
		return Finding{"hook", Fail, "libvirt's hook is not installed: migrations that no deal covers are admitted",
			"install packaging/qemu.hook as /etc/libvirt/hooks/qemu.d/50-parley, executable (docs/arrival.md)"}
	case !called:
		return Finding{"hook", Fail, "libvirtd was started before its hook was installed, and does not call it",
			"restart libvirtd (or virtqemud); guests keep running"}
	}
	return ok("hook", "libvirt asks the agent before a guest comes")
}

func peers(ctx context.Context, p Probes, status api.Status) (list []Finding) {
	connected := map[string]bool{}
	known := p.Config.Peers
	strange := map[string]string{}
	for _, one := range status.Peers {
		strange[one.ID] = one.Incarnations
		connected[one.ID] = one.Connected && !one.Suspected
		if one.Publisher != "" {
			known = nil // a roster is in force: the configuration's are first contacts
		}
	}
	for _, one := range status.Peers {
		if one.Publisher != "" {
			known = append(known, config.Peer{ID: one.ID, Name: one.Name, Addresses: one.Addresses})
		}
	}
	for _, one := range known {
		if one.ID == status.PeerID && status.PeerID != "" {
			continue
		}
		name := one.Name
		if name == "" {
			name = one.ID
		}
		if f, is := incarnations(name, strange[one.ID]); is {
			list = append(list, f)
			continue
		}
		if connected[one.ID] {
			list = append(list, ok("peer "+name, "it is connected"))
			continue
		}
		list = append(list, away(ctx, p, name, one, status.PeerID != ""))
	}
	if len(list) == 0 {
		return []Finding{{"peers", Warn, "no other host is listed: there is none to negotiate with",
			"list the other hosts under peers; `parley agent --print-id` there prints their ids"}}
	}
	return list
}

// incarnations says what is wrong with the runs of a peer that are heard of.
func incarnations(name string, kind string) (Finding, bool) {
	switch kind {
	case api.Doubled:
		return Finding{"peer " + name, Fail, "two agents run with its key, as after a machine was cloned: no policy chooses it",
			"stop one of the two, or remove its key there, so that it makes one of its own, and list that (docs/network.md)"}, true
	case api.Older:
		return Finding{"peer " + name, Warn, "it announces a lower incarnation than before: its clock was ahead and its state was lost, " +
			"or somebody repeats its old messages",
			"look at the clock there, and whether it is connected; it counts once it proves itself over a connection"}, true
	}
	return Finding{}, false
}

// away says of a peer that is not connected whether its addresses answer; without
// an agent that runs here nobody can be connected.
func away(ctx context.Context, p Probes, name string, peer config.Peer, running bool) Finding {
	f := Finding{"peer " + name, Fail, "it is not connected, and no address of it is listed",
		"list its addresses, such as /ip4/10.0.0.2/tcp/4200"}
	for _, address := range peer.Addresses {
		if err := p.Dial(ctx, address); err != nil {
			f.Text = fmt.Sprintf("it is not connected, and %s does not answer: %v", address, err)
			f.Remedy = "check that the agent runs there and that the network and its firewall let TCP through"
			continue
		}
		if !running {
			return ok("peer "+name, "%s answers", address)
		}
		return Finding{"peer " + name, Fail, fmt.Sprintf("%s answers, but the peer is not connected", address),
			"check that each of the two lists the other's id: `parley agent --print-id`"}
	}
	return f
}
