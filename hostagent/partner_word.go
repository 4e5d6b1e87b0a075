package hostagent

import (
	"strconv"

	"parley/lcc"
)

// partnerWord is what the other end of a deal has said last of where its platform shows
// the guest. It has an age: a question carries the moment at which it was asked,
// and its answer brings it back.
type partnerWord struct {
	place place
	about lcc.Instant // when the question was asked that it answers
	asked lcc.Instant // when the latest question was asked
	since lcc.Instant // answers to earlier questions are not heard
	ran   bool        // it runs there by what was heard last, however long ago
	came  bool        // of a target: the guest came there, and its end of the deal is done
}

// ask notes a question and returns what it carries.
func (w *partnerWord) ask(now lcc.Instant) string {
	w.asked = now
	return strconv.FormatInt(int64(now), 10)
}

// hear takes an answer, unless a later one came before it. One that brings nothing
// back is not a question's, or comes from an earlier version: it counts as the
// answer to the latest question.
func (w *partnerWord) hear(p payload) {
	about := w.asked
	if n, err := strconv.ParseInt(p.Token, 10, 64); err == nil && lcc.Instant(n) < about {
		about = lcc.Instant(n)
	}
	if about < max(w.since, w.about) {
		return
	}
	w.place, w.about, w.ran, w.came = p.Place, about, p.Place == placeRunning, p.State == Done
}

// forget has only what is asked from now on count.
func (w *partnerWord) forget(now lcc.Instant) {
	*w = partnerWord{asked: w.asked, since: now, ran: w.ran, came: w.came}
}

// latest is the place, if it was asked about not longer ago than that.
func (w *partnerWord) latest(now, most lcc.Instant) place {
	if now-w.about > most {
		return placeUnknown
	}
	return w.place
}

// retriesHeard is after how many questions without an answer a host counts as
// silent: what it said before is then old.
const retriesHeard = 5

// there is where the other end shows the guest of a deal now; unknown when it is
// silent.
func (l *ledger) there(d *deal) place {
	return d.word.latest(l.now, retriesHeard*lcc.Instant(l.config.RetryEvery))
}

// askWhere asks the other end where its platform shows the guest.
func (l *ledger) askWhere(d *deal) {
	l.wire.send(d.partner(), payload{Kind: kindWhere, Deal: d.id, Guest: d.guest, Token: d.word.ask(l.now)})
}
