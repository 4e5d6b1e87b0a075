package web

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/internal/charts"
)

//go:embed assets
var assets embed.FS

// Source is where a page gets its site from. It is safe for concurrent use.
type Source interface {
	Site(ctx context.Context, within time.Duration) (site.Report, error)
	Deal(ctx context.Context, id string) (site.Story, error)
	// Talk returns the last messages of the models of a host, as it tells them, or of those
	// between two hosts, as both do. With is "" for any other host.
	Talk(ctx context.Context, host, with string) (site.Story, error)
}

// Options are those of a page.
type Options struct {
	Source Source
	// Recording, where it is given, is played in the place of a Source.
	Recording Recording
	// Orders, where it is given, lets readers give orders. A page with it needs a Token.
	Orders Orders
	// Token is what a reader must have; "": none is asked for.
	Token string
	// Names are the host names under which the page may be asked for; none: any. A page
	// without a token needs them: otherwise a page of another site whose name leads here
	// could read it.
	Names []string
	Every time.Duration // between two looks; 0: 2 s
	Log   *slog.Logger  // nil: none
}

// Page serves a page. It is safe for concurrent use.
type Page struct {
	guard  guard
	source Source
	orders Orders  // nil: readers only look
	player *player // nil: the site is live
	watch  *watch
	log    *slog.Logger
	mux    *http.ServeMux

	closing sync.Once
	closed  chan struct{}
}

// New makes a page. Close ends its streams.
func New(o Options) *Page {
	if o.Every <= 0 {
		o.Every = 2 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	p := &Page{
		guard: guard{token: o.Token, names: o.Names}, source: o.Source, orders: o.Orders, log: o.Log,
		closed: make(chan struct{}), mux: http.NewServeMux(),
	}
	if o.Recording != nil {
		p.plays(o.Recording)
	} else {
		p.watch = newWatch(o.Source, o.Every)
	}
	for _, part := range parts() {
		p.mux.HandleFunc("GET "+part.path, part.serve)
	}
	p.mux.Handle("GET /events", p.guard.secret(p.stream))
	p.mux.Handle("GET /deal", p.guard.secret(p.deal))
	p.mux.Handle("GET /talk", p.guard.secret(p.talk))
	if p.orders != nil {
		if o.Token == "" {
			panic("a page that takes orders has no token") // the configuration is checked
		}
		p.watch.marks = func(drawn *picture) { drawn.head.Orders = p.orders.Hosts() }
		p.mux.Handle("POST /order", p.guard.same(p.guard.secret(p.order)))
	}
	return p
}

// ServeHTTP answers a request.
func (p *Page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.guard.admits(w, r) {
		p.mux.ServeHTTP(w, r)
	}
}

// Close ends the streams.
func (p *Page) Close() { p.closing.Do(func() { close(p.closed) }) }

// connectionsMost bounds the connections to a page: each open one has a stream.
const connectionsMost = 128

// Serve answers on a listener until the context ends.
func (p *Page) Serve(ctx context.Context, listener net.Listener) error {
	server := serve.New(listener, p, serve.Limits{Connections: connectionsMost})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-ctx.Done()
		p.Close()
		if err := server.Close(); err != nil {
			p.log.Debug("closing the page", "event", "close_failed", "error", err)
		}
	}()
	if err := server.Serve(); err != nil {
		return fmt.Errorf("the page: %w", err)
	}
	<-ended
	return nil
}

// part is a file of the page.
type part struct {
	path, media string
	text        []byte
}

func (f part) serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", f.media)
	// An error here means that the client disconnected.
	_, _ = w.Write(f.text)
}

// parts are the files of the page.
func parts() (list []part) {
	const script, style = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
	for _, f := range []struct{ path, name, media string }{
		{"/{$}", "index.html", "text/html; charset=utf-8"}, {"/page.css", "page.css", style}, {"/seen.js", "seen.js", script},
		{"/table.js", "table.js", script}, {"/heat.js", "heat.js", script}, {"/story.js", "story.js", script},
		{"/grounds.js", "grounds.js", script},
		{"/graph.js", "graph.js", script}, {"/plan.js", "plan.js", script}, {"/orders.js", "orders.js", script},
		{"/page.js", "page.js", script}, {"/play.css", "play.css", style}, {"/play.js", "play.js", script},
	} {
		text, err := assets.ReadFile("assets/" + f.name)
		if err != nil {
			panic(err) // it is embedded
		}
		list = append(list, part{f.path, f.media, text})
	}
	return append(list, part{"/charts.js", script, []byte(charts.Script())}, part{"/charts.css", style, []byte(charts.Style())})
}

// readJSON reads what a reader sends, of at most so many bytes. Where it cannot, it answers
// with wrong, a text that says what is wanted, and the reason.
func readJSON(w http.ResponseWriter, r *http.Request, most int64, into any, wrong string) bool {
	in := json.NewDecoder(http.MaxBytesReader(w, r.Body, most))
	in.DisallowUnknownFields()
	if err := in.Decode(into); err != nil {
		http.Error(w, wrong+": "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("Content-Type", "application/json")
	// An error here means that the client disconnected.
	_ = json.NewEncoder(w).Encode(value)
}
