package site

import "time"

// Past is the load of a host over its last hour, in steps of PastStep. Nothing is known of
// a step that is PastUnknown.
type Past struct {
	End    time.Time `json:"end"`            // of the latest step, whole or not
	Step   int       `json:"step_seconds"`   // of each value
	CPU    []byte    `json:"cpu_percent"`    // in base64, a byte for each step, the earliest first; 255: not known
	Memory []byte    `json:"memory_percent"` // the same
}

// What a Past has.
const (
	PastStep    = 15 * time.Second
	PastSteps   = 240
	PastUnknown = 255 // and 254 is 254 % or more
)

// Course gathers a Past, one look at the load after another. The zero value knows nothing.
type Course struct {
	at          int64 // number of the step since 1970; 0: none yet
	cpu, memory []byte
	sum         struct {
		cpu, memory float64
		looks       int
	}
}

// Note takes the load at a time. A clock that was set back continues the latest step.
func (c *Course) Note(now time.Time, l Load) {
	if !l.Known {
		return
	}
	step := now.Unix() / int64(PastStep.Seconds())
	if c.at == 0 || step > c.at {
		c.turn(step)
	}
	c.sum.cpu, c.sum.memory, c.sum.looks = c.sum.cpu+l.CPU, c.sum.memory+l.Memory, c.sum.looks+1
	last, looks := len(c.cpu)-1, float64(c.sum.looks)
	c.cpu[last], c.memory[last] = Percent(c.sum.cpu/looks), Percent(c.sum.memory/looks)
}

// turn begins a step. What lies between it and the one before is not known.
func (c *Course) turn(step int64) {
	new := step - c.at
	if c.at == 0 {
		new = 1
	}
	for range min(new, PastSteps) {
		c.cpu, c.memory = append(c.cpu, PastUnknown), append(c.memory, PastUnknown)
	}
	if over := len(c.cpu) - PastSteps; over > 0 {
		c.cpu, c.memory = append([]byte(nil), c.cpu[over:]...), append([]byte(nil), c.memory[over:]...)
	}
	c.at, c.sum.cpu, c.sum.memory, c.sum.looks = step, 0, 0, 0
}

// Past returns a copy of what is known; nil: nothing is.
func (c *Course) Past() *Past {
	if c.at == 0 {
		return nil
	}
	return &Past{
		End: time.Unix(0, 0).Add(time.Duration(c.at+1) * PastStep).UTC(), Step: int(PastStep.Seconds()),
		CPU: append([]byte(nil), c.cpu...), Memory: append([]byte(nil), c.memory...),
	}
}

// Percent is a share as a Past has it.
func Percent(share float64) byte {
	return byte(min(max(100*share+0.5, 0), PastUnknown-1))
}
