package main

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"parley/internal/race"
)

// A search prints facts that make the policy of the front, and draws the front.
func TestTune(t *testing.T) {
	if race.Detector {
		t.Skip("its goroutines are those of sim/compare, whose tests the detector watches")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("two.yaml", []byte(twoHosts+"run: {limit: 20m}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	command := "sim tune two.yaml agility --vary gap=0.05:3.0 --candidates 8 --seeds 2 --html front.html --json front.json"
	if code := run(strings.Fields(command), strings.NewReader(""), &out, &errs); code != 0 {
		t.Fatalf("got code %d and %s", code, &errs)
	}
	for _, want := range []string{"agility[gap=", "facts to paste\ngap(", "--first-seed 3", "command: parley " + "sim tune two.yaml agility"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("got\n%s\nwant %q", &out, want)
		}
	}
	if !strings.Contains(errs.String(), "energy is no goal of this search") {
		t.Errorf("got %s, want that energy is not measured", &errs)
	}
	page, err := os.ReadFile("front.html")
	if err != nil || !bytes.Contains(page, []byte(`<h2 id="front">Front</h2>`)) || bytes.Count(page, []byte(`<div class="scatter"`)) != 3 {
		t.Errorf("the page has no front of three goals (%v)", err)
	}
	text, err := os.ReadFile("front.json")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Front struct {
			Goals  []string
			Points []struct {
				Name  string
				Seeds int
				On    bool
			}
		}
	}
	if err := json.Unmarshal(text, &got); err != nil || len(got.Front.Goals) != 3 || len(got.Front.Points) < 7 {
		t.Errorf("got %v and %+v, want all candidates by three goals", err, got)
	}
}

func TestTuneFlags(t *testing.T) {
	if race.Detector {
		t.Skip("its goroutines are those of sim/compare, whose tests the detector watches")
	}
	t.Chdir(t.TempDir())
	if err := os.WriteFile("two.yaml", []byte(twoHosts), 0o644); err != nil {
		t.Fatal(err)
	}
	const tune = "sim tune two.yaml "
	refused(t, map[string]string{
		tune + "agility --vary gap":            "such as gap=0.05:0.5",
		tune + "agility --vary gpa=0.1:1.0":    "did you mean gap?",
		tune + "agility --goals boot":          `did you mean "boots"?`,
		tune + "agility --goals hosts_empty":   "neither more nor less hosts_empty is better",
		tune + "agility --goals boots,boots":   "boots is there twice",
		tune + "agility --candidates 0":        "--candidates is 0",
		tune + "agility+swap":                  "name one policy",
		tune + "agility[gap=0.5]":              "name one policy",
		tune + "agilty":                        `did you mean "agility"?`,
		tune + "agility --vary gap=many:more ": "\"many\" is no number",
	})
}
