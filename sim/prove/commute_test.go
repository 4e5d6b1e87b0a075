package prove

import (
	"testing"

	"parley/models"
	"parley/sim"
	"parley/sim/compare"
)

// A late frame that is no run of its own makes no interleaving that the search does not have.
func TestLeftOut(t *testing.T) {
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
	for _, way := range ways {
		orders[s.run(way, false).order] = true
	}
	for i := range watch.Turns {
		for _, d := range delays {
			if watch.Turns[i].At > r.Took || !watch.Commutes(i, d) {
				continue
			}
			left++
			late := Deviation{watch.Turns[i], how{late: d}}
			if out := s.run(branch{site: b.site, deviations: []Deviation{late}}, false); !orders[out.order] {
				t.Errorf("%v: %s is a new interleaving", p.layout, late)
			}
		}
	}
	return left
}
