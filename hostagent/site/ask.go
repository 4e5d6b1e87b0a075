package site

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/lcc"
)

// Network asks hosts. It is safe for concurrent use.
type Network interface {
	// Look returns the encoded State of a host.
	Look(ctx context.Context, host lcc.PeerID) ([]byte, error)
	// Connected says whether asking the host needs no new connection.
	Connected(host lcc.PeerID) bool
}

// Member is a host to ask.
type Member struct {
	ID   lcc.PeerID
	Name string
}

// Asker asks the hosts of a site. It is safe for concurrent use.
type Asker struct {
	Network Network
	// Name returns the name of a host, for the deals.
	Name func(id string) string

	mu     sync.Mutex
	failed map[lcc.PeerID]bool // hosts that could not be reached when they were asked last
}

const (
	// askedAtOnce is how many connected hosts are asked at one time, and connectedAtOnce
	// how many others: these take connections from what else the host connects to.
	askedAtOnce     = 64
	connectedAtOnce = 12
	// A host without a connection is asked for connectQuick, and when all have been asked
	// again for connectWithin: those that are down must not use up the time of the others.
	connectQuick  = 300 * time.Millisecond
	connectWithin = time.Second
)

// Ask asks hosts at one time and returns what they answered, in the order of their names.
// What has not answered when the time is over says so in Silent. Hosts that could not be
// reached before are asked after all others.
func (a *Asker) Ask(ctx context.Context, members []Member, within time.Duration) []Host {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	l := &look{Asker: a, all: within, answers: make([]Host, len(members))}
	var near, far, last []int
	a.mu.Lock()
	failed := maps.Clone(a.failed)
	a.mu.Unlock()
	for i, m := range members {
		l.answers[i] = Host{Host: m.Name, PeerID: string(m.ID), Silent: notAsked(within)}
		switch {
		case a.Network.Connected(m.ID):
			near = append(near, i)
		case failed[m.ID]:
			last = append(last, i)
		default:
			far = append(far, i)
		}
	}
	both := make(chan struct{})
	go func() {
		defer close(both)
		l.ask(ctx, far, connectedAtOnce, connectQuick)
		late := slices.DeleteFunc(far, func(i int) bool { return l.answers[i].Silent != notAnswered(connectQuick) })
		l.ask(ctx, append(late, last...), connectedAtOnce, connectWithin)
	}()
	l.ask(ctx, near, askedAtOnce, within)
	<-both
	l.note(failed)
	slices.SortFunc(l.answers, func(a, b Host) int { return strings.Compare(a.Host, b.Host) })
	return l.answers
}

// look is one look at all hosts. Each answer is written by one goroutine at a time.
type look struct {
	*Asker
	all     time.Duration
	answers []Host
}

// ask asks some hosts, so many at one time.
func (l *look) ask(ctx context.Context, which []int, atOnce int, within time.Duration) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, i := range which {
		group.Go(func() error {
			if ctx.Err() == nil {
				l.one(ctx, &l.answers[i], within)
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return no error
}

// one asks one host within a part of the time for all.
func (l *look) one(ctx context.Context, h *Host, within time.Duration) {
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	data, err := l.Network.Look(bounded, lcc.PeerID(h.PeerID))
	switch {
	case err != nil && bounded.Err() != nil:
		h.Silent = notAnswered(within)
		return
	case err != nil:
		h.Silent = innermost(err)
		return
	}
	s, err := Decode(data)
	if err != nil {
		h.Silent = err.Error()
		return
	}
	s.Rename(l.Name)
	h.Silent, h.State = "", s
}

func notAnswered(within time.Duration) string { return fmt.Sprintf("no answer within %v", within) }

func notAsked(all time.Duration) string {
	return fmt.Sprintf("it was not asked within the %v for all hosts: ask again, or allow more time", all)
}

// innermost is the text of an error without its first wrapping, which names the host: its
// row does so.
func innermost(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		err = inner
	}
	return err.Error()
}

// note keeps which hosts failed, among them those that failed before and were not asked.
func (l *look) note(before map[lcc.PeerID]bool) {
	failed := map[lcc.PeerID]bool{}
	for _, h := range l.answers {
		id := lcc.PeerID(h.PeerID)
		if h.Silent == notAsked(l.all) {
			failed[id] = before[id]
		} else {
			failed[id] = h.Silent != ""
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = failed
}
