package hostagent

import (
	"math"
	"time"

	"parley/lcc"
)

// note is a number that a model recorded for the other models of its host.
type note struct {
	value float64
	whole bool        // it was written as an integer
	at    lcc.Instant // when it was last written, even with the same value
}

// notebook holds the notes of this host's models.
type notebook struct {
	*turn
	ledger *ledger
	list   map[string]note
}

const (
	notesMax = 64 // names
	// noteStep is the relative difference from which a new number replaces a note, so
	// that the noise of an estimate wakes no model.
	noteStep = 0.01
)

// writeNote carries out note(Name, Number). Notes are lost when the agent ends: their
// authors write them again.
func (nb *notebook) writeNote(ev Act, args []lcc.Term) {
	name := text(args[0])
	value, ok := number(args[1])
	if !isName(name) || !ok || math.IsNaN(value) || math.IsInf(value, 0) {
		nb.ledger.refuse(ev.ID, Refusal{CodeBadQuestion, "note needs a name and a number: note(average, 0.4)"})
		return
	}
	was, known := nb.list[name]
	if !known && len(nb.list) >= notesMax {
		nb.ledger.refuse(ev.ID, refusal(CodeQuota, "note: %d names are noted already: models of this host write too many different ones",
			notesMax))
		return
	}
	_, whole := args[1].(lcc.Int)
	written := note{value, whole, nb.now}
	changed := !known || math.Abs(value-was.value) > noteStep*math.Abs(was.value)
	if !changed {
		written.value, written.whole = was.value, was.whole
	}
	nb.list[name] = written
	nb.emit(Answered{ID: ev.ID, Answer: lcc.Answer{Truth: lcc.True}})
	if changed {
		nb.emit(Changed{Names: []string{"noted"}})
	}
}

// noted answers noted(Name, Number, AgeSeconds). The growing age of a note wakes no
// model.
func (nb *notebook) noted(args []lcc.Term) lcc.Answer {
	n, known := nb.list[text(args[0])]
	if !known {
		return no("nothing is noted under " + args[0].String())
	}
	var value lcc.Term = lcc.Float(n.value)
	if n.whole {
		value = lcc.Int(n.value)
	}
	return yes(args[0], value, lcc.Int(time.Duration(nb.now-n.at)/time.Second))
}
