package chain

// refusals is what was not believed or not enacted: the driver is told, and the last
// are remembered.
type refusals struct {
	turn *turn
	list []Refusal
}

// refusalsMost bounds what is remembered of refusals.
const refusalsMost = 20

// add refuses something that came from a host; from "": from the operator, or this host.
func (r *refusals) add(from string, version uint64, err error) {
	code, detail := reason(err)
	r.list = append(r.list, Refusal{r.turn.now, from, code, detail, version})
	r.list = r.list[max(0, len(r.list)-refusalsMost):]
	r.turn.emit(Refused{from, code, detail, version})
}
