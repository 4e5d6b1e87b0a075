package report

import (
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
	"unicode/utf8"
)

// drawing is a standalone chart, as an SVG file.
type drawing struct {
	Title, Desc   string
	Width, Height float64
	CSS           template.CSS
	BodyX, BodyY  float64
	Keys          []key
	Bars          *bars
	Lines         *lines
	Heat          *heatDrawing
}

// key is an entry of the legend of a line chart.
type key struct {
	Class, Name string
	X, Y        float64
}

// heatDrawing is a heat map in units of the drawing.
type heatDrawing struct {
	Width, Height  float64
	Picture, Scale template.URL
	X              []tick
}

// drawingHead is the height of a drawing's title.
const drawingHead = 40.0

func draw(w io.Writer, d drawing) error {
	d.CSS = template.CSS(file("chart.css"))
	return execute(w, "standalone", d)
}

// Chart writes one measure of all policies as an SVG file of bars with their confidence
// intervals. It returns an error if there is no such measure, and those of Check and w.
func Chart(w io.Writer, c Comparison, key string) error {
	if err := c.Check(); err != nil {
		return err
	}
	for j, m := range c.Measures {
		if m.Key != key {
			continue
		}
		b := c.measureBars(j, c.Figures())
		b.Title = xmlText(b.Title)
		for i := range b.Rows {
			b.Rows[i].Name, b.Rows[i].Tip = xmlText(b.Rows[i].Name), xmlText(b.Rows[i].Tip)
		}
		return draw(w, drawing{Title: b.Title, Desc: b.Desc, Width: b.Width + 16, Height: b.Height + drawingHead + 8, BodyX: 8,
			BodyY: drawingHead - 4, Bars: &b})
	}
	return fmt.Errorf("report: no measure %q: there are %s", key, strings.Join(c.keys(), ", "))
}

func (c Comparison) keys() []string {
	keys := []string{}
	for _, m := range c.Measures {
		keys = append(keys, m.Key)
	}
	return keys
}

// Lines writes one series of the courses as an SVG file with a line for each policy:
// watts, overloaded, deviation, migrations or messages. It returns an error if no
// policy has that series, and those of Check and w.
func Lines(w io.Writer, c Comparison, series string) error {
	if err := c.Check(); err != nil {
		return err
	}
	var there []string
	for _, l := range c.charts() {
		if l.Key != series {
			there = append(there, l.Key)
			continue
		}
		l.Title = xmlText(l.Title)
		d := drawing{Title: l.Title, Desc: l.Doc, Width: l.Width + 16, BodyX: 8, Lines: &l}
		d.keys(l.Lines)
		d.Height = d.BodyY + l.Height + 8
		return draw(w, d)
	}
	return fmt.Errorf("report: no policy has a course with %q: there are %s", series, strings.Join(there, ", "))
}

// keys arranges the legend in rows below the title.
func (d *drawing) keys(lines []line) {
	x, y := 16.0, drawingHead+8
	for i := range lines {
		lines[i].Name = xmlText(lines[i].Name)
		name := clip(lines[i].Name, 40)
		width := 44 + charWidth*float64(utf8.RuneCountInString(name))
		if x+width > d.Width && x > 16 {
			x, y = 16, y+20
		}
		d.Keys = append(d.Keys, key{lines[i].Class, name, x, y})
		x += width
	}
	d.BodyY = y + 8
}

// HeatMap writes the load of hosts over time as an SVG file. More than 400 hosts or
// ticks are merged into cells with their highest load, and the file says so. It returns
// an error if the course has no load, and those of w.
func HeatMap(w io.Writer, title string, course *Course) error {
	if err := course.check(); err != nil {
		return err
	}
	if course == nil || len(course.Load) == 0 || len(course.Hosts) == 0 {
		return fmt.Errorf("report: heat map of %q: the course has no load of hosts", title)
	}
	h := course.heatMap()
	body := heatDrawing{Width: 560, Height: math.Max(160, float64(h.Height)), Picture: h.Picture, Scale: heatScale()}
	for _, t := range h.Times {
		body.X = append(body.X, tick{t.At / 100 * body.Width, t.Label})
	}
	return draw(w, drawing{
		Title: xmlText(clip(plain(title), 60)), Desc: xmlText(h.Caption), Width: body.Width + 32, Height: drawingHead + body.Height + 78,
		BodyX: 16, BodyY: drawingHead, Heat: &body,
	})
}

// xmlText replaces the characters that are invalid in XML even when escaped.
func xmlText(s string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || r < ' ' && r != '\n' && r != '\t' {
			return '·'
		}
		return r
	}, s)
}
