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

// Release is everything that a publisher has in force at one version of its chain.
type Release struct {
	Format    int      `cbor:"1,keyasint" json:"format"`
	Publisher string   `cbor:"2,keyasint" json:"publisher"`
	Version   uint64   `cbor:"3,keyasint" json:"version"`  // 1 more than that of Previous
	Created   int64    `cbor:"4,keyasint" json:"created"`  // Unix seconds
	Expires   int64    `cbor:"5,keyasint" json:"expires"`  // Unix seconds; afterwards nothing new begins
	Previous  Digest   `cbor:"6,keyasint" json:"previous"` // of the previous signed body; zero for version 1
	Root      *Root    `cbor:"7,keyasint,omitempty" json:"root,omitempty"`
	Roster    Ref      `cbor:"8,keyasint" json:"roster"`
	Policies  []Policy `cbor:"9,keyasint" json:"policies"` // by name
	Note      string   `cbor:"10,keyasint,omitempty" json:"note,omitempty"`
	// StaleAfter is the time in seconds since the latest heartbeat after which hosts
	// are stale; 0: never.
	StaleAfter int64 `cbor:"11,keyasint,omitempty" json:"stale_after,omitempty"`
}

// Ref identifies an object.
type Ref struct {
	Size   int64  `cbor:"1,keyasint" json:"size"` // bytes
	Digest Digest `cbor:"2,keyasint" json:"digest"`
}

// RefOf returns the reference to an object.
func RefOf(data []byte) Ref { return Ref{int64(len(data)), DigestOf(data)} }

// Check checks that an object matches the reference.
func (r Ref) Check(data []byte) error {
	if got := DigestOf(data); int64(len(data)) != r.Size || got != r.Digest {
		return Refuse(WrongDigest, "an object of %d bytes with the digest %s came for one of %d bytes with %s", len(data), got.Short(), r.Size,
			r.Digest.Short())
	}
	return nil
}

// Policy is one policy of a release: models that the hosts with certain labels enact
// together.
type Policy struct {
	Name    string   `cbor:"1,keyasint" json:"name"`
	Files   []Entry  `cbor:"2,keyasint" json:"files"`                       // by path
	Targets []string `cbor:"3,keyasint,omitempty" json:"targets,omitempty"` // labels that a host needs; none: all hosts
	Canary  []Stage  `cbor:"4,keyasint,omitempty" json:"canary,omitempty"`  // trial stages
	Guard   Guard    `cbor:"5,keyasint" json:"guard"`                       // limits that end a trial
	Source  Source   `cbor:"6,keyasint" json:"source"`                      // origin of the files
}

// Entry is a file of a policy.
type Entry struct {
	Path   string `cbor:"1,keyasint" json:"path"` // a name without a directory that ends in .lcc
	Size   int64  `cbor:"2,keyasint" json:"size"` // bytes
	Digest Digest `cbor:"3,keyasint" json:"digest"`
}

// Ref returns the reference to the file as an object.
func (e Entry) Ref() Ref { return Ref{e.Size, e.Digest} }

// Stage is a subset of the hosts, and how long only they try a policy. A host in a
// stage is in all later ones too.
type Stage struct {
	Labels  []string `cbor:"1,keyasint,omitempty" json:"labels,omitempty"` // that a host needs
	Share   float64  `cbor:"2,keyasint" json:"share"`                      // of those hosts, above 0 and up to 1
	Seconds int64    `cbor:"3,keyasint" json:"seconds"`
}

// Guard says when a host halts a policy on trial. A zero field means its default.
type Guard struct {
	// Migrations is the limit of migrations away from a host, per guest and hour;
	// default 4. A time below a quarter of an hour counts as a quarter of an hour.
	Migrations float64 `cbor:"1,keyasint,omitempty" json:"migrations_per_guest_hour,omitempty"`
	// Failed is the limit of the share of failed deals, of at least four; default 0.5.
	Failed float64 `cbor:"2,keyasint,omitempty" json:"failed_share,omitempty"`
	// Overload is the limit of the increase of the share of time in overload over the
	// hour before; default 0.2.
	Overload float64 `cbor:"3,keyasint,omitempty" json:"overload_more,omitempty"`
	// Hosts is how many hosts of the stages must halt a policy to stop it on all hosts;
	// 0: one when one or two hosts try it, otherwise a tenth of them, at least two.
	Hosts int `cbor:"4,keyasint,omitempty" json:"hosts,omitempty"`
}

// WithDefaults replaces zero fields by defaults, except Hosts, which depends on the
// roster.
func (g Guard) WithDefaults() Guard {
	g.Migrations, g.Failed = cmp.Or(g.Migrations, 4), cmp.Or(g.Failed, 0.5)
	g.Overload = cmp.Or(g.Overload, 0.2)
	return g
}

// Source is the origin of a policy's files, for people.
type Source struct {
	Commit string `cbor:"1,keyasint,omitempty" json:"commit,omitempty"` // of a git checkout
	Dirty  bool   `cbor:"2,keyasint,omitempty" json:"dirty,omitempty"`  // with uncommitted changes
}

// Digest identifies one version of a policy: its files, targets and stages. A trial
// belongs to one such version.
func (p Policy) Digest() Digest { return DigestOf(encode(p)) }

// Content returns a digest of the policy's files only.
func (p Policy) Content() Digest { return DigestOf(encode(p.Files)) }

// Encode returns the canonical bytes of a release, which are signed.
func (r Release) Encode() []byte { return encode(r) }

// Draft returns a release to be signed, or an error that says what is invalid in it.
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

// Release decodes the body without trusting it. Anchor.Next checks the signatures.
func (s Signed) Release() (r Release, err error) {
	if err := decode("a release", s.Body, SignedBytes, &r); err != nil {
		return Release{}, err
	}
	return r, r.Validate()
}

// ObjectBytes is the maximum length of an object: a roster of 10,000 hosts has about 2
// MiB.
const ObjectBytes = 4 << 20

// policiesMax bounds the policies of a release.
const policiesMax = 32

// Validate returns an error that says what is invalid in a release, apart from
// signatures and history. The error is a *Refusal.
func (r Release) Validate() error {
	switch {
	case r.Format != Format:
		return Refuse(WrongFormat, "a release of format %d, this program knows %d: bring publisher and hosts to the same version of Parley",
			r.Format, Format)
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
			return Refuse(WrongPolicy, "the policies are not in the order of their names, each once: %s", p.Name)
		}
		if err := p.Validate(); err != nil {
			return err
		}
	}
	return nil
}

// Validate returns an error that says what is invalid in a policy. The error is a
// *Refusal.
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
			return Refuse(WrongPolicy, "policy %s: the files are not in the order of their names, each once: %s", p.Name, f.Path)
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
			return Refuse(WrongPolicy, "policy %s, stage %d of its canary: a share of %g for %d s: give a share above 0 and up to 1, and a time",
				p.Name, i+1, stage.Share, stage.Seconds)
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
		return Refuse(WrongPolicy, "policy %s: its guard is invalid: %+v", p.Name, g)
	}
	if len(p.Source.Commit) > 64 {
		return Refuse(WrongPolicy, "policy %s: a commit of %d characters", p.Name, len(p.Source.Commit))
	}
	return nil
}

// Publishable says why a valid policy must not be published. It is stricter than
// Validate, which must accept what earlier versions published. The error is a *Refusal.
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

// checkPath rejects every path that is not the plain name of a model. No code writes a
// file under a name that a publisher chose, and this check enforces that.
func checkPath(path string) error {
	name, ok := strings.CutSuffix(path, ".lcc")
	if !ok || strings.HasPrefix(path, ".") || checkName("file", name) != nil {
		return Refuse(WrongPath, "%q is not the name of a model: a plain name that ends in .lcc, without a directory", path)
	}
	return nil
}

// Matches reports whether labels contain all wanted ones.
func Matches(labels, wanted []string) bool {
	for _, w := range wanted {
		if !slices.Contains(labels, w) {
			return false
		}
	}
	return true
}

// checkLabels bounds the labels that are read. Earlier versions published more and
// longer ones than package label allows; their signed releases must stay readable.
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
			return fmt.Errorf("the labels are not in order, each once: %s", label)
		}
	}
	return nil
}
