package libvirt

import (
	"errors"
	"fmt"
	"io"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// arrivalBytes bounds the XML that libvirt passes to its hook.
const arrivalBytes = 4 << 20

// ReadArrival reads the XML of an arriving guest, as libvirt's hook gets it. Its need
// is the guest's maximum: all its virtual processors, including those that are offline,
// and the memory that it can grow to. The source has written the deal and its token
// into the guest's metadata; a guest that Parley does not move has none, or outdated
// ones.
func ReadArrival(text io.Reader) (hostagent.AdmissionAsked, error) {
	data, err := io.ReadAll(io.LimitReader(text, arrivalBytes+1))
	switch {
	case err != nil:
		return hostagent.AdmissionAsked{}, err
	case len(data) > arrivalBytes:
		return hostagent.AdmissionAsked{}, fmt.Errorf("the XML of the domain has more than %d bytes", arrivalBytes)
	}
	var domain libvirtxml.Domain
	if err := domain.Unmarshal(string(data)); err != nil {
		return hostagent.AdmissionAsked{}, fmt.Errorf("the XML of the domain: %w", err)
	}
	if domain.UUID == "" {
		return hostagent.AdmissionAsked{}, errors.New("the XML of the domain names no UUID")
	}
	d, err := describe(string(data), func(string) bool { return true })
	if err != nil {
		return hostagent.AdmissionAsked{}, err
	}
	need := hostagent.Resources{CPU: d.declared.CPU, MemoryBytes: max(d.declared.MemoryBytes, d.memoryMax)}
	switch {
	case d.mark.fault != "":
		return hostagent.AdmissionAsked{}, fmt.Errorf("the metadata of Parley in the XML of the domain: %s", d.mark.fault)
	case need.MemoryBytes == 0:
		return hostagent.AdmissionAsked{}, errors.New("the XML of the domain does not say how much memory it has")
	}
	if err := need.Validate(); err != nil {
		return hostagent.AdmissionAsked{}, fmt.Errorf("the XML of the domain: %w", err)
	}
	return hostagent.AdmissionAsked{
		Guest: hostagent.GuestID(domain.UUID), Deal: d.mark.deal, Token: d.mark.token, Need: need, Rules: d.mark.rules,
	}, nil
}
