package hostagent

import (
	"errors"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// journal is what the core knows of its journal: what was handed to it and
// what waits for a record to be durable.
type journal struct {
	seq     uint64
	waiting []waiting
	err     string // it takes no more records
	full    string // the disk is full: what is under way goes on, nothing is begun
}

// closed says why nothing new is begun upon the journal; "" when it may be.
func (j *journal) closed() Refusal {
	if j.err != "" {
		return Refusal{CodeJournal, j.err}
	}
	if j.full == "" {
		return Refusal{}
	}
	return Refusal{CodeJournal, j.full}
}

// lose takes out what waits for records up to a number that will never be durable.
func (j *journal) lose(seq uint64) (lost []waiting) {
	n := 0
	for n < len(j.waiting) && j.waiting[n].seq <= seq {
		n++
	}
	lost, j.waiting = j.waiting[:n:n], j.waiting[n:]
	return lost
}

type waiting struct {
	seq  uint64
	deal *deal // nil: settings
	then func()
	lost func(why Refusal)
}

// write journals a deal as it stands now (for advance). Once that is durable then goes on;
// lost does when it never will be. Neither is called when the deal has ended
// meanwhile, unless it is lost that ended it.
func (l *ledger) write(d *deal, then func(), lost func(why Refusal)) {
	d.durable = false
	if l.journal.err != "" {
		lost(Refusal{CodeJournal, l.journal.err})
		return
	}
	l.journal.seq++
	l.emit(Journal{Seq: l.journal.seq, Record: l.encodeRecord(d)})
	l.journal.waiting = append(l.journal.waiting, waiting{l.journal.seq, d, then, lost})
}

// writeSettings journals settings; done is told why not, or "".
func (l *ledger) writeSettings(s Settings, done func(err Refusal)) {
	l.past.recollection.settling++
	l.writeRecord(l.past.encodeHost(s), func(err Refusal) {
		l.past.recollection.settling--
		done(err)
	})
}

// writeRecord journals what no open deal waits for; done is told why not, or "".
func (l *ledger) writeRecord(data []byte, done func(err Refusal)) {
	if l.journal.err != "" {
		done(Refusal{CodeJournal, l.journal.err})
		return
	}
	l.journal.seq++
	l.emit(Journal{Seq: l.journal.seq, Record: data})
	l.journal.waiting = append(l.journal.waiting, waiting{l.journal.seq, nil, func() { done(Refusal{}) }, done})
}

// waits says whether what waits for a record is still wanted.
func (l *ledger) waits(w waiting) bool { return w.deal == nil || l.book.deals[w.deal.id] == w.deal }

func (l *ledger) journalled(ev Journalled) {
	if ev.Err != "" {
		l.unjournalled(ev)
		return
	}
	waits := l.journal.waiting
	for len(waits) > 0 && waits[0].seq <= ev.Seq {
		w := waits[0]
		waits = waits[1:]
		l.journal.waiting = waits
		if l.waits(w) {
			if w.deal != nil {
				w.deal.durable = true
			}
			w.then()
		}
	}
}

// unjournalled gives up what waits for records that will never be durable. What is
// under way goes on by what the platforms show; new deals are refused.
func (l *ledger) unjournalled(ev Journalled) {
	why := "the journal takes no records: " + ev.Err
	seq := ev.Seq
	if ev.Full {
		l.journal.full = why
	} else {
		l.journal.err, seq = why, l.journal.seq
	}
	for _, w := range l.journal.lose(seq) {
		if l.waits(w) {
			w.lost(Refusal{CodeJournal, why})
		}
	}
}

// journalRoom takes up new deals again once the journal has room, or leaves off.
func (l *ledger) journalRoom(ev JournalRoom) {
	was := l.journal.full
	l.journal.full = ev.Why
	if (was == "") != (ev.Why == "") {
		l.emit(Changed{Names: loadNames()})
	}
}

// record is a deal in the journal as it stood when the record was written, or
// what the operator has set. The last record of each counts.
type record struct {
	Deal     DealID    `cbor:"1,keyasint"`
	Side     Side      `cbor:"2,keyasint"`
	State    DealState `cbor:"3,keyasint"`
	Guest    GuestID   `cbor:"4,keyasint"`
	Name     string    `cbor:"5,keyasint,omitempty"`
	Source   HostID    `cbor:"6,keyasint"`
	Target   HostID    `cbor:"7,keyasint"`
	Token    string    `cbor:"8,keyasint"`
	CPU      float64   `cbor:"9,keyasint"`
	Memory   int64     `cbor:"10,keyasint"`
	Endpoint string    `cbor:"11,keyasint,omitempty"`
	Reason   string    `cbor:"12,keyasint,omitempty"`
	Code     Code      `cbor:"19,keyasint,omitempty"` // of the reason
	Rules    Rules     `cbor:"13,keyasint,omitzero"`
	Operator bool      `cbor:"14,keyasint,omitempty"`
	Wall     int64     `cbor:"15,keyasint,omitempty"` // Unix seconds
	Settings *Settings `cbor:"16,keyasint,omitempty"` // with the side "host", and no deal

	Remembered *restartMemory `cbor:"18,keyasint,omitempty"` // beside the settings

	Forgotten bool `cbor:"17,keyasint,omitempty"` // in the state stuck: a person has looked after it
}

// hostSide marks a record that is about the host and no deal.
const hostSide Side = "host"

func (l *ledger) encodeRecord(d *deal) []byte { return encode(l.recordOf(d)) }

func (l *ledger) recordOf(d *deal) record {
	wall := int64(0)
	if !l.wall.IsZero() {
		wall = l.wall.Unix()
	}
	return record{
		Deal: d.id, Side: d.side, State: d.state, Guest: d.guest, Name: d.name,
		Source: d.source, Target: d.target, Token: d.token, CPU: d.need.CPU, Memory: d.need.MemoryBytes,
		Endpoint: d.endpoint, Reason: d.reason.Detail, Code: d.reason.Code, Rules: d.rules, Operator: d.operator, Wall: wall,
	}
}

func encode(r record) []byte {
	data, err := writer.Marshal(r)
	if err != nil {
		panic(err) // a struct of texts and numbers
	}
	return data
}

// recordReader takes texts as they are: a reason may come from a hypervisor's log,
// and a record that was written must never be one that cannot be read.
var recordReader = func() cbor.DecMode {
	mode, err := cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// decodeRecord reads what encodeRecord wrote. Fields that a later version may
// have added are let be, so that going back to this one is possible.
func decodeRecord(data []byte) (record, error) {
	var r record
	if err := recordReader.Unmarshal(data, &r); err != nil {
		return r, err
	}
	if r.Side == hostSide && r.Settings != nil {
		return r, nil
	}
	if r.Deal == "" || r.Guest == "" || r.Side != SourceSide && r.Side != TargetSide {
		return r, errors.New("it names no deal, no guest or no side")
	}
	return r, nil
}

func (r record) deal() *deal {
	return &deal{
		id: r.Deal, side: r.Side, state: r.State, guest: r.Guest, name: r.Name, source: r.Source, target: r.Target,
		token: r.Token, need: Resources{r.CPU, r.Memory}, endpoint: r.Endpoint, reason: Refusal{r.Code, r.Reason},
		rules: r.Rules, operator: r.Operator,
	}
}

// HistoryEntry is what a record of the journal says, for those who tell people of
// it. At is when it was written, to the second; zero when that is not known.
type HistoryEntry struct {
	DealChanged
	At time.Time
}

// ReadHistory reads a record of the journal. ok is false for one that is not
// about a deal, or cannot be read.
func ReadHistory(data []byte) (r HistoryEntry, ok bool) {
	read, err := decodeRecord(data)
	if err != nil || read.Side == hostSide {
		return HistoryEntry{}, false
	}
	if read.Wall != 0 {
		r.At = time.Unix(read.Wall, 0)
	}
	r.DealChanged = DealChanged{
		Deal: read.Deal, Guest: read.Guest, Name: read.Name, Source: read.Source, Target: read.Target,
		Side: read.Side, State: read.State, Reason: read.Reason, Code: read.Code, Operator: read.Operator,
		Need: Resources{read.CPU, read.Memory},
	}
	return r, true
}
