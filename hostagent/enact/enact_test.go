package enact

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"parley/internal/race"
	"parley/models"
	"parley/models/publish/bundle"
)

// fine is a text that a host enacts: one role measures, the other answers.
const fine = "r(idle, initial).\nr(other, auxiliary).\na(idle, ID) :: null <- load(X) then a(idle, ID)\n" +
	"a(other, ID) :: hello <= a(idle, P) then a(other, ID)\n"

func TestPrepare(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		terms Terms
		code  bundle.Code
		want  string
	}{
		"a fault":            {text: "a(idle, ID) :: tell(X) =>\n", code: bundle.NotChecked, want: "x.lcc has faults (`parley check` shows more): x.lcc:1"},
		"no constraint":      {text: "r(idle, initial).\na(idle, ID) :: null <- lod(X) then a(idle, ID)\n", code: bundle.NoVocabulary, want: "no host has the constraint lod/1"},
		"nothing initial":    {text: "a(idle, ID) :: null <- load(X) then a(idle, ID)\n", code: bundle.NotChecked, want: "no role is initial"},
		"it fails by itself": {text: "r(idle, initial).\na(idle, ID) :: null <- X is 1 / 0 then a(idle, ID)\n", code: bundle.NotRun, want: "x.lcc: the role"},
		"a refused role":     {text: fine, terms: Terms{RefuseRoles: []string{"idle"}}, code: bundle.NotAccepted, want: "begins in the role idle, which this host refuses"},
	} {
		_, v := Prepare("x.lcc", []byte(c.text), c.terms)
		if r := v.Refusal(); r == nil || r.Code != c.code || !strings.Contains(r.Detail, c.want) {
			t.Errorf("%s: got %v, want %s with %q", name, v.Err(), c.code, c.want)
		}
	}
	m, v := Prepare("x.lcc", []byte(fine), Terms{RefuseRoles: []string{"other", "b", "other"}})
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(m.Refuse, []string{"b", "other"}) {
		t.Errorf("got refused roles %v", m.Refuse)
	}
}

// Every shipped policy of hosts is enacted.
func TestPrepareShippedPolicies(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	for _, name := range models.Names() {
		text, _ := models.Text(name)
		if _, v := Prepare(name+".lcc", text, Terms{}); v.Err() != nil && name != "shop" {
			t.Errorf("%s: %v", name, v.Err())
		}
	}
}

func TestTermsAccept(t *testing.T) {
	terms := Terms{Models: []string{"agility", "fed_*"}}
	for name, want := range map[string]bool{"agility": true, "agility.lcc": true, "fed_swap.lcc": true, "swap": false} {
		if got := terms.Accepts(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	if !(Terms{}).Accepts("anything") {
		t.Error("no terms accept everything")
	}
}

func TestStartsLeaveRefusedRolesOut(t *testing.T) {
	m, v := Prepare("x.lcc", []byte("r(a, initial).\nr(b, initial).\na(a, ID) :: null <- load(X) then a(a, ID)\na(b, ID) :: null <- "+
		"load(X) then a(b, ID)\n"), Terms{})
	if err := v.Err(); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(Starts(m.Model, []string{"a"})); !strings.Contains(got, "{b") || strings.Contains(got, "{a") {
		t.Errorf("got %s, want the role b alone", got)
	}
}

func TestCache(t *testing.T) {
	var c Cache
	policy := bundle.Policy{Name: "p", Files: []bundle.Entry{{Path: "x.lcc"}}}
	prepared := func(text string, terms Terms) Model {
		t.Helper()
		list, err := c.Policy(terms, policy, map[string][]byte{"x.lcc": []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return list[0]
	}
	first := prepared(fine, Terms{})
	if again := prepared(fine, Terms{}); again.Model != first.Model {
		t.Error("the same text was compiled twice")
	}
	if other := prepared(fine, Terms{RefuseRoles: []string{"other"}}); other.Model == first.Model || other.Same(first) {
		t.Error("other terms got the model of the first")
	}
	for i := range cacheMost {
		prepared(fmt.Sprintf("%s%% %d\n", fine, i), Terms{})
	}
	if len(c.each) != cacheMost || len(c.last) != cacheMost {
		t.Errorf("got %d models and %d keys, want %d", len(c.each), len(c.last), cacheMost)
	}
	if again := prepared(fine, Terms{}); again.Model == first.Model {
		t.Error("the oldest model was kept")
	}
	if _, err := c.Policy(Terms{Models: []string{"y"}}, policy, nil); bundle.CodeOf(err) != bundle.NotAccepted {
		t.Errorf("got %v, want the model not accepted", err)
	}
}
