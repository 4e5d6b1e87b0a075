package hostagent

import "math"

// watts is what this host takes with so much in use, by the curve of its
// configuration: in a straight line between its points. A host that nobody uses
// counts as asleep. It is not known without a curve.
func (c *Core) watts(used Resources, inUse bool) (watts float64, known bool) {
	curve := c.config.Power
	if len(curve) == 0 || c.platform.Capacity.CPU <= 0 {
		return 0, false
	}
	if !inUse {
		return 0, true
	}
	last := len(curve) - 1
	at := min(1, used.CPU/c.platform.Capacity.CPU) * float64(last)
	i := min(int(at), last-1)
	watts = curve[i] + (curve[i+1]-curve[i])*(at-float64(i))
	return math.Round(watts*10) / 10, true
}
