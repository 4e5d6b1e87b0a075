package baseline

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/sim/power"
	"parley/sim/trace"
)

// planetLab reads the day of the experiment, or skips the test.
func planetLab(t testing.TB) []trace.Series {
	t.Helper()
	data := os.Getenv("PARLEY_DATA")
	if data == "" {
		t.Skip("set PARLEY_DATA to a directory with planetlab-20110303.tar.gz: the day 20110303 of CloudSim's examples " +
			"(github.com/Cloudslab/cloudsim, examples/workload/planetlab), packed")
	}
	series, err := trace.Open(filepath.Join(data, "planetlab-20110303.tar.gz"))
	if err != nil {
		t.Fatal(err)
	}
	return series
}

// TestRows repeats each run that CloudSim measured. Energy and migrations match to the
// last digit; a slight difference after a change means that it rounds in another place,
// which is still a difference from CloudSim.
func TestRows(t *testing.T) {
	series := planetLab(t)
	for _, row := range Rows() {
		result, err := Run(Options{Series: series, Policy: row.Policy, Stock: row.Stock})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(result.Name(), func(t *testing.T) { compare(t, row, result) })
	}
}

func compare(t *testing.T, row Row, result Result) {
	if got, want := fmt.Sprintf("%.2f", result.EnergyKWh), fmt.Sprintf("%.2f", row.EnergyKWh); got != want {
		t.Errorf("energy: got %s kWh, want %s", got, want)
	}
	if result.Migrations != row.Migrations {
		t.Errorf("migrations: got %d, want %d", result.Migrations, row.Migrations)
	}
	within := func(what string, got, want, digits float64) {
		if math.Abs(got-want) > 1.01*digits {
			t.Errorf("%s: got %.5f %%, want %.5f %%", what, got/percent, want/percent)
		}
	}
	within("SLATAH", result.CountedSLATAH, row.SLATAH, 0.005*percent)
	within("PDM", result.PDM, row.PDM, 0.005*percent)
	if row.Stock {
		within("SLAV", result.CountedSLAV(), row.SLAV, 0.00001*percent)
	} else {
		within("unserved", result.Unserved, row.Unserved, 0.005*percent)
	}
	deleted := 0
	if row.Stock {
		deleted = 532
	}
	if result.Deleted != deleted {
		t.Errorf("deleted guests: got %d, want %d", result.Deleted, deleted)
	}
}

func TestTable(t *testing.T) {
	table := Table([]Result{
		{Policy: LRMMT, Safety: 1.2, Figures: power.Figures{EnergyKWh: 220, Migrations: 44000, SLATAH: 0.01, PDM: 0.0007, Unserved: 0.0023}, CountedSLATAH: 0.0127},
		{Policy: THRMMT, Safety: 0.8, Stock: true, Figures: power.Figures{EnergyKWh: 190, Migrations: 26000, PDM: 0.0006}, CountedSLATAH: 0.05},
		{Policy: LRMMT, Safety: 1.3},
	})
	for _, want := range []string{
		"| LR-MMT 1.2 | 221.38 / 220.00 | 44405 / 44000 | 1.27 % / 1.27 % | - / 1.00 % | 0.07 % / 0.07 % | - / 0.00089 % | 0.23 % / 0.23 % |\n",
		"| THR-MMT 0.8, stock | 192.62 / 190.00 | 26711 / 26000 | 4.91 % / 5.00 % | - / 0.00 % | 0.06 % / 0.06 % | 0.00318 % / 0.00300 % | - " +
			"/ 0.00 % |\n",
		"| LR-MMT 1.3 | - / 0.00 | - / 0 |",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("got\n%swant %q in it", table, want)
		}
	}
}

func BenchmarkDay(b *testing.B) {
	series := planetLab(b)
	for b.Loop() {
		if _, err := Run(Options{Series: series}); err != nil {
			b.Fatal(err)
		}
	}
}
