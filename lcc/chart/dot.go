package chart

import (
	"fmt"
	"slices"
	"strings"

	"github.com/emicklei/dot"
	"github.com/jedib0t/go-pretty/v6/text"
)

// labelColumns is the width of a label at an edge, in characters: a longer one has lines.
const labelColumns = 30

// DOT draws machines as one Graphviz text, each in its own cluster.
func DOT(machines []*Machine) string {
	g := dot.NewGraph(dot.Directed)
	g.Attr("rankdir", "LR") // the roles stand below each other, and each is read as a line
	g.NodeInitializer(func(n dot.Node) { n.Attr("fontname", "Helvetica").Attr("fontsize", "10") })
	g.EdgeInitializer(func(e dot.Edge) { e.Attr("fontname", "Helvetica").Attr("fontsize", "9") })
	for i, m := range slices.Backward(machines) { // the first one that is drawn stands lowest
		box := g.Subgraph(m.Role, dot.ClusterOption{})
		nodes := make([]dot.Node, len(m.States))
		for k, s := range m.States {
			nodes[k] = draw(box.Node(fmt.Sprintf("r%d_%03d", i, k)), m, s)
		}
		for _, e := range m.Edges {
			box.Edge(nodes[e.From], nodes[e.To], lines(e.Label))
		}
	}
	return g.String()
}

// lines breaks a label into lines.
func lines(label string) string {
	list := strings.Split(text.WrapSoft(label, labelColumns), "\n")
	for i := range list {
		list[i] = strings.TrimRight(list[i], " ") // WrapSoft fills each line
	}
	return strings.Join(list, "\n")
}

func draw(n dot.Node, m *Machine, s State) dot.Node {
	switch s.Kind {
	case Begin:
		return n.Label(m.Role).Attr("shape", "box").Attr("style", "bold")
	case Role:
		return n.Label(s.Name).Attr("shape", "box").Attr("style", "rounded")
	case Fork:
		return n.Label("").Attr("shape", "box").Attr("style", "filled").Attr("fillcolor", "black").Attr("height", "0.05")
	case End:
		return n.Label("").Attr("shape", "doublecircle").Attr("width", "0.15")
	}
	return n.Label("").Attr("shape", "circle").Attr("width", "0.15")
}

// OverviewDOT draws which role sends which messages to which role.
func OverviewDOT(speeches []Speech) string {
	g := dot.NewGraph(dot.Directed)
	g.Attr("rankdir", "LR")
	node := func(role string) dot.Node { return g.Node(role).Label(role).Attr("shape", "box") }
	for _, s := range speeches {
		g.Edge(node(s.From), node(s.To), strings.Join(s.Messages, ", "))
	}
	return g.String()
}
