package chart

import (
	"fmt"
	"strings"
)

// Mermaid draws a machine as a stateDiagram-v2.
func Mermaid(m *Machine) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for i, s := range m.States {
		switch s.Kind {
		case Begin:
			fmt.Fprintf(&b, "    state \"%s\" as s%d\n    [*] --> s%d\n", escape(m.Role), i, i)
		case Role:
			fmt.Fprintf(&b, "    state \"%s\" as s%d\n", escape("enter "+s.Name), i)
		case Fork:
			kind := "fork"
			if !m.leaves(i) {
				kind = "join"
			}
			fmt.Fprintf(&b, "    state s%d <<%s>>\n", i, kind)
		case Wait:
			fmt.Fprintf(&b, "    state \" \" as s%d\n", i)
		}
	}
	name := func(i int) string {
		if m.States[i].Kind == End {
			return "[*]"
		}
		return fmt.Sprintf("s%d", i)
	}
	for _, e := range m.Edges {
		fmt.Fprintf(&b, "    %s --> %s", name(e.From), name(e.To))
		if e.Label != "" {
			b.WriteString(" : " + escape(e.Label))
		}
		b.WriteString("\n")
	}
	return b.String()
}

// leaves reports whether several edges leave a bar, which makes it a fork.
func (m *Machine) leaves(state int) bool {
	n := 0
	for _, e := range m.Edges {
		if e.From == state {
			n++
		}
	}
	return n > 1
}

// OverviewMermaid draws the messages between roles as a flowchart.
func OverviewMermaid(speeches []Speech) string {
	var b strings.Builder
	b.WriteString("flowchart LR\n")
	ids := map[string]string{}
	id := func(role string) string {
		if ids[role] == "" {
			ids[role] = fmt.Sprintf("r%d", len(ids))
			fmt.Fprintf(&b, "    %s[\"%s\"]\n", ids[role], escape(role))
		}
		return ids[role]
	}
	for _, s := range speeches {
		from, to := id(s.From), id(s.To)
		fmt.Fprintf(&b, "    %s -- \"%s\" --> %s\n", from, escape(strings.Join(s.Messages, ", ")), to)
	}
	return b.String()
}

// escape replaces Mermaid's special characters by entity codes.
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case strings.ContainsRune("\"#;:<>{}[]|`%\\", r):
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
