package api

import "slices"

// Plan lists the moves that the policies recommend for the guests of this host, in the order in
// which they did: the latest for each guest, as long as it holds.
func (s Status) Plan() (plan []DealStatus) {
	holds := map[string]bool{}
	for _, g := range s.Guests {
		holds[g.ID] = g.Recommended
	}
	for _, d := range slices.Backward(s.History) {
		if d.Side != "source" || !holds[d.Guest] {
			continue
		}
		holds[d.Guest] = false // earlier recommendations are obsolete
		if d.State == "withdrawn" {
			plan = append(plan, d)
		}
	}
	slices.Reverse(plan)
	return plan
}
