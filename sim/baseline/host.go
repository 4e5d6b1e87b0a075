package baseline

import (
	"math"
	"slices"
	"time"

	"parley/sim/trace"
)

// historyMax is the number of remembered loads of a guest.
const historyMax = 30

// The cost of a migration in CloudSim: the guest gets nine tenths of its share at the
// source, and a tenth of it is reserved at the target.
const (
	sourceShare = 0.9
	targetShare = 0.1
)

// guest is a guest during a run.
type guest struct {
	*Guest
	index     int
	series    *trace.Series
	load      float64   // 0 to 1
	demand    float64   // MIPS
	history   []float64 // loads at the ticks, the newest first
	home      *host     // where it runs; nil once it is deleted
	migrating bool
}

// look reads the guest's load at a time from its trace. It is Series.CPUAt with
// CloudSim's order of operations (see power.Curve.Watts).
func (g *guest) look(now time.Duration) {
	i := int(now / g.series.Step)
	next := min(i+1, len(g.series.CPU)-1)
	i = min(i, next)
	step := g.series.Step.Seconds()
	slope := (g.series.CPU[next] - g.series.CPU[i]) / step
	g.load = g.series.CPU[i] + float64(slope*(now.Seconds()-float64(float64(i)*step)))
	g.demand = g.load * g.MIPS
}

// remember adds the load to the history.
func (g *guest) remember() {
	g.history = slices.Insert(g.history, 0, g.load)
	g.history = g.history[:min(len(g.history), historyMax)]
}

// place is a guest on a host.
type place struct {
	*guest
	incoming  bool    // it is moving here
	allocated float64 // MIPS
}

// host is a host during a run.
type host struct {
	*Host
	index  int
	places []place // in the order of arrival
	// used is the MIPS in use at the host's last look; plans in progress do not change
	// it.
	used float64

	// Computed by share from places:
	demand    float64 // of all guests
	allocated float64 // to all guests
	free      float64 // not requested by any guest
}

// usage is used as a share of the capacity.
func (h *host) usage() float64 {
	u := h.used / h.Capacity()
	if u > 1 && u < 1.01 { // rounding in used
		return 1
	}
	return u
}

// share divides the host's CPU among its guests: each gets what it wants, up to a core;
// if the sum exceeds the capacity, all are scaled down and rounded to whole MIPS.
func (h *host) share() {
	var asked float64
	h.demand, h.allocated = 0, 0
	for i := range h.places {
		p := &h.places[i]
		h.demand += p.demand
		part := h.atMostCore(p)
		if p.incoming {
			part *= targetShare
		}
		asked += float64(part)
	}
	scale := h.Capacity() / asked
	for i := range h.places {
		p := &h.places[i]
		p.allocated = h.atMostCore(p)
		if scale < 1 {
			p.allocated *= scale
		}
		if p.incoming {
			p.allocated *= targetShare
		} else if p.migrating {
			p.allocated *= sourceShare
		}
		if scale < 1 {
			p.allocated = math.Floor(p.allocated)
		}
		h.allocated += p.allocated
	}
	h.free = max(0, h.Capacity()-asked)
}

func (h *host) atMostCore(p *place) float64 { return min(p.demand, h.MIPS) }

// add puts a guest on the host, as a resident or as an incoming guest.
func (h *host) add(g *guest, incoming bool) {
	h.places = append(h.places, place{guest: g, incoming: incoming})
	h.share()
}

// remove takes a resident or incoming guest off the host.
func (h *host) remove(g *guest) {
	i := slices.IndexFunc(h.places, func(p place) bool { return p.guest == g })
	h.places = slices.Delete(h.places, i, i+1)
	h.share()
}

// history is the host's use at the last ticks, newest first, as if its present guests,
// and one more unless it is nil, had been on it then. It ends with the oldest that is
// not 0.
func (h *host) history(more *guest) []float64 {
	uses := make([]float64, historyMax)
	add := func(g *guest) {
		for i, load := range g.history {
			uses[i] += load * g.MIPS / h.Capacity()
		}
	}
	for _, p := range h.places {
		add(p.guest)
	}
	if more != nil {
		add(more)
	}
	n := len(uses)
	for n > 0 && uses[n-1] == 0 {
		n--
	}
	return uses[:n]
}
