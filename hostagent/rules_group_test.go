package hostagent

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A limit counts the guests of its label, whoever of them has the rule. One that is exceeded
// already keeps away who is counted, and nobody else.
func TestAtMost(t *testing.T) {
	web := func(limits ...string) Rules { return Rules{Labels: []string{"app=web"}, AtMost: limits} }
	for name, c := range map[string]struct {
		come Rules
		here []Rules
		want string // in the refusal; "": it may come
	}{
		"nobody is there":              {web("app=web:1"), nil, ""},
		"one too many":                 {web("app=web:1"), []Rules{web()}, "at most 1 guests with the label app=web may be on a host, and with it there would be 2"},
		"as many as may be":            {web("app=web:2"), []Rules{web()}, ""},
		"the rule is another's":        {web(), []Rules{web("app=web:2"), web()}, "at most 2"},
		"the least counts":             {web("app=web:3"), []Rules{web("app=web:1")}, "at most 1"},
		"exceeded, and not counted":    {Rules{Labels: []string{"app=db"}}, []Rules{web("app=web:1"), web("app=web:1")}, ""},
		"exceeded, and counted":        {web(), []Rules{web("app=web:1"), web("app=web:1")}, "would be 3"},
		"it looks at others only":      {Rules{AtMost: []string{"app=web:1"}}, []Rules{web(), web()}, "would be 2"},
		"of another label":             {web("app=db:1"), []Rules{web(), web()}, ""},
		"a label that begins the same": {Rules{Labels: []string{"app=web2"}}, []Rules{web("app=web:1")}, ""},
		"a label with a colon": {Rules{Labels: []string{"app=a:1"}, AtMost: []string{"app=a:1:1"}}, []Rules{{Labels: []string{"app=a:1"}}},
			"the label app=a:1 may"},
	} {
		var others []neighbour
		for i, r := range c.here {
			others = append(others, neighbour{fmt.Sprint("g", i), r})
		}
		got := crowded(c.come, others)
		if got.Is() != (c.want != "") || !strings.Contains(got.Detail, c.want) || got.Is() && got.Code != CodeApart {
			t.Errorf("%s: got %v, want %q", name, got, c.want)
		}
	}
}

func TestWrongLimits(t *testing.T) {
	for text, want := range map[string]string{
		"app=web": "write key=value:n", "app=web:": "1 to 10000", "app=web:0": "1 to 10000", "app=web:x": "1 to 10000",
		"app:2": "is no label", ":2": "is no label", "app=web:20000": "1 to 10000",
	} {
		if err := (Rules{AtMost: []string{text}}).Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
	if err := (Rules{Avoids: []string{"h3"}}).Validate(); err == nil || !strings.Contains(err.Error(), "avoids: ") {
		t.Errorf("avoids: got %v", err)
	}
	if err := (Rules{Avoids: []string{"host=h3"}, AtMost: []string{"app=web:2"}}).Validate(); err != nil {
		t.Error(err)
	}
}

// A host takes no guest that avoids one of its labels, and no more of a group than may be there;
// moves that are only recommended count.
func TestGroupsAtTarget(t *testing.T) {
	for name, c := range map[string]struct {
		rules       Rules
		and         string // is said of the second guest
		labels      []string
		first       string // is said of the first guest; "": it may come
		recommended bool
	}{
		"both may come":          {rules: Rules{Labels: []string{"app=web"}, AtMost: []string{"app=web:2"}}},
		"one may come":           {rules: Rules{Labels: []string{"app=web"}, AtMost: []string{"app=web:1"}}, and: "at most 1"},
		"one may be recommended": {rules: Rules{Labels: []string{"app=web"}, AtMost: []string{"app=web:1"}}, and: "at most 1", recommended: true},
		"the host is avoided": {rules: Rules{Avoids: []string{"rack=b"}}, labels: []string{"rack=b"},
			first: "must not be on a host with the label rack=b", and: "rack=b"},
		"another is": {rules: Rules{Avoids: []string{"rack=a"}}, labels: []string{"rack=b"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, a, b := adviceWorld(t)
			b.core.config.Labels, b.core.config.Recommend = c.labels, c.recommended
			a.core.config.Recommend = c.recommended
			for _, guest := range []GuestID{"web1", "web2"} {
				a.guests[guest].rules = c.rules
			}
			w.run(2 * time.Second)
			if why := w.moveByModel(b, "web1"); (why == "") != (c.first == "") || !strings.Contains(why, c.first) {
				t.Fatalf("the first: got %q, want %q", why, c.first)
			}
			if !c.recommended {
				w.run(time.Minute) // until it is there
			}
			if why := w.moveByModel(b, "web2"); (why == "") != (c.and == "") || !strings.Contains(why, c.and) {
				t.Errorf("the second: got %q, want %q", why, c.and)
			}
		})
	}
}
