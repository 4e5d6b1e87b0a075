package lsp

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/names"
)

// server answers the requests of one editor.
type server struct {
	protocol.UnimplementedServer
	options  Options
	client   protocol.Client
	explorer *explorer
	shut     atomic.Bool
	exit     chan struct{}
	once     sync.Once

	mu    sync.Mutex // of texts, and of the order in which findings are sent
	texts map[string]*document
}

func (s *server) Initialize(context.Context, *protocol.InitializeParams) (*protocol.InitializeResult, error) {
	yes := protocol.Boolean(true)
	really, whole := true, protocol.TextDocumentSyncKindFull
	return &protocol.InitializeResult{
		ServerInfo: protocol.ServerInfo{Name: "parley", Version: protocol.NewOptional(s.options.Version)},
		Capabilities: protocol.ServerCapabilities{
			TextDocumentSync:           &protocol.TextDocumentSyncOptions{OpenClose: &really, Change: &whole},
			CompletionProvider:         &protocol.CompletionOptions{TriggerCharacters: []string{"("}},
			HoverProvider:              yes,
			DefinitionProvider:         yes,
			ReferencesProvider:         yes,
			DocumentSymbolProvider:     yes,
			DocumentFormattingProvider: yes,
			RenameProvider:             &protocol.RenameOptions{PrepareProvider: &really},
		},
	}, nil
}

func (s *server) Initialized(context.Context, *protocol.InitializedParams) error { return nil }
func (s *server) SetTrace(context.Context, *protocol.SetTraceParams) error       { return nil }

func (s *server) Shutdown(context.Context) error {
	s.shut.Store(true)
	return nil
}

func (s *server) Exit(context.Context) error {
	s.once.Do(func() { close(s.exit) })
	return nil
}

func (s *server) DidOpen(ctx context.Context, p *protocol.DidOpenTextDocumentParams) error {
	return s.changed(ctx, p.TextDocument.URI, p.TextDocument.Version, p.TextDocument.Text)
}

func (s *server) DidChange(ctx context.Context, p *protocol.DidChangeTextDocumentParams) error {
	for i := len(p.ContentChanges) - 1; i >= 0; i-- {
		if whole, ok := p.ContentChanges[i].(*protocol.TextDocumentContentChangeWholeDocument); ok {
			return s.changed(ctx, p.TextDocument.URI, p.TextDocument.Version, whole.Text)
		}
	}
	return refused("a change without the whole text: this server asks for whole texts")
}

func (s *server) DidSave(context.Context, *protocol.DidSaveTextDocumentParams) error { return nil }

func (s *server) DidClose(ctx context.Context, p *protocol.DidCloseTextDocumentParams) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.texts, p.TextDocument.URI.String())
	s.explorer.forget(p.TextDocument.URI.String())
	return s.client.PublishDiagnostics(ctx, &protocol.PublishDiagnosticsParams{URI: p.TextDocument.URI, Diagnostics: []protocol.Diagnostic{}})
}

// changed takes a new text, says at once what can be found by reading it, and has the rest
// explored.
func (s *server) changed(ctx context.Context, at uri.URI, version int32, text string) error {
	s.mu.Lock()
	d := newDocument(at, version, text, s.texts[at.String()])
	s.texts[at.String()] = d
	s.mu.Unlock()
	found := check.DiagnoseSyntax(d.faults)
	if d.file != nil {
		found = append(found, s.examine(d)...)
		check.Sort(found)
	}
	s.publish(ctx, d, found)
	s.explorer.want(d)
	return nil
}

// examine says what can be found by reading a text with all that it imports.
func (s *server) examine(d *document) []check.Diagnostic {
	file := d.file
	if len(d.faults) == 0 {
		if open := s.close(d); len(open) > 0 {
			return open
		}
		if d.imported.document != nil {
			file = d.imported.file
		}
	}
	found := check.File(file, lcc.Builtins(), s.options.Words)
	link.Offer(found, s.options.Libraries)
	return found
}

// text returns a text that is open.
func (s *server) text(at uri.URI) (*document, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.texts[at.String()]; d != nil {
		return d, nil
	}
	return nil, refused("the text %s is not open", at)
}

// use returns the name that is written at a position, if there is one.
func (s *server) use(p protocol.TextDocumentPositionParams) (*document, names.Use, bool, error) {
	d, err := s.text(p.TextDocument.URI)
	if err != nil {
		return nil, names.Use{}, false, err
	}
	use, ok := d.index.At(d.offset(p.Position))
	return d, use, ok, nil
}

func refused(format string, args ...any) error {
	return jsonrpc2.NewError(jsonrpc2.InvalidParams, fmt.Sprintf(format, args...))
}

func (s *server) Definition(_ context.Context, p *protocol.DefinitionParams) (protocol.DefinitionResult, error) {
	d, use, ok, err := s.use(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	if theirs := d.theirs(use); len(theirs) > 0 {
		return protocol.LocationSlice(d.libraryLocations(theirs)), nil
	}
	return protocol.LocationSlice(d.locations(d.index.Definitions(use))), nil
}

func (s *server) References(_ context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	d, use, ok, err := s.use(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	var list []names.Use
	for _, u := range d.index.Uses(use.Symbol) {
		if p.Context.IncludeDeclaration || !u.Defines {
			list = append(list, u)
		}
	}
	return d.locations(list), nil
}

func (d *document) locations(uses []names.Use) []protocol.Location {
	list := []protocol.Location{}
	for _, u := range uses {
		list = append(list, protocol.Location{URI: d.uri, Range: d.span(u.Offset, u.Length)})
	}
	return list
}

func (s *server) PrepareRename(_ context.Context, p *protocol.PrepareRenameParams) (protocol.PrepareRenameResult, error) {
	d, use, ok, err := s.use(p.TextDocumentPositionParams)
	if err != nil || !ok {
		return nil, err
	}
	if err := s.own(d, use); err != nil {
		return nil, err
	}
	at := d.span(use.Offset, use.Length)
	return &at, nil
}

func (s *server) Rename(_ context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	d, use, ok, err := s.use(p.TextDocumentPositionParams)
	switch {
	case err != nil:
		return nil, err
	case !ok:
		return nil, refused("no role, message, predicate or variable is written here")
	case len(d.faults) > 0:
		return nil, refused("the text has errors, and names in them would keep their spelling: correct line %d first", d.faults[0].Line)
	}
	if err := s.own(d, use); err != nil {
		return nil, err
	}
	renamed := use
	renamed.Name = p.NewName
	if err := s.own(d, renamed); err != nil {
		return nil, err
	}
	places, err := d.index.Rename(use.Symbol, p.NewName)
	if err != nil {
		return nil, refused("%s", err)
	}
	edits := []protocol.TextEdit{}
	for _, u := range places {
		edits = append(edits, protocol.TextEdit{Range: d.span(u.Offset, u.Length), NewText: p.NewName})
	}
	return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{d.uri: edits}}, nil
}

// own says why a name is not the text's own.
func (s *server) own(d *document, use names.Use) error {
	if use.Kind != names.Predicate {
		return nil
	}
	if _, from, ok := s.signature(d, use.Name, use.Arity); ok {
		return refused("%s/%d is %s: a text cannot give it another meaning or name", use.Name, use.Arity, from)
	}
	return nil
}

func (s *server) Formatting(_ context.Context, p *protocol.DocumentFormattingParams) ([]protocol.TextEdit, error) {
	d, err := s.text(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	formatted, errs := d.parser.Format(d.name(), d.text)
	if len(errs) > 0 || string(formatted) == string(d.text) {
		return nil, nil // a text with errors stays as it is, and its findings say why
	}
	return []protocol.TextEdit{{Range: d.span(0, len(d.text)), NewText: string(formatted)}}, nil
}
