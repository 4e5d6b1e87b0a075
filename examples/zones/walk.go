//go:build linux

package main

import "math/rand/v2"

// The clients walk from places by chance to two corners of the map, as those of
// sim/scenario do: two thirds of them to the upper left one.
const (
	upperLeftPart = 2.0 / 3
	cornerWide    = 0.4 // parts of the map
	upperLeftHigh = 0.4
	lowerRightLow = 0.2
)

// place is a point of the map, in zones.
type place struct{ x, y float64 }

// way is how a client walks.
type way struct{ from, to place }

func wayOf(client int, side float64) way {
	chance := rand.New(rand.NewPCG(uint64(client), 1))
	w := way{from: place{chance.Float64() * side, chance.Float64() * side}}
	x, y := chance.Float64(), chance.Float64()
	w.to = place{side * (1 - x*cornerWide), side * (1 - y*lowerRightLow)}
	if chance.Float64() < upperLeftPart {
		w.to = place{side * x * cornerWide, side * y * upperLeftHigh}
	}
	return w
}

// at is where the client is after a part of its way.
func (w way) at(part float64) place {
	part = min(1, max(0, part))
	return place{w.from.x + (w.to.x-w.from.x)*part, w.from.y + (w.to.y-w.from.y)*part}
}

// zone is the number of the zone that has a place.
func (p place) zone(side int) int {
	return min(int(p.y), side-1)*side + min(int(p.x), side-1)
}
