package libp2p

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"

	"github.com/libp2p/go-libp2p/core/transport"
	"github.com/libp2p/go-libp2p/gologshim"
)

// quiet has the library say on the standard error stream what it says by itself, except that
// a connection or a listener which it closes is closed already. It says that as an error for those
// that end while they are made, such as all at the end of many hosts in one process; nobody
// can do anything about it. Who sets GOLOG_LOG_LEVEL, to look for a fault, has all of it.
var quiet = sync.OnceFunc(func() {
	if os.Getenv("GOLOG_LOG_LEVEL") == "" {
		gologshim.SetDefaultHandler(withoutClosed{slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})})
	}
})

// withoutClosed drops what says that something is closed already.
type withoutClosed struct{ slog.Handler }

func (h withoutClosed) Handle(ctx context.Context, r slog.Record) error {
	closed := false
	r.Attrs(func(a slog.Attr) bool {
		err, is := a.Value.Any().(error)
		closed = closed || is && (errors.Is(err, net.ErrClosed) || errors.Is(err, transport.ErrListenerClosed) ||
			err.Error() == "listener closed") // the upgrader has no value for it
		return !closed
	})
	if closed {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

func (h withoutClosed) WithAttrs(attrs []slog.Attr) slog.Handler {
	return withoutClosed{h.Handler.WithAttrs(attrs)}
}

func (h withoutClosed) WithGroup(name string) slog.Handler {
	return withoutClosed{h.Handler.WithGroup(name)}
}
