package hostagent

import "slices"

// Compact returns the records of a journal that are still needed, in order: the last
// record of each deal that is open or needs a person, the last records of the ended
// deals that Recover would remember, and the last settings. From the first undecodable
// record on, all are kept, so that Recover reports it.
func Compact(records [][]byte) [][]byte {
	at, last := map[DealID]int{}, map[DealID]record{}
	var order []DealID
	settings, unread := -1, len(records)
	for i, data := range records {
		r, err := decodeRecord(data)
		if err != nil {
			unread = i
			break // keep the rest
		}
		if r.Side == hostSide {
			settings = i
			continue
		}
		if _, known := last[r.Deal]; !known {
			order = append(order, r.Deal)
		}
		at[r.Deal], last[r.Deal] = i, r
	}
	var keep, ended []int
	needing := needing(order, last)
	for _, id := range order {
		if r := last[id]; isOpen(r.State) || needing[r.Guest] == id {
			keep = append(keep, at[id])
		} else {
			ended = append(ended, at[id])
		}
	}
	slices.Sort(ended)
	keep = append(keep, ended[max(0, len(ended)-endedMax):]...)
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

// isOpen says whether a deal in this state has not ended.
func isOpen(state DealState) bool {
	switch state {
	case Asking, Offered, Armed, Intended, Moving, Checking:
		return true
	}
	return false
}
