package libvirt

import (
	"encoding/xml"
	"strings"
)

// This file reads and writes what libvirt leaves behind when it moves a guest, and
// Parley carries: today whether the guest starts with its host. It stands in an
// element of its own beside the mark, which an agent that does not know it passes
// over. The source writes it before the move; the target does as it says, and only
// then takes it away, so that a crash on either side loses nothing.

const (
	carriedURI = "urn:parley:carried:1"
	carriedKey = "parley-carried"
)

// carried is the element <carried autostart="yes"/>.
type carried struct {
	autostart bool
}

// text writes the element; "", which removes it, when there is nothing to carry.
func (c carried) text() string {
	if !c.autostart {
		return ""
	}
	return `<carried autostart="yes"/>`
}

// readCarried finds the element in a domain's metadata. One that cannot be read
// carries nothing.
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
