package main

import (
	"fmt"
	"io"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"
)

func newTable(out io.Writer, columns ...any) listing {
	t := table.NewWriter()
	t.SetOutputMirror(out)
	t.SetStyle(table.StyleLight)
	t.Style().Options = table.OptionsNoBordersAndSeparators
	t.AppendHeader(table.Row(columns))
	return listing{t}
}

func renderIfAny(t table.Writer) {
	if t.Length() > 0 {
		t.Render()
	}
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

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
