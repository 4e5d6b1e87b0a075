package power

import "math"

// Curve is the power of a host in watts at 0, 10, ..., 100 % load, as in SPECpower.
type Curve [11]float64

// The hosts of the PlanetLab experiment: HP ProLiant ML110, both with two cores.
var (
	G4 = Curve{86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117}
	G5 = Curve{93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135}
)

// Watts returns the power at a load from 0 to 1, interpolated linearly between the
// points of the curve. It clamps the load to that range. At load 0 it is the power of a
// running idle host; the caller decides whether an idle host runs.
//
// The order of the operations is CloudSim's: if two hosts have the same price for a
// guest, rounding decides between them, so reproducing its decisions requires the same
// rounding. The conversion prevents processors from fusing multiply and add.
func (c *Curve) Watts(load float64) float64 {
	load = min(max(load, 0), 1)
	tenths := math.Floor(load * 10)
	i := int(tenths)
	if i == len(c)-1 {
		return c[i]
	}
	slope := (c[i+1] - c[i]) / 10
	return c[i] + float64(slope*(load-tenths/10)*100)
}
