package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// textWidth is the width of a text whose reader's width is not known.
const textWidth = 110

// Text writes the comparison as TextOf does, for a reader whose width is not known.
func Text(w io.Writer, c Comparison) error { return TextOf(w, c, 0) }

// TextOf writes the comparison for a terminal of this width; 0: not known. Policies are
// rows and measures columns, in as many tables as it takes: a terminal wraps longer lines,
// which makes columns unreadable. A legend of the marks follows. It returns the error of
// Check or of w.
func TextOf(w io.Writer, c Comparison, width int) error {
	if err := c.Check(); err != nil {
		return err
	}
	var b strings.Builder
	write := func(line string) {
		if line = plain(line); width > 0 {
			line = text.WrapSoft(line, width)
		}
		for part := range strings.SplitSeq(line, "\n") {
			fmt.Fprintln(&b, strings.TrimRight(part, " "))
		}
	}
	head := []string{c.Title, strings.Join(c.facts(), ", "), ""}
	if c.Note != "" {
		head = append(head, c.Note, "")
	}
	for _, line := range head {
		if b.Len() > 0 || line != "" {
			write(line)
		}
	}
	rows := c.textRows()
	for from := 0; len(c.Measures) > 0 && from < len(rows[0])-1; {
		to := fitting(rows, from, cmp.Or(width, textWidth))
		fmt.Fprintf(&b, "%s\n\n", block(rows, from, to).Render())
		from = to
	}
	for _, line := range c.legend("* best of its column") {
		write(line)
	}
	for _, m := range c.Measures {
		write(m.explained())
	}
	for i, line := range c.Provenance() {
		if i == 0 {
			fmt.Fprintln(&b)
		}
		fmt.Fprintln(&b, plain(line))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Markdown writes only the table and its legend, for a page of documentation. It
// returns the error of Check or of w.
func Markdown(w io.Writer, c Comparison) error {
	if err := c.Check(); err != nil {
		return err
	}
	rows := c.rows(func(text string, f Figure) string {
		if f.Best {
			text = "**" + text + "**"
		}
		return strings.TrimSpace(text + " " + arrow(f.Differs))
	})
	out := block(rows, 0, len(c.Measures)).RenderMarkdown() + "\n"
	for _, line := range c.legend("**Bold**: best of its column") {
		out += "\n" + plain(line) + "\n"
	}
	_, err := io.WriteString(w, strings.ReplaceAll(out, "<", "&lt;"))
	return err
}

// textRows are the rows for a terminal. Each cell ends with one column for the mark of
// the best and one for that of a difference, so that the figures are aligned. A single
// policy has a row for each measure instead.
func (c Comparison) textRows() [][]string {
	rows := c.rows(func(text string, f Figure) string {
		best, differs := "\u00a0", arrow(f.Differs)
		if f.Best {
			best = "*"
		}
		if differs == "" {
			differs = "\u00a0"
		}
		return text + "\u00a0" + best + differs
	})
	if len(c.Policies) != 1 {
		return rows
	}
	turned := [][]string{{"measure", plain(c.Policies[0].Name)}}
	for j, m := range c.Measures {
		turned = append(turned, []string{plain(m.head()), strings.TrimRight(rows[1][j+1], "\u00a0")})
	}
	return turned
}

// rows are the texts of the table: the heads, then a row for each policy, with its name
// in column 0.
func (c Comparison) rows(cell func(string, Figure) string) [][]string {
	rows := [][]string{{"policy"}}
	for _, m := range c.Measures {
		rows[0] = append(rows[0], plain(m.head()))
	}
	for i, figures := range c.Figures() {
		row := []string{plain(c.Policies[i].Name)}
		for j, f := range figures {
			row = append(row, cell(c.Measures[j].figure(f, len(c.Policies[i].Runs)), f))
		}
		rows = append(rows, row)
	}
	return rows
}

// Format formats a value for people; a value that is not known is a dash.
func (m Measure) Format(v float64) string { return m.format(v) }

// figure formats a figure, with the number of runs that measured it if not all did.
func (m Measure) figure(f Figure, runs int) string {
	out := m.interval(f.Interval)
	if f.N > 0 && f.N < runs {
		out += fmt.Sprintf(" (%d of %d)", f.N, runs)
	}
	return out
}

// arrow marks a significant difference.
func arrow(differs int) string {
	switch {
	case differs < 0:
		return "▼"
	case differs > 0:
		return "▲"
	}
	return ""
}

// Head is the name of the measure with its unit.
func (m Measure) Head() string { return plain(m.head()) }

func (m Measure) head() string {
	if m.Unit == "" {
		return m.label()
	}
	return m.label() + ", " + m.Unit
}

// fitting returns the end of the measures that fit into a table that begins at from.
func fitting(rows [][]string, from, width int) int {
	sum := 1 + columnWidth(rows, 0)
	for to := from; to < len(rows[0])-1; to++ {
		sum += columnWidth(rows, to+1)
		if sum > width && to > from {
			return to
		}
	}
	return len(rows[0]) - 1
}

func columnWidth(rows [][]string, column int) int {
	widest := 0
	for _, row := range rows {
		widest = max(widest, text.StringWidthWithoutEscSequences(row[column]))
	}
	return widest + 3
}

func block(rows [][]string, from, to int) table.Writer {
	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.Style().Format.Header = text.FormatDefault
	var columns []table.ColumnConfig
	for i, row := range rows {
		part := table.Row{row[0]}
		for j := from; j < to; j++ {
			part = append(part, row[j+1])
			columns = append(columns, table.ColumnConfig{Number: len(part), Align: text.AlignRight, AlignHeader: text.AlignRight})
		}
		if i == 0 {
			t.AppendHeader(part)
			t.SetColumnConfigs(columns)
		} else {
			t.AppendRow(part)
		}
	}
	return t
}

// legend explains the marks in the table.
func (c Comparison) legend(best string) []string {
	var lines []string
	var bests, intervals, differs, unknown bool
	for _, row := range c.Figures() {
		for _, f := range row {
			bests = bests || f.Best
			intervals = intervals || isNumber(f.Half)
			differs = differs || f.Differs != 0
			unknown = unknown || f.N == 0
		}
	}
	if bests {
		lines = append(lines, best+c.uncontested())
	}
	if intervals {
		lines = append(lines, "± half of the 95 % interval of the mean over the seeds (Student's t)")
	}
	if differs {
		lines = append(lines, fmt.Sprintf("▼ ▲ less, more than %s beyond chance (seed by seed; 5 %% for a whole column, Holm)",
			c.Policies[0].Name))
	}
	if unknown {
		lines = append(lines, "– not known")
	}
	return lines
}

// uncontested says which policies are never the best in what acting costs.
func (c Comparison) uncontested() string {
	var idle []string
	for i, p := range c.Policies {
		if c.doesNothing(i) {
			idle = append(idle, p.Name)
		}
	}
	if len(idle) == 0 || len(idle) == len(c.Policies) {
		return ""
	}
	verbs := " does nothing, and is"
	if len(idle) > 1 {
		verbs = " do nothing, and are"
	}
	return "; " + strings.Join(idle, ", ") + verbs + " left out where acting has its cost: migrations, messages, failures"
}

func (m Measure) explained() string {
	out := m.head()
	if m.Doc != "" {
		out += ": " + m.Doc
	}
	var about []string
	if m.Sum {
		about = append(about, "sum over the run")
	}
	switch {
	case m.Better < 0:
		about = append(about, "less is better")
	case m.Better > 0:
		about = append(about, "more is better")
	}
	if len(about) > 0 {
		out += " (" + strings.Join(about, "; ") + ")"
	}
	return out
}

// plain replaces control and bidirectional formatting characters in a text.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return '·'
		}
		return r
	}, s)
}
