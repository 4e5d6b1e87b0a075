package process

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/hostagent/process/coop"
)

// counts is a program that answers each line of a connection with the line and how many
// lines have come on it, which moves with the program.
func counts() error {
	p, err := coop.Join("counts")
	if err != nil {
		return err
	}
	size := 0
	if len(p.Args()) > 2 {
		if size, err = strconv.Atoi(p.Args()[2]); err != nil {
			return err
		}
	}
	s, err := p.Listen("count", p.Args()[1])
	if err != nil {
		return err
	}
	s.Serve(func(c *coop.Conn) error {
		var known struct {
			Lines int
			Rest  []byte // what a zone server knows of a client
		}
		if err := c.Carry(&known); err != nil {
			return err
		}
		if known.Rest == nil {
			known.Rest = make([]byte, size)
		}
		for {
			if err := c.Point(); err != nil {
				return err
			}
			line, err := c.Reader().ReadString('\n')
			if err != nil {
				return err
			}
			known.Lines++
			copy(known.Rest, line)
			if _, err := fmt.Fprintf(c, "%s %d\n", strings.TrimSpace(line), known.Lines); err != nil {
				return err
			}
		}
	})
	for {
		p.Pause(time.Second)
	}
}
