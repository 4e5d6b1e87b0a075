package chart

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Step is one step of a run: a message when To is set, otherwise something that Who
// did.
type Step struct {
	At   string // time, as free text
	Who  string
	To   string
	Text string
}

// who returns the names in a run, in order of first appearance.
func who(steps []Step) (names []string) {
	for _, s := range steps {
		for _, name := range []string{s.Who, s.To} {
			if name != "" && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// SequenceMermaid draws a run as a sequenceDiagram.
func SequenceMermaid(steps []Step) string {
	var b strings.Builder
	b.WriteString("sequenceDiagram\n")
	ids := map[string]string{}
	for i, name := range who(steps) {
		ids[name] = fmt.Sprintf("p%d", i)
		fmt.Fprintf(&b, "    participant %s as %s\n", ids[name], escape(name))
	}
	for _, s := range steps {
		if s.To != "" {
			fmt.Fprintf(&b, "    %s->>%s: %s\n", ids[s.Who], ids[s.To], escape(s.Text))
			continue
		}
		fmt.Fprintf(&b, "    Note over %s: %s\n", ids[s.Who], escape(s.Text))
	}
	return b.String()
}

// Widths of a chart in plain characters.
const (
	columnLeast = 12
	columnMost  = 34
)

// Sequence draws a run in plain characters: a column for each peer, an arrow for each
// message. Text that is wider than the columns is clipped.
func Sequence(steps []Step) string {
	names := who(steps)
	if len(names) == 0 {
		return ""
	}
	column := columnLeast
	for _, s := range steps {
		column = max(column, min(utf8.RuneCountInString(s.Text)+6, columnMost))
	}
	times := 0
	for _, s := range steps {
		times = max(times, utf8.RuneCountInString(s.At))
	}
	c := canvas{names: names, column: column, margin: times + 2 + column/2}
	c.heads()
	for _, s := range steps {
		c.step(s)
	}
	c.heads()
	return c.String()
}

type canvas struct {
	strings.Builder
	names          []string
	column, margin int
}

// center returns the position of a peer's line.
func (c *canvas) center(name string) int { return c.margin + slices.Index(c.names, name)*c.column }

func (c *canvas) write(cells []rune) {
	c.WriteString(strings.TrimRight(string(cells), " ") + "\n")
}

func (c *canvas) empty(bars bool) []rune {
	cells := []rune(strings.Repeat(" ", c.margin+len(c.names)*c.column))
	if bars {
		for _, name := range c.names {
			cells[c.center(name)] = '|'
		}
	}
	return cells
}

// put writes a text centred at a position.
func put(cells []rune, at int, text string) {
	for i, r := range []rune(text) {
		if k := at + i; k >= 0 && k < len(cells) {
			cells[k] = r
		}
	}
}

func (c *canvas) heads() {
	cells := c.empty(false)
	for _, name := range c.names {
		shown := text.Snip(name, c.column-2, "...")
		put(cells, c.center(name)-utf8.RuneCountInString(shown)/2, shown)
	}
	c.write(cells)
}

func (c *canvas) step(s Step) {
	cells := c.empty(true)
	put(cells, 0, s.At)
	from := c.center(s.Who)
	if s.To == "" || s.To == s.Who {
		said := "* " + s.Text
		if s.To == s.Who {
			said = "> " + s.Text // to itself
		}
		put(cells, from, text.Snip(said, c.column*2-3, "..."))
		c.write(cells)
		return
	}
	to := c.center(s.To)
	left, right := min(from, to), max(from, to)
	for i := left + 1; i < right; i++ {
		cells[i] = '-'
	}
	if to > from {
		cells[right-1] = '>'
	} else {
		cells[left+1] = '<'
	}
	said := text.Snip(s.Text, right-left-5, "...")
	put(cells, left+(right-left-utf8.RuneCountInString(said)-2)/2+1, " "+said+" ")
	c.write(cells)
}
