// Command zone is the server of one zone of a virtual environment. It moves from host to
// host with the connections of its clients, who notice nothing but a pause (docs/process.md).
//
// A client says where it is, a line each time: NAME NUMBER X Y, and whatever else it likes
// behind that. The zone answers with a line: NUMBER STEPS, and for each of the nearest others
// NAME X Y. STEPS counts the lines of this connection, on all hosts.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"log"
	"time"

	"parley/hostagent/process/coop"
)

// answerWithin bounds how long a client that does not read can keep the zone from moving.
const answerWithin = time.Second

func main() {
	log.SetFlags(0)
	p, err := coop.Join("zone")
	if err != nil {
		log.Fatal(err)
	}
	if len(p.Args()) != 1 {
		log.Fatal("usage: zone ADDRESS")
	}
	if _, err := open(p, p.Args()[0]); err != nil {
		log.Fatal(err)
	}
	for {
		p.Pause(time.Minute)
	}
}

// open begins to serve a zone, or continues with the one that came with the program.
func open(p *coop.Process, address string) (*coop.Server, error) {
	z := newZone()
	if err := p.CarryFunc("zone", z.save, z.load); err != nil {
		return nil, err
	}
	server, err := p.Listen("zone", address)
	if err != nil {
		return nil, err
	}
	for _, id := range server.Lost() {
		z.leave(id)
	}
	server.Serve(func(c *coop.Conn) error { return serve(z, c) })
	return server, nil
}

// serve answers a client until it leaves.
func serve(z *zone, c *coop.Conn) error {
	for {
		if err := c.Point(); err != nil {
			z.leave(c.ID())
			return err
		}
		if err := answer(z, c); err != nil {
			z.leave(c.ID())
			return err
		}
	}
}

func answer(z *zone, c *coop.Conn) error {
	line, err := c.Reader().ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		return fmt.Errorf("a line is longer than %d bytes", len(line))
	}
	if err != nil {
		return err
	}
	said, err := z.step(c.ID(), line)
	if err != nil {
		said = fmt.Appendf(nil, "error: %v\n", err)
	}
	if err := c.SetWriteDeadline(time.Now().Add(answerWithin)); err != nil {
		return err
	}
	_, failed := c.Write(said)
	return errors.Join(err, failed)
}
