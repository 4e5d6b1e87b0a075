package hostagent

import (
	"math"
	"time"
)

// course is how the CPU demand of a guest runs: its mean of the last minutes, and how far
// its steps were from one another during the last half hour. It says what is likely to
// last, where a forecast says what is there now. At first all steps count alike; then the
// older ones are forgotten.
type course struct {
	mean, variance float64
	last           float64       // the mean of the last step
	age            time.Duration // how much of the half hour was seen
	step           time.Duration // how long the last step took
	begun          step          // the one that is not over
	means          means
}

// means are the demand of one courseMean after the other: how far they bend is how far a
// mean may be from what lasts, also where a swing takes some steps. A demand that rises or
// falls evenly does not bend.
type means struct {
	begun        step
	last, before float64
	seen         int
	variance     float64
}

// step is the demand of some samples: of each alone, what a busy machine hands out within
// seconds would count as a swing.
type step struct {
	sum  float64 // of the samples, each times how long it holds, in core-seconds
	took time.Duration
}

// add takes in a sample that holds for dt, and returns the mean demand of the step.
func (s *step) add(value float64, dt time.Duration) float64 {
	s.sum += value * dt.Seconds()
	s.took += dt
	return s.mean()
}

// mean is that of the samples so far.
func (s *step) mean() float64 { return s.sum / s.took.Seconds() }

const (
	// courseFor is how long a course remembers steps, and for how long it speaks.
	courseFor = 30 * time.Minute
	// courseMean is how long its mean remembers, and how long the mean counts that a
	// guest brings from its source.
	courseMean = 5 * time.Minute
	// courseKnown is how long a guest is watched until what was seen of it is believed, and
	// courseSamples are enough where samples come faster.
	courseKnown   = 2 * time.Minute
	courseSamples = 24
	// courseSteps are in the time until a guest is known.
	courseSteps = 4
)

// courseTime returns how long a guest is watched until its course is believed, where
// samples come in such intervals.
func courseTime(sampleEvery time.Duration) time.Duration {
	return min(courseKnown, courseSamples*sampleEvery)
}

// add takes in a sample that holds for the elapsed time dt, of a course that is believed
// after known.
func (c *course) add(value float64, dt, known time.Duration) {
	if dt <= 0 {
		return
	}
	c.means.add(value, dt)
	value = c.begun.add(value, dt)
	dt = c.begun.took
	if c.age == 0 {
		c.mean = value
	}
	if dt < known/courseSteps {
		return
	}
	c.begun, c.step = step{}, dt
	c.age = min(c.age+dt, courseFor)
	c.mean += weightOf(dt, min(c.age, courseMean)) * (value - c.mean)
	if c.age > dt {
		slow := weightOf(dt, c.age-dt)
		c.variance += slow * ((value-c.last)*(value-c.last)/2 - c.variance)
	}
	c.last = value
}

// add takes in a sample. The variance of what is independent is a sixth of the mean square
// of its second differences.
func (m *means) add(value float64, dt time.Duration) {
	value = m.begun.add(value, dt)
	if m.begun.took < courseMean {
		return
	}
	m.begun = step{}
	m.seen = min(m.seen+1, 2+int(courseFor/courseMean))
	if m.seen > 2 {
		bend := value - 2*m.last + m.before
		m.variance += (bend*bend/6 - m.variance) / float64(m.seen-2)
	}
	m.last, m.before = value, m.last
}

// expected is the variance that is expected of the mean of a guest with so many cores: of
// what was seen, the more steps are in the mean the less; and, until that is believed,
// also that its demand is anywhere between none and all of the cores.
func (c course) expected(cores float64, known time.Duration) float64 {
	seen := min(1, float64(c.age)/float64(known))
	steps := max(1, float64(min(c.age, courseMean))/float64(max(c.step, known/courseSteps)))
	variance := c.variance
	if steps > 1 {
		variance = max(variance/steps, c.means.variance)
	}
	return seen*variance + (1-seen)*cores*cores/12
}

// courseOf begins the course of a guest that a deal has brought.
func courseOf(expected forecast) course {
	if !expected.known {
		return course{}
	}
	return course{mean: expected.mean, age: courseMean}
}

// weightOf is the weight of a sample that holds for dt, in a mean over a time.
func weightOf(dt, over time.Duration) float64 { return math.Min(1, float64(dt)/float64(over)) }
