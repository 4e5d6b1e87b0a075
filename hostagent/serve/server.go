package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// Limits bound a server. A zero field takes the value of its comment.
type Limits struct {
	Connections int           // at one time; 512
	PerClient   int           // of one client at one time; three quarters of Connections
	Read        time.Duration // a whole request, its body included; 10 s
	Write       time.Duration // an answer; 10 s
	Idle        time.Duration // between two requests of a connection; 30 s
}

// headWithin bounds the head of a request, headBytes its size.
const (
	headWithin = 5 * time.Second
	headBytes  = 8 << 10
)

func (l Limits) orDefault() Limits {
	if l.Connections <= 0 {
		l.Connections = 512
	}
	if l.PerClient <= 0 {
		l.PerClient = max(1, l.Connections*3/4)
	}
	for _, d := range []struct {
		field *time.Duration
		value time.Duration
	}{{&l.Read, 10 * time.Second}, {&l.Write, 10 * time.Second}, {&l.Idle, 30 * time.Second}} {
		if *d.field <= 0 {
			*d.field = d.value
		}
	}
	return l
}

// Server is an HTTP server on a listener, within limits.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// New makes a server; nothing is answered until Serve.
func New(listener net.Listener, handler http.Handler, limits Limits) *Server {
	limits = limits.orDefault()
	return &Server{
		listener: newShared(listener, limits.Connections, limits.PerClient),
		http: &http.Server{
			Handler:           handler,
			ReadHeaderTimeout: min(headWithin, limits.Read),
			ReadTimeout:       limits.Read,
			WriteTimeout:      limits.Write,
			IdleTimeout:       limits.Idle,
			MaxHeaderBytes:    headBytes,
			ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
				if c, ok := conn.(*counted); ok {
					return context.WithValue(ctx, callerKey{}, c.caller)
				}
				return ctx
			},
		},
	}
}

// Serve answers until Close.
func (s *Server) Serve() error {
	if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Close lets requests in progress end for a second, and closes all.
func (s *Server) Close() error {
	bounded, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := s.http.Shutdown(bounded); err != nil {
		return errors.Join(err, s.http.Close())
	}
	return nil
}

// Within gives the request of a writer another time, from now on: for a body that
// is long, or an answer that takes a while. 0 is without end. A handler that takes
// longer than Limits.Read has to ask for it: beyond that the context of its request
// ends although the client still waits.
func Within(w http.ResponseWriter, d time.Duration) error {
	var until time.Time
	if d > 0 {
		until = time.Now().Add(d)
	}
	c := http.NewResponseController(w)
	return errors.Join(c.SetReadDeadline(until), c.SetWriteDeadline(until))
}
