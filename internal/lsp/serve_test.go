package lsp

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/syntax"
	"parley/lcc/vocabulary"
)

const text = `% Who asks for a thing.
r(buyer, initial).
r(shopkeeper, necessary).

a(buyer, B) ::
    ask(X) => a(shopkeeper, S) <- wants(X) then
    (
        (
            price(X, P) <= a(shopkeeper, S) <- P < 9
        ) or (
            null <- timeout(5)
        )
    )

% Sells things.
% One at a time.
a(shopkeeper, S) ::
    ask(X) <= a(buyer, B) then
    price(X, P) => a(buyer, B) <- in_stock(X, P) and load(_L)

wants(lamp).
% How many there are.
in_stock(X, P) :- cost(X, P).
cost(lamp, 5).
`

var words = &vocabulary.Set{Predicates: []vocabulary.Signature{{
	Name: "load", Doc: "The load.", Params: []vocabulary.Param{{Name: "Load", Mode: vocabulary.Out, Type: "number", Unit: "share 0..1"}},
}}}

const at = "file:///home/ann/shop.lcc"

// editor is a client of a server at the other end of two pipes.
type editor struct {
	protocol.Server
	t     *testing.T
	ctx   context.Context
	conn  jsonrpc2.Conn
	found chan *protocol.PublishDiagnosticsParams
	end   chan error // of the server
	close func()
}

// listener takes what the server sends by itself.
type listener struct {
	protocol.UnimplementedClient
	found chan *protocol.PublishDiagnosticsParams
}

func (l listener) PublishDiagnostics(_ context.Context, p *protocol.PublishDiagnosticsParams) error {
	l.found <- p
	return nil
}

// start runs a server and the client that asks it.
func start(t *testing.T, o Options) *editor {
	t.Helper()
	if o.Explore == nil {
		o.Explore = func(name string, text []byte) []check.Diagnostic {
			_, found := lcc.Examine(name, text, o.Words)
			return found
		}
	}
	toServer, fromEditor := io.Pipe()
	toEditor, fromServer := io.Pipe()
	e := &editor{t: t, ctx: t.Context(), found: make(chan *protocol.PublishDiagnosticsParams, 100), end: make(chan error, 1)}
	go func() {
		e.end <- Serve(e.ctx, io.MultiReader(toServer), fromServer, o) // which cannot be closed
		fromServer.Close()
	}()
	_, conn, server := protocol.NewClient(e.ctx, listener{found: e.found}, jsonrpc2.NewStream(pipes{toEditor, fromEditor}))
	e.Server, e.conn = server, conn
	e.close = func() { fromEditor.Close() }
	t.Cleanup(func() {
		e.close()
		conn.Close()
	})
	if _, err := e.Initialize(e.ctx, &protocol.InitializeParams{}); err != nil {
		t.Fatal(err)
	}
	return e
}

func (e *editor) open(text string) {
	e.t.Helper()
	if err := e.DidOpen(e.ctx, &protocol.DidOpenTextDocumentParams{TextDocument: protocol.TextDocumentItem{
		URI: uri.MustParse(at), LanguageID: "lcc", Version: 1, Text: text,
	}}); err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) change(version int32, text string) {
	e.t.Helper()
	p := &protocol.DidChangeTextDocumentParams{ContentChanges: []protocol.TextDocumentContentChangeEvent{
		&protocol.TextDocumentContentChangeWholeDocument{Text: text},
	}}
	p.TextDocument.URI, p.TextDocument.Version = uri.MustParse(at), version
	if err := e.DidChange(e.ctx, p); err != nil {
		e.t.Fatal(err)
	}
}

// codes are the version and the codes of the next findings that come.
func (e *editor) codes() (version int32, list []string) {
	e.t.Helper()
	p := <-e.found
	for _, d := range p.Diagnostics {
		list = append(list, string(d.Code.(protocol.String)))
	}
	version, _ = p.Version.Get()
	return version, list
}

// behind is the position behind the n-th place of a piece of text.
func behind(text, piece string, n int) protocol.TextDocumentPositionParams {
	offset := 0
	for range n {
		offset += strings.Index(text[offset:], piece) + len(piece)
	}
	line := strings.Count(text[:offset], "\n")
	return protocol.TextDocumentPositionParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: uri.MustParse(at)},
		Position:     protocol.Position{Line: uint32(line), Character: uint32(offset - strings.LastIndex("\n"+text[:offset], "\n"))},
	}
}

// lines are the lines of places, from 1.
func lines(list []protocol.Location) (numbers []int) {
	for _, l := range list {
		numbers = append(numbers, int(l.Range.Start.Line)+1)
	}
	return numbers
}

func want[T any](t *testing.T, what string, got, want []T, same func(a, b T) bool) {
	t.Helper()
	if !slices.EqualFunc(got, want, same) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func equal[T comparable](a, b T) bool { return a == b }

func TestDefinitionAndReferences(t *testing.T) {
	e := start(t, Options{Words: words})
	e.open(text)
	for _, c := range []struct {
		piece       string
		n           int
		definitions []int
		references  []int
	}{
		{"a(shopkeeper", 1, []int{17}, []int{3, 6, 9, 17}},
		{"r(buyer", 1, []int{5}, []int{2, 5, 18, 19}},
		{"ask", 2, []int{6}, []int{6, 18}},
		{"price", 1, []int{19}, []int{9, 19}},
		{"wants", 1, []int{21}, []int{6, 21}},
		{"cost", 1, []int{24}, []int{23, 24}},
		{"X, P", 2, []int{19}, []int{19, 19}}, // P of the second clause
		{"load", 1, nil, []int{19}},
		{"lamp", 1, nil, nil},
	} {
		p := behind(text, c.piece, c.n)
		found, err := e.Definition(e.ctx, &protocol.DefinitionParams{TextDocumentPositionParams: p})
		if err != nil {
			t.Fatal(err)
		}
		slice, _ := found.(protocol.LocationSlice)
		want(t, "definition of "+c.piece, lines(slice), c.definitions, equal)
		all, err := e.References(e.ctx, &protocol.ReferenceParams{
			TextDocumentPositionParams: p, Context: protocol.ReferenceContext{IncludeDeclaration: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "references of "+c.piece, lines(all), c.references, equal)
	}
}

func (e *editor) rename(piece string, n int, name string) (string, error) {
	p := &protocol.RenameParams{TextDocumentPositionParams: behind(text, piece, n), NewName: name}
	edit, err := e.Rename(e.ctx, p)
	if err != nil {
		return "", err
	}
	return apply(text, edit.Changes[uri.MustParse(at)]), nil
}

// apply makes edits of a text without characters that take two units.
func apply(text string, edits []protocol.TextEdit) string {
	d := newDocument(uri.MustParse(at), 1, text, nil)
	slices.Reverse(edits)
	for _, edit := range edits {
		text = text[:d.offset(edit.Range.Start)] + edit.NewText + text[d.offset(edit.Range.End):]
	}
	return text
}

func TestRename(t *testing.T) {
	e := start(t, Options{Words: words})
	e.open(text)
	for _, c := range []struct{ piece, name, from, to string }{
		{"r(buyer", "customer", "buyer", "customer"},
		{"    ask", "request", "ask(", "request("},
		{"in_stock", "has", "in_stock", "has"},
	} {
		got, err := e.rename(c.piece, 1, c.name)
		if err != nil || got != strings.ReplaceAll(text, c.from, c.to) {
			t.Errorf("%s to %s: %v\n%s", c.piece, c.name, err, got)
		}
	}
	got, err := e.rename("ask(X", 2, "Thing") // of the second clause alone
	if err != nil || strings.Count(got, "Thing") != 3 || !strings.Contains(got, "ask(Thing) <= a(buyer, B)") {
		t.Errorf("X to Thing: %v\n%s", err, got)
	}
	for _, c := range []struct {
		piece, name, want string
	}{
		{"load", "lord", "load/1 is a question of the host"},
		{"timeout", "wait", "timeout/1 is built in"},
		{"cost", "price_of it", "is no name of a predicate"},
		{"cost", "then", "is no name of a predicate"},
		{"cost", "in_stock", "there is a predicate in_stock already, in line 19"},
		{"ask(X", "x", "is no name of a variable"},
		{"r(buyer", "shopkeeper", "there is a role shopkeeper already"},
		{"wants", "load", "load/1 is a question of the host"},
		{"Who", "x", "no role, message, predicate or variable is written here"},
	} {
		if _, err := e.rename(c.piece, 1, c.name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s: got %v, want %q", c.piece, c.name, err, c.want)
		}
	}
	e.change(2, text+"broken(")
	if _, err := e.rename("    ask", 1, "request"); err == nil || !strings.Contains(err.Error(), "correct line 25 first") {
		t.Errorf("with an error in the text: %v", err)
	}
}

func TestHover(t *testing.T) {
	e := start(t, Options{Words: words})
	e.open(text)
	for _, c := range []struct {
		piece string
		n     int
		want  string
	}{
		{"load", 1, "```lcc\nload(-Load)\n```\nThe load.\n\nIt is a question of the host.\n\n- `-Load`: number, share 0..1"},
		{"a(shopkeeper", 1, "```lcc\na(shopkeeper, S) ::\n```\nSells things.\nOne at a time.\n\nA role, declared necessary."},
		{"price", 1, "```lcc\nprice(X, P)\n```\nA message.\n\nSent by shopkeeper (line 19).\n\nReceived by buyer (line 9)."},
		{"in_stock", 1, "```lcc\nin_stock(X, P)\n```\nHow many there are.\n\nDefined by this text, in line 23."},
		{"ask(X", 1, "```lcc\nX\n```\nA variable, first in line 6; it stands at 3 places."},
	} {
		h, err := e.Hover(e.ctx, &protocol.HoverParams{TextDocumentPositionParams: behind(text, c.piece, c.n)})
		if err != nil {
			t.Fatal(err)
		}
		if got := h.Contents.(*protocol.MarkupContent).Value; got != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", c.piece, got, c.want)
		}
	}
	if h, err := e.Hover(e.ctx, &protocol.HoverParams{TextDocumentPositionParams: behind(text, "lamp", 1)}); h != nil || err != nil {
		t.Errorf("of a value: got %v, %v", h, err)
	}
}

func TestCompletion(t *testing.T) {
	e := start(t, Options{Words: words})
	e.open(text)
	for _, c := range []struct {
		add         string // to the text
		has, hasNot []string
	}{
		{"a(x, X) :: ask(Y) => a(sh", []string{"shopkeeper"}, []string{"buyer", "price(X, P)"}},
		{"a(x, X) :: null <- ", []string{"load(-Load)", "timeout(+Seconds)", "in_stock/2", "X"}, []string{"shopkeeper", "P", "ask(X)"}},
		{"a(x, X) :: null <- p(1, 2), lo", []string{"load(-Load)"}, []string{"wants/1"}},
		{"a(x, X) :: (", []string{"ask(X)", "price(X, P)", "null", "load(-Load)"}, []string{"shopkeeper"}},
		{"a(x, Xy) :: null <- p(1, X", []string{"Xy"}, []string{"load(-Load)"}},
		{"% a(", nil, []string{"shopkeeper"}},
		{"a(x, X) :: null <- p(\"a(", nil, []string{"shopkeeper"}},
	} {
		changed := text + c.add
		e.change(2, changed)
		p := &protocol.CompletionParams{TextDocumentPositionParams: behind(changed, c.add, 1)}
		result, err := e.Completion(e.ctx, p)
		if err != nil {
			t.Fatal(err)
		}
		labels := []string{}
		for _, item := range result.(*protocol.CompletionList).Items {
			labels = append(labels, item.Label)
		}
		for _, label := range c.has {
			if !slices.Contains(labels, label) {
				t.Errorf("%q: %q is missing from %q", c.add, label, labels)
			}
		}
		for _, label := range c.hasNot {
			if slices.Contains(labels, label) {
				t.Errorf("%q: %q is among %q", c.add, label, labels)
			}
		}
	}
}

func TestFindings(t *testing.T) {
	e := start(t, Options{Words: words})
	faulty := strings.Replace(text, "wants(X) then", "then", 1)
	e.open(faulty)
	if version, codes := e.codes(); version != 1 || !slices.Contains(codes, "LCC001") {
		t.Errorf("got %d %v, want LCC001 of version 1", version, codes)
	}
	// Each role waits for the other.
	e.change(2, "r(x, initial). r(y, initial).\na(x, X) :: m <= a(y, Y) then n => a(y, Y)\na(y, Y) :: n <= a(x, X) then m => a(x, X)\n")
	version, codes := e.codes()
	if version != 2 || slices.Contains(codes, "LCC024") {
		t.Errorf("got %d %v, want at once what reading finds", version, codes)
	}
	if version, codes := e.codes(); version != 2 || !slices.Contains(codes, "LCC024") {
		t.Errorf("got %d %v, want LCC024 of version 2", version, codes)
	}
	if err := e.DidClose(e.ctx, &protocol.DidCloseTextDocumentParams{TextDocument: behind(text, "a", 1).TextDocument}); err != nil {
		t.Fatal(err)
	}
	if p := <-e.found; len(p.Diagnostics) != 0 {
		t.Errorf("a closed text has %v", p.Diagnostics)
	}
	if _, err := e.Hover(e.ctx, &protocol.HoverParams{TextDocumentPositionParams: behind(text, "a", 1)}); err == nil {
		t.Error("a closed text has hover texts")
	}
}

func TestExploredTextThatChanged(t *testing.T) {
	begun, release := make(chan string), make(chan bool)
	e := start(t, Options{Words: words, Explore: func(_ string, text []byte) []check.Diagnostic {
		begun <- string(text)
		<-release
		return []check.Diagnostic{{Code: "LCC024", Message: string(text)}}
	}})
	e.open("p(1).\n")
	e.codes()
	<-begun
	for v, text := range []string{"p(2).\n", "p(3).\n"} {
		e.change(int32(v+2), text)
		e.codes()
	}
	// What is found by reading comes before the text waits to be explored; a request has
	// its turn after both.
	symbols := &protocol.DocumentSymbolParams{TextDocument: behind("p(3).\n", "p", 1).TextDocument}
	if _, err := e.DocumentSymbol(e.ctx, symbols); err != nil {
		t.Fatal(err)
	}
	release <- true
	if got := <-begun; got != "p(3).\n" {
		t.Fatalf("after the first text %q is explored, want the last one", got)
	}
	release <- true
	p := <-e.found
	if version, _ := p.Version.Get(); version != 3 || len(p.Diagnostics) != 1 {
		t.Errorf("got %v, want the findings of version 3", p)
	}
}

func TestFormattingAndSymbols(t *testing.T) {
	e := start(t, Options{Words: words})
	p := &protocol.DocumentFormattingParams{TextDocument: behind(text, "a", 1).TextDocument}
	e.open("r(x, initial)\n  a(x, X) :: null <- \"𝄞\" != X.   p(1).\n")
	edits, err := e.Formatting(e.ctx, p)
	if err != nil || len(edits) != 1 || edits[0].NewText != "r(x, initial).\n\na(x, X) ::\n    null <- \"𝄞\" != X\n\np(1).\n" {
		t.Errorf("got %+v, %v", edits, err)
	}
	e.change(2, edits[0].NewText)
	if edits, err := e.Formatting(e.ctx, p); len(edits) != 0 || err != nil {
		t.Errorf("a formatted text changes: %+v, %v", edits, err)
	}
	result, err := e.DocumentSymbol(e.ctx, &protocol.DocumentSymbolParams{TextDocument: p.TextDocument})
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, s := range result.(protocol.DocumentSymbolSlice) {
		names = append(names, s.Name)
	}
	want(t, "symbols", names, []string{"x", "p(1)"}, equal)
}

// A position counts units of UTF-16: the sign in the string takes two.
func TestUnits(t *testing.T) {
	e := start(t, Options{})
	e.open("p(\"𝄞é\", X) :- q(X).\n")
	list, err := e.References(e.ctx, &protocol.ReferenceParams{
		Context: protocol.ReferenceContext{IncludeDeclaration: true},
		TextDocumentPositionParams: protocol.TextDocumentPositionParams{
			TextDocument: behind(text, "a", 1).TextDocument, Position: protocol.Position{Character: 17},
		},
	})
	if err != nil || len(list) != 2 || list[0].Range.Start.Character != 9 || list[1].Range.Start.Character != 17 {
		t.Errorf("got %+v, %v, want X at 9 and 17", list, err)
	}
}

// The end waits neither for an input that cannot be closed nor for a search.
func TestEnd(t *testing.T) {
	begun, release := make(chan bool), make(chan bool)
	t.Cleanup(func() { close(release) })
	e := start(t, Options{Explore: func(string, []byte) []check.Diagnostic {
		begun <- true
		<-release
		return nil
	}})
	e.open(text)
	<-begun
	if err := e.Shutdown(e.ctx); err != nil {
		t.Fatal(err)
	}
	if err := e.Exit(e.ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-e.end; err != nil {
		t.Errorf("after shutdown and exit: %v", err)
	}
	e = start(t, Options{})
	e.close()
	if err := <-e.end; !errors.Is(err, errNoShutdown) {
		t.Errorf("after the editor is gone: %v", err)
	}
}

// largest is the largest shipped text, which imports three libraries.
func largest(t testing.TB) string {
	text, err := os.ReadFile("../../models/swap/swap.lcc")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// shipped are the libraries that are shipped.
var shipped = link.Sources{Shipped: func(name string) ([]byte, bool) {
	text, err := os.ReadFile("../../" + syntax.ShippedFile(name))
	return text, err == nil
}}

// BenchmarkAnswer is what an editor waits for with the largest shipped text: the findings of
// a change, and one request of each kind.
func BenchmarkAnswer(b *testing.B) {
	s := &server{options: Options{Words: words, Libraries: shipped}, client: nobody{}, texts: map[string]*document{}}
	s.explorer = newExplorer(func(string, []byte) []check.Diagnostic { return nil }, s.publish)
	text := largest(b)
	p := behind(text, "a(", 3)
	p.Position.Character++
	ctx := b.Context()
	version := int32(0)
	change := func() error { // one clause becomes another
		version++
		head, body, _ := strings.Cut(text, "::")
		return s.changed(ctx, uri.MustParse(at), version, head+"::"+strings.Repeat(" ", int(version)%100)+body)
	}
	if err := change(); err != nil {
		b.Fatal(err)
	}
	for _, answer := range []struct {
		name string
		do   func() error
	}{
		{"change", change},
		{"hover", func() error { _, err := s.Hover(ctx, &protocol.HoverParams{TextDocumentPositionParams: p}); return err }},
		{"completion", func() error {
			_, err := s.Completion(ctx, &protocol.CompletionParams{TextDocumentPositionParams: p})
			return err
		}},
		{"references", func() error {
			_, err := s.References(ctx, &protocol.ReferenceParams{TextDocumentPositionParams: p})
			return err
		}},
		{"rename", func() error {
			_, err := s.Rename(ctx, &protocol.RenameParams{TextDocumentPositionParams: p, NewName: "another"})
			return err
		}},
		{"formatting", func() error {
			_, err := s.Formatting(ctx, &protocol.DocumentFormattingParams{TextDocument: p.TextDocument})
			return err
		}},
	} {
		b.Run(answer.name, func(b *testing.B) {
			for b.Loop() {
				if err := answer.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

type nobody struct{ protocol.UnimplementedClient }

func (nobody) PublishDiagnostics(context.Context, *protocol.PublishDiagnosticsParams) error {
	return nil
}
