package compare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/sim"
	"parley/sim/report"
)

// Keep is a file with the finished runs of a comparison, one line of JSON each. A later
// comparison of the same inputs takes them from there.
type Keep struct {
	mu   sync.Mutex
	file *os.File
	name string
	of   keptOf
	kept map[keptRun]Result
}

// keptOf says of what comparison a run is. A run depends on all policies of the
// comparison, for it covers the span of the longest.
type keptOf struct {
	Version  string   `json:"version"`
	Scenario string   `json:"scenario_sha256"`
	Traces   []string `json:"traces_sha256"`
	Policies []string `json:"policies"` // each its name and the SHA-256 of its models
	Wire     bool     `json:"wire"`
	Full     bool     `json:"full,omitempty"`
}

type keptRun struct {
	policy int
	seed   uint64
}

// keptLine is a line of the file.
type keptLine struct {
	Of     keptOf         `json:"of"`
	Policy string         `json:"policy"`
	Seed   uint64         `json:"seed"`
	Took   float64        `json:"took_s"`
	Site   sim.SiteResult `json:"result"`
}

// OpenKeep opens or creates the file of the finished runs of a comparison. Runs of other
// inputs, or of another build, are an error, and so is a file that another process has open.
func OpenKeep(name string, o Options, build string) (*Keep, error) {
	of, err := o.keptOf(build)
	if err != nil {
		return nil, err
	}
	k := &Keep{name: name, of: of, kept: map[keptRun]Result{}}
	if k.file, err = os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644); err != nil {
		return nil, err
	}
	if err := k.read(o.Policies); err != nil {
		return nil, errors.Join(err, k.file.Close())
	}
	return k, nil
}

// keptOf is what the runs of a comparison have in common.
func (o Options) keptOf(build string) (of keptOf, err error) {
	inputs, err := o.Inputs()
	if err != nil {
		return of, err
	}
	of = keptOf{Version: build, Scenario: inputs.Scenario.SHA256, Traces: []string{}, Policies: []string{}, Wire: o.Wire, Full: o.Full}
	for _, t := range inputs.Traces {
		of.Traces = append(of.Traces, t.SHA256)
	}
	for _, p := range o.Policies {
		of.Policies = append(of.Policies, strings.TrimSpace(p.Name+" "+report.Sums(p.Digests())))
	}
	return of, nil
}

// read reads the runs of the file, and cuts off a line that its writer did not finish.
func (k *Keep) read(policies []Policy) error {
	if err := syscall.Flock(int(k.file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("%s: another process keeps its runs there (%w): wait for it, or name another file", k.name, err)
	}
	text, err := io.ReadAll(k.file)
	if err != nil {
		return err
	}
	index := map[string]int{}
	for i, p := range policies {
		index[p.Name] = i
	}
	whole, err := readKept(k.name, text, k.of, func(l keptLine) {
		r := l.result(index[l.Policy])
		k.kept[keptRun{r.Policy, r.Seed}] = r
	})
	if err != nil {
		return err
	}
	if whole < len(text) {
		return k.file.Truncate(int64(whole))
	}
	return nil
}

// readKept reads the lines of a file of finished runs, and returns the length of those that
// their writer finished.
func readKept(name string, text []byte, of keptOf, take func(keptLine)) (whole int, err error) {
	whole = bytes.LastIndexByte(text, '\n') + 1
	number := 0
	for line := range bytes.Lines(text[:whole]) {
		number++
		var l keptLine
		if err := json.Unmarshal(line, &l); err != nil {
			return 0, fmt.Errorf("%s:%d: this is no finished run (%w): name a file that --keep wrote, or a new one", name, number, err)
		}
		if what := of.differs(l.Of); what != "" {
			return 0, fmt.Errorf("%s:%d: this run is of another comparison: %s; name a new file, or remove this one", name, number, what)
		}
		take(l)
	}
	return whole, nil
}

// result is the run of a line; policy is the index of its policy.
func (l keptLine) result(policy int) Result {
	return Result{Policy: policy, Seed: l.Seed, Site: l.Site, Took: time.Duration(l.Took * float64(time.Second)), Done: true}
}

// differs says in what a kept run is of another comparison; "": in nothing.
func (of keptOf) differs(kept keptOf) string {
	switch {
	case kept.Version != of.Version:
		return fmt.Sprintf("it was made by version %q, this is %q", kept.Version, of.Version)
	case kept.Scenario != of.Scenario:
		return fmt.Sprintf("its scenario had the SHA-256 %s, this one has %s", kept.Scenario, of.Scenario)
	case !slices.Equal(kept.Traces, of.Traces):
		return fmt.Sprintf("its traces had the SHA-256 %s, these have %s", strings.Join(kept.Traces, " "), strings.Join(of.Traces, " "))
	case !slices.Equal(kept.Policies, of.Policies):
		return fmt.Sprintf("its policies were %s, these are %s", strings.Join(kept.Policies, ", "), strings.Join(of.Policies, ", "))
	case kept.Wire != of.Wire:
		return "one of the two counts the bytes of frames (--wire), the other does not"
	case kept.Full != of.Full:
		return "one of the two lets each run cover the whole limit (sim tune), the other does not"
	}
	return ""
}

// Kept returns a finished run.
func (k *Keep) Kept(policy int, seed uint64) (Result, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	r, ok := k.kept[keptRun{policy, seed}]
	return r, ok
}

// Add adds a finished run. The run is in the file when it returns.
func (k *Keep) Add(name string, r Result) error {
	line, err := json.Marshal(keptLine{Of: k.of, Policy: name, Seed: r.Seed, Took: r.Took.Seconds(), Site: r.Site})
	if err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.kept[keptRun{r.Policy, r.Seed}] = r
	_, err = k.file.Write(append(line, '\n'))
	return err
}

// Use makes a comparison take the runs that are in the file, and add those that finish.
func (k *Keep) Use(o *Options) {
	o.Kept = k.Kept
	o.Finished = func(r Result) error { return k.Add(o.Policies[r.Policy].Name, r) }
}

// Close closes the file.
func (k *Keep) Close() error { return k.file.Close() }
