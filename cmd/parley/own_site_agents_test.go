package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config"
)

// runningAgent is an agent that systemctl started.
type runningAgent struct {
	stop func()
	log  *syncedBuffer
}

func (s *officeSite) systemctl(t *testing.T, m *machine, args []string) {
	t.Helper()
	switch strings.Join(args, " ") {
	case "reload parley":
		// All agents are in this process: each reads its configuration again.
		if err := syscall.Kill(os.Getpid(), syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		return
	case "enable --now parley":
	case "restart parley":
		m.agent.stop()
	default:
		t.Fatalf("systemctl %v: the test does not know it", args)
	}
	m.agent = startAgent(t, filepath.Join(m.root, "etc/parley/parley.yaml"))
}

func startAgent(t *testing.T, path string) *runningAgent {
	t.Helper()
	config, err := config.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	a := &runningAgent{log: &syncedBuffer{}}
	cmd := newAgent()
	cmd.SetErr(a.log)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- runAgent(ctx, path, config, newLogger(cmd, config.Log)) }()
	a.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the agent of %s: %v", path, err)
		}
	})
	t.Cleanup(a.stop)
	// Like systemd with Type=notify: the command returns when the agent answers.
	client, late := api.Client{Socket: config.Socket}, time.Now().Add(patience)
	for {
		_, err := client.Status(ctx)
		if err == nil {
			return a
		}
		if time.Now().After(late) {
			t.Fatalf("the agent of %s does not answer: %v\n%s", path, err, a.log)
		}
		<-time.After(20 * time.Millisecond)
	}
}

// logs returns the logs of the agents, to diagnose a failure.
func (s *officeSite) logs() string {
	var b strings.Builder
	for _, m := range s.machines {
		if m.agent != nil {
			fmt.Fprintf(&b, "\n-- log of %s --\n%s", m.name, m.agent.log)
		}
	}
	return b.String()
}

// syncedBuffer is a buffer with a lock, for several goroutines.
type syncedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *syncedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *syncedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}
