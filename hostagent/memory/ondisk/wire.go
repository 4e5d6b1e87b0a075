package ondisk

import (
	"encoding/json"
	"io"
	"net"

	"parley/hostagent"
)

// This file is what two hosts of a site say to each other about a migration, as JSON on
// one connection: the source asks, the target answers. From then on the guest is on its
// way for as long as the connection is open.

// asks is the source's question.
type asks struct {
	Guest Guest            `json:"guest"`
	Deal  hostagent.DealID `json:"deal"`
	Token string           `json:"token"`
}

// answers is the target's answer; with the zero Refusal the guest may come.
type answers struct {
	Code   hostagent.Code `json:"code,omitempty"`
	Detail string         `json:"detail,omitempty"`
}

func (a answers) why() hostagent.Refusal { return hostagent.Refusal{Code: a.Code, Detail: a.Detail} }

func send(conn net.Conn, message any) error { return json.NewEncoder(conn).Encode(message) }

func receive(conn net.Conn, into any) error {
	return json.NewDecoder(io.LimitReader(conn, guestBytes)).Decode(into)
}

// untilClosed returns when the other end has closed the connection, or this one.
func untilClosed(conn net.Conn) {
	_, _ = io.Copy(io.Discard, conn) // how it ended does not matter
}
