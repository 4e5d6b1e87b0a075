// Package netaddr is the one rule for peer ids and network addresses in files that
// people write. It needs no network: whoever checks a configuration or a roster can
// use it.
package netaddr

import (
	"fmt"

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
		return fmt.Errorf("%q is not a peer id (`parley agent --print-id` on that host prints it): %w", id, err)
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
		return fmt.Errorf("%q is not an address such as /ip4/10.0.0.2/tcp/4200: %w", text, err)
	}
	return nil
}

// canonical is the usual way to write a peer id.
func canonical(id string) (string, error) {
	component, err := ma.NewComponent("p2p", id)
	if err != nil {
		return "", fmt.Errorf("failed to parse peer ID: %w", err)
	}
	return component.Value(), nil
}
