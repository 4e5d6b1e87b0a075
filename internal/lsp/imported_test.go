package lsp

import (
	"io/fs"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"parley/lcc/check"
	"parley/lcc/link"
)

const importing = `@import("lib/rooms.lcc")
@import(half)
r(x, initial).
a(x, X) :: null <- room(R) and halved(R).
`

const rooms = `@exports(room(_))

% A room of this house.
room(R) :- R = 1, S = T.
`

var libraries = link.Sources{
	Read: func(name string) ([]byte, error) {
		if name == "/home/ann/lib/rooms.lcc" {
			return []byte(rooms), nil
		}
		return nil, fs.ErrNotExist
	},
	Shipped: func(name string) ([]byte, bool) { return []byte("@exports(halved(_))\nhalved(2).\n"), name == "half" },
}

// A text with imports has the findings of what it imports, at the import, and knows where
// the names are defined.
func TestImports(t *testing.T) {
	e := start(t, Options{Libraries: libraries, Explore: func(string, []byte) []check.Diagnostic { return nil }})
	e.open(importing)
	found := (<-e.found).Diagnostics
	if len(found) == 0 { // of exploring
		found = (<-e.found).Diagnostics
	}
	if len(found) != 2 || found[0].Range.Start.Line != 0 ||
		!strings.HasPrefix(string(found[0].Message.(protocol.String)), "rooms.lcc:4: variable S") {
		t.Errorf("got the findings %v, want two of the library, at its import", found)
	}
	where, err := e.Definition(e.ctx, &protocol.DefinitionParams{TextDocumentPositionParams: behind(importing, "roo", 2)})
	if list, ok := where.(protocol.LocationSlice); err != nil || !ok || len(list) != 1 || list[0].URI.Path() != "/home/ann/lib/rooms.lcc" ||
		list[0].Range.Start.Line != 3 {
		t.Errorf("got %v, %v, want the library's line", where, err)
	}
	for piece, want := range map[string]string{"<- ro": "A room of this house.", "and hal": "models/library/half.lcc, line 2"} {
		hover, err := e.Hover(e.ctx, &protocol.HoverParams{TextDocumentPositionParams: behind(importing, piece, 1)})
		if err != nil || hover == nil || !strings.Contains(hover.Contents.(*protocol.MarkupContent).Value, want) {
			t.Errorf("behind %q: got %v, %v, want %q", piece, hover, err, want)
		}
	}
	list, err := e.Completion(e.ctx, &protocol.CompletionParams{TextDocumentPositionParams: behind(importing, "<- roo", 1)})
	if got, ok := list.(*protocol.CompletionList); err != nil || !ok || len(got.Items) == 0 || got.Items[0].Label != "room/1" {
		t.Errorf("got %v, %v, want the imported predicate", list, err)
	}
	e.change(2, "@import(halv)\n"+importing)
	for p := range e.found {
		// What exploring finds, nothing here, may come before it.
		if version, _ := p.Version.Get(); version == 2 && len(p.Diagnostics) > 0 {
			if len(p.Diagnostics) != 1 || p.Diagnostics[0].Code.(protocol.String) != check.CodeImport {
				t.Errorf("got %v, want the import that is not there", p.Diagnostics)
			}
			return
		}
	}
}

// What a text declares is shown, and completed.
func TestDeclared(t *testing.T) {
	const text = `@message(ask(Guest = string, Load = share))
@fact(high(Level = share))
r(x, initial).
a(x, X) :: ask("web", H) => a(x, _) <- high(H)
high(0.8).
`
	e := start(t, Options{})
	e.open(text)
	for piece, want := range map[string]string{":: as": "- `?Load`: number, share 0..1", "<- hi": "- `?Level`: number, share 0..1"} {
		hover, err := e.Hover(e.ctx, &protocol.HoverParams{TextDocumentPositionParams: behind(text, piece, 1)})
		if err != nil || hover == nil || !strings.Contains(hover.Contents.(*protocol.MarkupContent).Value, want) {
			t.Errorf("behind %q: got %v, %v, want %q", piece, hover, err, want)
		}
	}
	list, err := e.Completion(e.ctx, &protocol.CompletionParams{TextDocumentPositionParams: behind(text, ":: as", 1)})
	if got, ok := list.(*protocol.CompletionList); err != nil || !ok || len(got.Items) == 0 || got.Items[0].Label != "ask(?Guest, ?Load)" {
		t.Errorf("got %v, %v, want the declared message", list, err)
	}
}
