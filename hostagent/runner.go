package hostagent

import (
	"context"
	"time"
)

// Runner is a platform whose guests Parley itself starts, on an operator's order.
type Runner interface {
	// Launch starts a guest here.
	Launch(ctx context.Context, l Launch) (GuestID, error)
	// Suspend has a guest stand still until Resume, also across restarts of the host.
	Suspend(ctx context.Context, guest GuestID) error
	Resume(ctx context.Context, guest GuestID) error
	// Stop ends a guest for good. Of one that has ended it removes what is kept.
	Stop(ctx context.Context, guest GuestID) error
	// Launched lists the guests, and for a time those that have ended.
	Launched() []Launched
}

// Launch says what to start.
type Launch struct {
	Name    string
	Program string // an absolute path
	Args    []string
	Dir     string    // the working directory
	Need    Resources // what it may use
	Rules   Rules
	// Network is a network of its own, with which its connections move; nil: it uses that of
	// its host.
	Network *LaunchNetwork
}

// LaunchNetwork is the network of a guest: a port on a bridge.
type LaunchNetwork struct {
	Bridge    string
	Addresses []string // with the length of the prefix, such as 10.0.0.5/24
	Gateways  []string
}

// LaunchState is what became of a guest that was launched.
type LaunchState string

// States of guests that were launched.
const (
	LaunchRunning   LaunchState = "running"
	LaunchSuspended LaunchState = "suspended" // by an operator
	LaunchMoving    LaunchState = "moving"    // it stands still, or waits at the target
	LaunchDone      LaunchState = "done"
	LaunchFailed    LaunchState = "failed"
	LaunchStopped   LaunchState = "stopped" // by an operator
)

// Launched is a guest that was launched, here or at the host that it came from.
type Launched struct {
	ID      GuestID
	Name    string
	Program string
	Args    []string
	State   LaunchState
	PID     int // 0: no process
	Code    int // of one that has ended
	EndedAt time.Time
	// Why says in words what an operator has to know; "" if there is nothing.
	Why      string
	Beat     time.Time // the latest; zero if none yet
	Progress float64   // 0 to 1; below 0 if it is not known
	Restarts int       // from a checkpoint
	// Checkpoint is when the latest state was kept; zero if none.
	Checkpoint time.Time
	CPUTime    time.Duration
	Memory     int64
	// Instructions is how many it has executed, since the agent watches it.
	Instructions Count
}
