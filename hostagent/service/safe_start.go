package service

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/hostagent/enact"
	"parley/internal/atomicfile"
	"parley/internal/version"
)

// safeStart ends a crash loop that a release causes. An error of a Step is a bug of the
// agent and ends it. If what publishers have in force triggers it, each start ends
// alike, and the release that would fix it is never fetched. So after two ends with the
// same error the agent starts without the roster labels and the policies that were in
// force then. It still follows its publishers, and applies the next labels and policies
// that differ. The loop owns it.
type safeStart struct {
	path   string
	record deaths
	began  time.Time
	log    *slog.Logger
	// labels and policies say what is left out now.
	labels, policies bool
}

// deaths is the content of the file: the consecutive ends with one error, and what was
// in force then.
type deaths struct {
	Error    string `json:"error"` // without its numbers
	Times    int    `json:"times"`
	Build    string `json:"build"`              // another build may not have the bug
	Labels   string `json:"labels,omitempty"`   // digest; "": none
	Policies string `json:"policies,omitempty"` // digest; "": none
}

const (
	// safeAfter is the number of ends with one error after which a start is safe.
	safeAfter = 2
	// inARow is the longest run that counts as consecutive with the one before.
	inARow = 10 * time.Minute
)

func newSafeStart(stateDir string, now time.Time, log *slog.Logger) *safeStart {
	s := &safeStart{path: filepath.Join(stateDir, "start-errors.json"), began: now, log: log}
	data, err := os.ReadFile(s.path)
	if err != nil || json.Unmarshal(data, &s.record) != nil || s.record.Build != version.Current() {
		s.record = deaths{} // as if the agent had never died
	}
	return s
}

// died records the error of a Step that ends the agent, and what was in force.
func (s *safeStart) died(err error, labels, policies string, now time.Time) {
	text := withoutNumbers(err)
	if text != s.record.Error || now.Sub(s.began) >= inARow {
		s.record = deaths{Error: text, Build: version.Current()}
	}
	r := &s.record
	r.Times++
	// If leaving out one of the two did not help, both are left out.
	r.Labels, r.Policies = cmp.Or(labels, r.Labels), cmp.Or(policies, r.Policies)
	data, err := json.Marshal(r)
	if err == nil {
		err = atomicfile.Write(s.path, data, 0o600)
	}
	if err != nil {
		s.log.Error("the error that ends this agent is not saved: the next start is like this one", "event", "safe_start_not_kept", "error", err)
	}
}

var numbers = regexp.MustCompile(`[0-9]+`)

// withoutNumbers normalizes an error for comparison: the numbers of deals, guests and
// times differ between starts.
func withoutNumbers(err error) string {
	text := numbers.ReplaceAllString(err.Error(), "#")
	return strings.ToValidUTF8(text[:min(len(text), 1000)], "")
}

// leavesOut says whether a digest is that of something in force at the recorded ends.
func (s *safeStart) leavesOut(digest, then string) bool {
	return s.record.Times >= safeAfter && digest != "" && digest == then
}

// members returns members without their roster labels if these are left out.
func (s *safeStart) members(m *members) *members {
	s.labels = s.reportLeftOut(s.labels, s.leavesOut(labelsDigest(m), s.record.Labels), "labels of the rosters")
	if !s.labels {
		return m
	}
	bare := *m
	bare.own, bare.list = nil, slices.Clone(m.list)
	for i := range bare.list {
		bare.list[i].labels = nil
	}
	return &bare
}

// admit returns an error if the policies are left out.
func (s *safeStart) admit(target []enact.Model) error {
	s.policies = s.reportLeftOut(s.policies, s.leavesOut(policiesDigest(target), s.record.Policies), "policies")
	if s.policies {
		return fmt.Errorf("%s", s.text())
	}
	return nil
}

// reportLeftOut logs when something is left out, or no longer.
func (s *safeStart) reportLeftOut(before, now bool, what string) bool {
	switch {
	case now && !before:
		s.log.Error("a safe start: what was in force when the agent ended with an error is left out until a release replaces it",
			"event", "safe_start_began",
			"left_out", what, "ends", s.record.Times, "error", s.record.Error, "file", s.path)
	case before && !now:
		s.log.Info("what a safe start left out has been replaced", "event", "safe_start_ended", "what", what)
	}
	return now
}

// text describes what is left out; "": nothing is.
func (s *safeStart) text() string {
	var what []string
	if s.labels {
		what = append(what, "the labels of the rosters")
	}
	if s.policies {
		what = append(what, "the policies")
	}
	if len(what) == 0 {
		return ""
	}
	const format = "a safe start: the agent ended %d times with the error %q; without %s that were in force then " +
		"until a release replaces them (or remove %s and restart the agent)"
	return fmt.Sprintf(format, s.record.Times, s.record.Error, strings.Join(what, " and "), s.path)
}

// labelsDigest identifies the labels of the rosters; "": there are none.
func labelsDigest(m *members) string {
	sum, some := sha256.New(), len(m.own) > 0
	fmt.Fprintf(sum, "%q\n", m.own)
	for _, one := range m.list {
		some = some || len(one.labels) > 0
		fmt.Fprintf(sum, "%q %q\n", one.id, one.labels)
	}
	if !some {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// policiesDigest identifies a set of enacted models; "": there are none.
func policiesDigest(list []enact.Model) string {
	if len(list) == 0 {
		return ""
	}
	digest := setOf(list).Digest
	return hex.EncodeToString(digest[:])
}
