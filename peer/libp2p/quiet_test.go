package libp2p

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"testing"

	"github.com/libp2p/go-libp2p/core/transport"
)

// What the library says of connections that are closed already is dropped, and nothing else.
func TestQuiet(t *testing.T) {
	var said bytes.Buffer
	log := slog.New(withoutClosed{slog.NewTextHandler(&said, nil)}).With("logger", "upgrader").WithGroup("g")
	log.Error("failed to close connection", "err", fmt.Errorf("close tcp4: %w", net.ErrClosed))
	log.Error("swarm listener accept error", "err", transport.ErrListenerClosed)
	log.Error("swarm listener accept error", "err", errors.New("listener closed"))
	log.Error("failed to close connection", "err", errors.New("input/output error"))
	log.Error("no error")
	got := said.String()
	if strings.Count(got, "\n") != 2 || strings.Contains(got, "closed network") || !strings.Contains(got, "logger=upgrader") {
		t.Errorf("got\n%s", got)
	}
}
