package hostagent

import (
	"strconv"

	"parley/lcc"
)

// partnerWord is the last answer of a deal's other end about where its platform shows
// the guest. It has an age: a question carries the instant at which it was asked, and
// the answer returns it.
type partnerWord struct {
	place place
	about lcc.Instant // when the answered question was asked
	asked lcc.Instant // when the latest question was asked
	since lcc.Instant // answers to earlier questions are ignored
	ran   bool        // the guest ran there by the last answer, however old
	came  bool        // from a target: the guest came there, and its end of the deal is done
}

// ask records a question and returns the token that it carries.
func (w *partnerWord) ask(now lcc.Instant) string {
	w.asked = now
	return strconv.FormatInt(int64(now), 10)
}

// hear records an answer, unless a later one came before it. An answer without a token
// is unsolicited or from an earlier version: it counts as the answer to the latest
// question.
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

// forget makes only answers to later questions count.
func (w *partnerWord) forget(now lcc.Instant) {
	*w = partnerWord{asked: w.asked, since: now, ran: w.ran, came: w.came}
}

// latest returns the place if the question was asked at most most ago.
func (w *partnerWord) latest(now, most lcc.Instant) place {
	if now-w.about > most {
		return placeUnknown
	}
	return w.place
}

// retriesHeard is after how many unanswered questions a host counts as silent: its
// earlier answer is then too old.
const retriesHeard = 5

// there returns where the other end shows the guest of a deal now; unknown if it is
// silent.
func (l *ledger) there(d *deal) place {
	return d.word.latest(l.now, retriesHeard*lcc.Instant(l.config.RetryEvery))
}

// askWhere asks the other end where its platform shows the guest.
func (l *ledger) askWhere(d *deal) {
	l.wire.send(d.partner(), payload{Kind: kindWhere, Deal: d.id, Guest: d.guest, Token: d.word.ask(l.now)})
}
