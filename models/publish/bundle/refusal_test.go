package bundle

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// elsewhere are the codes that this package has names for and never gives itself.
var elsewhere = map[Code]string{
	Expired: "models/publish/chain", NotYet: "models/publish/chain", NotListed: "models/publish/chain",
	NotTrying: "models/publish/chain", Halted: "models/publish/chain", NotChecked: "models/publish/chain",
	NoVocabulary: "the daemon", NotAccepted: "the daemon", NotRun: "the daemon", Quarantined: "the daemon",
}

// provoked has for each code that this package gives a way to get it.
func provoked(t *testing.T) map[Code]func() error {
	s := newSite(t)
	next := func(bend func(*Release), keys ...Private) error {
		r := s.release()
		bend(&r)
		_, _, err := s.anchor.Next(s.sign(t, r, keys...))
		return err
	}
	both := s.keys[:2]
	_, later, err := s.anchor.Next(s.sign(t, s.release(), both...))
	if err != nil {
		t.Fatal(err)
	}
	second := func(bend func(*Release), keys ...Private) error {
		r := s.release()
		r.Version, r.Previous = 2, later.Digest
		bend(&r)
		_, _, err := later.Next(s.sign(t, r, keys...))
		return err
	}
	drafted := func(bend func(*Release)) error {
		r := s.release()
		bend(&r)
		_, err := r.Draft()
		return err
	}
	return map[Code]func() error{
		TooLarge:       func() error { _, err := DecodeSigned(make([]byte, SignedBytes+1)); return err },
		Malformed:      func() error { _, err := DecodeSigned([]byte("no")); return err },
		NotCanonical:   func() error { _, err := DecodeRoster([]byte{0xa1, 0x18, 0x01, 0x80}); return err },
		WrongFormat:    func() error { return drafted(func(r *Release) { r.Format = 2 }) },
		OtherPublisher: func() error { return next(func(r *Release) { r.Publisher = "south" }, both...) },
		NoQuorum:       func() error { return next(func(*Release) {}, s.keys[0]) },
		NoQuorumNew: func() error {
			return next(func(r *Release) { root := rootOf(2, 1, newKeys(t, 1, 5)...); r.Root = &root }, both...)
		},
		WrongRoot: func() error {
			return next(func(r *Release) { root := rootOf(3, 1, s.keys...); r.Root = &root }, both...)
		},
		Rollback: func() error { return rollback(t, s, later) },
		Equivocation: func() error {
			return second(func(r *Release) { r.Version, r.Previous = 1, Digest{}; r.Note = "other" }, both...)
		},
		Gap:         func() error { return second(func(r *Release) { r.Version = 3 }, both...) },
		Fork:        func() error { return second(func(r *Release) { r.Previous = Digest{1} }, both...) },
		WrongDigest: func() error { return RefOf([]byte("this")).Check([]byte("that")) },
		WrongPath:   func() error { return drafted(func(r *Release) { r.Policies[0].Files[0].Path = "../x.lcc" }) },
		WrongRoster: func() error { return Roster{Hosts: []Host{{ID: "h", Name: "a b"}}}.Validate() },
		WrongPolicy: func() error { return drafted(func(r *Release) { r.Policies[0].Files = nil }) },
		WrongSignature: func() error {
			return Heartbeat{Publisher: "north"}.Sign(newKeys(t, 1, 5)[0]).Check(s.anchor.Root)
		},
	}
}

func rollback(t *testing.T, s site, later Anchor) error {
	r := s.release()
	r.Version, r.Previous = 2, later.Digest
	_, third, err := later.Next(s.sign(t, r, s.keys[:2]...))
	if err != nil {
		t.Fatal(err)
	}
	_, _, err = third.Next(s.sign(t, s.release(), s.keys[:2]...))
	return err
}

// TestCodes: every code is given for what it stands for.
func TestCodes(t *testing.T) {
	ways := provoked(t)
	for _, code := range declared(t) {
		way, ok := ways[code]
		if _, other := elsewhere[code]; other == ok {
			t.Errorf("%s: say here how to provoke it, or who else gives it", code)
		}
		if !ok {
			continue
		}
		if err := way(); CodeOf(err) != code || !strings.HasPrefix(err.Error(), string(code)+": ") {
			t.Errorf("got %v, want a refusal with the code %s", err, code)
		}
	}
}

// declared reads the codes out of refusal.go, so that none is forgotten.
func declared(t *testing.T) (codes []Code) {
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 {
			return true
		}
		if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, Code(text))
		}
		return true
	})
	if len(codes) < 20 {
		t.Fatalf("got %d codes only", len(codes))
	}
	return codes
}
