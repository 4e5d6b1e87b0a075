package scenario

import (
	"math"
	"math/rand/v2"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"parley/sim"
)

// Load is the guests' demand, as shares of their processors over time.
type Load struct {
	// Kind is constant, beta, walk, wave, crowd, spots, sawtooth, trace or zones.
	Kind string `yaml:"kind"`

	Share float64 `yaml:"share"` // constant; the base share of crowd and spots
	A     float64 `yaml:"a"`     // beta: a constant share drawn from Beta(A, B)
	B     float64 `yaml:"b"`

	Mean   float64       `yaml:"mean"`   // walk, wave
	Swing  float64       `yaml:"swing"`  // wave: amplitude around the mean; walk: its standard deviation
	Period time.Duration `yaml:"period"` // wave (default 24h), sawtooth, spots; walk: length of a step, default 5m
	Phase  string        `yaml:"phase"`  // random, or "": all in phase

	High float64       `yaml:"high"` // crowd, spots, sawtooth: the highest share
	At   time.Duration `yaml:"at"`   // crowd: when it begins
	Rise time.Duration `yaml:"rise"` // crowd: time to rise to the top, and to fall again
	Hold time.Duration `yaml:"hold"` // crowd: time at the top
	Part float64       `yaml:"part"` // crowd, spots: share of the guests that take part; default 0.2

	File   string  `yaml:"file"`   // trace: a PlanetLab day or a CSV table
	Series string  `yaml:"series"` // trace: the one of its guests that is followed; none: all
	Scale  float64 `yaml:"scale"`  // trace: shares are multiplied by it; default 1

	Clients int `yaml:"clients"` // zones: number of people on the map
	Side    int `yaml:"side"`    // zones: the map is side x side guests
}

const (
	day     = 24 * time.Hour
	walking = 5 * time.Minute
)

// draw makes the load of one guest with this many processors.
func (l Load) draw(cores float64, chance *rand.Rand, limit time.Duration) sim.Load {
	switch l.Kind {
	case "beta":
		share := distuv.Beta{Alpha: l.A, Beta: l.B, Src: chance}.Rand()
		return sim.Constant(share * cores)
	case "walk":
		return l.walk(cores, chance, limit)
	case "wave":
		period := orElse(l.Period, day)
		phase := 0.0
		if l.Phase == "random" {
			phase = chance.Float64()
		}
		return wave{l.Mean * cores, l.Swing * cores, period, phase}
	case "crowd":
		if chance.Float64() >= l.part() {
			return sim.Constant(l.Share * cores)
		}
		return crowd{l.Share * cores, l.High * cores, l.At, l.Rise, l.Hold}
	case "spots":
		return l.spots(cores, chance, limit)
	case "sawtooth":
		phase := 0.0
		if l.Phase == "random" {
			phase = chance.Float64()
		}
		return sawtooth{l.Share * cores, l.High * cores, l.Period, phase}
	}
	return sim.Constant(l.Share * cores)
}

func (l Load) part() float64 {
	if l.Part == 0 {
		return 0.2
	}
	return l.Part
}

func orElse(d, standard time.Duration) time.Duration {
	if d == 0 {
		return standard
	}
	return d
}

// walk is a random walk around its mean, with the standard deviation Swing and a
// correlation time of twelve steps.
func (l Load) walk(cores float64, chance *rand.Rand, limit time.Duration) sim.Load {
	step := orElse(l.Period, walking)
	values := make([]float32, int(limit/step)+2)
	const keep = 1 - 1.0/12
	off := chance.NormFloat64() * l.Swing
	for i := range values {
		values[i] = float32(max(0, min(1, l.Mean+off)))
		off = keep*off + math.Sqrt(1-keep*keep)*l.Swing*chance.NormFloat64()
	}
	return &sim.Samples{Step: step, Values: values, Cores: cores}
}

// spots is high in random periods, a share Part of the time.
func (l Load) spots(cores float64, chance *rand.Rand, limit time.Duration) sim.Load {
	period := orElse(l.Period, time.Hour)
	values := make([]float32, int(limit/period)+2)
	for i := range values {
		values[i] = float32(l.Share)
		if chance.Float64() < l.part() {
			values[i] = float32(l.High)
		}
	}
	return &sim.Samples{Step: period, Values: values, Cores: cores}
}

// wave is a sine.
type wave struct {
	mean, swing float64
	period      time.Duration
	phase       float64
}

func (w wave) At(t time.Duration) float64 {
	return max(0, w.mean+w.swing*math.Sin(2*math.Pi*(float64(t)/float64(w.period)+w.phase)))
}

// crowd rises once, holds and falls.
type crowd struct {
	usual, high    float64
	at, rise, hold time.Duration
}

func (c crowd) At(t time.Duration) float64 {
	t -= c.at
	switch part := 0.0; {
	case t <= 0 || t >= 2*c.rise+c.hold:
		return c.usual
	case t < c.rise:
		part = float64(t) / float64(c.rise)
		return c.usual + part*(c.high-c.usual)
	case t > c.rise+c.hold:
		part = float64(2*c.rise+c.hold-t) / float64(c.rise)
		return c.usual + part*(c.high-c.usual)
	}
	return c.high
}

// sawtooth rises linearly, and falls at once.
type sawtooth struct {
	low, high float64
	period    time.Duration
	phase     float64
}

func (s sawtooth) At(t time.Duration) float64 {
	_, part := math.Modf(float64(t)/float64(s.period) + s.phase)
	return s.low + part*(s.high-s.low)
}
