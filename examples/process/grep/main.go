// Command grep writes the lines of a file that contain a text into another file. It can
// move from host to host while it works (docs/process.md).
package main

import (
	"bytes"
	"errors"
	"io"
	"log"

	"parley/hostagent/process/coop"
)

func main() {
	log.SetFlags(0)
	p, err := coop.Join("grep")
	if err != nil {
		log.Fatal(err)
	}
	if len(p.Args()) != 3 {
		log.Fatal("usage: grep TEXT INPUT OUTPUT")
	}
	if err := grep(p, []byte(p.Args()[0]), p.Args()[1], p.Args()[2]); err != nil {
		log.Fatal(err)
	}
}

func grep(p *coop.Process, text []byte, input, output string) error {
	in, err := p.Input(input)
	if err != nil {
		return err
	}
	out, err := p.Output(output)
	if err != nil {
		return err
	}
	for {
		p.Point()
		line, err := in.ReadBytes('\n')
		if bytes.Contains(line, text) {
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return p.Done(0)
		}
		if err != nil {
			return err
		}
	}
}
