package lsp

import (
	"context"

	"go.lsp.dev/protocol"

	"parley/lcc/names"
	"parley/lcc/syntax"
)

// DocumentSymbol lists the roles and the predicates of a text, in its order.
func (s *server) DocumentSymbol(_ context.Context, p *protocol.DocumentSymbolParams) (protocol.DocumentSymbolResult, error) {
	d, err := s.text(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	list := protocol.DocumentSymbolSlice{}
	seen := map[names.Symbol]bool{}
	for _, use := range d.index.Items() {
		name, kind := "", protocol.SymbolKindFunction
		switch node := use.Node.(type) {
		case *syntax.Clause:
			name, kind = syntax.Text(node.Agent.Role), protocol.SymbolKindClass
		case *syntax.Const:
			if seen[use.Symbol] {
				continue // the other facts and rules of it
			}
			name = syntax.Text(node)
		}
		seen[use.Symbol] = true
		at := d.span(use.Offset, use.Length)
		list = append(list, protocol.DocumentSymbol{Name: name, Kind: kind, Range: at, SelectionRange: at})
	}
	return list, nil
}
