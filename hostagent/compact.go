package hostagent

import "slices"

// Compact returns the records of a journal that still matter, in their order:
// the last of each deal that has not ended, the last of each of the deals that
// Recover would remember, and the last settings. A record that cannot be read
// is kept, and all after it, for Recover to say so.
func Compact(records [][]byte) [][]byte {
	last := map[DealID]int{}
	settings, unread := -1, len(records)
	states := map[DealID]DealState{}
	for i, data := range records {
		r, err := decodeRecord(data)
		switch {
		case err != nil:
			unread = i
		case r.Side == hostSide:
			settings = i
		default:
			last[r.Deal], states[r.Deal] = i, r.State
		}
		if err != nil {
			break // the rest is kept
		}
	}
	var open, ended []int
	for id, i := range last {
		if isOpen(states[id]) {
			open = append(open, i)
		} else {
			ended = append(ended, i)
		}
	}
	slices.Sort(ended)
	keep := append(open, ended[max(0, len(ended)-endedMax):]...)
	if settings >= 0 {
		keep = append(keep, settings)
	}
	for i := unread; i < len(records); i++ {
		keep = append(keep, i)
	}
	slices.Sort(keep)
	var kept [][]byte
	for _, i := range slices.Compact(keep) {
		kept = append(kept, records[i])
	}
	return kept
}

// isOpen says whether a deal in a state has not ended.
func isOpen(state DealState) bool {
	switch state {
	case Asking, Offered, Armed, Intended, Moving, Checking:
		return true
	}
	return false
}
