package libvirt

import (
	"encoding/xml"
	"fmt"
	"strings"
	"time"

	"libvirt.org/go/libvirtxml"

	"parley/hostagent"
)

// This file reads what a domain's XML says. It needs no libvirt.

// metadataURI names Parley's element in a domain's metadata, metadataKey its
// prefix there. What is in it travels with the guest.
const (
	metadataURI = "urn:parley:guest:1"
	metadataKey = "parley"
)

// mark is Parley's element: <guest moved="2026-01-02T15:04:05Z"/>.
type mark struct {
	XMLName xml.Name `xml:"guest"`
	Moved   string   `xml:"moved,attr,omitempty"`
}

// markText is the element that says when a guest was moved.
func markText(moved time.Time) (string, error) {
	data, err := xml.Marshal(mark{Moved: moved.UTC().Format(time.RFC3339)})
	return string(data), err
}

// described is what Parley needs to know of a domain's XML.
type described struct {
	declared   hostagent.Resources
	ineligible string
	movedAt    time.Time
}

// describe reads a domain's XML. shared says whether a path lies on storage
// that the other hosts see as well.
func describe(text string, shared func(path string) bool) (described, error) {
	var domain libvirtxml.Domain
	if err := domain.Unmarshal(text); err != nil {
		return described{}, fmt.Errorf("the XML of a domain: %w", err)
	}
	d := described{ineligible: ineligible(&domain, shared)}
	if domain.VCPU != nil {
		d.declared.CPU = float64(domain.VCPU.Value)
	}
	if domain.Memory != nil {
		bytes, err := inBytes(domain.Memory.Value, domain.Memory.Unit)
		if err != nil {
			return described{}, err
		}
		d.declared.MemoryBytes = bytes
	}
	if domain.Metadata != nil {
		d.movedAt = movedAt(domain.Metadata.XML)
	}
	return d, nil
}

// inBytes reads libvirt's units of memory; without one it is KiB.
func inBytes(value uint, unit string) (int64, error) {
	scale := map[string]int64{
		"b": 1, "bytes": 1, "KB": 1e3, "k": 1 << 10, "KiB": 1 << 10, "": 1 << 10,
		"MB": 1e6, "M": 1 << 20, "MiB": 1 << 20, "GB": 1e9, "G": 1 << 30, "GiB": 1 << 30,
		"TB": 1e12, "T": 1 << 40, "TiB": 1 << 40,
	}[unit]
	if scale == 0 {
		return 0, fmt.Errorf("the XML of a domain: memory in the unknown unit %q", unit)
	}
	return int64(value) * scale, nil
}

// movedAt finds Parley's element in a domain's metadata. One that cannot be
// read counts as none: it is a hint for damping, nothing is lost without it.
func movedAt(metadata string) time.Time {
	decoder := xml.NewDecoder(strings.NewReader("<metadata>" + metadata + "</metadata>"))
	for {
		token, err := decoder.Token()
		if err != nil {
			return time.Time{}
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space != metadataURI && start.Name.Space != metadataKey || start.Name.Local != "guest" {
			continue
		}
		for _, attr := range start.Attr {
			if at, err := time.Parse(time.RFC3339, attr.Value); attr.Name.Local == "moved" && err == nil {
				return at
			}
		}
	}
}
