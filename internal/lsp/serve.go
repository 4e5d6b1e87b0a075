package lsp

import (
	"context"
	"errors"
	"io"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/vocabulary"
)

// Options say for whom texts are written.
type Options struct {
	// Words are the constraints that a host answers; nil leaves them open.
	Words *vocabulary.Set
	// Libraries are where texts import from. A file that is open is read from the editor.
	Libraries link.Sources
	// Explore returns all findings of a text without errors, and may take seconds.
	Explore func(name string, text []byte) []check.Diagnostic
	Version string
}

// errNoShutdown says that the editor ended without the request that comes before.
var errNoShutdown = errors.New("the editor ended the connection without a shutdown request")

// Serve answers an editor until it sends exit, closes its end, or the context ends.
func Serve(ctx context.Context, in io.Reader, out io.Writer, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	s := &server{options: o, texts: map[string]*document{}, exit: make(chan struct{})}
	conn := jsonrpc2.NewConn(jsonrpc2.NewStream(pipes{in, out}), jsonrpc2.WithCodec(codec{}))
	s.client = protocol.ClientDispatcher(conn)
	s.explorer = newExplorer(o.Explore, s.publish)
	go s.explorer.run(ctx)
	// In turns: a request is answered from the text of all changes before it.
	var inTurn turns
	conn.Go(ctx, protocol.CancelHandler(inTurn.handler(protocol.ServerHandler(s, jsonrpc2.MethodNotFoundHandler))))
	select {
	case <-s.exit:
	case <-conn.Done():
	case <-ctx.Done():
	}
	cancel()
	// Nobody waits: a read of the standard input cannot be ended, nor a search for roles that
	// wait for ever. What is found afterwards reaches nobody.
	go func() { _ = conn.Close() }()
	if !s.shut.Load() {
		return errNoShutdown
	}
	return nil
}

// pipes are the two ends of a connection.
type pipes struct {
	io.Reader
	io.Writer
}

// Close ends a read that waits, where the input can be closed.
func (p pipes) Close() error {
	if c, ok := p.Reader.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// codec reads and writes the messages of the protocol.
type codec struct{}

func (codec) Marshal(v any) ([]byte, error) {
	if raw, ok := v.(jsonrpc2.RawMessage); ok && raw != nil {
		return raw, nil
	}
	return protocol.Marshal(v)
}

func (codec) Unmarshal(data []byte, v any) error {
	if raw, ok := v.(*jsonrpc2.RawMessage); ok {
		*raw = append((*raw)[:0:0], data...)
		return nil
	}
	return protocol.Unmarshal(data, v)
}
