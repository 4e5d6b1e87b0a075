package hostagent

import "math"

// Curve is the power of a machine in watts at equal steps of its CPU load, from none to
// full load; between the steps it is interpolated linearly.
type Curve []float64

// Watts returns the power at a load, 0 to 1; 0 if the curve is unknown.
func (c Curve) Watts(load float64) float64 {
	if len(c) < 2 {
		return 0
	}
	last := len(c) - 1
	at := max(0, min(1, load)) * float64(last)
	i := min(int(at), last-1)
	return c[i] + (c[i+1]-c[i])*(at-float64(i))
}

// watts returns this host's power at a given use. A host without guests counts as
// asleep. Without a curve the power is unknown.
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
