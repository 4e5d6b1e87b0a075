// Command mover is a cooperative process of the laboratory of guests: it has as much memory as
// it is told, writes to some of it all the time, and answers what comes over its connections.
package main

import (
	"errors"
	"log"
	"strconv"
	"time"

	"parley/hostagent/process/coop"
)

const page = 4096

func main() {
	log.SetFlags(0)
	log.Fatal(run()) // it serves until something fails
}

func run() error {
	p, err := coop.Join("mover")
	if err != nil {
		return err
	}
	if len(p.Args()) != 2 {
		return errors.New("usage: mover ADDRESS MEBIBYTES")
	}
	mebibytes, err := strconv.Atoi(p.Args()[1])
	if err != nil {
		return err
	}
	memory := make([]byte, mebibytes<<20)
	for n := range memory {
		memory[n] = byte(n * 7)
	}
	if err := p.Carry("memory", &memory); err != nil {
		return err
	}
	server, err := p.Listen("echo", p.Args()[0])
	if err != nil {
		return err
	}
	server.Serve(answer)
	for n := 0; ; n++ {
		for i := range 10 {
			memory[((n*10+i)*page)%len(memory)]++
		}
		p.Pause(10 * time.Millisecond)
	}
}

func answer(c *coop.Conn) error {
	for {
		if err := c.Point(); err != nil {
			return err
		}
		line, err := c.Reader().ReadBytes('\n')
		if err != nil {
			return err
		}
		if _, err := c.Write(line); err != nil {
			return err
		}
	}
}
