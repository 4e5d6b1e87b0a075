package docs_test

import (
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"parley/docs"
	"parley/sim/scenario"
)

// keys lists the keys of a section and of those in it.
func keys(t reflect.Type, prefix string, into map[string]bool) {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return
	}
	for field := range t.Fields() {
		switch key := field.Tag.Get("yaml"); key {
		case "":
		case ",inline":
			keys(field.Type, prefix, into)
		default:
			into[prefix+key] = true
			keys(field.Type, prefix+key+".", into)
		}
	}
}

// scenarios.md describes every key of a scenario, and none that there is not.
func TestScenarioKeys(t *testing.T) {
	there := map[string]bool{}
	keys(reflect.TypeFor[scenario.Scenario](), "", there)
	described := map[string]bool{}
	for _, row := range regexp.MustCompile("(?m)^\\| `([a-z_.]+)` \\| (.+) \\| (.+) \\|$").FindAllStringSubmatch(page(t, "scenarios.md"), -1) {
		if key := row[1]; !strings.HasPrefix(row[2], "`") || there[key] { // the rows of the kinds of loads have keys there
			if described[key] {
				t.Errorf("scenarios.md describes %s twice", key)
			}
			described[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(there)) {
		if !described[key] {
			t.Errorf("scenarios.md does not describe %s", key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(described)) {
		if !there[key] {
			t.Errorf("scenarios.md describes %s, which is not a key", key)
		}
	}
}

// A key of agent has the default that configuration.md gives it.
func TestScenarioDefaults(t *testing.T) {
	compared := 0
	for _, key := range docs.Configuration() {
		row := regexp.MustCompile("(?m)^\\| `agent\\." + regexp.QuoteMeta(key.Key) + "` \\| (.+?) \\|").FindStringSubmatch(page(t,
			"scenarios.md"))
		if row == nil {
			continue
		}
		compared++
		if want := strings.Trim(key.Default, "`"); row[1] != want {
			t.Errorf("scenarios.md: the default of agent.%s: got %s, want %s", key.Key, row[1], want)
		}
	}
	if compared < 15 {
		t.Errorf("%d defaults were compared, want at least 15", compared)
	}
}

// The scenario that the page shows is one.
func TestScenarioShown(t *testing.T) {
	_, text, found := strings.Cut(page(t, "scenarios.md"), "A small one:\n\n")
	text, _, ends := strings.Cut(text, "\n\n`examples/scenarios`")
	if !found || !ends {
		t.Fatal("scenarios.md has no small scenario")
	}
	text = strings.ReplaceAll("\n"+text, "\n    ", "\n")
	s, err := scenario.Read(strings.NewReader(text), "scenarios.md", scenario.Options{})
	if err != nil {
		t.Fatal(err)
	}
	site, err := s.Site(1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(site.Hosts) != 2 || len(site.Guests) != 8 || site.Guests[7].Host != "host1" {
		t.Errorf("got %d hosts and %d guests, want 2 and 8 on the first", len(site.Hosts), len(site.Guests))
	}
}
