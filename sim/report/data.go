package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// CSV writes one line for each policy and seed, with the value of every measure. An
// unmeasured value is an empty field; infinities are +Inf and -Inf. It returns the
// error of Check or of w.
func CSV(w io.Writer, c Comparison) error {
	if err := c.Check(); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	head := []string{"policy", "seed", "ran_s"}
	for _, m := range c.Measures {
		head = append(head, m.Key)
	}
	if c.Made != nil {
		head = append(head, madeColumns...)
	}
	out.Write(head) // Error below returns the errors
	for _, p := range c.Policies {
		for _, r := range p.Runs {
			line := []string{p.Name, strconv.FormatUint(r.Seed, 10), exact(r.Ran.Seconds())}
			for _, m := range c.Measures {
				line = append(line, exact(r.value(m.Key)))
			}
			if c.Made != nil {
				line = append(line, c.Made.columns(p)...)
			}
			out.Write(line)
		}
	}
	out.Flush()
	return out.Error()
}

// exactInteger bounds the integers that a floating-point number holds exactly.
const exactInteger = 1 << 53

func exact(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	if v == math.Trunc(v) && math.Abs(v) < exactInteger {
		return strconv.FormatFloat(v, 'f', -1, 64) // a count has no exponent
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// value is a number in JSON, which has neither NaN nor infinities: they become null,
// "Infinity" and "-Infinity".
type value float64

// MarshalJSON writes the number or its substitute.
func (v value) MarshalJSON() ([]byte, error) {
	switch {
	case math.IsNaN(float64(v)):
		return []byte("null"), nil
	case math.IsInf(float64(v), 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(float64(v), -1):
		return []byte(`"-Infinity"`), nil
	}
	return json.Marshal(float64(v))
}

// share is a single-precision value, written with its significant digits only.
type share float32

// MarshalJSON writes the number or its substitute.
func (s share) MarshalJSON() ([]byte, error) {
	if !isNumber(float64(s)) {
		return value(s).MarshalJSON()
	}
	return strconv.AppendFloat(nil, float64(s), 'g', -1, 32), nil
}

type jsonComparison struct {
	Title      string        `json:"title"`
	Scenario   string        `json:"scenario"`
	Note       string        `json:"note"`
	Hosts      int           `json:"hosts"`
	Guests     int           `json:"guests"`
	Part       string        `json:"part,omitempty"`
	RanMin     float64       `json:"ran_min_s"`
	RanMax     float64       `json:"ran_max_s"`
	Confidence float64       `json:"confidence"`
	Measures   []jsonMeasure `json:"measures"`
	Policies   []jsonPolicy  `json:"policies"`
	Made       *jsonMade     `json:"made,omitempty"`
	Front      *jsonFront    `json:"front,omitempty"`
}

type jsonFront struct {
	Goals  []string         `json:"goals"`
	Points []jsonFrontPoint `json:"points"`
}

type jsonFrontPoint struct {
	Name   string           `json:"name"`
	Values map[string]value `json:"figures"`
	Seeds  int              `json:"seeds"`
	Last   bool             `json:"last"`
	On     bool             `json:"on"`
	AsItIs bool             `json:"as_it_is"`
	Facts  string           `json:"facts"`
}

func (f *Front) json() *jsonFront {
	if f == nil {
		return nil
	}
	out := &jsonFront{Goals: append([]string{}, f.Goals...), Points: []jsonFrontPoint{}}
	for _, p := range f.Points {
		point := jsonFrontPoint{
			Name: p.Name, Values: map[string]value{}, Seeds: p.Seeds, Last: p.Last, On: p.On, AsItIs: p.AsItIs, Facts: p.Facts,
		}
		for key, v := range p.Values {
			point.Values[key] = value(v)
		}
		out.Points = append(out.Points, point)
	}
	return out
}

type jsonMeasure struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Unit   string `json:"unit"`
	Doc    string `json:"doc"`
	Better int    `json:"better"`
	Digits int    `json:"digits"`
	Sum    bool   `json:"sum"`
}

type jsonPolicy struct {
	Name    string                `json:"name"`
	Doc     string                `json:"doc"`
	Models  []Digest              `json:"models"`
	Figures map[string]jsonFigure `json:"figures"`
	Runs    []jsonRun             `json:"runs"`
}

type jsonFigure struct {
	Mean    value `json:"mean"`
	Low     value `json:"low"`
	High    value `json:"high"`
	N       int   `json:"n"`
	Best    bool  `json:"best"`
	Change  value `json:"change"`
	P       value `json:"p"`
	Differs int   `json:"differs"`
}

type jsonRun struct {
	Seed   uint64           `json:"seed"`
	Ran    float64          `json:"ran_s"`
	Values map[string]value `json:"figures"`
	Course *jsonCourse      `json:"course,omitempty"`
}

type jsonCourse struct {
	StepSeconds float64            `json:"step_s"`
	Hosts       []string           `json:"hosts"`
	Load        [][]share          `json:"load"`
	Series      map[string][]value `json:"series"`
}

// JSON writes everything: values and course of each run, and for each policy the
// figures with their intervals. NaN is null, an infinity is the text "Infinity" or
// "-Infinity". Counts of a course are cumulative. The output is one line, since courses
// are long. It returns the error of Check or of w.
func JSON(w io.Writer, c Comparison) error {
	if err := c.Check(); err != nil {
		return err
	}
	least, most := c.spans()
	out := jsonComparison{
		Title: c.Title, Scenario: c.Scenario, Note: c.Note, Hosts: c.Hosts, Guests: c.Guests, Part: c.Part, Made: c.json(), Front: c.Front.json(),
		RanMin: least.Seconds(), RanMax: most.Seconds(), Confidence: confidence,
		Measures: []jsonMeasure{}, Policies: []jsonPolicy{},
	}
	for _, m := range c.Measures {
		out.Measures = append(out.Measures, jsonMeasure{m.Key, m.label(), m.Unit, m.Doc, m.Better, m.Digits, m.Sum})
	}
	figures := c.Figures()
	for i, p := range c.Policies {
		out.Policies = append(out.Policies, p.json(c.Measures, figures[i]))
	}
	return json.NewEncoder(w).Encode(out)
}

func (p Policy) json(measures []Measure, figures []Figure) jsonPolicy {
	out := jsonPolicy{Name: p.Name, Doc: p.Doc, Models: append([]Digest{}, p.Models...), Figures: map[string]jsonFigure{}, Runs: []jsonRun{}}
	for j, m := range measures {
		f := figures[j]
		out.Figures[m.Key] = jsonFigure{value(f.Mean), value(f.Mean - f.Half), value(f.Mean + f.Half),
			f.N, f.Best, value(f.Change), value(f.P), f.Differs}
	}
	for _, r := range p.Runs {
		run := jsonRun{Seed: r.Seed, Ran: r.Ran.Seconds(), Values: map[string]value{}, Course: r.Course.json()}
		for _, m := range measures {
			run.Values[m.Key] = value(r.value(m.Key))
		}
		out.Runs = append(out.Runs, run)
	}
	return out
}

func (c *Course) json() *jsonCourse {
	if c == nil {
		return nil
	}
	out := &jsonCourse{StepSeconds: c.Step.Seconds(), Hosts: c.Hosts, Load: make([][]share, len(c.Load)), Series: map[string][]value{}}
	for i, row := range c.Load {
		out.Load[i] = make([]share, len(row))
		for j, v := range row {
			out.Load[i][j] = share(v)
		}
	}
	for _, s := range c.series() {
		line := make([]value, len(s.values))
		for i, v := range s.values {
			line[i] = value(v)
		}
		out.Series[s.key] = line
	}
	return out
}
