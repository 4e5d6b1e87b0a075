package hostagent

import (
	"errors"
	"time"

	"github.com/fxamacker/cbor/v2"
)

// journal is the core's view of its journal: what was written, and what waits for a
// record to become durable.
type journal struct {
	seq     uint64
	waiting []waiting
	err     string // why it takes no more records
	full    string // why it is full: deals in flight continue, none begins
}

// closed says why no deal may begin because of the journal; the zero Refusal if one
// may.
func (j *journal) closed() Refusal {
	if j.err != "" {
		return Refusal{CodeJournal, j.err}
	}
	if j.full == "" {
		return Refusal{}
	}
	return Refusal{CodeJournal, j.full}
}

// lose removes and returns what waits for records up to seq, which will never be
// durable.
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

// write journals a deal in its current state (for advance). It calls then once the
// record is durable, or lost if it never will be. It calls neither if the deal has
// ended meanwhile, unless lost ended it.
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

// keep journals a deal as it is now, if the journal takes records; nothing waits for it.
func (l *ledger) keep(d *deal) {
	if l.journal.err != "" {
		return
	}
	l.journal.seq++
	l.emit(Journal{Seq: l.journal.seq, Record: l.encodeRecord(d)})
}

// writeSettings journals settings; done gets the reason of a failure, or the zero
// Refusal.
func (l *ledger) writeSettings(s Settings, done func(err Refusal)) {
	l.past.recollection.settling++
	l.writeRecord(l.past.encodeHost(s), func(err Refusal) {
		l.past.recollection.settling--
		done(err)
	})
}

// writeRecord journals what no open deal waits for; done gets the reason of a failure,
// or the zero Refusal.
func (l *ledger) writeRecord(data []byte, done func(err Refusal)) {
	if l.journal.err != "" {
		done(Refusal{CodeJournal, l.journal.err})
		return
	}
	l.journal.seq++
	l.emit(Journal{Seq: l.journal.seq, Record: data})
	l.journal.waiting = append(l.journal.waiting, waiting{l.journal.seq, nil, func() { done(Refusal{}) }, done})
}

// waits says whether the deal that waits for a record is still open.
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

// unjournalled gives up what waits for records that will never be durable. Deals in
// flight continue by what the platforms show; new deals are refused.
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

// journalRoom allows new deals once the journal has room, or stops them.
func (l *ledger) journalRoom(ev JournalRoom) {
	was := l.journal.full
	l.journal.full = ev.Why
	if (was == "") != (ev.Why == "") {
		l.emit(Changed{Names: loadNames()})
	}
}

// record is a deal in the journal in the state at the time of writing, or the
// operator's settings. The last record of each counts.
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
	Drain    bool      `cbor:"20,keyasint,omitempty"` // begun by the drain of the source
	Wall     int64     `cbor:"15,keyasint,omitempty"` // Unix seconds
	Settings *Settings `cbor:"16,keyasint,omitempty"` // with the side "host", and no deal

	Remembered *restartMemory `cbor:"18,keyasint,omitempty"` // beside the settings

	// Nature is the guest's: its disk is reserved beside CPU and memory.
	Nature nature `cbor:"21,keyasint,omitzero"`

	// Outcome is what the move is expected to do, and what it did.
	Outcome *outcomeRecord `cbor:"22,keyasint,omitempty"`

	Forgotten bool `cbor:"17,keyasint,omitempty"` // in the state stuck: a person has taken care of the guest
}

// hostSide marks a record that is about the host and not a deal.
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
		Endpoint: d.endpoint, Reason: d.reason.Detail, Code: d.reason.Code,
		Rules: d.rules, Operator: d.operator, Drain: d.ofAnyDrain(), Wall: wall, Nature: d.about.nature,
		Outcome: d.sequel.record(),
	}
}

func encode(r record) []byte {
	data, err := writer.Marshal(r)
	if err != nil {
		panic(err) // impossible: a struct of texts and numbers
	}
	return data
}

// recordReader accepts invalid UTF-8: a reason may come from a hypervisor's log, and
// every written record must be readable.
var recordReader = func() cbor.DecMode {
	mode, err := cbor.DecOptions{UTF8: cbor.UTF8DecodeInvalid}.DecMode()
	if err != nil {
		panic(err)
	}
	return mode
}()

// decodeRecord decodes what encodeRecord wrote. Unknown fields are ignored, so that a
// downgrade can read newer records.
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

func (r record) need() Resources {
	return Resources{CPU: r.CPU, MemoryBytes: r.Memory, DiskBytes: r.Nature.Disk}
}

func (r record) deal() *deal {
	return &deal{
		id: r.Deal, side: r.Side, state: r.State, guest: r.Guest, name: r.Name, source: r.Source, target: r.Target,
		token: r.Token, need: r.need(), about: traits{nature: r.Nature}, endpoint: r.Endpoint, reason: Refusal{r.Code, r.Reason},
		rules: r.Rules, operator: r.Operator, src: sourceEnd{drain: r.Drain && r.Side == SourceSide},
		tgt: targetEnd{apart: r.Drain && r.Side == TargetSide}, sequel: sequelOf(r.Outcome),
	}
}

// HistoryEntry is the content of a journal record, for display. At is when it was
// written, to the second; zero if unknown.
type HistoryEntry struct {
	DealChanged
	At    time.Time
	Ended time.Time // when a deal was done whose outcome is measured
}

// ReadHistory decodes a record of the journal. ok is false if the record is not about a
// deal, or cannot be decoded.
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
		Side: read.Side, State: read.State, Reason: read.Reason, Code: read.Code, Operator: read.Operator, Drain: read.Drain,
		Need: read.need(), Kind: read.Nature.Kind.Known(),
	}
	if o := read.Outcome; o != nil {
		r.Expected, r.Measured, r.Ended = o.Expected, o.Measured, sequelOf(o).endedAt
	}
	return r, true
}
