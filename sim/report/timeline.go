package report

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"math"
	"strconv"
)

// tickRow is the state of a run at a tick. Counts are those since the tick before.
type tickRow struct {
	Policy     string  `json:"policy"`
	Seed       uint64  `json:"seed"`
	At         float64 `json:"at_s"`
	HostsOn    int     `json:"hosts_on"`
	LoadMean   value   `json:"load_mean"` // of the hosts that are on
	LoadMax    value   `json:"load_max"`
	Watts      value   `json:"watts"`
	Overloaded value   `json:"overloaded"`
	Deviation  value   `json:"deviation"`
	Migrations value   `json:"migrations"`
	Messages   value   `json:"messages"`
}

// SeriesCSV writes a line for each tick of each run that has its course. It returns the
// error of Check or of w.
func SeriesCSV(w io.Writer, c Comparison) error {
	out := csv.NewWriter(w)
	head := []string{
		"policy", "seed", "at_s", "hosts_on", "load_mean", "load_max", "watts", "overloaded", "deviation", "migrations", "messages",
	}
	if c.Made != nil {
		head = append(head, madeColumns...)
	}
	out.Write(head) // Error below returns the errors
	err := c.eachTick(func(p Policy, r tickRow) error {
		line := []string{r.Policy, strconv.FormatUint(r.Seed, 10), exact(r.At), strconv.Itoa(r.HostsOn)}
		for _, v := range []value{r.LoadMean, r.LoadMax, r.Watts, r.Overloaded, r.Deviation, r.Migrations, r.Messages} {
			line = append(line, exact(float64(v)))
		}
		if c.Made != nil {
			line = append(line, c.Made.columns(p)...)
		}
		return out.Write(line)
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}

// SeriesJSON writes the same as lines of JSON, after a line that says how they were made.
func SeriesJSON(w io.Writer, c Comparison) error {
	out := json.NewEncoder(w)
	if c.Made != nil {
		if err := out.Encode(struct {
			Made *jsonMade `json:"made"`
		}{c.json()}); err != nil {
			return err
		}
	}
	return c.eachTick(func(_ Policy, r tickRow) error { return out.Encode(r) })
}

// eachTick calls a function for each tick of each run with a course.
func (c Comparison) eachTick(do func(Policy, tickRow) error) error {
	if err := c.Check(); err != nil {
		return err
	}
	for _, p := range c.Policies {
		for _, r := range p.Runs {
			if r.Course == nil {
				continue
			}
			for i := range r.Course.ticks() {
				row := r.Course.row(i)
				row.Policy, row.Seed = p.Name, r.Seed
				if err := do(p, row); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// row is the state at a tick; what the course does not have is NaN.
func (c *Course) row(i int) tickRow {
	at := func(values []float64) value {
		if i >= len(values) {
			return value(math.NaN())
		}
		return value(values[i])
	}
	row := tickRow{
		At: float64(i) * c.Step.Seconds(), LoadMean: value(math.NaN()), LoadMax: value(math.NaN()),
		Watts: at(c.Watts), Overloaded: at(c.Overloaded), Deviation: at(c.Deviation), Migrations: at(c.Migrations), Messages: at(c.Messages),
	}
	if i >= len(c.Load) {
		return row
	}
	var on []float64
	for _, load := range c.Load[i] {
		if load >= 0 {
			on = append(on, float64(load))
		}
	}
	if row.HostsOn = len(on); len(on) > 0 {
		row.LoadMean, row.LoadMax = value(mean(on)), value(maximum(on))
	}
	return row
}
