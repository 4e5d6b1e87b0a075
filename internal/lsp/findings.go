package lsp

import (
	"context"
	"strings"

	"go.lsp.dev/protocol"

	"parley/lcc/check"
)

var severities = map[check.Severity]protocol.DiagnosticSeverity{
	check.Error: protocol.DiagnosticSeverityError, check.Warning: protocol.DiagnosticSeverityWarning,
	check.Info: protocol.DiagnosticSeverityInformation,
}

// publish sends the findings of a text, unless it has changed meanwhile.
func (s *server) publish(ctx context.Context, d *document, found []check.Diagnostic) {
	list := []protocol.Diagnostic{}
	for _, f := range found {
		if f.Code != check.CodeBounded { // it is about the whole text, and nothing to correct
			list = append(list, d.diagnostic(f))
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts[d.uri.String()] != d {
		return
	}
	// The connection is the only thing that can fail, and its end is seen elsewhere.
	_ = s.client.PublishDiagnostics(ctx, &protocol.PublishDiagnosticsParams{
		URI: d.uri, Version: protocol.NewOptional(d.version), Diagnostics: list,
	})
}

func (d *document) diagnostic(f check.Diagnostic) protocol.Diagnostic {
	message := f.Message
	if f.Hint != "" {
		message += "\n" + f.Hint
	}
	if f.Trace != "" {
		message += "\nthis way:\n  " + strings.ReplaceAll(f.Trace, "\n", "\n  ")
	}
	where, from := d.place(f.Pos)
	message = from + message
	return protocol.Diagnostic{
		Range: where, Severity: severities[f.Severity], Code: protocol.String(f.Code),
		Source: protocol.NewOptional("parley"), Message: protocol.String(message),
	}
}
