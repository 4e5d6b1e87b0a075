package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// listing is a table whose cells are safe for a terminal. It is as wide as the terminal
// allows: cells that do not fit continue on the next line, and nothing is left out.
type listing struct {
	table.Writer
	out     io.Writer
	columns []column
}

// column is what is known of a column's cells.
type column struct {
	widest int
	right  bool // amounts are aligned on the right
}

// amount is a cell with a number, and its unit if it has one.
type amount string

func newTable(out io.Writer, heads ...any) *listing {
	l := &listing{Writer: table.NewWriter(), out: out}
	l.SetStyle(table.StyleLight)
	l.Style().Options = table.OptionsNoBordersAndSeparators
	l.AppendHeader(table.Row(heads))
	for _, head := range heads {
		l.columns = append(l.columns, column{widest: text.StringWidth(fmt.Sprint(head))})
	}
	return l
}

func (l *listing) AppendRow(row table.Row, config ...table.RowConfig) {
	clean := make(table.Row, len(row))
	for i, cell := range row {
		switch v := cell.(type) {
		case interface{ paint(io.Writer) string }:
			clean[i] = v.paint(l.out)
		case reasonCell:
			clean[i] = shortLine(v.brief(), cellMost)
		default:
			clean[i] = shortLine(fmt.Sprint(cell), cellMost)
		}
		l.columns[i].right = l.columns[i].right || isAmount(cell)
		l.columns[i].widest = max(l.columns[i].widest, text.StringWidthWithoutEscSequences(clean[i].(string)))
	}
	l.Writer.AppendRow(clean, config...)
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
	if l.Length() == 0 {
		return
	}
	widths := fitted(l.columns, widthOf(l.out))
	var configs []table.ColumnConfig
	for i, c := range l.columns {
		config := table.ColumnConfig{Number: i + 1, WidthMax: widths[i], WidthMaxEnforcer: text.WrapSoft}
		if c.right {
			config.Align, config.AlignHeader = text.AlignRight, text.AlignRight
		}
		configs = append(configs, config)
	}
	l.SetColumnConfigs(configs)
	for line := range strings.SplitSeq(l.Writer.Render(), "\n") {
		writePainted(l.out, strings.TrimRight(line, " ")+"\n")
	}
}

// cellPadding is the space beside a cell, and columnLeast what a column keeps when it has
// to wrap: shorter lines cannot be read.
const (
	cellPadding = 2
	columnLeast = 8
)

// fitted are the widths of columns in a table of a width; 0: as wide as they are. The
// widest columns give way first.
func fitted(columns []column, width int) []int {
	widths, sum := make([]int, len(columns)), 0
	for i, c := range columns {
		widths[i] = c.widest
		sum += c.widest + cellPadding
	}
	for width > 0 && sum > width {
		widest := -1
		for i, w := range widths {
			if !columns[i].right && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 || widths[widest] <= columnLeast {
			break
		}
		widths[widest]--
		sum--
	}
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
