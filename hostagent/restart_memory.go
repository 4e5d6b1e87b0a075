package hostagent

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"parley/lcc"
)

// This file keeps what a host remembers across restarts of its agent besides its deals:
// failed moves, and guests that came, left or are in a duel. It is journalled with the
// settings: the record about the host always has both.

// restartMemory is that state in wall-clock time, the only clock that outlives a run. A
// time in the future, from a wrong clock, counts as now, so that nothing is avoided for
// longer than if it had just happened.
type restartMemory struct {
	Failures []failureThen     `cbor:"1,keyasint,omitempty"`
	Duels    []duelThen        `cbor:"2,keyasint,omitempty"`
	Came     map[GuestID]int64 `cbor:"3,keyasint,omitempty"` // arrived without a deal; Unix seconds
	Sent     map[GuestID]int64 `cbor:"4,keyasint,omitempty"` // moved away by a policy
	Left     map[GuestID]int64 `cbor:"5,keyasint,omitempty"` // left this host, by a policy or manually

	Away    map[GuestID]drainedGuest `cbor:"6,keyasint,omitempty"` // moved away by drains of this host
	Brought map[GuestID]HostID       `cbor:"7,keyasint,omitempty"` // brought here by drains of others

	Restless map[GuestID]unrestThen `cbor:"8,keyasint,omitempty"` // moved often
}

type failureThen struct {
	Guest  GuestID   `cbor:"1,keyasint,omitempty"`
	Host   HostID    `cbor:"2,keyasint,omitempty"`
	Times  int       `cbor:"3,keyasint"`
	Since  int64     `cbor:"4,keyasint"`
	Last   int64     `cbor:"5,keyasint"`
	Why    string    `cbor:"6,keyasint,omitempty"`
	Guests []GuestID `cbor:"7,keyasint,omitempty"`
	Unkept bool      `cbor:"8,keyasint,omitempty"`
	Moved  bool      `cbor:"9,keyasint,omitempty"`
}

type duelThen struct {
	Guest GuestID `cbor:"1,keyasint"`
	Times int     `cbor:"2,keyasint"`
	Last  int64   `cbor:"3,keyasint"`
	By    HostID  `cbor:"4,keyasint,omitempty"`
}

const (
	rememberedMost = 256                  // of each kind, the latest
	rememberedText = 200                  // bytes of a reason
	ageMost        = 365 * 24 * time.Hour // older entries count as this old
	timesMost      = 1000                 // in a row; a longer row counts as this long
)

// past records failures, and guests that came, left or are in a duel.
type past struct {
	*turn
	load    *loads
	book    *book
	room    *room
	permits *permits
	journal *journal

	backoff      backoff      // failures and their pauses (backoff.go)
	foreignMoves foreignMoves // moves that Parley did not make (foreign_moves.go)

	movedAway map[GuestID]time.Time   // from here; wall-clock time, because it outlives a run
	movedIn   map[GuestID]lcc.Instant // by a deal
	returning returning               // guests that stay (returning.go)
	restless  restless                // guests that are moved often (unrest.go)
	drains    drains                  // which guests drains have moved (homecoming.go)

	recollection recollection // what survives a restart
}

func newPast(t *turn, load *loads, book *book, room *room, permits *permits) *past {
	return &past{
		turn: t, load: load, book: book, room: room, permits: permits, journal: permits.journal,
		backoff: backoff{failed: map[attempt]*failure{}}, foreignMoves: newForeignMoves(),
		movedAway: map[GuestID]time.Time{}, movedIn: map[GuestID]lcc.Instant{}, returning: returning{}, restless: restless{}, drains: newDrains(),
	}
}

// recollection maintains the record about the host.
type recollection struct {
	found    *restartMemory // of an earlier run, until the first look brings the time
	wall     time.Time
	at       lcc.Instant // of the look that gave wall
	changes  uint64      // changes of past.movedAway and past.restless
	written  uint64      // changes that the last record includes
	settling int         // records with other settings that are not durable yet
}

// look records the time.
func (r *recollection) look(now lcc.Instant, wall time.Time) { r.wall, r.at = wall, now }

// then converts an instant to wall-clock time.
func (r *recollection) then(at lcc.Instant) int64 { return r.wall.Add(time.Duration(at - r.at)).Unix() }

// instant converts wall-clock time to an instant that is not in the future and at most
// ageMost ago.
func (r *recollection) instant(unix int64) lcc.Instant {
	return r.at - lcc.Instant(max(0, min(ageMost, r.wall.Sub(time.Unix(unix, 0)))))
}

// encodeHost encodes the record about this host. The memory of an earlier run is copied
// until recall restores it.
func (p *past) encodeHost(s Settings) []byte {
	m := restartMemory{}
	switch r := &p.recollection; {
	case r.found != nil:
		m = *r.found
	case !r.wall.IsZero():
		m = restartMemory{
			Failures: p.backoff.then(r), Duels: p.foreignMoves.duelsThen(r),
			Came: latest(p.foreignMoves.came, r), Sent: latest(p.foreignMoves.sent, r),
		}
	}
	m.Left = map[GuestID]int64{}
	for _, guest := range lastOf(p.movedAway, time.Time.Compare) {
		m.Left[guest] = p.movedAway[guest].Unix()
	}
	m.Away, m.Brought = p.drains.away, p.drains.brought
	m.Restless = p.restless.then()
	return encode(record{Side: hostSide, Settings: &s, Remembered: &m})
}

// keepMemory journals the memory when it has changed. Nothing waits for that record.
// While a record with other settings is not durable yet it waits, so that it does not
// restore the old settings.
func (p *past) keepMemory() {
	r := &p.recollection
	changes := r.changes + p.backoff.changes + p.foreignMoves.changes + p.drains.changes
	if changes == r.written || r.settling > 0 || r.found != nil || r.wall.IsZero() || p.journal.closed().Is() {
		return
	}
	r.written = changes
	p.journal.seq++
	p.emit(Journal{Seq: p.journal.seq, Record: p.encodeHost(p.permits.settings)})
}

// recall restores the memory of an earlier run, at the first look.
func (p *past) recall() {
	r := &p.recollection
	m := r.found
	if m == nil || p.wall.IsZero() {
		return
	}
	r.found = nil
	p.backoff.recall(m.Failures, r)
	p.foreignMoves.recall(*m, r, p.config)
	for _, a := range slices.SortedFunc(maps.Keys(p.backoff.failed), compareAttempts) {
		f := p.backoff.failed[a]
		if a.guest == "" && f.whole() && !f.shown && p.now < p.backoff.modelUntil(a, p.config.Cooldown, p.config.RetryEvery) {
			f.shown = true
			p.emit(Avoid{Host: a.host, On: true})
		}
	}
}

// then returns the latest failures, those of hosts before those of guests.
func (b *backoff) then(r *recollection) (list []failureThen) {
	attempts := slices.SortedFunc(maps.Keys(b.failed), func(x, y attempt) int {
		return cmp.Or(cmp.Compare(min(len(x.guest), 1), min(len(y.guest), 1)),
			cmp.Compare(b.failed[y].last, b.failed[x].last), compareAttempts(x, y))
	})
	for _, a := range attempts[:min(len(attempts), rememberedMost)] {
		f := b.failed[a]
		list = append(list, failureThen{
			Guest: a.guest, Host: a.host, Times: f.times, Since: f.since.Unix(), Last: r.then(f.last),
			Why: strings.ToValidUTF8(f.why[:min(len(f.why), rememberedText)], ""), Guests: f.guests, Unkept: f.unkept, Moved: f.moved,
		})
	}
	return list
}

func (b *backoff) recall(list []failureThen, r *recollection) {
	for _, f := range list[:min(len(list), rememberedMost)] {
		a := attempt{f.Guest, f.Host}
		if b.failed[a] != nil || f.Times < 1 {
			continue
		}
		b.failed[a] = &failure{
			times: min(f.Times, timesMost), since: earlier(time.Unix(f.Since, 0), r.wall), last: r.instant(f.Last),
			why: f.Why, guests: f.Guests[:min(len(f.Guests), guestsMost)], unkept: f.Unkept, moved: f.Moved,
		}
	}
}

func (s *foreignMoves) duelsThen(r *recollection) (list []duelThen) {
	for _, guest := range lastOf(s.duels, func(a, b *duel) int { return cmp.Compare(a.last, b.last) }) {
		list = append(list, duelThen{guest, s.duels[guest].times, r.then(s.duels[guest].last), s.duels[guest].by})
	}
	return list
}

func (s *foreignMoves) recall(m restartMemory, r *recollection, config Config) {
	for _, d := range m.Duels[:min(len(m.Duels), rememberedMost)] {
		if s.duels[d.Guest] == nil && d.Times > 0 {
			one := &duel{times: min(d.Times, timesMost), last: r.instant(d.Last), by: d.By}
			one.rest(config)
			s.duels[d.Guest] = one
		}
	}
	for _, kind := range []struct {
		now  map[GuestID]lcc.Instant
		then map[GuestID]int64
	}{{s.came, m.Came}, {s.sent, m.Sent}} {
		for _, guest := range slices.Sorted(maps.Keys(kind.then)) {
			if _, known := kind.now[guest]; !known && len(kind.now) < foreignMovesMax {
				kind.now[guest] = r.instant(kind.then[guest])
			}
		}
	}
}

// latest returns the latest moments in wall-clock time.
func latest(moments map[GuestID]lcc.Instant, r *recollection) map[GuestID]int64 {
	list := map[GuestID]int64{}
	for _, guest := range lastOf(moments, func(a, b lcc.Instant) int { return cmp.Compare(a, b) }) {
		list[guest] = r.then(moments[guest])
	}
	return list
}

// lastOf returns the guests with the latest moments, the latest first.
func lastOf[V any](moments map[GuestID]V, compare func(a, b V) int) []GuestID {
	guests := slices.SortedFunc(maps.Keys(moments), func(a, b GuestID) int {
		return cmp.Or(compare(moments[b], moments[a]), cmp.Compare(a, b))
	})
	return guests[:min(len(guests), rememberedMost)]
}

func compareAttempts(a, b attempt) int {
	return cmp.Or(cmp.Compare(a.host, b.host), cmp.Compare(a.guest, b.guest))
}

func earlier(a, b time.Time) time.Time {
	if a.After(b) {
		return b
	}
	return a
}
