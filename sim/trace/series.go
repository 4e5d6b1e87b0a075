package trace

import (
	"errors"
	"fmt"
	"time"
)

// Series is the load of one guest at even steps. The first sample is at Start, the next
// one a Step later.
type Series struct {
	Name  string
	Start time.Duration // time of the first sample, from the trace's beginning
	Step  time.Duration // between two samples; 0 if there is only one
	// CPU is in cores (CSV), or the share of the guest's own CPU from 0 to 1
	// (PlanetLab).
	CPU    []float64
	Memory []float64 // bytes; nil if the trace has none
	Net    []float64 // bytes per second, both directions; nil if the trace has none
}

// Sample is the load of a guest at one instant, in the units of its Series.
type Sample struct {
	CPU, Memory, Net float64
}

// At returns the load at a time from the trace's beginning, interpolated linearly;
// before the first sample it is the first, after the last one the last. A series
// without samples has no load. At does not allocate.
func (s *Series) At(t time.Duration) Sample {
	i, part := s.place(t)
	return Sample{CPU: between(s.CPU, i, part), Memory: between(s.Memory, i, part), Net: between(s.Net, i, part)}
}

// CPUAt is the CPU of At alone.
func (s *Series) CPUAt(t time.Duration) float64 {
	i, part := s.place(t)
	return between(s.CPU, i, part)
}

// End returns the time of the last sample.
func (s *Series) End() time.Duration {
	return s.Start + time.Duration(max(0, len(s.CPU)-1))*s.Step
}

// place returns the index of the last sample at or before t, and the fraction of the
// step to the next one, from 0 to 1.
func (s *Series) place(t time.Duration) (int, float64) {
	if t <= s.Start || s.Step <= 0 {
		return 0, 0
	}
	t -= s.Start
	return int(t / s.Step), float64(t%s.Step) / float64(s.Step)
}

func between(values []float64, i int, part float64) float64 {
	switch {
	case len(values) == 0:
		return 0
	case i >= len(values)-1:
		return values[len(values)-1]
	case part == 0:
		return values[i]
	}
	return values[i] + part*(values[i+1]-values[i])
}

// faultsMax bounds the reported faults of a trace: enough to see a pattern, without a
// line for each line of a file in another format.
const faultsMax = 10

// faults collects the faults of a trace.
type faults struct {
	listed []error
	more   int
}

// add records a fault; line 0 means the whole file.
func (f *faults) add(file string, line int, format string, args ...any) {
	if len(f.listed) >= faultsMax {
		f.more++
		return
	}
	place := file
	if line > 0 {
		place = fmt.Sprintf("%s:%d", file, line)
	}
	f.listed = append(f.listed, fmt.Errorf("%s: %s", place, fmt.Sprintf(format, args...)))
}

func (f *faults) err() error {
	if f.more > 0 {
		return errors.Join(append(f.listed, fmt.Errorf("and %d more faults", f.more))...)
	}
	return errors.Join(f.listed...)
}
