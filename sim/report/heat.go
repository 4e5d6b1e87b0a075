package report

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"math"
	"time"
)

// heatCells bounds the cells of a heat map in each direction: a screen shows no more,
// and the page should stay small.
const heatCells = 400

// heat is the load of hosts over time as a picture with one pixel for each cell. The
// script draws it between axes.
type heat struct {
	Name, Caption string
	Seed          uint64
	Class         string
	Picture       template.URL // a PNG as a data URI
	Rows, Columns int
	HostsEach     int     // hosts merged into a cell
	Step          float64 // seconds of a cell
	End           float64 // seconds
	HostList      int     // index of the list of names, see page
	Table         []heatRow
}

// heatRow is a row of the table beside a heat map.
type heatRow struct {
	Time, On, Mean, Highest, Above string
}

// heatMap draws the load of a course; it must have some.
func (c *Course) heatMap() heat {
	hostsEach := (len(c.Hosts) + heatCells - 1) / heatCells
	ticksEach := (len(c.Load) + heatCells - 1) / heatCells
	h := heat{
		Rows: (len(c.Hosts) + hostsEach - 1) / hostsEach, Columns: (len(c.Load) + ticksEach - 1) / ticksEach,
		HostsEach: hostsEach, Step: c.Step.Seconds() * float64(ticksEach), End: c.Step.Seconds() * float64(max(1, len(c.Load)-1)),
	}
	h.Picture = dataURI(c.picture(h.Rows, h.Columns, hostsEach, ticksEach))
	h.Caption = c.heatCaption(hostsEach, ticksEach)
	h.Table = c.heatTable()
	return h
}

// picture has the highest load of each cell, so that merging hides no overload.
func (c *Course) picture(rows, columns, hostsEach, ticksEach int) image.Image {
	cells := image.NewPaletted(image.Rect(0, 0, columns, rows), palette())
	for t, loads := range c.Load {
		for host, load := range loads {
			at := cells.PixOffset(t/ticksEach, host/hostsEach)
			cells.Pix[at] = max(cells.Pix[at], level(float64(load)))
		}
	}
	return cells
}

func dataURI(picture image.Image) template.URL {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, picture); err != nil {
		panic(err) // encoding a small paletted picture into memory cannot fail
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()))
}

func (c *Course) heatCaption(hostsEach, ticksEach int) string {
	text := fmt.Sprintf("%s from top to bottom (%s to %s), %s from left to right.", count(len(c.Hosts), "host", "hosts"),
		plain(c.Hosts[0]), plain(c.Hosts[len(c.Hosts)-1]), span(time.Duration(len(c.Load)-1)*c.Step))
	if hostsEach == 1 && ticksEach == 1 {
		return text
	}
	return text + fmt.Sprintf(" A cell is %s by %s and shows the highest load in it.",
		count(hostsEach, "host", "hosts"), span(time.Duration(ticksEach)*c.Step))
}

// tableRows is the approximate number of times in the tables beside the charts.
const tableRows = 12

// heatTable shows the same data as figures, at some times.
func (c *Course) heatTable() []heatRow {
	var rows []heatRow
	each := max(1, (len(c.Load)+tableRows-1)/tableRows)
	for t := 0; t < len(c.Load); t += each {
		var on []float64
		above := 0
		for _, load := range c.Load[t] {
			if l := float64(load); l >= 0 { // neither off nor NaN
				on = append(on, 100*l)
				if l > fullLoad {
					above++
				}
			}
		}
		rows = append(rows, heatRow{
			span(time.Duration(t) * c.Step), number(float64(len(on)), 0),
			shareText(mean(on)), shareText(maximum(on)), number(float64(above), 0),
		})
	}
	return rows
}

func shareText(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return number(v, 0) + " %"
}

// heatScale is the colour scale, as a picture one pixel high.
func heatScale() template.URL {
	steps := image.NewPaletted(image.Rect(0, 0, stepsWithin+stepsAbove*2, 1), palette())
	for x := range steps.Pix {
		steps.Pix[x] = uint8(1 + min(x, stepsWithin) + max(0, x-stepsWithin)/2)
	}
	return dataURI(steps)
}
