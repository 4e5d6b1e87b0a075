package compare

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"parley/internal/atomicfile"
	"parley/sim/report"
)

// Sweep is a directory with the finished runs of a comparison whose shards several machines
// run: sweep.json says what the comparison is, and each shard has a file of its runs.
type Sweep struct {
	head sweepHead
	dir  string
	runs map[keptRun]Result
}

// sweepHead is sweep.json: what a report needs besides the runs. All shards write the same.
type sweepHead struct {
	Of           keptOf            `json:"of"`
	Architecture string            `json:"architecture"` // floating-point numbers may differ in their last digits
	Command      Command           `json:"command"`
	Shards       int               `json:"shards"`
	Seeds        []uint64          `json:"seeds"`
	Courses      bool              `json:"courses"` // the load of each host is kept, of all seeds
	Report       report.Comparison `json:"report"`  // without runs
}

// Command is the command line of a comparison.
type Command struct {
	Words []string `json:"words"` // the command and its arguments
	Flags []string `json:"flags"` // "--name=value" in the order of their names
}

// With returns the command with more flags.
func (c Command) With(flags []string) Command {
	all := slices.Concat(c.Flags, flags)
	slices.SortFunc(all, func(a, b string) int { return cmp.Compare(flagName(a), flagName(b)) })
	return Command{Words: c.Words, Flags: all}
}

func flagName(flag string) string {
	name, _, _ := strings.Cut(flag, "=")
	return name
}

func (c Command) String() string { return strings.Join(slices.Concat(c.Words, c.Flags), " ") }

const sweepName = "sweep.json"

func shardName(s Shard) string {
	width := len(fmt.Sprint(s.Of))
	return fmt.Sprintf("shard-%0*d-of-%d.jsonl", width, s.Index, s.Of)
}

// OpenShard opens or creates the directory of a sweep, and in it the file of the finished
// runs of the comparison's shard. The directory of another comparison is an error. made says
// how the comparison is made; its date and command are left out: command is that of the whole
// comparison.
func OpenShard(dir string, o Options, build string, made report.Made, command Command) (*Keep, error) {
	if o.Shard.Of > len(o.Seeds) {
		return nil, fmt.Errorf("there are %d shards and %d seeds: give at most as many shards as seeds", o.Shard.Of, len(o.Seeds))
	}
	head := sweepHead{
		Architecture: runtime.GOARCH, Command: command, Shards: o.Shard.Of, Seeds: o.Seeds, Courses: o.Courses, Report: o.frame(),
	}
	made.Date, made.Command = time.Time{}, ""
	head.Report.Made = &made
	var err error
	if head.Of, err = o.keptOf(build); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	if err := head.write(dir); err != nil {
		return nil, err
	}
	return OpenKeep(filepath.Join(dir, shardName(o.Shard)), o, build)
}

// write writes sweep.json, or compares it with the one that is there.
func (h sweepHead) write(dir string) error {
	text, err := json.MarshalIndent(h, "", " ")
	if err != nil {
		return err
	}
	name := filepath.Join(dir, sweepName)
	err = atomicfile.Create(name, append(text, '\n'), 0o644)
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	there, err := readHead(dir)
	if err != nil {
		return err
	}
	if what := h.differs(there); what != "" {
		return fmt.Errorf("%s: this is another sweep: %s; name a new directory, or remove this one", name, what)
	}
	return nil
}

// differs says in what the sweep of a directory is another one; "": in nothing.
func (h sweepHead) differs(there sweepHead) string {
	if what := h.Of.differs(there.Of); what != "" {
		return what
	}
	switch {
	case h.Architecture != there.Architecture:
		return fmt.Sprintf("it runs on %s, this is %s, whose floating-point numbers may differ", there.Architecture, h.Architecture)
	case h.Shards != there.Shards:
		return fmt.Sprintf("it has %d shards, this one %d", there.Shards, h.Shards)
	case h.Courses != there.Courses:
		return "one of the two keeps the load of each host (--courses), the other does not"
	case h.Command.String() != there.Command.String():
		return fmt.Sprintf("it is of the command %q, this one of %q", there.Command, h.Command)
	}
	return ""
}

func readHead(dir string) (h sweepHead, err error) {
	name := filepath.Join(dir, sweepName)
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return h, fmt.Errorf("%s has no %s: name a directory that `parley sim compare --shard` wrote", dir, sweepName)
	}
	if err != nil {
		return h, err
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&h); err != nil {
		return h, fmt.Errorf("%s: %w: name a directory that `parley sim compare --shard` of this version wrote", name, err)
	}
	if h.Shards < 1 || h.Shards > len(h.Seeds) || h.Report.Made == nil || len(h.Report.Policies) == 0 {
		return h, fmt.Errorf("%s: it describes no sweep: run the shards again, in a new directory", name)
	}
	return h, nil
}

// OpenSweep reads the directory of a sweep. A line that a shard has not finished is left
// out: the shard may still run.
func OpenSweep(dir string) (*Sweep, error) {
	head, err := readHead(dir)
	if err != nil {
		return nil, err
	}
	s := &Sweep{head: head, dir: dir, runs: map[keptRun]Result{}}
	index := map[string]int{}
	for i, p := range head.Report.Policies {
		index[p.Name] = i
	}
	for i := range head.Shards {
		name := filepath.Join(dir, shardName(Shard{i + 1, head.Shards}))
		text, err := os.ReadFile(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		_, err = readKept(name, text, head.Of, func(l keptLine) {
			r := l.result(index[l.Policy])
			s.runs[keptRun{r.Policy, r.Seed}] = r
		})
		if err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Command is that of the whole comparison.
func (s *Sweep) Command() Command { return s.head.Command }

// Courses says whether the load of each host is kept, of all seeds.
func (s *Sweep) Courses() bool { return s.head.Courses }

// Gap is a shard that has not finished.
type Gap struct {
	Shard      Shard
	Have, Want int    // runs
	Command    string // runs the rest
}

// Gaps returns the shards that have not finished.
func (s *Sweep) Gaps() (gaps []Gap) {
	for i := range s.head.Shards {
		g := Gap{Shard: Shard{i + 1, s.head.Shards}}
		for seed, number := range s.head.Seeds {
			if !g.Shard.has(seed) {
				continue
			}
			for policy := range s.head.Report.Policies {
				g.Want++
				if _, ok := s.runs[keptRun{policy, number}]; ok {
					g.Have++
				}
			}
		}
		if g.Have == g.Want {
			continue
		}
		flags := []string{"--shard=" + g.Shard.String(), "--out=" + s.dir}
		if s.head.Courses {
			flags = append(flags, "--courses")
		}
		g.Command = s.head.Command.With(flags).String()
		gaps = append(gaps, g)
	}
	return gaps
}

// Comparison makes a report of the seeds that all policies have finished, as it would be if
// one machine had run them, and returns how many they are of how many. charts and courses are
// those of Options; made says when and by what command the report is made.
func (s *Sweep) Comparison(charts, courses bool, made report.Made) (c report.Comparison, whole, all int) {
	o := Options{Charts: charts, Courses: courses}
	var results []Result
	for policy := range s.head.Report.Policies {
		for seed, number := range s.head.Seeds {
			if !s.finished(number) {
				continue
			}
			r := s.runs[keptRun{policy, number}]
			if course := r.Site.Course; course != nil && (charts || courses) {
				own := *course
				o.trim(&own, seed)
				r.Site.Course = &own
			} else {
				r.Site.Course = nil
			}
			results = append(results, r)
		}
	}
	c = s.head.Report
	c.Policies = slices.Clone(c.Policies)
	enter(&c, results)
	of := *c.Made
	of.Date, of.Command = made.Date, made.Command
	c.Made = &of
	return c, len(results) / len(c.Policies), len(s.head.Seeds)
}

// finished says whether all policies have finished a seed.
func (s *Sweep) finished(seed uint64) bool {
	for policy := range s.head.Report.Policies {
		if _, ok := s.runs[keptRun{policy, seed}]; !ok {
			return false
		}
	}
	return true
}
