package docs

import "strings"

// Figure is a row of the tables in figures.md.
type Figure struct {
	Key, Group, What, Source string
}

// Figures returns the rows of the tables, in their order, with the heading above each as
// its group.
func Figures() (list []Figure) {
	group := ""
	for line := range strings.Lines(figures) {
		line = strings.TrimSpace(line)
		if title, is := strings.CutPrefix(line, "## "); is {
			group = title
		}
		key, rest, is := strings.Cut(strings.TrimPrefix(line, "| `"), "` |")
		if cells := strings.Split(rest, "|"); is && strings.HasPrefix(line, "| `") && len(cells) == 4 {
			list = append(list, Figure{key, group, strings.TrimSpace(cells[1]), strings.TrimSpace(cells[2])})
		}
	}
	return list
}
