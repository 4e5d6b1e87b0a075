package libvirt

import (
	"encoding/xml"
	"strings"
)

// This file reads and writes what libvirt drops when it migrates a guest and Parley
// carries along: currently whether the guest starts with its host. It is an element
// beside the mark, which an agent that does not know it ignores. The source writes it
// before the migration; the target applies it and only then removes it, so that a crash
// on either side loses nothing.

const (
	carriedURI = "urn:parley:carried:1"
	carriedKey = "parley-carried"
)

// carried is the element <carried autostart="yes"/>.
type carried struct {
	autostart bool
}

// text encodes the element; "", which removes it, if there is nothing to carry.
func (c carried) text() string {
	if !c.autostart {
		return ""
	}
	return `<carried autostart="yes"/>`
}

// readCarried finds the element in a domain's metadata. An unreadable one carries
// nothing.
func readCarried(metadata string) (c carried) {
	decoder := xml.NewDecoder(strings.NewReader("<metadata>" + metadata + "</metadata>"))
	for {
		token, err := decoder.Token()
		if err != nil {
			return carried{}
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space != carriedURI || start.Name.Local != "carried" {
			continue
		}
		for _, attr := range start.Attr {
			if attr.Name.Local == "autostart" {
				c.autostart = attr.Value == "yes"
			}
		}
		return c
	}
}
