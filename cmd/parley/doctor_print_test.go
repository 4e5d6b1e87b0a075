package main

import (
	"strings"
	"testing"

	"parley/hostagent/doctor"
)

// Findings are as wide as the terminal, and each of several faults has a line of its own.
func TestFindingsAreWrapped(t *testing.T) {
	t.Setenv("COLUMNS", "60")
	var out strings.Builder
	printFindings(&out, []doctor.Finding{{
		Check: "configuration", State: doctor.Fail,
		Text:   "parley.yaml:2:1: there is no key \"hots\" here: did you mean \"host\"?\nparley.yaml:3:1: the second fault",
		Remedy: "correct parley.yaml: `parley agent --print-config` prints every key",
	}})
	const want = `fail  configuration  parley.yaml:2:1: there is no key "hots"
                     here: did you mean "host"?
                     parley.yaml:3:1: the second fault
                     -> correct parley.yaml: ` + "`parley agent\n                        --print-config` prints every key\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
