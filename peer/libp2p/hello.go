package libp2p

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"

	"parley/lcc"
)

// This file opens a stream of frames: both sides say hello, with their incarnations. A
// peer that does not answer does not speak this protocol, or its gater refused us. The
// channel has just authenticated the peer, so the incarnation in its hello runs,
// whatever else was heard.

const (
	protocolID = "/parley/frames/2"
	hello      = "parley frames 2\n" // eight bytes follow: Options.Incarnation, big-endian

	// The hello of the previous version names no incarnation.
	protocolFirst = "/parley/frames/1"
	helloFirst    = "parley frames 1\n"

	helloWithin = 5 * time.Second
)

// protocols are the protocols for a stream of frames, best first.
var protocols = []protocol.ID{protocolID, protocolFirst}

// greet says hello on a stream that this host opened, and waits for the answer.
func (h *Host) greet(stream network.Stream) error {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return err
	}
	if _, err := stream.Write(helloOf(h.o.Incarnation, stream)); err != nil {
		return err
	}
	if err := h.expectHello(stream); err != nil {
		return err
	}
	return stream.SetDeadline(time.Time{})
}

// answerHello waits for a hello and answers it.
func (h *Host) answerHello(stream network.Stream) error {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return err
	}
	err := h.expectHello(stream)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, network.ErrReset):
		return err // it closed the stream again
	case err != nil:
		return fault{kindHello, err}
	}
	if _, err := stream.Write(helloOf(h.o.Incarnation, stream)); err != nil {
		return err
	}
	return stream.SetDeadline(time.Time{})
}

// helloOf returns the hello of an incarnation on a stream.
func helloOf(incarnation uint64, stream network.Stream) []byte {
	if stream.Protocol() == protocolFirst {
		return []byte(helloFirst)
	}
	return binary.BigEndian.AppendUint64([]byte(hello), incarnation)
}

// expectHello reads the hello of the other side and reports its incarnation.
func (h *Host) expectHello(stream network.Stream) error {
	want, says := hello, 8
	if stream.Protocol() == protocolFirst {
		want, says = helloFirst, 0
	}
	answer := make([]byte, len(want)+says)
	if _, err := io.ReadFull(stream, answer); err != nil {
		return fmt.Errorf("no hello: %w", err)
	}
	if string(answer[:len(want)]) != want {
		return errors.New("the peer says hello in another version: bring both to the same one")
	}
	if says > 0 {
		h.met(stream.Conn(), binary.BigEndian.Uint64(answer[len(want):]))
	}
	return nil
}

// Meet connects to a listed peer without a link, so that its hello tells which
// incarnation runs.
func (h *Host) Meet(name lcc.PeerID) {
	id, err := h.resolve(name)
	if err != nil {
		return // it cannot be reached, and no frame waits
	}
	h.links.meet(id)
}
