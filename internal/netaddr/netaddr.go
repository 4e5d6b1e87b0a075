// Package netaddr is the one rule for peer ids and network addresses in files that
// people write. It needs no network: whoever checks a configuration or a roster can
// use it.
package netaddr

import (
	"fmt"
	"strings"

	ma "github.com/multiformats/go-multiaddr"
)

// idLeast is below the length of every id that a key can have: a shorter text, such as
// 11, may be an id by its form, and no host answers to it.
const idLeast = 32

// IsPeerID says whether a text is a peer id, in any of the ways to write one.
func IsPeerID(text string) bool {
	if len(text) < idLeast {
		return false
	}
	_, err := canonical(text)
	return err == nil
}

// CheckPeer says why a host with this id and these addresses cannot be listed.
func CheckPeer(id string, multiaddrs []string) error {
	want, err := canonical(id)
	if err != nil {
		return fmt.Errorf("%q is not a peer id (`parley agent --print-id` on that host prints it)", id)
	}
	if want != id {
		return fmt.Errorf("%q is another way to write %s: write it so", id, want)
	}
	for _, text := range multiaddrs {
		if err := Check(text); err != nil {
			return err
		}
	}
	return nil
}

// Check says why a text is not a network address.
func Check(text string) error {
	if _, err := ma.NewMultiaddr(text); err != nil {
		return fmt.Errorf("%q is not an address such as /ip4/10.0.0.2/tcp/4200%s", text, faultOf(text))
	}
	return nil
}

// faultOf says which part of an address is wrong; "" where that is not clear.
func faultOf(text string) string {
	parts := strings.Split(strings.TrimSuffix(text, "/"), "/")
	if parts[0] != "" || len(parts) < 2 {
		return ": it begins with /"
	}
	for at := 1; at < len(parts); at++ {
		protocol := ma.ProtocolWithName(parts[at])
		switch {
		case protocol.Code == 0:
			return fmt.Sprintf(": %q is not a protocol such as ip4, ip6, dns4, tcp or udp", parts[at])
		case protocol.Size == 0:
			continue
		case at+1 == len(parts):
			return fmt.Sprintf(": nothing follows %s", parts[at])
		case protocol.Path:
			return ""
		}
		at++
		if _, err := ma.NewComponent(protocol.Name, parts[at]); err == nil {
			continue
		}
		if protocol.Code == ma.P_TCP || protocol.Code == ma.P_UDP {
			return fmt.Sprintf(": %q is not a port, a number up to 65535", parts[at])
		}
		return fmt.Sprintf(": %q is not right for %s", parts[at], protocol.Name)
	}
	return ""
}

// canonical is the usual way to write a peer id.
func canonical(id string) (string, error) {
	component, err := ma.NewComponent("p2p", id)
	if err != nil {
		return "", fmt.Errorf("failed to parse peer ID: %w", err)
	}
	return component.Value(), nil
}
