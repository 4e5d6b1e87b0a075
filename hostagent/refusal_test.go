package hostagent

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// Each declared code is listed once, and no two have the same name.
func TestEachCodeIsListed(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "refusal.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Code
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" {
				text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				declared = append(declared, Code(text))
			}
		}
		return true
	})
	listed := Codes()
	slices.Sort(declared)
	slices.Sort(listed)
	if len(declared) < 50 || !slices.Equal(declared, listed) {
		t.Errorf("got the list %v, want what is declared, %v", listed, declared)
	}
	if unique := slices.Compact(slices.Clone(declared)); len(unique) != len(declared) {
		t.Errorf("two codes have one name: %v", declared)
	}
}

// A refusal keeps its code on the way to another host and through the journal. A name
// that this version does not know is not accepted from outside.
func TestCodeTravels(t *testing.T) {
	p, err := decodePayload(encodePayload(refuseOf("d", noRoom)))
	if err != nil || said(p) != noRoom {
		t.Errorf("over the wire: got %v, %v, want %v", said(p), err, noRoom)
	}
	p.Code = "made_up"
	if got := said(p); got != (Refusal{CodeOther, noRoom.Detail}) {
		t.Errorf("an unknown code: got %v, want the code %q", got, CodeOther)
	}
	e := newEnd(t, "h")
	d := &deal{id: "d", side: TargetSide, state: Refused, guest: "g", reason: noRoom}
	entry, ok := ReadHistory(e.core.ledger.encodeRecord(d))
	if !ok || entry.Code != CodeNoRoom || entry.Reason != noRoom.Detail {
		t.Errorf("through the journal: got %+v, want %v", entry, noRoom)
	}
}

// A refused deal has its code at both ends.
func TestRefusedDealHasItsCode(t *testing.T) {
	target := newEnd(t, "target")
	target.sees()
	target.hears("src", payload{Kind: kindQuote, Deal: "d1", Guest: "g", CPU: 1, Memory: 1 << 50})
	refused := target.said(kindRefuse)
	if len(refused) != 1 || refused[0].Code != CodeNoRoom {
		t.Errorf("a guest that is too large: got %+v, want the code %q", refused, CodeNoRoom)
	}
}
