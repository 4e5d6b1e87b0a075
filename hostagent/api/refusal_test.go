package api

import (
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"testing"
)

// The refusal of an order says which guest the order named.
func TestRefusedGuest(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusConflict)
		_, _ = w.Write([]byte(`{"code": "pinned", "detail": "it is pinned"}`)) // the test sees what is missing
	})}
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	err = Client{Socket: socket}.Order(t.Context(), Order{Do: "migrate", Guest: "web", Host: "h2"})
	var refused *Refused
	if !errors.As(err, &refused) || refused.Guest != "web" || refused.Why.Code != "pinned" {
		t.Errorf("got %v, want a refusal of web", err)
	}
}
