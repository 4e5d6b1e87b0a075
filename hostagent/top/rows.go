package top

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"

	"parley/hostagent/api/wording"
	"parley/hostagent/site"
	"parley/internal/bytesize"
)

// view is one of the lists.
type view struct {
	name  string
	heads []string
	order int                     // the column that sorts at first
	rows  func(site.Report) []row // nil: those of the talk
}

// row is a line of a list.
type row struct {
	key   string // tells rows apart: the row that is chosen stays so
	what  any    // site.Host, place or site.Move
	cells []cell
}

// cell is a text and what sorts it.
type cell struct {
	text   string
	number float64 // sorts from the greatest; of a cell with right
	right  bool
	colour tcell.Color // 0: the terminal's
}

// place is a guest and where it is.
type place struct {
	host  string
	guest site.Guest
}

func text(s string) cell { return cell{text: s} }

func number(v float64, format string, args ...any) cell {
	return cell{text: fmt.Sprintf(format, args...), number: v, right: true}
}

var views = []view{
	{"hosts", []string{"HOST", "STATE", "CPU", "MEM", "GUESTS", "LAST HOUR", "NOTE"}, 1, hostRows},
	{"guests", []string{"GUEST", "HOST", "CPU", "MEM", "STATE", "WHY IT STAYS"}, 2, guestRows},
	{"moves", []string{"BEGAN", "STATE", "GUEST", "FROM", "TO", "TOOK", "WHAT"}, 0, moveRows},
	{"talk", []string{"AT", "WHO", "SAYS", "WHERE"}, 0, nil},
	{"policies", []string{"HOST", "RELEASES", "POLICIES", "PLAYS"}, 0, policyRows},
}

func hostRows(r site.Report) (rows []row) {
	for _, h := range r.Hosts {
		state := cell{text: wording.HostState(h), number: float64(h.Urgency()), right: true, colour: stateColour(h)}
		cells := []cell{text(h.Host), state, share(h.Load, h.Load.CPU), share(h.Load, h.Load.Memory),
			number(float64(h.Count()), "%d", h.Count()), text(spark(h.Past)), text(wording.HostNote(h))}
		if h.Silent != "" {
			cells[2], cells[3], cells[4] = number(-1, ""), number(-1, ""), number(-1, "")
		}
		rows = append(rows, row{h.Host, h, cells})
	}
	return rows
}

func stateColour(h site.Host) tcell.Color {
	switch h.Urgency() {
	case 3, 2:
		return tcell.ColorRed
	case 1:
		return tcell.ColorYellow
	}
	return 0
}

func share(l site.Load, of float64) cell {
	if !l.Known {
		return number(-1, "?")
	}
	c := number(of, "%.0f %%", 100*of)
	if of > 1 {
		c.colour = tcell.ColorRed
	}
	return c
}

// sparkSteps is how many values of an hour a row has room for.
const sparkSteps = 20

// spark draws the last hour, the highest load of each part.
func spark(p *site.Past) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	drawn := []rune(strings.Repeat(" ", sparkSteps))
	if p == nil {
		return string(drawn)
	}
	const each = site.PastSteps / sparkSteps
	levels := map[int]byte{}
	for i := range min(len(p.CPU), len(p.Memory)) {
		part := sparkSteps - 1 - (len(p.CPU)-1-i)/each
		if v := max(p.CPU[i], p.Memory[i]); v != site.PastUnknown && part >= 0 {
			levels[part] = max(levels[part], v, 1)
		}
	}
	for part, v := range levels {
		drawn[part] = bars[min(len(bars)-1, int(v)*len(bars)/101)]
	}
	return string(drawn)
}

func guestRows(r site.Report) (rows []row) {
	for _, h := range r.Hosts {
		for _, g := range h.Guests {
			rows = append(rows, row{h.Host + " " + g.ID, place{h.Host, g}, []cell{
				text(g.Name), text(h.Host), number(g.CPU, "%.1f", g.CPU), number(float64(g.Memory), "%s", bytesize.Text(g.Memory)), text(g.State),
				text(g.Stays),
			}})
		}
	}
	return rows
}

func moveRows(r site.Report) (rows []row) {
	for _, m := range r.Moves() {
		state := text(m.Deal.State)
		switch m.Deal.State {
		case "done":
			state.colour = tcell.ColorGreen
		case "aborted", "stuck", "expired", "refused":
			state.colour = tcell.ColorRed
		}
		began := number(float64(m.Begin().UnixNano()), "%s", m.Begin().Local().Format(time.TimeOnly))
		whole, took, what := m, number(-1, ""), text(wording.Move(m))
		if m.Deal.Total > 0 {
			took = number(m.Deal.Total.Seconds(), "%.1f s", m.Deal.Total.Seconds())
		}
		if m.Others > 0 { // what the loads are then is not what this move brought
			m.SourceAfter, m.TargetAfter = site.Share{}, site.Share{}
		}
		from, to := change(m.Deal.Source, m.SourceBefore, m.SourceAfter), change(m.Deal.Target, m.TargetBefore, m.TargetAfter)
		rows = append(rows, row{m.Deal.Deal, whole, []cell{began, state, text(m.Deal.Name), text(from), text(to), took, what}})
	}
	return rows
}

// change is a host of a move, with its load before and after it.
func change(host string, before, after site.Share) string {
	said := func(s site.Share) string {
		if !s.Known {
			return "?"
		}
		return fmt.Sprintf("%.0f", 100*s.Of)
	}
	switch {
	case !before.Known && !after.Known:
		return host
	case !after.Known:
		return host + " " + said(before) + " %"
	}
	return host + " " + said(before) + "→" + said(after) + " %"
}

func policyRows(r site.Report) (rows []row) {
	newest := map[string]uint64{}
	for _, h := range r.Hosts {
		for _, one := range h.Releases {
			newest[one.Publisher] = max(newest[one.Publisher], one.Version)
		}
	}
	for _, h := range r.Hosts {
		var releases, policies, plays []string
		lags := false
		for _, one := range h.Releases {
			lag := ""
			if one.Version < newest[one.Publisher] {
				lag, lags = fmt.Sprintf(" (newest: %d)", newest[one.Publisher]), true
			}
			releases = append(releases, fmt.Sprintf("%s %d%s", one.Publisher, one.Version, lag))
		}
		for _, one := range h.Policies {
			policies = append(policies, one.Name+" "+one.State)
		}
		for _, one := range h.Models {
			plays = append(plays, one.Roles...)
		}
		cells := []cell{text(h.Host), text(strings.Join(releases, ", ")), text(strings.Join(policies, ", ")), text(strings.Join(plays, ", "))}
		if lags {
			cells[1].colour = tcell.ColorYellow
		}
		rows = append(rows, row{h.Host, h, cells})
	}
	return rows
}

// sorted sorts rows by a column, numbers from the greatest, and keeps those that have all
// words.
func sorted(rows []row, column int, words string) []row {
	kept := slices.DeleteFunc(rows, func(r row) bool {
		var all strings.Builder
		for _, c := range r.cells {
			all.WriteString(strings.ToLower(c.text) + " ")
		}
		return slices.ContainsFunc(strings.Fields(strings.ToLower(words)), func(w string) bool { return !strings.Contains(all.String(), w) })
	})
	slices.SortStableFunc(kept, func(a, b row) int {
		x, y := a.cells[column], b.cells[column]
		if x.right {
			return cmp.Compare(y.number, x.number)
		}
		return strings.Compare(x.text, y.text)
	})
	return kept
}
