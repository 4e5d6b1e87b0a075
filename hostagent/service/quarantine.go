package service

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"parley/models/bundle"
)

// quarantine ends a crash loop that a policy causes: a policy under which the
// agent has died often, soon after its start, is not enacted any more until its
// text is another one. It is noted before the policy is even read, and taken
// back once the agent has lived for a while or was stopped.
type quarantine struct {
	path   string
	record starts
	// onTrial: the present start may still turn out bad.
	onTrial bool
	lived   *time.Timer // set while a start is on trial
}

// starts is the file: how often in a row the agent died soon after it was
// started with a policy.
type starts struct {
	Policy string `json:"policy"` // digest
	Died   int    `json:"died"`
}

const (
	// diedMax is after how many deaths a policy is quarantined, liveLeast for
	// how long an agent must live for its start to count as good.
	diedMax   = 3
	liveLeast = time.Minute
)

func newQuarantine(stateDir string) (*quarantine, error) {
	q := &quarantine{path: filepath.Join(stateDir, "policy-starts.json"), lived: time.NewTimer(liveLeast)}
	q.lived.Stop()
	data, err := os.ReadFile(q.path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return q, nil
	case err != nil:
		return nil, fmt.Errorf("the record of the policy's starts: %w", err)
	}
	if err := json.Unmarshal(data, &q.record); err != nil {
		// Written half when the machine went down, and of no worth then.
		q.record = starts{}
	}
	return q, nil
}

// admit notes that a policy is about to be enacted, or says why it is not. A
// policy that this run of the agent enacts already is no new start.
func (q *quarantine) admit(set bundle.Bundle) error {
	digest := hex.EncodeToString(set.Digest[:])
	if q.record.Policy != digest {
		q.record, q.onTrial = starts{Policy: digest}, false
	}
	if q.record.Died >= diedMax && !q.onTrial {
		return fmt.Errorf("the policy is quarantined: the agent died %d times within %v of a start with it (see its log); change its text and reload, or remove %s and start the agent again",
			q.record.Died, liveLeast, q.path)
	}
	if !q.onTrial {
		q.record.Died++
	}
	q.onTrial = true
	q.lived.Reset(liveLeast)
	return q.write()
}

// survived takes the present start back: it was a good one.
func (q *quarantine) survived() error {
	q.lived.Stop()
	if !q.onTrial {
		return nil
	}
	q.onTrial = false
	q.record.Died = 0
	return q.write()
}

// write replaces the file whole.
func (q *quarantine) write() error {
	data, err := json.Marshal(q.record)
	if err == nil {
		err = replaceFile(q.path, data)
	}
	if err != nil {
		return fmt.Errorf("note the start of the policy: %w", err)
	}
	return nil
}

// replaceFile writes a small file whole: whoever reads it finds the old text or the
// new one. After a crash of the machine it may be empty, which its readers bear.
func replaceFile(path string, data []byte) error {
	err := os.WriteFile(path+".new", data, 0o600)
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		_ = os.Remove(path + ".new") // half a file takes room that a full disk has not
	}
	return err
}
