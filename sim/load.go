package sim

import "time"

// Constant is a load that does not change, in cores.
type Constant float64

// At returns the cores.
func (c Constant) At(time.Duration) float64 { return float64(c) }

// Samples is a load with samples at even steps, interpolated linearly; before the first
// sample and after the last one it is constant.
type Samples struct {
	Start  time.Duration // time of the first sample
	Step   time.Duration
	Values []float32 // shares of Cores
	Cores  float64
}

// At returns the cores.
func (s *Samples) At(t time.Duration) float64 {
	t = max(0, t-s.Start)
	i := int(t / s.Step)
	if last := len(s.Values) - 1; i >= last {
		return float64(s.Values[last]) * s.Cores
	}
	a, b := float64(s.Values[i]), float64(s.Values[i+1])
	part := float64(t-time.Duration(i)*s.Step) / float64(s.Step)
	return (a + (b-a)*part) * s.Cores
}
