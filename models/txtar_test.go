package models_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/hostagent"
	"parley/models"
	"parley/sim/modeltest"
)

// TestTxtar runs the tests beside the models, as `parley test models` does,
// and holds what they reach: the events of shop all, of the policies most.
func TestTxtar(t *testing.T) {
	files, err := filepath.Glob("*.txtar")
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
			Read: os.ReadFile, Shipped: models.Text, Vocabulary: hostagent.Vocabulary(),
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
		"shop.lcc": 1, "seed.lcc": 1, "agility.lcc": 0.8, "power_saving.lcc": 0.8,
		"vickrey.lcc": 1, "swap.lcc": 1, "priority.lcc": 1, "forward.lcc": 1, "search.lcc": 1, "evacuate.lcc": 1,
		"gossip.lcc": 1, "sample.lcc": 1, "contract_net.lcc": 1, "sender_initiated.lcc": 1,
	} {
		c := coverage[model]
		if c == nil {
			t.Errorf("%s has no tests", model)
			continue
		}
		if reached, all := modeltest.Count(c.Events); float64(reached) < share*float64(all) {
			t.Errorf("got %d of %d events of %s, want a share of %v:\n%s", reached, all, model, share, c.Text())
		}
	}
}
