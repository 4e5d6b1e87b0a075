package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// listing is a table whose cells are safe for a terminal. It is as wide as the terminal
// allows: cells that do not fit continue on the next line or below their row, and none is
// cut.
type listing struct {
	out     io.Writer
	columns []column
	rows    [][]string

	headFormat text.Format
	bare       bool // it has no heads
}

// column is what is known of a column's cells.
type column struct {
	head   string
	widest int
	word   int  // the widest word
	right  bool // amounts are aligned on the right
	reason bool // reasons may be long, and go below the row
	below  int  // which columns go below the row first, where it is too wide; 0: never
	filled bool // a row has a cell here
	spare  bool // it is left out where no row has a cell
}

// amount is a cell with a number, and its unit if it has one.
type amount string

func newTable(out io.Writer, heads ...string) *listing {
	l := &listing{out: out, headFormat: text.FormatUpper}
	for _, head := range heads {
		l.columns = append(l.columns, column{head: head, widest: text.StringWidth(head), word: longestWord(head)})
	}
	return l
}

// mayGoBelow names the columns that go below a row which is too wide, the first one first.
func (l *listing) mayGoBelow(heads ...string) {
	for i := range l.columns {
		l.columns[i].below = 1 + slices.Index(heads, l.columns[i].head)
	}
}

// mayBeMissing names the columns that are left out where no row has a cell.
func (l *listing) mayBeMissing(heads ...string) {
	for i := range l.columns {
		l.columns[i].spare = slices.Contains(heads, l.columns[i].head)
	}
}

func (l *listing) AppendRow(row table.Row) {
	clean := make([]string, len(row))
	for i, cell := range row {
		c := &l.columns[i]
		switch v := cell.(type) {
		case interface{ paint(io.Writer) string }:
			clean[i] = v.paint(l.out)
		case reasonCell:
			clean[i] = oneLine(string(v))
			c.reason = true
		default:
			clean[i] = shortLine(fmt.Sprint(cell), cellMost)
		}
		c.right = c.right || isAmount(cell)
		c.filled = c.filled || clean[i] != ""
		c.widest = max(c.widest, text.StringWidthWithoutEscSequences(clean[i]))
		c.word = max(c.word, longestWord(clean[i]))
	}
	l.rows = append(l.rows, clean)
}

func longestWord(cell string) (width int) {
	for word := range strings.FieldsSeq(cell) {
		width = max(width, text.StringWidthWithoutEscSequences(word))
	}
	return width
}

func isAmount(cell any) bool {
	switch cell.(type) {
	case amount, int:
		return true
	}
	return false
}

// print prints the table, if it has a row.
func (l *listing) print() {
	if len(l.rows) == 0 {
		return
	}
	width := widthOf(l.out)
	beside, under := l.placed(width)
	shown := make([]column, len(beside))
	heads := make(table.Row, len(beside))
	for i, at := range beside {
		shown[i], heads[i] = l.columns[at], l.columns[at].head
	}
	widths := fitted(shown, width)
	writer := table.NewWriter()
	writer.SetStyle(table.StyleLight)
	writer.Style().Options = table.OptionsNoBordersAndSeparators
	writer.Style().Format.Header = l.headFormat
	if !l.bare {
		writer.AppendHeader(heads)
	}
	var configs []table.ColumnConfig
	for i, c := range shown {
		config := table.ColumnConfig{Number: i + 1, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft}
		if c.right {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	writer.SetColumnConfigs(configs)
	height := func(cell func(at int) string) (lines int) {
		for i, at := range beside {
			lines = max(lines, 1+strings.Count(text.WrapSoft(cell(at), widths[i]), "\n"))
		}
		return lines
	}
	ends := map[int]int{} // the row that a line of the table is the end of
	line := 0
	if !l.bare {
		line = height(func(at int) string { return l.columns[at].head })
	}
	for n, row := range l.rows {
		cells := make(table.Row, len(beside))
		for i, at := range beside {
			cells[i] = row[at]
		}
		writer.AppendRow(cells)
		line += height(func(at int) string { return row[at] })
		ends[line-1] = n
	}
	for i, line := range strings.Split(writer.Render(), "\n") {
		writePainted(l.out, strings.TrimRight(line, " ")+"\n")
		if n, ok := ends[i]; ok {
			if note := l.note(l.rows[n], under); note != "" {
				writeWrapped(l.out, width, "    ", "    ", note)
			}
		}
	}
}

// placed are the columns of the table for a width (0: any), and those whose cells are
// below their row.
func (l *listing) placed(width int) (beside, under []int) {
	taken := 0
	for i, c := range l.columns {
		if c.spare && !c.filled {
			continue
		}
		beside = append(beside, i)
		taken += c.widest + cellPadding
	}
	if width == 0 || taken <= width {
		return beside, nil
	}
	leave := func(goes func(column) bool) {
		for i := len(beside) - 1; i >= 0; i-- {
			if c := l.columns[beside[i]]; goes(c) {
				under = append(under, beside[i])
				beside = slices.Delete(beside, i, i+1)
				taken -= c.widest + cellPadding
			}
		}
	}
	leave(func(c column) bool { return !c.filled })
	least := taken // where reasons wrap beside the others
	for _, i := range beside {
		if c := l.columns[i]; c.reason {
			least -= max(0, c.widest-reasonLeast)
		}
	}
	if least <= width {
		slices.Sort(under)
		return beside, under
	}
	leave(func(c column) bool { return c.reason })
	for n := 1; n <= len(l.columns) && taken > width; n++ {
		leave(func(c column) bool { return c.below == n })
	}
	slices.Sort(under)
	return beside, under
}

// note is what is below a row: cells with the heads of their columns.
func (l *listing) note(row []string, under []int) string {
	var parts []string
	for _, at := range under {
		switch cell := row[at]; {
		case cell == "":
		case l.columns[at].reason:
			parts = append(parts, cell)
		default:
			parts = append(parts, l.columns[at].head+" "+cell)
		}
	}
	return strings.Join(parts, "; ")
}

// cellPadding is the space beside a cell, columnLeast what a column keeps when it has
// to wrap: shorter lines cannot be read. reasonLeast is what a column of reasons needs
// beside the others, and wordMost the longest word that is broken only where nothing else
// helps.
const (
	cellPadding = 2
	columnLeast = 8
	reasonLeast = 30
	wordMost    = 16
)

// fitted are the widths of columns in a table of a width; 0: as wide as they are. The
// widest columns give way first, and words are broken last.
func fitted(columns []column, width int) []int {
	widths, sum := make([]int, len(columns)), 0
	for i, c := range columns {
		widths[i] = c.widest
		sum += c.widest + cellPadding
	}
	shrink := func(least func(column) int) {
		for width > 0 && sum > width {
			widest := -1
			for i, w := range widths {
				if !columns[i].right && w > least(columns[i]) && (widest < 0 || w > widths[widest]) {
					widest = i
				}
			}
			if widest < 0 {
				return
			}
			widths[widest]--
			sum--
		}
	}
	shrink(func(c column) int {
		if c.word > wordMost {
			return columnLeast
		}
		return max(columnLeast, c.word)
	})
	shrink(func(column) int { return columnLeast })
	return widths
}

func also(text string) string {
	if text == "" {
		return ""
	}
	return ": " + text
}

func durationText(d time.Duration) string {
	if d == 0 {
		return ""
	}
	return d.Round(time.Millisecond).String()
}
