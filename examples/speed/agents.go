package main

import (
	"fmt"
	"io"
	"runtime"
	"time"

	"parley/lcc"
	"parley/models"
)

// agents prints the memory of an idle agent, and what remains allocated after many
// changes of role.
func (o *options) agents(out io.Writer) error {
	engine, err := newEngine(`r(idle, initial). a(idle, I) :: null <- wanted(I) then a(idle, I)`)
	if err != nil {
		return err
	}
	before := heap()
	for range o.idle {
		if _, err := engine.Step(0, lcc.Start{Role: lcc.Atom("idle")}); err != nil {
			return err
		}
	}
	bytes := heap() - before
	fmt.Fprintf(out, "%d idle agents: %.0f MB, %d bytes each\n", o.idle, float64(bytes)/1e6, bytes/int64(o.idle))
	runtime.KeepAlive(engine)
	return o.roles(out)
}

// roles lets an agent change role at every tick of a clock.
func (o *options) roles(out io.Writer) error {
	engine, err := newEngine(`r(here, initial). a(here, I) :: null <- timeout(1) then a(there(1), I)
		a(there(N), I) :: null <- timeout(1) and N > 0 then a(here, I)`)
	if err != nil {
		return err
	}
	now := lcc.Instant(0)
	if _, err := engine.Step(now, lcc.Start{Role: lcc.Atom("here")}); err != nil {
		return err
	}
	change := func(n int) error {
		for range n {
			now += lcc.Instant(time.Second)
			if _, err := engine.Step(now, lcc.Woken{}); err != nil {
				return err
			}
		}
		return nil
	}
	if err := change(1000); err != nil {
		return err
	}
	before, begin := heap(), time.Now()
	if err := change(o.changes); err != nil {
		return err
	}
	took := time.Since(begin)
	fmt.Fprintf(out, "%d changes of role: %d ns each, %d bytes more on the heap than after the first thousand\n",
		o.changes, took.Nanoseconds()/int64(o.changes), heap()-before)
	runtime.KeepAlive(engine)
	return nil
}

// texts prints the compile times of the shipped models; all engines share a compiled
// model.
func (o *options) texts(out io.Writer) error {
	for _, name := range models.Names() {
		text, _ := models.Text(name)
		c := contender{}
		for range o.rounds {
			begin := time.Now()
			if model, found := lcc.Compile(name, text, nil); model == nil {
				return fmt.Errorf("%s: %v", name, found)
			}
			c.took = append(c.took, time.Since(begin))
		}
		fmt.Fprintf(out, "compile %s (%d bytes): %.1f ms\n", name, len(text), float64(c.median().Microseconds())/1000)
	}
	return nil
}

func newEngine(text string) (*lcc.Engine, error) {
	model, found := lcc.Compile("text", []byte(text), nil)
	if model == nil {
		return nil, fmt.Errorf("%v", found)
	}
	return lcc.New(model, lcc.Options{Self: "p", World: lcc.EmptyWorld{}, Limits: lcc.Limits{Agents: 1 << 30}})
}

// heap is the reachable memory, in bytes.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
