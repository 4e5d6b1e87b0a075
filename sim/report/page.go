package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"image/color"
	"io"
	"math"
	"strings"
	"time"
)

//go:embed page
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"place":  place,
	"less":   func(v, by float64) string { return place(v - by) },
	"anchor": anchor,
}).ParseFS(files, "page/*.tmpl"))

// anchor keeps the text of a tick inside the drawing.
func anchor(at, width float64) string {
	switch {
	case at < width*0.05:
		return "start"
	case at > width*0.95:
		return "end"
	}
	return "middle"
}

func file(name string) string {
	text, err := files.ReadFile("page/" + name)
	if err != nil {
		panic(err) // it is embedded above
	}
	return string(text)
}

// page is the data of page.tmpl.
type page struct {
	Title, First       string
	Facts, Note, Made  []string
	Columns            []pageColumn
	Rows               []pageRow
	Uncontested        string
	Several, Intervals bool
	Bars               []bars
	Charts             []pageChart
	CourseNote         string
	Keys               []line
	Heats              []heat
	Scale              template.URL
	RunsNote           string
	Runs               [][]string
	Data               pageData
	ChartCSS, CSS      template.CSS
	JS                 template.JS
}

type pageColumn struct{ Name, Unit, Doc, Wish string }

type pageRow struct {
	Class, Name, Doc string
	Cells            []pageCell
}

type pageCell struct {
	Mean, Half, Of string
	Change         string
	Verdict        string // the CSS class: good, bad, other, same
	Said           string // the verdict for readers who do not see colours
	Best           bool
}

// pageChart is a chart over time and its table.
type pageChart struct {
	lines
	Table [][]string
}

// pageData is the data of the script.
type pageData struct {
	Policies []pagePolicy          `json:"policies"`
	Series   map[string][]pageLine `json:"series"`
	Hosts    [][]string            `json:"hosts"`
	Scale    []pageStep            `json:"scale"`
}

type pagePolicy struct {
	Name  string `json:"name"`
	Class string `json:"class"`
}

type pageLine struct {
	Policy int     `json:"policy"`
	Step   float64 `json:"step"`
	Values []value `json:"values"`
}

type pageStep struct {
	Color [3]uint8 `json:"color"`
	Text  string   `json:"text"`
}

// HTML writes a self-contained page: it needs no network, and without its script it
// lacks only the tooltips. The course of a policy is that of its first run that has
// one. It returns the error of Check or of w.
func HTML(w io.Writer, c Comparison) error {
	if err := c.Check(); err != nil {
		return err
	}
	return execute(w, "page", c.page())
}

// execute writes nothing if the template fails.
func execute(w io.Writer, name string, view any) error {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		return fmt.Errorf("report: %w", err)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func (c Comparison) page() page {
	p := page{
		Title: "Comparison of policies", Note: paragraphs(c.Note), Several: len(c.Policies) > 1,
		ChartCSS: template.CSS(file("chart.css")), CSS: template.CSS(file("page.css")), JS: template.JS(file("page.js")),
	}
	if title := plain(c.Title); title != "" {
		p.Title = title
	}
	for _, fact := range c.facts() {
		p.Facts = append(p.Facts, plain(fact))
	}
	figures := c.Figures()
	p.table(c, figures)
	p.Uncontested = plain(c.uncontested())
	for _, line := range c.Provenance() {
		p.Made = append(p.Made, plain(line))
	}
	for j := range c.Measures {
		p.Bars = append(p.Bars, c.measureBars(j, figures))
	}
	p.course(c)
	p.heats(c)
	p.runs(c)
	return p
}

func paragraphs(note string) []string {
	var out []string
	for _, p := range strings.Split(plain(note), "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

func (p *page) table(c Comparison, figures [][]Figure) {
	for _, m := range c.Measures {
		column := pageColumn{plain(m.label()), plain(m.Unit), plain(m.Doc), ""}
		switch {
		case m.Better < 0:
			column.Wish = "less is better"
		case m.Better > 0:
			column.Wish = "more is better"
		}
		if m.Sum {
			column.Doc = strings.TrimSuffix(column.Doc, ".") + ": sum over the run"
		}
		p.Columns = append(p.Columns, column)
	}
	for i, policy := range c.Policies {
		name := plain(policy.Name)
		if i == 0 {
			p.First = name
		}
		p.Data.Policies = append(p.Data.Policies, pagePolicy{name, colour(i)})
		row := pageRow{Class: colour(i), Name: name, Doc: plain(policy.Doc)}
		for j, m := range c.Measures {
			p.Intervals = p.Intervals || isNumber(figures[i][j].Half)
			row.Cells = append(row.Cells, m.cell(figures[i][j], len(policy.Runs)))
		}
		p.Rows = append(p.Rows, row)
	}
}

func (m Measure) cell(f Figure, runs int) pageCell {
	cell := pageCell{Best: f.Best, Verdict: "same"}
	cell.Mean, cell.Half = m.parts(f.Interval)
	if f.N > 0 && f.N < runs {
		cell.Of = fmt.Sprintf("%d of %d", f.N, runs)
	}
	cell.Change = strings.TrimSpace(arrow(f.Differs) + " " + percent(f.Change))
	switch {
	case f.Differs == 0:
	case m.Better == 0:
		cell.Verdict, cell.Said = "other", "beyond chance"
	case f.Differs*m.Better > 0:
		cell.Verdict, cell.Said = "good", "better beyond chance"
	default:
		cell.Verdict, cell.Said = "bad", "worse beyond chance"
	}
	return cell
}

func (p *page) course(c Comparison) {
	p.Data.Series = map[string][]pageLine{}
	for i, policy := range c.Policies {
		if _, ok := policy.charted(); ok {
			p.Keys = append(p.Keys, line{Class: colour(i), Name: plain(policy.Name), Policy: i})
		}
	}
	group := 1
	for _, l := range c.charts() {
		p.Charts = append(p.Charts, pageChart{l, l.table()})
		for _, line := range l.Lines {
			group = max(group, line.group)
			p.Data.Series[l.Key] = append(p.Data.Series[l.Key], pageLine{line.Policy, line.step, coarse(line.points)})
		}
	}
	p.CourseNote = "One run of each policy" + c.chartedSeeds() + "."
	if group > 1 {
		p.CourseNote += fmt.Sprintf(" A point stands for up to %d ticks: their mean, of overloaded hosts their highest.", group)
	}
}

// chartedSeeds names the charted seed, if it is the same for all policies.
func (c Comparison) chartedSeeds() string {
	var seeds []uint64
	for _, p := range c.Policies {
		if run, ok := p.charted(); ok {
			if len(seeds) > 0 && seeds[0] != run.Seed {
				return ", not all of the same seed"
			}
			seeds = append(seeds, run.Seed)
		}
	}
	if len(seeds) == 0 {
		return ""
	}
	return fmt.Sprintf(", seed %d", seeds[0])
}

// coarse rounds to five digits: tooltips need no more, and the digits are most of the
// page.
func coarse(values []float64) []value {
	out := make([]value, len(values))
	for i, v := range values {
		if isNumber(v) && v != 0 {
			unit := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(v))))
			if rounded := math.Round(v*unit) / unit; unit >= 1 && isNumber(rounded) {
				v = rounded
			}
		}
		out[i] = value(v)
	}
	return out
}

// table has the values at some times, for readers who do not see the lines.
func (l lines) table() [][]string {
	var rows [][]string
	m := Measure{Digits: l.Digits}
	for k := range tableRows + 1 {
		at := l.Seconds * float64(k) / tableRows
		row := []string{span(time.Duration(at) * time.Second)}
		for _, line := range l.Lines {
			i := min(int(math.Round(at/line.step)), len(line.points)-1)
			row = append(row, m.format(line.points[i]))
		}
		if k == 0 || row[0] != rows[len(rows)-1][0] {
			rows = append(rows, row)
		}
	}
	return rows
}

func (p *page) heats(c Comparison) {
	p.Scale = heatScale()
	for i, step := range palette() {
		c := step.(color.NRGBA)
		p.Data.Scale = append(p.Data.Scale, pageStep{[3]uint8{c.R, c.G, c.B}, levelText(i)})
	}
	for i, policy := range c.Policies {
		run, ok := policy.charted()
		if !ok || len(run.Course.Load) == 0 || len(run.Course.Hosts) == 0 {
			continue
		}
		h := run.Course.heatMap()
		h.Name, h.Class, h.Seed = plain(policy.Name), colour(i), run.Seed
		h.HostList = p.hosts(run.Course.Hosts)
		p.Heats = append(p.Heats, h)
	}
}

// hosts stores each list of names once: usually all runs have the same hosts.
func (p *page) hosts(names []string) int {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = plain(name)
	}
	for i, list := range p.Data.Hosts {
		if strings.Join(list, "\n") == strings.Join(shown, "\n") {
			return i
		}
	}
	p.Data.Hosts = append(p.Data.Hosts, shown)
	return len(p.Data.Hosts) - 1
}

// runsShown bounds the runs that the page lists; CSV and JSON have them all.
const runsShown = 400

func (p *page) runs(c Comparison) {
	total := 0
	for _, policy := range c.Policies {
		for _, run := range policy.Runs {
			if total++; total > runsShown {
				continue
			}
			row := []string{plain(policy.Name), fmt.Sprint(run.Seed)}
			for _, m := range c.Measures {
				row = append(row, m.format(run.value(m.Key)))
			}
			p.Runs = append(p.Runs, row)
		}
	}
	p.RunsNote = count(total, "run", "runs")
	if total > runsShown {
		p.RunsNote = fmt.Sprintf("The first %d of %s", runsShown, p.RunsNote)
	}
}
