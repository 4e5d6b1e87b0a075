package power

import "math"

// Curve is the power of a host in watts at 0, 10, ..., 100 % load, as SPECpower
// measures it.
type Curve [11]float64

// The hosts of the PlanetLab experiment: HP ProLiant ML110, both with two cores.
var (
	G4 = Curve{86, 89.4, 92.6, 96, 99.5, 102, 106, 108, 112, 114, 117}
	G5 = Curve{93.7, 97, 101, 105, 110, 116, 121, 125, 129, 133, 135}
)

// Watts returns the power at a load from 0 to 1, on a straight line between two
// points of the curve. A load outside is taken for the nearest inside. At load 0
// it is the power of a host that runs and idles; whether an idle host runs is
// the caller's to say.
//
// The order of the operations is CloudSim's: where two hosts would take a guest
// at the same price, rounding decides between them there, and who wants to make
// its decisions again has to round alike. A conversion keeps processors that can
// multiply and add in one step from doing so.
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
