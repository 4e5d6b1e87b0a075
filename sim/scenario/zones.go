package scenario

import (
	"math/rand/v2"
	"time"

	"parley/sim"
)

// The people of a distributed virtual environment walk, within Period, from random
// places on the map to two of its corners: two thirds to the first four tenths of rows and
// columns at the upper left, the others to the last two tenths of rows and four tenths of
// columns at the lower right. (In Gerofi, Fujita and Ishikawa, CLUSTER 2010, the first,
// second and last of five nodes, with two of ten rows each, become overloaded; the final
// positions are chosen so that the same three do here.)
const (
	upperLeftPart    = 2.0 / 3
	upperLeftRows    = 0.4
	upperLeftColumns = 0.4
	lowerRightRows   = 0.2
	lowerRightCols   = 0.4
)

// zoneStep is the interval at which people are counted.
const zoneStep = 15 * time.Second

// zones makes the loads of all zones, row by row; nil for other kinds.
func (l Load) zones(chance *rand.Rand) []sim.Load {
	if l.Kind != "zones" {
		return nil
	}
	side, walk := float64(l.Side), orElse(l.Period, 15*time.Minute)
	steps := int(walk/zoneStep) + 1
	counts := make([][]float32, l.Side*l.Side)
	for i := range counts {
		counts[i] = make([]float32, steps)
	}
	for range l.Clients {
		x, y := chance.Float64()*side, chance.Float64()*side
		toX, toY := side-chance.Float64()*side*lowerRightCols, side-chance.Float64()*side*lowerRightRows
		if chance.Float64() < upperLeftPart {
			toX, toY = chance.Float64()*side*upperLeftColumns, chance.Float64()*side*upperLeftRows
		}
		for i := range steps {
			part := float64(i) / float64(steps-1)
			column, row := int(x+(toX-x)*part), int(y+(toY-y)*part)
			counts[min(row, l.Side-1)*l.Side+min(column, l.Side-1)][i]++
		}
	}
	loads := make([]sim.Load, len(counts))
	for i, values := range counts {
		loads[i] = &sim.Samples{Step: zoneStep, Values: values, Cores: l.Scale}
	}
	return loads
}
