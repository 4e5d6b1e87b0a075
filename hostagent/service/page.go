package service

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config/telling"
	"parley/hostagent/site"
	"parley/hostagent/web"
)

// siteSource hands the site to its page.
type siteSource struct{ view *view }

func (s siteSource) Site(ctx context.Context, within time.Duration) (site.Report, error) {
	return s.view.site(ctx, within)
}

func (s siteSource) Deal(ctx context.Context, id string) (site.Story, error) {
	return s.view.story(ctx, id)
}

func (s siteSource) Talk(ctx context.Context, host, with string) (site.Story, error) {
	return s.view.exchange(ctx, host, with)
}

// pageOrders takes the orders of readers for this host.
type pageOrders struct {
	host string
	give func(context.Context, api.Order) error
}

func (p pageOrders) Hosts() []string { return []string{p.host} }

func (p pageOrders) Order(ctx context.Context, _ string, o api.Order) error { return p.give(ctx, o) }

// page serves the page of the site until the context ends, where the configuration wants
// one. give carries out an order of a reader.
func (v *view) page(ctx context.Context, w telling.Web, log *slog.Logger, give func(context.Context, api.Order) error) error {
	if w.Listen == "" {
		return nil
	}
	o := web.Options{Source: siteSource{v}, Log: log}
	if w.Token != "" {
		token, err := readToken(w.Token)
		if err != nil {
			return err
		}
		o.Token = token
	}
	if w.Orders {
		o.Orders = pageOrders{v.names.host, give}
	}
	if w.Loopback() {
		o.Names = web.Loopback()
	}
	secured, err := tlsOf(w)
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", w.Listen)
	if err != nil {
		return fmt.Errorf("web.listen: %w", err)
	}
	if secured != nil {
		listener = tls.NewListener(listener, secured)
	}
	log.Info("the page of the site is served", "event", "page_served", "address", listener.Addr().String(), "tls", secured != nil,
		"token", w.Token != "", "orders", w.Orders)
	return web.New(o).Serve(ctx, listener)
}

// tlsOf is the configuration of the listener; nil: it has none. A certificate that is renewed
// is used from the next connection on.
func tlsOf(w telling.Web) (*tls.Config, error) {
	if w.Certificate == "" {
		return nil, nil
	}
	load := func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
		pair, err := tls.LoadX509KeyPair(w.Certificate, w.Key)
		if err != nil {
			return nil, fmt.Errorf("web.certificate and web.key: %w", err)
		}
		return &pair, nil
	}
	if _, err := load(nil); err != nil {
		return nil, err
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: load}, nil
}

// tokenLeast is the least length of a token: one that is shorter can be guessed.
const tokenLeast = 20

// readToken reads the token of a page, which is for those who may read its file.
func readToken(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("web.token: %w", err)
	}
	if info.Mode().Perm()&0o007 != 0 {
		return "", fmt.Errorf("web.token: every user can read %s: chmod o= it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("web.token: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if len(token) < tokenLeast || strings.ContainsAny(token, " \t\r\n") {
		return "", fmt.Errorf("web.token: %s has no token of at least %d characters in one line: `openssl rand -hex 20` makes one", path,
			tokenLeast)
	}
	return token, nil
}
