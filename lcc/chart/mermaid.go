package chart

import (
	"fmt"
	"strings"
)

// Mermaid draws machines as one stateDiagram-v2: one machine by itself, several as
// composite states.
func Mermaid(machines []*Machine) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	if len(machines) == 1 {
		machines[0].mermaid(&b, "    ", "s")
		return b.String()
	}
	for i, m := range machines {
		fmt.Fprintf(&b, "    state \"%s\" as r%d {\n", escape(m.Role), i)
		m.mermaid(&b, "        ", fmt.Sprintf("r%ds", i))
		b.WriteString("    }\n")
	}
	return b.String()
}

// mermaid writes the states and edges of a machine, each on an indented line; the names
// of its states begin with prefix.
func (m *Machine) mermaid(b *strings.Builder, indent, prefix string) {
	name := func(i int) string {
		if m.States[i].Kind == End {
			return "[*]"
		}
		return fmt.Sprintf("%s%d", prefix, i)
	}
	line := func(format string, values ...any) { fmt.Fprintf(b, indent+format+"\n", values...) }
	for i, s := range m.States {
		switch s.Kind {
		case Begin:
			line("state \"%s\" as %s", escape(m.Role), name(i))
			line("[*] --> %s", name(i))
		case Role:
			line("state \"%s\" as %s", escape("enter "+s.Name), name(i))
		case Fork:
			kind := "fork"
			if !m.leaves(i) {
				kind = "join"
			}
			line("state %s <<%s>>", name(i), kind)
		case Wait:
			line("state \" \" as %s", name(i))
		}
	}
	for _, e := range m.Edges {
		if e.Label == "" {
			line("%s --> %s", name(e.From), name(e.To))
			continue
		}
		line("%s --> %s : %s", name(e.From), name(e.To), escape(e.Label))
	}
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
