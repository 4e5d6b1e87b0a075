package api

import "time"

// Order is an operator's order to a host's agent, as JSON on its socket.
type Order struct {
	// Do is migrate, drain, undrain, pause, resume, pin, unpin, ignore,
	// unignore or forget; for a cooperative process suspend, resume or stop. A
	// resume without a guest is that of the host.
	Do    string `json:"do"`
	Guest string `json:"guest,omitempty"` // id or name
	// Host is a peer id or a name; "" of a migration: choose by asking the hosts. Of a
	// forget: where the guest runs, or is to run.
	Host  string `json:"host,omitempty"`
	Force bool   `json:"force,omitempty"`
	// Home, of an undrain, brings the guests home that the drain moved away.
	Home bool `json:"home,omitempty"`
	// Timeout, in nanoseconds, is how long a drain lasts at most; 0: until it is taken back.
	Timeout time.Duration `json:"timeout,omitempty"`
}

// RequestBytes bounds the body of an order or of an admission request, and the text of
// an error.
const RequestBytes = 64 << 10
