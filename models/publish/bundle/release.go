package bundle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/internal/label"
)

// Format is the format of releases that this program writes and reads.
const Format = 1

// Release is all that a publisher has in force at one version of its chain.
type Release struct {
	Format    int      `cbor:"1,keyasint" json:"format"`
	Publisher string   `cbor:"2,keyasint" json:"publisher"`
	Version   uint64   `cbor:"3,keyasint" json:"version"`  // 1 more than that of Previous
	Created   int64    `cbor:"4,keyasint" json:"created"`  // Unix seconds
	Expires   int64    `cbor:"5,keyasint" json:"expires"`  // Unix seconds; afterwards nothing new is begun
	Previous  Digest   `cbor:"6,keyasint" json:"previous"` // of the signed body before; zero for version 1
	Root      *Root    `cbor:"7,keyasint,omitempty" json:"root,omitempty"`
	Roster    Ref      `cbor:"8,keyasint" json:"roster"`
	Policies  []Policy `cbor:"9,keyasint" json:"policies"` // by name
	Note      string   `cbor:"10,keyasint,omitempty" json:"note,omitempty"`
	// StaleAfter is how many seconds after the latest heartbeat hosts call what they
	// have stale; 0: never.
	StaleAfter int64 `cbor:"11,keyasint,omitempty" json:"stale_after,omitempty"`
}

// Ref names an object.
type Ref struct {
	Size   int64  `cbor:"1,keyasint" json:"size"` // bytes
	Digest Digest `cbor:"2,keyasint" json:"digest"`
}

// RefOf returns the name of an object.
func RefOf(data []byte) Ref { return Ref{int64(len(data)), DigestOf(data)} }

// Check says whether an object is the one that is meant.
func (r Ref) Check(data []byte) error {
	if got := DigestOf(data); int64(len(data)) != r.Size || got != r.Digest {
		return Refuse(WrongDigest, "an object of %d bytes with the digest %s came for one of %d bytes with %s", len(data), got.Short(), r.Size, r.Digest.Short())
	}
	return nil
}

// Policy is one policy of a release: models that the hosts with certain labels
// enact together.
type Policy struct {
	Name    string   `cbor:"1,keyasint" json:"name"`
	Files   []Entry  `cbor:"2,keyasint" json:"files"`                       // by path
	Targets []string `cbor:"3,keyasint,omitempty" json:"targets,omitempty"` // labels that a host must have; none: all hosts
	Canary  []Stage  `cbor:"4,keyasint,omitempty" json:"canary,omitempty"`  // who tries it first
	Guard   Guard    `cbor:"5,keyasint" json:"guard"`                       // what ends a trial
	Source  Source   `cbor:"6,keyasint" json:"source"`                      // where it came from
}

// Entry is a file of a policy.
type Entry struct {
	Path   string `cbor:"1,keyasint" json:"path"` // a name without a directory that ends in .lcc
	Size   int64  `cbor:"2,keyasint" json:"size"` // bytes
	Digest Digest `cbor:"3,keyasint" json:"digest"`
}

// Ref is the file as an object.
func (e Entry) Ref() Ref { return Ref{e.Size, e.Digest} }

// Stage is a part of the hosts, and for how long they alone try a policy. A host
// that is in an earlier stage is in all later ones.
type Stage struct {
	Labels  []string `cbor:"1,keyasint,omitempty" json:"labels,omitempty"` // that a host must have
	Share   float64  `cbor:"2,keyasint" json:"share"`                      // of those hosts, above 0 and up to 1
	Seconds int64    `cbor:"3,keyasint" json:"seconds"`
}

// Guard says when a host that tries a policy halts it. A zero field means its
// default.
type Guard struct {
	// Migrations is how many migrations away from it a host bears, for each guest and
	// hour; default 4. Those of the first quarter of an hour count as if it took one.
	Migrations float64 `cbor:"1,keyasint,omitempty" json:"migrations_per_guest_hour,omitempty"`
	// Failed is the share of deals that may fail, of at least four; default 0.5.
	Failed float64 `cbor:"2,keyasint,omitempty" json:"failed_share,omitempty"`
	// Overload is by how much the share of time in overload may be above that in the
	// hour before; default 0.2.
	Overload float64 `cbor:"3,keyasint,omitempty" json:"overload_more,omitempty"`
	// Hosts is how many hosts of its stages must halt a policy before the others take
	// heed; 0: one where one or two hosts try it, else a tenth of them, at least two.
	Hosts int `cbor:"4,keyasint,omitempty" json:"hosts,omitempty"`
}

// WithDefaults fills in the defaults. That of Hosts depends on the roster.
func (g Guard) WithDefaults() Guard {
	g.Migrations, g.Failed = cmp.Or(g.Migrations, 4), cmp.Or(g.Failed, 0.5)
	g.Overload = cmp.Or(g.Overload, 0.2)
	return g
}

// Source says where a policy's files came from, for people.
type Source struct {
	Commit string `cbor:"1,keyasint,omitempty" json:"commit,omitempty"` // of a git checkout
	Dirty  bool   `cbor:"2,keyasint,omitempty" json:"dirty,omitempty"`  // with changes that are in no commit
}

// Digest tells one state of a policy from another: its files, its targets, its
// stages. A trial belongs to one such state.
func (p Policy) Digest() Digest { return DigestOf(encode(p)) }

// Content is a digest of the policy's files alone.
func (p Policy) Content() Digest { return DigestOf(encode(p.Files)) }

// Encode returns the canonical bytes of a release, which are what is signed.
func (r Release) Encode() []byte { return encode(r) }

// Draft returns a release as it is to be signed, or what makes no sense in it.
func (r Release) Draft() (Signed, error) {
	if err := r.Validate(); err != nil {
		return Signed{}, err
	}
	s := Signed{Body: r.Encode(), Signatures: []Signature{}}
	if n := len(s.Encode()); n > SignedBytes-keysMax*96 {
		return Signed{}, Refuse(TooLarge, "the release has %d bytes: publish fewer policies or files", n)
	}
	return s, nil
}

// Release reads the body without believing it. Anchor.Next checks the signatures.
func (s Signed) Release() (r Release, err error) {
	if err := decode("a release", s.Body, SignedBytes, &r); err != nil {
		return Release{}, err
	}
	return r, r.Validate()
}

// ObjectBytes is the most that an object may have: a roster of 10,000 hosts has
// some 2 MiB.
const ObjectBytes = 4 << 20

// policiesMax bounds the policies of a release.
const policiesMax = 32

// Validate says what makes no sense in a release, signatures and history aside. The
// error is a *Refusal.
func (r Release) Validate() error {
	switch {
	case r.Format != Format:
		return Refuse(WrongFormat, "a release of format %d, this program knows %d: bring publisher and hosts to the same version of Parley", r.Format, Format)
	case r.Version == 0:
		return Refuse(Malformed, "a release with the version 0: the first is 1")
	case (r.Version == 1) != (r.Previous == Digest{}):
		return Refuse(Malformed, "release %d: the first release, and no other, has none before it", r.Version)
	case r.Expires <= r.Created:
		return Refuse(Malformed, "release %d expires before it is made", r.Version)
	case len(r.Note) > textMax:
		return Refuse(TooLarge, "release %d: a note of %d bytes, more than %d", r.Version, len(r.Note), textMax)
	case len(r.Policies) > policiesMax:
		return Refuse(TooLarge, "release %d: %d policies, more than %d", r.Version, len(r.Policies), policiesMax)
	case r.Roster.Size < 0 || r.Roster.Size > ObjectBytes:
		return Refuse(TooLarge, "release %d: a roster of %d bytes, more than %d", r.Version, r.Roster.Size, ObjectBytes)
	case r.StaleAfter < 0:
		return Refuse(Malformed, "release %d is stale before it is made", r.Version)
	}
	if err := checkName("publisher", r.Publisher); err != nil {
		return Refuse(Malformed, "%v", err)
	}
	if r.Root != nil {
		if err := r.Root.Validate(); err != nil {
			return Refuse(WrongRoot, "%v", err)
		}
	}
	for i, p := range r.Policies {
		if i > 0 && r.Policies[i-1].Name >= p.Name {
			return Refuse(WrongPolicy, "the policies do not stand in the order of their names, each once: %s", p.Name)
		}
		if err := p.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// Validate says what makes no sense in a policy. The error is a *Refusal.
func (p Policy) Validate() error {
	if err := checkName("policy", p.Name); err != nil {
		return Refuse(WrongPolicy, "%v", err)
	}
	if len(p.Files) == 0 || len(p.Files) > FilesMax {
		return Refuse(WrongPolicy, "policy %s has %d files: give 1 to %d", p.Name, len(p.Files), FilesMax)
	}
	for i, f := range p.Files {
		if err := checkPath(f.Path); err != nil {
			return err
		}
		if i > 0 && p.Files[i-1].Path >= f.Path {
			return Refuse(WrongPolicy, "policy %s: the files do not stand in the order of their names, each once: %s", p.Name, f.Path)
		}
		if f.Size < 0 || f.Size > FileBytes {
			return Refuse(TooLarge, "policy %s: %s has %d bytes, more than %d", p.Name, f.Path, f.Size, FileBytes)
		}
	}
	return p.validateTrial()
}

func (p Policy) validateTrial() error {
	if len(p.Canary) > 16 {
		return Refuse(WrongPolicy, "policy %s has %d stages of a canary: give at most 16", p.Name, len(p.Canary))
	}
	for i, stage := range p.Canary {
		if !(stage.Share > 0 && stage.Share <= 1) || stage.Seconds <= 0 || stage.Seconds > int64(365*24*time.Hour/time.Second) {
			return Refuse(WrongPolicy, "policy %s, stage %d of its canary: a share of %g for %d s: give a share above 0 and up to 1, and a time", p.Name, i+1, stage.Share, stage.Seconds)
		}
		if err := checkLabels(stage.Labels); err != nil {
			return Refuse(WrongPolicy, "policy %s, stage %d of its canary: %v", p.Name, i+1, err)
		}
	}
	if err := checkLabels(p.Targets); err != nil {
		return Refuse(WrongPolicy, "policy %s: targets: %v", p.Name, err)
	}
	g := p.Guard
	if !(g.Migrations >= 0 && g.Failed >= 0 && g.Failed <= 1 && g.Overload >= 0 && g.Overload <= 1) || g.Hosts < 0 || g.Hosts > 1000 {
		return Refuse(WrongPolicy, "policy %s: its guard makes no sense: %+v", p.Name, g)
	}
	if len(p.Source.Commit) > 64 {
		return Refuse(WrongPolicy, "policy %s: a commit of %d characters", p.Name, len(p.Source.Commit))
	}
	return nil
}

// Publishable says what keeps a valid policy from being published: it asks more than
// Validate, which must read what earlier versions published. The error is a *Refusal.
func (p Policy) Publishable() error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := label.CheckAll(p.Targets); err != nil {
		return Refuse(WrongPolicy, "policy %s: targets: %v", p.Name, err)
	}
	for i, stage := range p.Canary {
		if err := label.CheckAll(stage.Labels); err != nil {
			return Refuse(WrongPolicy, "policy %s, stage %d of its canary: %v", p.Name, i+1, err)
		}
	}
	return nil
}

// checkPath refuses every path that is not the plain name of a model: nothing of a
// publisher is ever written under a name of its choice, and this keeps it so.
func checkPath(path string) error {
	name, ok := strings.CutSuffix(path, ".lcc")
	if !ok || strings.HasPrefix(path, ".") || checkName("file", name) != nil {
		return Refuse(WrongPath, "%q is not the name of a model: a plain name that ends in .lcc, without a directory", path)
	}
	return nil
}

// Matches says whether labels hold all that are wanted.
func Matches(labels, wanted []string) bool {
	for _, w := range wanted {
		if !slices.Contains(labels, w) {
			return false
		}
	}
	return true
}

// checkLabels bounds the labels that are read. Earlier versions published more and
// longer ones than package label takes; what they signed must stay readable.
func checkLabels(labels []string) error {
	if len(labels) > 64 {
		return fmt.Errorf("%d labels, more than 64", len(labels))
	}
	for i, label := range labels {
		key, value, ok := strings.Cut(label, "=")
		if !ok || key == "" || value == "" || len(label) > 128 || strings.ContainsAny(label, " \t\n,\"") {
			return fmt.Errorf("%q is no label: write key=value", label)
		}
		if i > 0 && labels[i-1] >= label {
			return fmt.Errorf("the labels do not stand in order, each once: %s", label)
		}
	}
	return nil
}
