package main

import (
	"encoding/xml"
	"io"
	"strings"

	"parley/hostagent/site"
)

// What a constraint weighs in a Pacemaker cluster: where the guest is counts more than who is
// to take it, so that none is moved.
const (
	scoreHere = 200
	scoreNext = 100
)

// constraints are the section of a cluster's configuration.
type constraints struct {
	XMLName   xml.Name     `xml:"constraints"`
	Locations []preference `xml:"rsc_location"`
}

// preference is how much a resource prefers a node.
type preference struct {
	ID       string `xml:"id,attr"`
	Resource string `xml:"rsc,attr"`
	Node     string `xml:"node,attr"`
	Score    int    `xml:"score,attr"`
}

// writePacemaker writes where each guest is, and who is to take it next. The ids are those of the
// guests, so that a later plan replaces this one. Processes are no resources of a cluster.
func writePacemaker(out io.Writer, s site.Survival) error {
	var c constraints
	for _, f := range s.Failures {
		for _, g := range f.Guests {
			if g.To == "" || g.Kind == "process" {
				continue
			}
			id, name := xmlName(g.Guest), nameOrID(g.Name, g.Guest)
			c.Locations = append(c.Locations,
				preference{"parley-here-" + id, name, g.From, scoreHere}, preference{"parley-next-" + id, name, g.To, scoreNext})
		}
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(c); err != nil {
		return err
	}
	_, err := io.WriteString(out, "\n")
	return err
}

// xmlName replaces what may not be part of a name in XML.
func xmlName(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r) {
			return r
		}
		return '_'
	}, text)
}
