package hostagent

import "math"

// Curve is what a machine takes in watts at even steps of its CPU load, the first
// at none and the last at full load; in between it goes in straight lines.
type Curve []float64

// Watts is what it takes at a load, 0 to 1; 0 where the curve is not known.
func (c Curve) Watts(load float64) float64 {
	if len(c) < 2 {
		return 0
	}
	last := len(c) - 1
	at := max(0, min(1, load)) * float64(last)
	i := min(int(at), last-1)
	return c[i] + (c[i+1]-c[i])*(at-float64(i))
}

// watts is what this host takes with so much in use. A host that nobody uses
// counts as asleep. It is not known without a curve.
func (l *loads) watts(used Resources, inUse bool) (watts float64, known bool) {
	if len(l.config.Power) == 0 || l.platform.Capacity.CPU <= 0 {
		return 0, false
	}
	if !inUse {
		return 0, true
	}
	watts = Curve(l.config.Power).Watts(used.CPU / l.platform.Capacity.CPU)
	return math.Round(watts*10) / 10, true
}
