package report

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"image/color"
	"io"
	"strings"

	"parley/internal/charts"
)

//go:embed page
var files embed.FS

var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"place": place, "anchor": anchor, "code": code, "breakable": breakable, "placed": placed,
}).ParseFS(files, "page/*.tmpl"))

// anchor keeps the text of a tick inside the drawing, at a share of its width in percent.
func anchor(at float64) string {
	switch {
	case at < 4:
		return "start"
	case at > 96:
		return "end"
	}
	return "middle"
}

// code shows what is between back-quotes as code.
func code(text string) template.HTML {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		part = template.HTMLEscapeString(plain(part))
		if i%2 == 1 {
			part = "<code>" + part + "</code>"
		}
		b.WriteString(part)
	}
	return template.HTML(b.String())
}

// breakable lets a name of a policy be broken between its parts.
func breakable(name string) template.HTML {
	return template.HTML(afterParts.Replace(template.HTMLEscapeString(name)))
}

var afterParts = strings.NewReplacer("+", "+<wbr>", "_", "_<wbr>", "[", "<wbr>[", "=", "=<wbr>")

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
	Front              *pageFront
	Main               pageTable
	Groups             []pageGroup
	Uncontested        string
	Several, Intervals bool
	Charts             []pageChart
	ChartsTold         []string
	CourseNote         string
	Keys               []line
	Seeds              []uint64
	Heats              []heat
	Off                string
	Scale              template.URL
	RunsNote           string
	Policies           []pageText
	Data               pageData
	Style              template.CSS
	Script             template.JS
}

// pageChart is a chart over time and its table.
type pageChart struct {
	lines
	Table [][]string
}

// pageData is the data of the script.
type pageData struct {
	Policies []pagePolicy         `json:"policies"`
	Charts   map[string]dataChart `json:"charts"`
	Hosts    [][]string           `json:"hosts"`
	Scale    []pageStep           `json:"scale"`
}

type pagePolicy struct {
	Name  string `json:"name"`
	Class string `json:"class"`
}

type pageStep struct {
	Color [3]uint8 `json:"color"`
	Text  string   `json:"text"`
}

// HTML writes a self-contained page: it needs no network, and without its script it has
// tables in the place of the charts over time. It returns the error of Check or of w.
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
		Title: "Comparison of policies", Note: paragraphs(c.Note), Several: len(c.Policies) > 1, Off: plain(c.Off),
		Style: template.CSS(charts.Style() + file("page.css")), Script: template.JS(charts.Script() + file("page.js")),
	}
	if title := plain(c.Title); title != "" {
		p.Title = title
	}
	for _, fact := range c.facts() {
		p.Facts = append(p.Facts, plain(fact))
	}
	for i, policy := range c.Policies {
		p.Data.Policies = append(p.Data.Policies, pagePolicy{plain(policy.Name), colour(i)})
	}
	if len(c.Policies) > 0 {
		p.First = p.Data.Policies[0].Name
	}
	p.Front = c.pageFront()
	p.figures(c)
	p.Uncontested = plain(c.uncontested())
	for _, line := range c.Provenance() {
		p.Made = append(p.Made, plain(line))
	}
	p.course(c)
	p.heats(c)
	p.texts(c)
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

func (p *page) course(c Comparison) {
	p.Data.Charts = map[string]dataChart{}
	drawn, told := c.charts()
	p.ChartsTold = told
	group, most := 1, 0
	for _, l := range drawn {
		p.Charts = append(p.Charts, pageChart{l, l.table()})
		p.Data.Charts[l.Key] = l.data()
		group = max(group, l.Group)
		if len(l.Lines) > len(p.Keys) {
			p.Keys = l.Lines
		}
	}
	for _, line := range p.Keys {
		if len(line.Seeds) > most {
			most, p.Seeds = len(line.Seeds), nil
			for _, seed := range line.Seeds[:min(seedsDrawn, most)] {
				p.Seeds = append(p.Seeds, seed.Seed)
			}
		}
	}
	if most < 2 {
		p.Seeds = nil
	}
	p.CourseNote = courseNote(most, group)
}

func courseNote(seeds, group int) string {
	note := "Each line is the only run of a policy."
	if seeds > 1 {
		note = fmt.Sprintf("A line is the mean of the %d seeds of a policy, until the shortest run has ended; the band around it reaches "+
			"from the least to the greatest.", seeds)
	}
	if seeds > seedsDrawn {
		note += fmt.Sprintf(" The first %d seeds can be chosen.", seedsDrawn)
	}
	if group > 1 {
		note += fmt.Sprintf(" A point stands for %d ticks: their mean, of overloaded hosts their highest.", group)
	}
	return note + " Lines that coincide are drawn side by side."
}

func (p *page) heats(c Comparison) {
	p.Scale = heatScale()
	for i, step := range palette() {
		c := step.(color.NRGBA)
		p.Data.Scale = append(p.Data.Scale, pageStep{[3]uint8{c.R, c.G, c.B}, levelText(i)})
	}
	for i, policy := range c.Policies {
		run, ok := policy.mapped()
		if !ok {
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
