package sim

import "parley/lcc"

// EntryKinds lists the kinds of entries of a run.
func EntryKinds() []string {
	kinds := []string{"deal", "migrate", "moved", "kept", "fault", "order", "by hand", "guest"}
	for _, k := range []lcc.RecordKind{
		lcc.RecordEnter, lcc.RecordSend, lcc.RecordReceive, lcc.RecordNull, lcc.RecordSolve, lcc.RecordSolved, lcc.RecordFailed, lcc.RecordPark,
	} {
		kinds = append(kinds, string(k))
	}
	return kinds
}
