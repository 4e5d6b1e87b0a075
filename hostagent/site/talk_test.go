package site

import (
	"fmt"
	"strings"
	"testing"
)

// What a message carries is seen from its name and from a deal in it.
func TestCarried(t *testing.T) {
	for term, want := range map[string]Messages{
		`ask("g1",need(1,2),0.8)`: {Asks: 1}, "probe": {Asks: 1}, "refuse": {Refusals: 1}, "refuse(full)": {Refusals: 1},
		"migration(no)": {Refusals: 1}, `accept(deal("d1","hidden",10))`: {Deals: 1}, `kept(deal("d1","hidden",10))`: {Refusals: 1},
		`accept("g1",deal("d1","hidden",10))`: {Deals: 1}, `bid("deal",1)`: {Asks: 1},
	} {
		if got := Carried(term); got != want {
			t.Errorf("%s: got %+v, want %+v", term, got, want)
		}
	}
}

// A host names those with which it exchanges most, and says how many others there are.
func TestLoudest(t *testing.T) {
	var list []Talk
	for i := range talksMost + 4 {
		list = append(list, Talk{With: fmt.Sprintf("h%02d", i), Sent: []Messages{{}, {}, {Asks: i}}, Received: []Messages{{}, {}, {Deals: i}}})
	}
	kept, omitted := Loudest(list)
	if len(kept) != talksMost || omitted != 4 || kept[0].With != "h04" || kept[talksMost-1].With != fmt.Sprintf("h%02d", talksMost+3) {
		t.Errorf("got %d of %+v, %d omitted", len(kept), kept, omitted)
	}
	if kept, omitted = Loudest(nil); len(kept)+omitted != 0 {
		t.Errorf("of none: got %v, %d omitted", kept, omitted)
	}
}

// A question that names too much is refused.
func TestTalkQuestion(t *testing.T) {
	for text, want := range map[string]string{
		`{"talk":{}}`:                       "",
		`{"talk":{"with":"p2"}}`:            "",
		`{"talk":{"with":"p2"},"deal":"d"}`: "two things",
		`{"talk":{"from":"p2"}}`:            "not understood",
		`{"talk":{"with":"` + strings.Repeat("x", peerIDBytes+1) + `"}}`: "peer id has",
	} {
		_, err := DecodeQuestion([]byte(text))
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
