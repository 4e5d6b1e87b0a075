package api

import (
	"net"
	"path/filepath"
	"strings"
	"testing"
)

// An agent that ends before it answers leaves the outcome of an order unknown, and its
// socket may stay: both are told in words, without the words of HTTP.
func TestAgentThatEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	listener.(*net.UnixListener).SetUnlinkOnClose(false)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = c.Read(make([]byte, 1)) // the request has arrived
			_ = c.Close()                  // the agent is killed
		}
	}()
	ask := Client{Socket: path}
	is := func(what string, err error, want ...string) {
		t.Helper()
		for _, text := range want {
			if err == nil || !strings.Contains(err.Error(), text) || strings.Contains(err.Error(), "http://") {
				t.Errorf("%s: got %v, want %q in it", what, err, text)
			}
		}
	}
	_, status := ask.Status(t.Context())
	is("a question", status, "has ended before it answered: start `parley agent`")
	is("an order", ask.Order(t.Context(), Order{Do: "migrate"}), "the outcome is not known", "`parley history`")
	_, publish := ask.Publish(t.Context(), []byte("x"))
	is("a bundle", publish, "the outcome is not known", "`parley policy status`")
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	<-ended
	_, status = ask.Status(t.Context())
	is("a socket that was left", status, "no agent listens on "+path+", which an agent has left there")
}
