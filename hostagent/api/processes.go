package api

import (
	"context"
	"net/http"
	"time"
)

// Launch says which cooperative process to start, as JSON on the socket.
type Launch struct {
	Name     string   `json:"name"`
	Program  string   `json:"program"` // an absolute path
	Args     []string `json:"args"`
	Dir      string   `json:"dir"` // the working directory
	CPU      float64  `json:"cpu"` // cores that it may use
	Memory   int64    `json:"memory_bytes"`
	Priority int      `json:"priority,omitempty"`
	Labels   []string `json:"labels,omitempty"`
	// Network is a network of its own, with which its connections move; absent: it uses that
	// of its host.
	Network *LaunchNetwork `json:"network,omitempty"`
}

// LaunchNetwork is the network of a process: a port on a bridge of its host.
type LaunchNetwork struct {
	Bridge    string   `json:"bridge"`
	Addresses []string `json:"addresses"` // with the length of the prefix, such as 10.0.0.5/24
	Gateways  []string `json:"gateways,omitempty"`
}

// Process is a cooperative process that runs on the agent's host, or that has ended there.
type Process struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Program string   `json:"program,omitempty"`
	Args    []string `json:"args,omitempty"`
	// State is running, suspended, moving, done, failed or stopped.
	State string `json:"state,omitempty"`
	PID   int    `json:"pid,omitempty"`
	Code  int    `json:"code,omitempty"` // of one that has ended
	Why   string `json:"why,omitempty"`  // what an operator has to know
	// EndedAt is when it ended; absent while it has not.
	EndedAt  time.Time `json:"ended_at,omitzero"`
	Progress *float64  `json:"progress,omitempty"`
	Restarts int       `json:"restarts,omitempty"` // from a checkpoint
	// Beat is when the program last said that it works, Checkpoint when its latest state
	// was kept.
	Beat       time.Time     `json:"beat,omitzero"`
	Checkpoint time.Time     `json:"checkpoint,omitzero"`
	CPUTime    time.Duration `json:"cpu_time_ns,omitempty"`
	Memory     int64         `json:"memory_bytes,omitempty"`
	// Instructions is how many it has executed since its agent watches it; absent where the
	// machine does not count them.
	Instructions *uint64 `json:"instructions,omitempty"`
}

// Launch has the agent start a process, and returns its id and name.
func (c Client) Launch(ctx context.Context, l Launch) (p Process, err error) {
	err = c.ask(ctx, http.MethodPost, PathProcesses, l, &p)
	return p, err
}

// Processes requests the list of processes.
func (c Client) Processes(ctx context.Context) (list []Process, err error) {
	err = c.ask(ctx, http.MethodGet, PathProcesses, nil, &list)
	return list, err
}
