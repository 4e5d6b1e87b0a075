//go:build linux

// Command worker is the cooperative process of the laboratory: it uses its share of the
// CPU, and writes the numbers from 1 into a file, one per period. If another one does so
// at the same time it ends, and says so in a file beside it.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strconv"
	"syscall"
	"time"

	"parley/hostagent/process/coop"
)

const (
	period = 20 * time.Millisecond
	// seenEvery is how many periods pass before what was written is to be seen.
	seenEvery = 25
)

func main() {
	p, err := coop.Join("worker")
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(work(p))
}

// work works until something fails, or its agent ends it.
func work(p *coop.Process) error {
	if len(p.Args()) != 2 {
		return fmt.Errorf("worker SHARE OUTPUT: got %q", p.Args())
	}
	share, err := strconv.ParseFloat(p.Args()[0], 64)
	if err != nil {
		return err
	}
	path, number := p.Args()[1], 0
	if err := p.Carry("number", &number); err != nil {
		return err
	}
	out, err := p.Output(path)
	if err != nil {
		return err
	}
	lock, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	for {
		p.Point()
		if err := step(path, lock, share, &number, out); err != nil {
			return err
		}
		if number%seenEvery == 0 {
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

// step is one period, with a lock that no other worker may hold.
func step(path string, lock *os.File, share float64, number *int, out io.Writer) error {
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return errors.Join(errors.New("another worker runs"), os.WriteFile(path+".twice", []byte(err.Error()), 0o600))
	}
	begin := time.Now()
	for time.Since(begin) < time.Duration(share*float64(period)) {
	}
	*number++
	if _, err := fmt.Fprintln(out, *number); err != nil {
		return err
	}
	time.Sleep(period - time.Since(begin))
	return syscall.Flock(int(lock.Fd()), syscall.LOCK_UN)
}
