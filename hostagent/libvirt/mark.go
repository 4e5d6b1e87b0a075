package libvirt

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/hostagent"
)

// This file reads and writes Parley's element in a domain's metadata. The element
// travels with the guest.

// metadataURI names the element; metadataKey is its prefix in a domain's XML.
const (
	metadataURI = "urn:parley:guest:1"
	metadataKey = "parley"
)

// mark is the element:
//
//	<guest moved="2026-01-02T15:04:05Z" pin="yes" ignore="yes" priority="5"
//	 labels="tier=web,team=a" requires="rack=a" near="app=shop" apart="tier=web"
//	 deal="..." token="..."/>
//
// deal and token are those of the last migration begun: the target's admission check
// reads them.
type mark struct {
	moved time.Time
	rules hostagent.Rules
	deal  hostagent.DealID
	token string
	fault string // why it cannot be read; then none of it is used
}

// markElement is the encoding of a mark.
type markElement struct {
	XMLName  xml.Name `xml:"guest"`
	Moved    string   `xml:"moved,attr,omitempty"`
	Pin      string   `xml:"pin,attr,omitempty"`
	Ignore   string   `xml:"ignore,attr,omitempty"`
	Priority int      `xml:"priority,attr,omitempty"`
	Labels   string   `xml:"labels,attr,omitempty"`
	Requires string   `xml:"requires,attr,omitempty"`
	Near     string   `xml:"near,attr,omitempty"`
	Apart    string   `xml:"apart,attr,omitempty"`
	Avoids   string   `xml:"avoids,attr,omitempty"`
	AtMost   string   `xml:"at_most,attr,omitempty"`
	Deal     string   `xml:"deal,attr,omitempty"`
	Token    string   `xml:"token,attr,omitempty"`
}

// text encodes a mark; "", which removes the element, if the mark is empty.
func (m mark) text() (string, error) {
	e := markElement{
		Pin: yes(m.rules.Pinned), Ignore: yes(m.rules.Ignored), Priority: m.rules.Priority,
		Labels: strings.Join(m.rules.Labels, ","), Requires: strings.Join(m.rules.Requires, ","),
		Near: strings.Join(m.rules.Near, ","), Apart: strings.Join(m.rules.Apart, ","),
		Avoids: strings.Join(m.rules.Avoids, ","), AtMost: strings.Join(m.rules.AtMost, ","),
		Deal: string(m.deal), Token: m.token,
	}
	if !m.moved.IsZero() {
		e.Moved = m.moved.UTC().Format(time.RFC3339)
	}
	if e == (markElement{}) {
		return "", nil
	}
	data, err := xml.Marshal(e)
	return string(data), err
}

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// readMark finds Parley's element in a domain's metadata. A faulty element is not
// ignored: it may have meant that the guest is pinned.
func readMark(metadata string) (m mark) {
	decoder := xml.NewDecoder(strings.NewReader("<metadata>" + metadata + "</metadata>"))
	for {
		token, err := decoder.Token()
		if err != nil {
			return mark{}
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name.Space != metadataURI && start.Name.Space != metadataKey || start.Name.Local != "guest" {
			continue
		}
		for _, attr := range start.Attr {
			if attr.Name.Local == "xmlns" || attr.Name.Space == "xmlns" {
				continue
			}
			if err := m.set(attr.Name.Local, attr.Value); err != nil {
				return mark{fault: err.Error()}
			}
		}
		if err := m.rules.Validate(); err != nil {
			return mark{fault: err.Error()}
		}
		return m
	}
}

func (m *mark) set(name, value string) (err error) {
	switch name {
	case "moved":
		m.moved, err = time.Parse(time.RFC3339, value)
	case "pin":
		m.rules.Pinned, err = isYes(value)
	case "ignore":
		m.rules.Ignored, err = isYes(value)
	case "priority":
		m.rules.Priority, err = strconv.Atoi(value)
	case "labels":
		m.rules.Labels = labels(value)
	case "requires":
		m.rules.Requires = labels(value)
	case "near":
		m.rules.Near = labels(value)
	case "apart":
		m.rules.Apart = labels(value)
	case "avoids":
		m.rules.Avoids = labels(value)
	case "at_most":
		m.rules.AtMost = labels(value)
	case "deal":
		m.deal = hostagent.DealID(value)
	case "token":
		m.token = value
	default:
		return fmt.Errorf("there is no attribute %q", name)
	}
	if err != nil {
		return fmt.Errorf("%s=%q: %w", name, value, err)
	}
	return nil
}

func isYes(value string) (bool, error) {
	switch value {
	case "yes", "true", "1", "on":
		return true, nil
	case "no", "false", "0", "off", "":
		return false, nil
	}
	return false, fmt.Errorf("write yes or no")
}

func labels(value string) []string {
	var list []string
	for label := range strings.SplitSeq(value, ",") {
		if label = strings.TrimSpace(label); label != "" {
			list = append(list, label)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
