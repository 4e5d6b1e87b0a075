package service

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"parley/internal/atomicfile"
	"parley/models/publish/bundle"
)

// quarantine ends a crash loop that a policy causes: a policy in whose Steps the
// agent has died often, soon after its start, is not enacted for a while, longer each
// time, or until its text is another one. A death outside of a Step, by whoever can
// kill the agent, is not the policy's.
type quarantine struct {
	path    string
	replace func(path string, data []byte, mode fs.FileMode) error // atomicfile.Write
	record  starts
	mark    *os.File  // one byte: '1' while a Step of a start on trial runs; nil: it could not be opened
	since   time.Time // when the present start began; zero: it is not on trial
	refused bool      // a policy was refused, and waits for the end
}

// starts is the file: how often in a row the agent died in a Step, soon after it was
// started with a policy.
type starts struct {
	Policy string    `json:"policy"` // digest
	Died   int       `json:"died"`
	Trial  bool      `json:"trial"`           // it was started and has not lasted yet
	Until  time.Time `json:"until,omitzero"`  // it is not enacted before
	Times  int       `json:"times,omitempty"` // it was quarantined so often
}

const (
	// diedMax is after how many deaths a policy is quarantined, liveLeast for
	// how long an agent must live for its start to count as good.
	diedMax   = 3
	liveLeast = time.Minute

	quarantineFirst = time.Hour
	quarantineMost  = 24 * time.Hour
)

var errQuarantined = errors.New("the policy is quarantined")

func newQuarantine(stateDir string, now time.Time) (*quarantine, error) {
	q := &quarantine{path: filepath.Join(stateDir, "policy-starts.json"), replace: atomicfile.Write}
	data, err := os.ReadFile(q.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("the record of the policy's starts: %w", err)
	case json.Unmarshal(data, &q.record) != nil:
		// Written half when the machine went down, and of no worth then.
		q.record = starts{}
	}
	died := q.openMark(filepath.Join(stateDir, "policy-step"))
	if !q.record.Trial || !died {
		return q, nil
	}
	q.record.Trial = false
	if q.record.Died++; q.record.Died >= diedMax {
		q.sentence(now)
	}
	// On a disk that takes nothing the agent starts all the same; this death is not
	// counted then.
	_ = q.write()
	return q, nil
}

// openMark opens the mark of a Step, and says whether the agent died within one. The
// mark is never made durable: it outlives the process, and need not outlive the
// machine. Without it no death is the policy's.
func (q *quarantine) openMark(path string) (died bool) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return false
	}
	var was [1]byte
	if n, err := f.ReadAt(was[:], 0); n == 1 && err == nil {
		died = was[0] == '1'
	}
	q.mark = f
	q.set('0')
	return died
}

func (q *quarantine) set(to byte) {
	if q.mark == nil {
		return
	}
	if _, err := q.mark.WriteAt([]byte{to}, 0); err != nil {
		_ = q.mark.Close() // nothing is counted any more
		q.mark = nil
	}
}

// enter and leave stand around each Step. Only those of a start on trial are marked.
func (q *quarantine) enter() {
	if !q.since.IsZero() {
		q.set('1')
	}
}

func (q *quarantine) leave() {
	if !q.since.IsZero() {
		q.set('0')
	}
}

// sentence keeps the policy out for a while, twice as long as the last time.
func (q *quarantine) sentence(now time.Time) {
	r := &q.record
	if now.Sub(r.Until) > 2*quarantineMost {
		r.Times = 0
	}
	r.Until = now.Add(min(quarantineFirst<<r.Times, quarantineMost))
	r.Times = min(r.Times+1, 5)
	r.Died = 0
}

// until is the end of the quarantine; a clock that was ahead does not make it longer
// than it can be.
func (q *quarantine) until(now time.Time) time.Time {
	if most := now.Add(quarantineMost); q.record.Until.After(most) {
		q.record.Until = most
	}
	return q.record.Until
}

// admit notes that a policy is about to be enacted, or says why it is not. A
// policy that this run of the agent enacts already is no new start.
func (q *quarantine) admit(set bundle.Bundle, now time.Time) error {
	digest := hex.EncodeToString(set.Digest[:])
	if q.record.Policy != digest {
		q.record, q.since = starts{Policy: digest}, time.Time{}
	}
	q.refused = now.Before(q.until(now))
	if q.refused {
		return fmt.Errorf("%w until %s: the agent died %d times in its Steps within %v of a start (see its log); change its text and reload, "+
			"or remove %s and start the agent again",
			errQuarantined, q.record.Until.Format(time.RFC3339), diedMax, liveLeast, q.path)
	}
	q.since, q.record.Trial = now, true
	return q.write()
}

// active says whether a policy is kept out now.
func (q *quarantine) active(now time.Time) bool { return q.refused && now.Before(q.record.Until) }

// over says, once, that a policy which was refused may be tried again.
func (q *quarantine) over(now time.Time) bool {
	if !q.refused || q.active(now) {
		return false
	}
	q.refused = false
	return true
}

// lasted takes the present start back when it has lived long enough.
func (q *quarantine) lasted(now time.Time) error {
	if now.Sub(q.since) < liveLeast {
		return nil
	}
	return q.survived()
}

// survived takes the present start back: it was a good one.
func (q *quarantine) survived() error {
	if q.since.IsZero() {
		return nil
	}
	q.since = time.Time{}
	q.record.Died, q.record.Trial = 0, false
	return q.write()
}

// write replaces the file whole.
func (q *quarantine) write() error {
	data, err := json.Marshal(q.record)
	if err == nil {
		err = q.replace(q.path, data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("note the start of the policy: %w", err)
	}
	return nil
}
