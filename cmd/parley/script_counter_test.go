package main

import (
	"fmt"
	"log"
	"os"
	"path/filepath"
	"time"

	"parley/hostagent/process/coop"
)

// counter is a cooperative process of the scripts: it writes the numbers to 40, waits for
// the file that its second argument names, and writes those to 80.
func counter() {
	p, err := coop.Join("counter")
	if err != nil {
		log.Fatal(err)
	}
	n := 0
	if err := p.Carry("n", &n); err != nil {
		log.Fatal(err)
	}
	out, err := p.Output(p.Args()[0])
	if err != nil {
		log.Fatal(err)
	}
	gate, err := filepath.Abs(p.Args()[1])
	if err != nil {
		log.Fatal(err)
	}
	for n < 80 {
		p.Progress(float64(n) / 80)
		p.Point()
		if n == 40 {
			if _, err := os.Stat(filepath.Dir(gate)); err != nil {
				log.Fatal(err) // the script has ended
			}
			if _, err := os.Stat(gate); err != nil {
				<-time.After(5 * time.Millisecond)
				continue
			}
		}
		n++
		if _, err := fmt.Fprintln(out, n); err != nil {
			log.Fatal(err)
		}
	}
	if err := p.Done(0); err != nil {
		log.Fatal(err)
	}
}
