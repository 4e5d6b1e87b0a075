// Package charts has what a page needs to draw figures over time: a style and a script,
// to be embedded in a page that asks for nothing else.
//
// Ticks, axes, zoom and the cursor are those of uPlot, which is in the directory uplot as
// its authors publish it: 51 KB, without dependencies, kept. Observable Plot with d3 is
// ten times as large and ECharts twenty times, for each page; gonum/plot draws pictures
// that neither zoom nor follow the reader's light or dark mode. draw.js adds what uPlot
// leaves to its users: bands of several runs, steps, lines that coincide, maps of load,
// keys, print.
package charts

import _ "embed"

// UPlotVersion is the version of uPlot in the directory uplot.
const UPlotVersion = "1.6.32"

var (
	//go:embed uplot/uPlot.iife.min.js
	uPlotScript string
	//go:embed uplot/uPlot.min.css
	uPlotStyle string
	//go:embed draw.js
	draw string
	//go:embed charts.css
	style string
)

// Script defines Charts, by which a page draws.
func Script() string { return uPlotScript + "\n" + draw }

// Style has the colours p0 to p7, and the looks of what Script draws.
func Style() string { return uPlotStyle + "\n" + style }
