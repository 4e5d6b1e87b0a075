package chain

// refusals reports what was not accepted or not enacted to the driver, and keeps the
// last ones.
type refusals struct {
	turn *turn
	list []Refusal
}

// refusalsMost bounds the kept refusals.
const refusalsMost = 20

// add records a refusal of a host's data; from "": the operator, or this host.
func (r *refusals) add(from string, version uint64, err error) {
	code, detail := reason(err)
	r.list = append(r.list, Refusal{r.turn.now, from, code, detail, version})
	r.list = r.list[max(0, len(r.list)-refusalsMost):]
	r.turn.emit(Refused{from, code, detail, version})
}
