package report

import (
	"fmt"
	"slices"
	"strings"
)

// pageTable is the table of the main figures.
type pageTable struct {
	Columns []pageColumn
	Rows    []pageRow
}

type pageColumn struct{ Key, Name, Unit, Doc, Wish string }

type pageRow struct {
	Class, Name, ID string
	Cells           []pageCell
}

type pageCell struct {
	Mean, Half, Of string
	Change         string
	Verdict        string // the CSS class: good, bad, other, same
	Said           string // the verdict for readers who do not see colours
	Best           bool
}

// pageGroup has the figures of a group.
type pageGroup struct {
	ID, Title   string
	Aim         string // whose aim they are
	Cards       []card
	Told        []pageTold
	Definitions []definition
	Columns     []pageColumn
	Runs        [][]string
}

// pageTold is a figure that is told in one line.
type pageTold struct{ Key, Name, Text string }

type definition struct{ Key, Head, Wish, Text, Source string }

// fewMeasures are shown in the table of the main figures, whatever they are.
const fewMeasures = 7

// grouped returns the measures by groups: those that a policy is for first, in the order
// of the policies, then the others in the order in which they come.
func (c Comparison) grouped() (groups [][]int) {
	var order []string
	add := func(title string) {
		if !slices.Contains(order, title) {
			order = append(order, title)
		}
	}
	for _, p := range c.Policies {
		if slices.ContainsFunc(c.Measures, func(m Measure) bool { return m.Group == p.Aim && p.Aim != "" }) {
			add(p.Aim)
		}
	}
	for _, m := range c.Measures {
		add(m.Group)
	}
	for _, title := range order {
		var group []int
		for j, m := range c.Measures {
			if m.Group == title {
				group = append(group, j)
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// figures fills the table of the main figures and the groups.
func (p *page) figures(c Comparison) {
	figures, groups := c.Figures(), c.grouped()
	for _, row := range figures {
		for _, f := range row {
			p.Intervals = p.Intervals || isNumber(f.Half)
		}
	}
	p.Main = c.mainTable(groups, figures)
	for i, group := range groups {
		g := pageGroup{ID: fmt.Sprintf("g%d", i), Title: plain(c.Measures[group[0]].Group)}
		if g.Title == "" {
			g.Title = "Figures"
		}
		g.Aim = c.aimed(c.Measures[group[0]].Group)
		for _, j := range group {
			m := c.Measures[j]
			if text, alike := c.alikeEverywhere(j, figures); alike {
				g.Told = append(g.Told, pageTold{m.Key, plain(m.label()), text})
			} else {
				g.Cards = append(g.Cards, c.card(j, figures))
			}
			g.Columns = append(g.Columns, m.column())
			g.Definitions = append(g.Definitions, m.definition())
		}
		g.Runs, p.RunsNote = c.runRows(group)
		p.Groups = append(p.Groups, g)
	}
}

// aimed names the policies that are for a group.
func (c Comparison) aimed(group string) string {
	var names []string
	for _, p := range c.Policies {
		if p.Aim != "" && p.Aim == group {
			names = append(names, plain(p.Name))
		}
	}
	return strings.Join(names, ", ")
}

func (c Comparison) mainTable(groups [][]int, figures [][]Figure) pageTable {
	var t pageTable
	var chosen []int
	for _, group := range groups {
		for _, j := range group {
			if len(c.Measures) <= fewMeasures || c.Measures[j].Main {
				chosen = append(chosen, j)
			}
		}
	}
	for _, j := range chosen {
		t.Columns = append(t.Columns, c.Measures[j].column())
	}
	for i, policy := range c.Policies {
		row := pageRow{Class: colour(i), Name: plain(policy.Name), ID: fmt.Sprintf("policy%d", i)}
		for _, j := range chosen {
			row.Cells = append(row.Cells, c.Measures[j].cell(figures[i][j], len(policy.Runs)))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func (m Measure) column() pageColumn {
	return pageColumn{m.Key, plain(m.label()), plain(m.Unit), plain(m.about()), m.wish()}
}

// about is Doc, and whether the measure is a sum.
func (m Measure) about() string {
	if !m.Sum {
		return m.Doc
	}
	if m.Doc == "" {
		return "sum over the run"
	}
	return strings.TrimSuffix(m.Doc, ".") + "; sum over the run"
}

func (m Measure) definition() definition {
	d := definition{m.Key, plain(m.head()), m.wish(), m.Definition, m.Source}
	if d.Text == "" {
		d.Text = m.about()
	}
	if m.Sum {
		d.Wish = strings.Trim(d.Wish+"; sum over the run", "; ")
	}
	return d
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

// runsShown bounds the runs that the page lists; CSV and JSON have them all.
const runsShown = 400

// runRows are the runs with the measures of a group.
func (c Comparison) runRows(group []int) (rows [][]string, note string) {
	total := 0
	for _, policy := range c.Policies {
		for _, run := range policy.Runs {
			if total++; total > runsShown {
				continue
			}
			row := []string{plain(policy.Name), fmt.Sprint(run.Seed)}
			for _, j := range group {
				row = append(row, c.Measures[j].format(run.value(c.Measures[j].Key)))
			}
			rows = append(rows, row)
		}
	}
	note = count(total, "run", "runs")
	if total > runsShown {
		note = fmt.Sprintf("the first %d of %s", runsShown, note)
	}
	return rows, note
}
