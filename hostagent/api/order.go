package api

import "errors"

// Order is what an operator asks of a host's agent, as JSON on its socket.
type Order struct {
	// Do is migrate, drain, undrain, pause, resume, pin, unpin, ignore,
	// unignore or forget.
	Do    string `json:"do"`
	Guest string `json:"guest,omitempty"` // id or name
	Host  string `json:"host,omitempty"`  // peer id or name; "" lets the hosts be asked
	Force bool   `json:"force,omitempty"`
}

// ErrRefused is what an order that the host does not carry out is.
var ErrRefused = errors.New("refused")

// RequestBytes bounds the text of an order.
const RequestBytes = 64 << 10
