package chain

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"parley/internal/cborstrict"
	"parley/models/publish/bundle"
)

// state is everything that outlives the process: the accepted chain of a publisher and
// this host's decisions on it.
type state struct {
	Format int             `cbor:"1,keyasint"`
	Anchor bundle.Anchor   `cbor:"2,keyasint"`           // the accepted position in the chain
	Head   *bundle.Signed  `cbor:"3,keyasint,omitempty"` // the release there; nil: missing
	Past   []bundle.Digest `cbor:"4,keyasint,omitempty"` // of the releases before it, oldest first
	Roster bundle.Ref      `cbor:"5,keyasint"`           // in force; zero: none
	Active []active        `cbor:"6,keyasint,omitempty"` // by name
	Seen   []seen          `cbor:"7,keyasint,omitempty"` // by digest: of the policies of the head
	Halts  []bundle.Halt   `cbor:"8,keyasint,omitempty"` // in order of arrival
	Labels []string        `cbor:"9,keyasint,omitempty"`
	Beat   int64           `cbor:"10,keyasint,omitempty"` // the latest heartbeat, Unix seconds
	Alarm  string          `cbor:"11,keyasint,omitempty"`
	Forks  []bundle.Digest `cbor:"12,keyasint,omitempty"` // that caused the alarm
}

// active is a policy that this host enacts, or is about to enact.
type active struct {
	Policy  bundle.Policy `cbor:"1,keyasint"`
	Version uint64        `cbor:"2,keyasint"` // of the release that introduced it
	// Trial: its stages are not over. Before is the fallback.
	Trial    bool    `cbor:"3,keyasint,omitempty"`
	Before   *before `cbor:"4,keyasint,omitempty"`
	Measured bool    `cbor:"5,keyasint,omitempty"` // it was switched to; measurements count from then
	Base     Sample  `cbor:"6,keyasint"`           // of up to an hour before
	Since    Sample  `cbor:"7,keyasint"`           // of the time with it

	digest, content bundle.Digest // of the policy
}

// before is the policy that was active before a trial.
type before struct {
	Policy  bundle.Policy `cbor:"1,keyasint"`
	Version uint64        `cbor:"2,keyasint"`
}

// seen says when a policy was first seen; its trial starts then.
type seen struct {
	Policy bundle.Digest `cbor:"1,keyasint"`
	At     int64         `cbor:"2,keyasint"`           // Unix milliseconds
	Since  uint64        `cbor:"3,keyasint,omitempty"` // the first release that has it without a gap; 0: unknown
}

const (
	stateFormat = 1
	pastMost    = 64 // known digests of releases, to distinguish old ones from forged ones
	forksMost   = 8
	stateBytes  = 4 << 20
)

// A state contains policies, so it nests deeper than they do.
var writer, reader = cborstrict.Writer(), cborstrict.Reader(cborstrict.Limits{Nested: 16, Elements: 1 << 16, Pairs: 32})

// seal encodes the state with its SHA-256 in front, so that damage on disk is detected.
func (s *state) seal() []byte {
	s.Format = stateFormat
	data, err := writer.Marshal(s)
	if err != nil {
		panic(err) // all its fields can be encoded
	}
	sum := sha256.Sum256(data)
	return append(sum[:], data...)
}

// openState decodes the output of seal.
func openState(data []byte) (state, error) {
	if len(data) > stateBytes || len(data) < sha256.Size {
		return state{}, fmt.Errorf("it has %d bytes", len(data))
	}
	body := data[sha256.Size:]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[:sha256.Size]) {
		return state{}, errors.New("its checksum is wrong")
	}
	return decodeState(body)
}

func decodeState(data []byte) (s state, err error) {
	if err := reader.Unmarshal(data, &s); err != nil {
		return state{}, fmt.Errorf("it cannot be read: %w", err)
	}
	if s.Format != stateFormat {
		return state{}, fmt.Errorf("it has the format %d, this program knows %d", s.Format, stateFormat)
	}
	for i := range s.Active {
		s.Active[i] = s.Active[i].named()
	}
	return s, s.validate()
}

// named computes the digests.
func (a active) named() active {
	a.digest, a.content = a.Policy.Digest(), a.Policy.Content()
	return a
}

// validate checks the consistency of a state.
func (s *state) validate() error {
	if err := s.Anchor.Validate(); err != nil {
		return err
	}
	if len(s.Past) > pastMost || len(s.Forks) > forksMost || len(s.Halts) > haltsMost || uint64(len(s.Past)) > s.Anchor.Version {
		return errors.New("it holds more than is ever kept")
	}
	if _, err := s.release(); err != nil {
		return err
	}
	if !slices.IsSortedFunc(s.Active, func(a, b active) int { return cmp.Compare(a.Policy.Name, b.Policy.Name) }) {
		return errors.New("what is active is not in order")
	}
	for _, a := range s.Active {
		if err := a.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (a active) validate() error {
	for _, sample := range []Sample{a.Base, a.Since} {
		if err := sample.validate(); err != nil {
			return err
		}
	}
	if a.Before != nil {
		if err := a.Before.Policy.Validate(); err != nil {
			return err
		}
	}
	return a.Policy.Validate()
}

// release decodes the head; the zero Release: there is none.
func (s *state) release() (bundle.Release, error) {
	if s.Head == nil {
		return bundle.Release{}, nil
	}
	r, err := s.Head.Release()
	if err == nil && (s.Head.Digest() != s.Anchor.Digest || r.Version != s.Anchor.Version) {
		err = errors.New("its release is not the one that it believes")
	}
	return r, err
}

func (s Sample) validate() error {
	for _, v := range []float64{s.Seconds, s.GuestSeconds, s.OverloadSeconds} {
		if !(v >= 0) || math.IsInf(v, 1) {
			return fmt.Errorf("%g is not a number of seconds", v)
		}
	}
	return nil
}

// find returns the active policy with a name; nil: none.
func (s *state) find(name string) *active {
	for i := range s.Active {
		if s.Active[i].Policy.Name == name {
			return &s.Active[i]
		}
	}
	return nil
}

// put makes a policy active and replaces the one with the same name.
func (s *state) put(a active) {
	s.remove(a.Policy.Name)
	s.Active = append(s.Active, a.named())
	slices.SortFunc(s.Active, func(a, b active) int { return cmp.Compare(a.Policy.Name, b.Policy.Name) })
}

func (s *state) remove(name string) {
	s.Active = slices.DeleteFunc(slices.Clone(s.Active), func(a active) bool { return a.Policy.Name == name })
}

// record returns the digest of an accepted release, if it is still known.
func (s *state) record(version uint64) (bundle.Digest, bool) {
	at := s.Anchor
	back := at.Version - version
	switch {
	case back == 0:
		return at.Digest, true
	case back <= uint64(len(s.Past)):
		return s.Past[uint64(len(s.Past))-back], true
	}
	return bundle.Digest{}, false
}

// lastBeat returns the latest heartbeat in Unix seconds. One from the future was
// accepted while this host's clock was wrong, and no longer counts.
func (s *state) lastBeat(now time.Time) int64 {
	if moment(s.Beat).After(now.Add(skewMost)) {
		return 0
	}
	return s.Beat
}

// setLabels sets the labels of this host and reports whether they changed.
func (s *state) setLabels(labels []string) bool {
	labels = slices.Clone(labels)
	slices.Sort(labels)
	labels = slices.Compact(labels)
	if slices.Equal(labels, s.Labels) {
		return false
	}
	s.Labels = labels
	return true
}

// start restores the state of an earlier process.
func (f *Follower) start(ev Started) {
	f.started = true
	if ev.State != nil {
		f.restore(ev.State)
	}
	if ev.Object == nil {
		return
	}
	for _, ref := range f.state.needs(&f.head) {
		if data, ok := ev.Object(ref.Digest); ok && ref.Check(data) == nil {
			f.objects.had[ref.Digest] = data // a damaged one is fetched again
		}
	}
}

// restore adopts a state, unless it is damaged or the anchor is ahead of it: then its
// position in the chain is dropped, and active policies continue.
func (f *Follower) restore(data []byte) {
	s, err := openState(data)
	if err == nil && s.Anchor.Publisher != f.o.Anchor.Publisher {
		err = fmt.Errorf("it is of the publisher %s", s.Anchor.Publisher)
	}
	if err != nil {
		f.damaged = fmt.Sprintf("what was kept of %s is damaged: %v; it is followed from the anchor of the configuration, release %d, on",
			f.o.Anchor.Publisher, err, f.o.Anchor.Version)
		f.keep.note(NoteAlarm, "%s", f.damaged)
		f.keep.change()
		return
	}
	if !supersedes(s.Anchor, f.o.Anchor) {
		s.Anchor, s.Head, s.Past = f.o.Anchor, nil, nil
	}
	f.state = s
	if head, err := s.release(); err == nil {
		f.head.set(head)
	}
	f.keep.durable = durable{s.Anchor, f.head.Release}
	f.roster.quietly = s.Roster != bundle.Ref{}
	f.heart.kept = s.Beat
}

// supersedes reports whether a position in the chain is that of the pinned anchor or a
// later one.
func supersedes(at, pinned bundle.Anchor) bool {
	if at.Root.Version < pinned.Root.Version {
		return false
	}
	return at.Version > pinned.Version || at.Version == pinned.Version && at.Digest == pinned.Digest
}
