package baseline

import (
	"fmt"
	"strings"
)

// Row is CloudSim 3.0.3's measurement on PlanetLab's day of 3 March 2011, with 1,052
// guests and 800 hosts.
type Row struct {
	Policy     Policy
	Safety     float64
	Stock      bool // with both faults
	EnergyKWh  float64
	Migrations int
	SLATAH     float64 // a share, like all that follow
	PDM        float64
	SLAV       float64 // 0 in rows that are not stock: not measured
	Unserved   float64 // 0 in rows that are stock: not measured
}

const percent = 0.01

var rows = []Row{
	{Policy: DVFS, EnergyKWh: 927.99},
	{THRMMT, 0.8, false, 253.76, 41634, 0.11 * percent, 0.06 * percent, 0, 0.07 * percent},
	{IQRMMT, 1.5, false, 254.45, 42279, 0.11 * percent, 0.06 * percent, 0, 0.07 * percent},
	{MADMMT, 2.5, false, 249.68, 41767, 0.14 * percent, 0.06 * percent, 0, 0.08 * percent},
	{LRMMT, 1.2, false, 221.38, 44405, 1.27 * percent, 0.07 * percent, 0, 0.23 * percent},
	{Policy: NeverOff, Stock: true, EnergyKWh: 2410.80},
	{Policy: DVFS, Stock: true, EnergyKWh: 802.75},
	{THRMMT, 0.8, true, 192.62, 26711, 4.91 * percent, 0.06 * percent, 0.00318 * percent, 0},
	{IQRMMT, 1.5, true, 189.98, 26282, 4.82 * percent, 0.06 * percent, 0.00301 * percent, 0},
	{MADMMT, 2.5, true, 185.79, 26556, 5.05 * percent, 0.07 * percent, 0.00334 * percent, 0},
	{LRMMT, 1.2, true, 163.48, 27859, 5.86 * percent, 0.08 * percent, 0.00464 * percent, 0},
}

// Rows returns CloudSim's measurements, first those without the faults. The row of LR
// with random selection is left out, since it draws without a seed.
func Rows() []Row { return append([]Row(nil), rows...) }

// Table sets results beside CloudSim's measurements for the same policy and parameter,
// as a Markdown table: each cell has CloudSim's figure, then ours. Without a
// measurement CloudSim's is a dash.
func Table(results []Result) string {
	var b strings.Builder
	b.WriteString("| policy | kWh | migrations | SLATAH, counted | SLATAH, defined | PDM | SLAV, counted | unserved |\n")
	b.WriteString("|---|---|---|---|---|---|---|---|\n")
	for _, r := range results {
		row, measured := find(r)
		cell := func(known bool, format string, theirs, ours any) string {
			if !known || !measured {
				return "- / " + fmt.Sprintf(format, ours)
			}
			return fmt.Sprintf(format+" / "+format, theirs, ours)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", r.Name(),
			cell(true, "%.2f", row.EnergyKWh, r.EnergyKWh),
			cell(true, "%d", row.Migrations, r.Migrations),
			cell(true, "%.2f %%", row.SLATAH/percent, r.CountedSLATAH/percent),
			cell(false, "%.2f %%", nil, r.SLATAH/percent),
			cell(true, "%.2f %%", row.PDM/percent, r.PDM/percent),
			cell(r.Stock, "%.5f %%", row.SLAV/percent, r.CountedSLAV()/percent),
			cell(!r.Stock, "%.2f %%", row.Unserved/percent, r.Unserved/percent))
	}
	return b.String()
}

// Name is the policy with its parameter, and "stock" for a stock run.
func (r Result) Name() string {
	name := string(r.Policy)
	if r.Safety != 0 {
		name = fmt.Sprintf("%s %g", name, r.Safety)
	}
	if r.Stock {
		name += ", stock"
	}
	return name
}

func find(r Result) (Row, bool) {
	for _, row := range rows {
		if row.Policy == r.Policy && row.Safety == r.Safety && row.Stock == r.Stock {
			return row, true
		}
	}
	return Row{}, false
}
