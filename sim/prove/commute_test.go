package prove

import (
	"reflect"
	"testing"

	"parley/internal/race"
	"parley/models"
	"parley/sim"
	"parley/sim/compare"
)

// A late frame that is no run of its own makes no interleaving that the search does not have.
func TestLeftOut(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	for _, name := range []string{"agility", "swap"} {
		p, err := compare.Load(name, func(part string) ([]byte, error) {
			text, _ := models.Text(part)
			return text, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s := search{o: Options{Bounds: Bounds{Deviations: 1}, Policy: p, Shapes: []Shape{{2, 3}}}, seen: map[seen]bool{}}
		left, level := 0, s.begin()
		for i := 0; i < len(level); i += 24 {
			left += s.leftOut(t, level[i])
		}
		if left == 0 {
			t.Errorf("%s: no late frame was left out", name)
		}
	}
}

// leftOut compares the late frames of a site that are left out with those that are not.
func (s *search) leftOut(t *testing.T, b branch) (left int) {
	t.Helper()
	p := s.places[b.site]
	var watch sim.Watch
	r, err := followed(p.site(s.o.Policy.Models, p.aim), &watch)
	if err != nil {
		t.Fatal(err)
	}
	orders := map[uint64]bool{watch.Order(): true}
	ways, _ := s.ways(b, &watch, r.Took)
	explored := map[Deviation]bool{}
	for len(ways) > 0 {
		way := ways[0]
		out := s.run(way, false)
		orders[out.order], explored[way.deviations[0]] = true, true
		ways = append(ways[1:], out.longer.next...)
	}
	for i, turn := range watch.Turns {
		for _, d := range delays {
			late := Deviation{turn, how{late: d}}
			if turn.At > r.Took || !isFrame(turn, false) || watch.Repeats(i) || explored[late] {
				continue
			}
			left++
			if out := s.run(branch{site: b.site, deviations: []Deviation{late}}, false); !orders[out.order] {
				t.Errorf("%v: %s is a new interleaving", p.layout, late)
			}
		}
	}
	return left
}

// An advert that repeats another one makes no difference, however late it is: the guests move
// at the same moments, and each host meets the same events.
func TestRepeatedAdverts(t *testing.T) {
	if race.Detector {
		t.Skip("TestSameAnswer has the detector watch a search")
	}
	for _, name := range []string{"agility", "contract_net", "swap"} {
		p, err := compare.Load(name, func(part string) ([]byte, error) {
			text, _ := models.Text(part)
			return text, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		s := search{o: Options{Bounds: Bounds{Deviations: 1, Sites: 40}, Policy: p, Shapes: []Shape{{2, 3}, {3, 4}}}}
		tried, level := 0, s.begin()

		for i := 0; i < len(level); i += 31 {
			tried += s.repeated(t, level[i])
		}
		if tried == 0 {
			t.Errorf("%s: no advert repeats another one", name)
		}
	}
}

// repeated makes each advert of a site late that repeats another one.
func (s *search) repeated(t *testing.T, b branch) (tried int) {
	t.Helper()
	p := s.places[b.site]
	var watch sim.Watch
	usual, err := followed(p.site(s.o.Policy.Models, p.aim), &watch)
	if err != nil {
		t.Fatal(err)
	}
	for i := range watch.Turns {
		if watch.Turns[i].At > usual.Took || !watch.Repeats(i) {
			continue
		}
		for _, d := range delays {
			late := Deviation{watch.Turns[i], how{late: d}}
			site := p.site(s.o.Policy.Models, p.aim)
			late.apply(&site)
			var other sim.Watch
			r, err := followed(site, &other)
			if err != nil {
				t.Fatal(err)
			}
			tried++
			if !reflect.DeepEqual(r.Moves, usual.Moves) || r.Messages != usual.Messages || other.Order() != watch.Order() {
				t.Errorf("%v: %s makes a difference: got %v, want %v", p.layout, late, r.Moves, usual.Moves)
			}
		}
	}
	return tried
}
