// Package docs holds the pages that the command shows: what it explains is
// what is written here.
package docs

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"
)

//go:embed diagnostics.md
var diagnostics string

//go:embed configuration.md
var configuration string

//go:embed figures.md
var figures string

// Finding is a row of the tables in diagnostics.md.
type Finding struct {
	Code, Kind, What, Write string
	// Section is what the page says of it beside the table; "" where it says
	// no more.
	Section string
}

// Findings returns the rows of the tables, in their order.
func Findings() (list []Finding) {
	for _, line := range strings.Split(diagnostics, "\n") {
		cells := strings.Split(line, " | ")
		if len(cells) != 4 || !slices.Contains([]string{"error", "warning", "info"}, cells[1]) {
			continue
		}
		f := Finding{
			Code: strings.TrimPrefix(cells[0], "| "), Kind: cells[1], What: cells[2],
			Write: strings.TrimSuffix(strings.TrimSpace(cells[3]), " |"),
		}
		f.Section = section(f.Code)
		list = append(list, f)
	}
	return list
}

// section is what stands under the heading of a code.
func section(code string) string {
	_, rest, found := strings.Cut(diagnostics, "\n## "+code+"\n")
	if !found {
		return ""
	}
	text, _, _ := strings.Cut(rest, "\n## ")
	return strings.TrimSpace(text)
}

// Explain says what a code means and what to write instead.
func Explain(code string) (text string, ok bool) {
	for _, f := range Findings() {
		if f.Code == code {
			text = fmt.Sprintf("%s (%s): %s.\nWrite: %s.", f.Code, f.Kind, f.What, f.Write)
			if f.Section != "" {
				text += "\n\n" + f.Section
			}
			return text, true
		}
	}
	return "", false
}
