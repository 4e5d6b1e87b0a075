package main

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"parley/hostagent"
	"parley/hostagent/service"
)

// upNews has a line for each move of a site that runs here. The hosts report from their
// loops, so note only records, and print prints.
type upNews struct {
	names map[hostagent.HostID]string // complete before the hosts start
	wake  chan struct{}

	mu    sync.Mutex
	lines []string
}

func newUpNews() *upNews {
	return &upNews{names: map[hostagent.HostID]string{}, wake: make(chan struct{}, 1)}
}

// note records how a deal ended at its source, and the agents that failed.
func (n *upNews) note(host string, o service.Occurrence) {
	line := ""
	switch {
	case o.Failed != nil:
		line = fmt.Sprintf("%s: the agent in role %s ended: %s", host, o.Failed.Finish.Role, o.Failed.Finish.Reason)
	case o.Story != nil && o.Story.Side == hostagent.SourceSide:
		s := *o.Story
		switch s.State {
		case hostagent.Moving:
			line = fmt.Sprintf("%s -> %s: %s migrates", host, n.names[s.Target], s.Name)
		case hostagent.Done:
			line = fmt.Sprintf("%s -> %s: %s has moved in %v, downtime %v", host, n.names[s.Target], s.Name,
				s.Migrated.Total.Round(time.Millisecond), s.Migrated.Downtime.Round(time.Millisecond))
		case hostagent.Aborted, hostagent.Stuck:
			line = fmt.Sprintf("%s -> %s: the move of %s failed: %s", host, n.names[s.Target], s.Name, s.Reason)
		}
	}
	if line == "" {
		return
	}
	n.mu.Lock()
	n.lines = append(n.lines, time.Now().Format(time.TimeOnly)+"  "+oneLine(line))
	n.mu.Unlock()
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// print prints the news until the context ends.
func (n *upNews) print(ctx context.Context, out io.Writer) {
	for {
		n.mu.Lock()
		lines := n.lines
		n.lines = nil
		n.mu.Unlock()
		for _, line := range lines {
			fmt.Fprintln(out, line)
		}
		select {
		case <-n.wake:
		case <-ctx.Done():
			return
		}
	}
}
