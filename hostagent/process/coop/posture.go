package coop

import (
	"sync"

	"parley/hostagent/process/protocol"
)

// standing is what has goroutines and sockets of its own, which stand still with the program.
type standing interface {
	called() string
	stand()                            // returns once all goroutines stand still
	wake(accepted []taken)             // lets them continue
	sockets() ([]protocol.Conn, error) // while they stand still
}

// posture counts the goroutines of one that stands and continues with the program.
type posture struct {
	mu      sync.Mutex
	running int        // goroutines
	resting int        // of them, those that stand still
	still   bool       // the program stands, or is to stand
	rests   *sync.Cond // for whoever waits until all stand still
	wakes   *sync.Cond // for those that stand still
}

func (p *posture) init() { p.rests, p.wakes = sync.NewCond(&p.mu), sync.NewCond(&p.mu) }

// rest stands still while the program does. A goroutine calls it at its safe point.
func (p *posture) rest() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.still {
		return
	}
	p.resting++
	p.rests.Signal()
	for p.still {
		p.wakes.Wait()
	}
	p.resting--
}

// leaves counts a goroutine that ends. The caller holds mu.
func (p *posture) leaves() {
	p.running--
	p.rests.Signal()
}

// awaitAll waits until all goroutines stand still. The caller holds mu, and has set still.
func (p *posture) awaitAll() {
	for p.resting < p.running {
		p.rests.Wait()
	}
}

// release lets them continue. The caller holds mu.
func (p *posture) release() {
	p.still = false
	p.wakes.Broadcast()
}
