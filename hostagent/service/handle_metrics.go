package service

import (
	"context"
	"fmt"
	"net"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"parley/hostagent/api"
	"parley/hostagent/serve"
)

// scrape answers Prometheus with the present metrics.
func (h *handlers) scrape(w http.ResponseWriter, r *http.Request) {
	registry, err := h.agent.Metrics(r.Context())
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// scraped serves the metrics for Prometheus on an address until the context ends.
func (h *handlers) scraped(ctx context.Context, address string) error {
	if address == "" {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("metrics.listen: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+api.PathMetrics, h.scrape)
	server := serve.New(listener, mux, serve.Limits{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		<-ctx.Done()
		if err := server.Close(); err != nil {
			h.log.Debug("closing the metrics", "event", "close_failed", "error", err)
		}
	}()
	err = server.Serve()
	<-ended
	if err == nil {
		return nil
	}
	return fmt.Errorf("metrics: %w", err)
}
