package process

import (
	"encoding/binary"
	"fmt"
	"io"
	"net/netip"

	"parley/hostagent/connections"
	"parley/hostagent/guestnet"
	"parley/hostagent/process/protocol"
	"parley/internal/cborstrict"
)

// Ways to move connections, as the configuration names them.
const (
	Incremental = "incremental" // prepared at the target while the program works
	Collective  = "collective"  // all at once while it stands
	Iterative   = "iterative"   // one after the other while it stands
)

// travelling is a socket on its way: one that listens, a connection, or one of UDP.
type travelling struct {
	Name     string                  `cbor:"1,keyasint"`
	Accepted bool                    `cbor:"2,keyasint,omitempty"`
	Listens  string                  `cbor:"3,keyasint,omitempty"` // its address
	TCP      *connections.Connection `cbor:"4,keyasint,omitempty"`
	UDP      *connections.Datagrams  `cbor:"5,keyasint,omitempty"`
}

// places are the sockets that the target makes before the program stands.
type places struct {
	Listen []string `cbor:"1,keyasint"`
	// Local and Remote are the ends of each connection.
	Local  []string `cbor:"2,keyasint"`
	Remote []string `cbor:"3,keyasint"`
	// Known are the machines whose MAC the program's network knows.
	Known []guestnet.Neighbour `cbor:"4,keyasint"`
}

const (
	// socketBytes bounds one socket on its way: its queues.
	socketBytes = 32 << 20
	// knownMost bounds the neighbours that go along; others are asked for.
	knownMost = 1024
	// pieceBytes is about what is sent at once.
	pieceBytes = 60 << 10
	// unreadMost bounds the datagrams of a socket that go along; later ones are lost, as a
	// network may lose them.
	unreadMost = 8192
	// socketsMost bounds those of one program, with those that were accepted for it.
	socketsMost = 2 * protocol.ConnsMost
)

var (
	socketWriter = cborstrict.Writer()
	socketReader = cborstrict.Reader(cborstrict.Limits{Nested: 6, Elements: max(socketsMost, unreadMost), Pairs: 32})
)

func (t travelling) validate() error {
	kinds := 0
	for _, is := range []bool{t.Listens != "", t.TCP != nil, t.UDP != nil} {
		if is {
			kinds++
		}
	}
	switch {
	case len(t.Name) > protocol.TextMost:
		return fmt.Errorf("its name has %d bytes", len(t.Name))
	case kinds != 1:
		return fmt.Errorf("%.60q is of %d kinds: a connection, one that listens, or one of UDP", t.Name, kinds)
	case t.TCP != nil:
		return t.TCP.Validate()
	case t.UDP != nil:
		return t.UDP.Validate()
	}
	_, err := netip.ParseAddrPort(t.Listens)
	return err
}

// writeSized writes a value behind its length.
func writeSized(w io.Writer, value any) error {
	data, err := socketWriter.Marshal(value)
	if err != nil {
		return err
	}
	if len(data) > socketBytes {
		return fmt.Errorf("a socket of %d bytes, more than %d", len(data), socketBytes)
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), data...))
	return err
}

// readSized reads what writeSized writes; io.EOF at the end.
func readSized(r io.Reader, value any) error {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return err
	}
	size := binary.BigEndian.Uint32(head[:])
	if size > socketBytes {
		return fmt.Errorf("a socket of %d bytes, more than %d", size, socketBytes)
	}
	data, err := io.ReadAll(io.LimitReader(r, int64(size)))
	if err != nil {
		return err
	}
	if len(data) != int(size) {
		return io.ErrUnexpectedEOF
	}
	return socketReader.Unmarshal(data, value)
}
