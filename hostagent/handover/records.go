package handover

import (
	"fmt"
	"slices"

	"parley/hostagent"
	"parley/hostagent/handover/stages"
)

// Journal keeps the records of moves: a *journal.File, opened with Keep.
type Journal interface {
	// Records returns what it had when it was opened, oldest first.
	Records() [][]byte
	// Append calls done once the record is durable, or with why it is not.
	Append(record []byte, done func(error))
}

// record is one line of the journal.
type record struct {
	Move   MoveID            `cbor:"1,keyasint"`
	Guest  hostagent.GuestID `cbor:"2,keyasint"`
	Other  hostagent.HostID  `cbor:"3,keyasint"`
	Target bool              `cbor:"4,keyasint,omitempty"` // this host is the target
	Record stages.Record     `cbor:"5,keyasint"`
}

// key names one end of a move. Other hosts choose the ids of moves that come, so those of
// two hosts are apart.
type key struct {
	target bool
	other  hostagent.HostID
	move   MoveID
}

func (r record) key() key { return key{r.Target, r.Other, r.Move} }

// settles says that the record no longer matters once the guest is in a later move: the
// guest was never released, or never came, or was kept.
func (r record) settles() bool {
	return r.Record == stages.Begun || r.Record == stages.Kept || r.Record == stages.NeverWas
}

// unsettled returns the last record of each move that is not over, oldest first. Another
// move of the guest in the same direction begins only after the one before has ended
// here, even where the last record of that was lost.
func unsettled(lines [][]byte) (list []record, _ error) {
	for i, line := range lines {
		r, err := decode[record](line)
		if err != nil {
			return nil, fmt.Errorf("record %d of the journal of moves: %w", i+1, err)
		}
		list = slices.DeleteFunc(list, func(before record) bool {
			return before.key() == r.key() ||
				r.Record == stages.Begun && before.Guest == r.Guest && before.Target == r.Target && before.settles()
		})
		if r.Record != stages.Over {
			list = append(list, r)
		}
	}
	return list, nil
}

// Keep returns the records that are still needed, for the compaction of a journal.
func Keep(lines [][]byte) [][]byte {
	list, err := unsettled(lines)
	if err != nil {
		return lines // whoever opens it says what is wrong
	}
	kept := make([][]byte, 0, len(list))
	for _, r := range list {
		line, err := encode(r)
		if err != nil {
			return lines
		}
		kept = append(kept, line)
	}
	return kept
}
