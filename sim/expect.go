package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Expectation is an assertion about a run. It is about where a guest is (Guest with On
// or Gone), whether a host is empty (Host with Empty), the entries of the run (Told),
// the text of an agent's status (Host with Says), or a number (Number with Least and
// Most).
type Expectation struct {
	Guest, Host string
	On          []string // the guest runs on one of these hosts
	Gone        bool     // the guest runs nowhere
	Empty       bool     // no guest runs on the host or is moving to it
	Told        string   // between Least (default 1) and Most entries contain this text
	Says        string   // the status of the host's agent contains this text
	Number      string   // one of NumberKinds
	Least, Most *float64
	// By: it holds at some moment until then. At: it holds at that moment. From and
	// Until: it holds all the time between them; entries and numbers of events are
	// counted in that time. None of them: at the end, or in the whole run.
	By, At, From, Until time.Duration
	// Known is why the expectation is known to fail; it is then an error if it holds.
	Known string
}

// numbers are what can be counted: a state at a moment, or events in a period.
var numbers = map[string]struct{ state bool }{
	"guests": {true}, "load": {true}, "deals": {true}, "blocked": {true}, "messages": {true},
	"moves": {}, "by_hand": {}, "failed": {}, "refused": {}, "stuck": {}, "ping_pongs": {}, "not_emptied": {},
}

// NumberKinds lists the values of Number, for errors.
func NumberKinds() string {
	return strings.Join(slices.Sorted(maps.Keys(numbers)), ", ")
}

// Wrong describes what is invalid in an expectation, and in which key; "": nothing.
func (e Expectation) Wrong() (key, why string) {
	kinds := 0
	for _, is := range []bool{len(e.On) > 0, e.Gone, e.Empty, e.Told != "", e.Says != "", e.Number != ""} {
		if is {
			kinds++
		}
	}
	number, known := numbers[e.Number]
	for _, c := range []struct {
		bad      bool
		key, why string
	}{
		{kinds != 1, "guest", "give one of: on, gone, empty, told, says, number"},
		{(len(e.On) > 0 || e.Gone) && e.Guest == "", "guest", "say which guest is there, or gone"},
		{(e.Empty || e.Says != "") && e.Host == "", "host", "say which host is empty, or says so"},
		{(e.Number == "load" || e.Number == "blocked") && e.Host == "", "host", "say whose it is"},
		{e.Number != "" && !known, "number", fmt.Sprintf("%q: give %s", e.Number, NumberKinds())},
		{e.Number != "" && e.Least == nil && e.Most == nil, "number", "give least, most or both"},
		{e.Number == "" && e.Told == "" && (e.Least != nil || e.Most != nil), "least", "least and most are for number and told"},
		{e.Least != nil && e.Most != nil && *e.Least > *e.Most, "least", "it is above most"},
		{e.By < 0 || e.At < 0 || e.From < 0 || e.Until < 0, "by", "its times are not negative"},
		{(e.By > 0 && e.At > 0) || (e.By > 0 || e.At > 0) && (e.From > 0 || e.Until > 0), "by", "give by, at, or from and until"},
		{e.Until > 0 && e.Until < e.From, "until", "it is before from"},
		{(e.Told != "" || known && !number.state) && (e.By > 0 || e.At > 0), "by", "what is counted has from and until"},
	} {
		if c.bad {
			return c.key, c.why
		}
	}
	return "", ""
}

// String describes the expectation for people.
func (e Expectation) String() string {
	var what string
	switch {
	case len(e.On) > 0:
		what = fmt.Sprintf("guest %s is on %s", e.Guest, strings.Join(e.On, " or "))
	case e.Gone:
		what = fmt.Sprintf("guest %s runs nowhere", e.Guest)
	case e.Empty:
		what = fmt.Sprintf("host %s is empty", e.Host)
	case e.Says != "":
		what = fmt.Sprintf("the status of %s says %q", e.Host, e.Says)
	case e.Told != "":
		what = fmt.Sprintf("it is told %q%s", e.Told, e.bounds())
	default:
		what = e.Number + e.bounds()
	}
	if len(e.On) == 0 && !e.Gone && e.Guest != "" {
		what += ", of guest " + e.Guest
	}
	if !e.Empty && e.Says == "" && e.Host != "" {
		what += ", of host " + e.Host
	}
	switch {
	case e.By > 0:
		what += fmt.Sprintf(", by %v", e.By)
	case e.At > 0:
		what += fmt.Sprintf(", at %v", e.At)
	case e.Until > 0:
		what += fmt.Sprintf(", from %v until %v", e.From, e.Until)
	case e.From > 0:
		what += fmt.Sprintf(", from %v on", e.From)
	}
	return what
}

func (e Expectation) bounds() string {
	text := ""
	if e.Least != nil {
		text += fmt.Sprintf(", at least %g", *e.Least)
	}
	if e.Most != nil {
		text += fmt.Sprintf(", at most %g", *e.Most)
	}
	return text
}

// within says whether a number is within the bounds; without bounds, at least 1.
func (e Expectation) within(n float64) bool {
	if e.Least == nil && e.Most == nil {
		return n >= 1
	}
	return (e.Least == nil || n >= *e.Least) && (e.Most == nil || n <= *e.Most)
}
