package site

import (
	"testing"
	"time"
)

// A step is the mean of its looks, a time without looks is not known, and an hour is kept.
func TestCourse(t *testing.T) {
	var c Course
	if c.Past() != nil {
		t.Error("without a look a past is known")
	}
	begin := time.Unix(1_800_000_000, 0)
	look := func(after time.Duration, cpu float64) {
		c.Note(begin.Add(after), Load{Known: true, CPU: cpu, Memory: 0.5})
	}
	look(0, 0.2)
	look(5*time.Second, 0.4)
	c.Note(begin.Add(6*time.Second), Load{CPU: 1}) // not known
	look(40*time.Second, 9)
	look(31*time.Second, 9) // the clock was set back
	p := c.Past()
	if got, want := string(p.CPU), "\x1e\xff\xfe"; got != want {
		t.Errorf("cpu: got %x, want %x", got, want)
	}
	if got, want := string(p.Memory), "\x32\xff\x32"; got != want {
		t.Errorf("memory: got %x, want %x", got, want)
	}
	if want := begin.Add(45 * time.Second); !p.End.Equal(want) || p.Step != 15 {
		t.Errorf("got the end %v with steps of %d s, want %v and 15", p.End, p.Step, want)
	}
	look(3*time.Hour, 0.1)
	p = c.Past()
	if len(p.CPU) != PastSteps || p.CPU[PastSteps-1] != 10 || p.CPU[PastSteps-2] != PastUnknown {
		t.Errorf("after three hours: got %d steps that end with %v", len(p.CPU), p.CPU[len(p.CPU)-2:])
	}
}
