package models_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/internal/race"
	"parley/models"
	"parley/sim/modeltest"
)

// TestTxtar runs the tests beside the models, as `parley test models` does,
// and holds what they reach: the events of shop all, of the policies most.
func TestTxtar(t *testing.T) {
	if race.Detector {
		t.Skip("one goroutine")
	}
	files, err := filepath.Glob("*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no tests of models", err)
	}
	coverage := map[string]*modeltest.Coverage{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		test, err := modeltest.Load(file, data, modeltest.Sources{
			Read: os.ReadFile, Shipped: models.Text, Libraries: models.Imported(os.ReadFile), Vocabulary: hostagent.Vocabulary(),
		})
		if err != nil {
			t.Fatal(err)
		}
		result := test.Run()
		if !result.Passed() {
			t.Errorf("%s\n%s", result.Text(), strings.Join(result.Story, "\n"))
		}
		if known := coverage[result.Model]; known != nil {
			known.Merge(result.Coverage)
		} else {
			coverage[result.Model] = result.Coverage
		}
	}
	for model, share := range map[string]float64{
		"shop": 1, "seed": 1, "agility": 0.8, "power_saving": 0.8,
		"vickrey": 1, "swap": 1, "priority": 1, "forward": 1, "search": 1, "evacuate": 1,
		"gossip": 1, "sample": 1, "contract_net": 1, "sender_initiated": 1, "load_by_mips": 1, "by_priority": 1,
	} {
		c := coverage[model+"/"+model+".lcc"]
		if c == nil {
			t.Errorf("%s has no tests", model)
			continue
		}
		if reached, all := modeltest.Count(c.Events); float64(reached) < share*float64(all) {
			t.Errorf("got %d of %d events of %s, want a share of %v:\n%s", reached, all, model, share, c.Text())
		}
	}
}
