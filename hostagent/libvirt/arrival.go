package libvirt

import (
	"errors"
	"fmt"
	"io"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// arrivalBytes bounds the XML that libvirt hands to its hook.
const arrivalBytes = 4 << 20

// ReadArrival reads the XML of a guest that is about to come, as libvirt's hook
// gets it. The deal and its token are in the guest's metadata, where the source
// has put them; a guest that Parley does not move has none, or old ones.
func ReadArrival(text io.Reader) (hostagent.Arriving, error) {
	data, err := io.ReadAll(io.LimitReader(text, arrivalBytes+1))
	switch {
	case err != nil:
		return hostagent.Arriving{}, err
	case len(data) > arrivalBytes:
		return hostagent.Arriving{}, fmt.Errorf("the XML of the domain has more than %d bytes", arrivalBytes)
	}
	var domain libvirtxml.Domain
	if err := domain.Unmarshal(string(data)); err != nil {
		return hostagent.Arriving{}, fmt.Errorf("the XML of the domain: %w", err)
	}
	if domain.UUID == "" {
		return hostagent.Arriving{}, errors.New("the XML of the domain names no UUID")
	}
	d, err := describe(string(data), func(string) bool { return true })
	if err != nil {
		return hostagent.Arriving{}, err
	}
	return hostagent.Arriving{
		Guest: hostagent.GuestID(domain.UUID), Deal: d.mark.deal, Token: d.mark.token, Need: d.declared, Rules: d.mark.rules,
	}, nil
}
