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

// quarantine ends a crash loop that a policy causes. If the agent dies several times in
// a Step soon after it has started a policy, it does not enact the policy for a time,
// which doubles with each quarantine, or until the text changes. Deaths outside a Step,
// as by a signal, do not count.
type quarantine struct {
	path    string
	replace func(path string, data []byte, mode fs.FileMode) error // atomicfile.Write
	record  starts
	mark    *os.File  // one byte: '1' during a Step of a start on trial; nil: it could not be opened
	since   time.Time // begin of the present start; zero: it is not on trial
	refused bool      // a policy was refused and waits for the end of the quarantine
}

// starts is the content of the file: how many consecutive times the agent died in a
// Step soon after it had started a policy.
type starts struct {
	Policy string    `json:"policy"` // digest
	Died   int       `json:"died"`
	Trial  bool      `json:"trial"`           // it was started and has not yet survived liveLeast
	Until  time.Time `json:"until,omitzero"`  // not enacted before this instant
	Times  int       `json:"times,omitempty"` // number of quarantines
}

const (
	// diedMax is the number of deaths that quarantine a policy; a start is good once
	// the agent has lived for liveLeast.
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
		// The machine stopped during the write: the content is worthless.
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
	// If the disk accepts no writes the agent starts all the same; this death is not
	// counted then.
	_ = q.write()
	return q, nil
}

// openMark opens the mark of a Step, and says whether the agent died during one. The
// mark is not synced: it must survive the process, not the machine. Without the file no
// death is attributed to the policy.
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
		_ = q.mark.Close() // deaths are not counted any more
		q.mark = nil
	}
}

// enter and leave enclose each Step. They mark only the Steps of a start on trial.
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

// sentence quarantines the policy, for twice as long as the last time.
func (q *quarantine) sentence(now time.Time) {
	r := &q.record
	if now.Sub(r.Until) > 2*quarantineMost {
		r.Times = 0
	}
	r.Until = now.Add(min(quarantineFirst<<r.Times, quarantineMost))
	r.Times = min(r.Times+1, 5)
	r.Died = 0
}

// until returns the end of the quarantine, at most quarantineMost from now, in case the
// clock was ahead.
func (q *quarantine) until(now time.Time) time.Time {
	if most := now.Add(quarantineMost); q.record.Until.After(most) {
		q.record.Until = most
	}
	return q.record.Until
}

// admit records that a policy is about to be enacted, or returns why it is not. A
// policy that this run of the agent enacts already is not a start.
func (q *quarantine) admit(set bundle.Bundle, now time.Time) error {
	digest := hex.EncodeToString(set.Digest[:])
	if q.record.Policy != digest {
		q.record, q.since = starts{Policy: digest}, time.Time{}
	}
	q.refused = now.Before(q.until(now))
	if q.refused {
		return fmt.Errorf("%w until %s: the agent died %d times in its Steps within %v of a start (see its log); change its text and reload, "+
			"or remove %s and restart the agent",
			errQuarantined, q.record.Until.Format(time.RFC3339), diedMax, liveLeast, q.path)
	}
	q.since, q.record.Trial = now, true
	return q.write()
}

// active says whether a policy is quarantined now.
func (q *quarantine) active(now time.Time) bool { return q.refused && now.Before(q.record.Until) }

// over says, once, that a quarantined policy may be tried again.
func (q *quarantine) over(now time.Time) bool {
	if !q.refused || q.active(now) {
		return false
	}
	q.refused = false
	return true
}

// lasted ends the trial of the present start after liveLeast.
func (q *quarantine) lasted(now time.Time) error {
	if now.Sub(q.since) < liveLeast {
		return nil
	}
	return q.survived()
}

// survived ends the trial of the present start: it was good.
func (q *quarantine) survived() error {
	if q.since.IsZero() {
		return nil
	}
	q.since = time.Time{}
	q.record.Died, q.record.Trial = 0, false
	return q.write()
}

// write replaces the file atomically.
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
