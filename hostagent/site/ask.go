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
	// Look returns the encoded answer of a host to a question.
	Look(ctx context.Context, host lcc.PeerID, question []byte) ([]byte, error)
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
	// Self is the host that asks, and Verify says whether a host has signed a text. Without
	// them every host is asked directly.
	Self   lcc.PeerID
	Verify func(host lcc.PeerID, text, signature []byte) bool

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

// Ask asks hosts for their States and returns them in the order of their names. What has
// not answered when the time is over says so in Silent.
func (a *Asker) Ask(ctx context.Context, members []Member, within time.Duration) []Host {
	hosts := make([]Host, len(members))
	silent := a.look(ctx, members, within, asking{byProxy: true, take: func(i int, data []byte) error {
		s, err := Decode(data)
		if err == nil {
			s.Rename(a.Name)
			hosts[i].State = s
		}
		return err
	}})
	for i, m := range members {
		hosts[i].Host, hosts[i].PeerID, hosts[i].Silent = m.Name, string(m.ID), silent[i]
	}
	slices.SortFunc(hosts, func(a, b Host) int { return strings.Compare(a.Host, b.Host) })
	return hosts
}

// asking is what hosts are asked, and who takes the answer of one.
type asking struct {
	question []byte
	byProxy  bool // other hosts may ask it, too
	take     func(i int, data []byte) error
}

// look asks hosts at one time, and says of each why there is no answer. Hosts that could not
// be reached before are asked after all others.
func (a *Asker) look(ctx context.Context, members []Member, within time.Duration, what asking) []string {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	l := &look{Asker: a, asking: what, members: members, all: within, silent: make([]string, len(members))}
	var near, far, last []int
	a.mu.Lock()
	failed := maps.Clone(a.failed)
	a.mu.Unlock()
	for i, m := range members {
		l.silent[i] = notAsked(within)
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
		far, last := l.send(ctx, near, far, last)
		l.ask(ctx, far, connectedAtOnce, connectQuick)
		late := slices.DeleteFunc(far, func(i int) bool { return l.silent[i] != notAnswered(connectQuick) })
		l.ask(ctx, append(late, last...), connectedAtOnce, connectWithin)
	}()
	l.ask(ctx, near, askedAtOnce, within)
	<-both
	l.note(failed)
	return l.silent
}

// look is one question to all hosts. What is known of each is written by one goroutine at
// a time.
type look struct {
	*Asker
	asking
	members []Member
	all     time.Duration
	silent  []string // why there is no answer; "": there is one
}

// ask asks some hosts, so many at one time.
func (l *look) ask(ctx context.Context, which []int, atOnce int, within time.Duration) {
	var group errgroup.Group
	group.SetLimit(atOnce)
	for _, i := range which {
		group.Go(func() error {
			if ctx.Err() == nil {
				l.silent[i] = l.one(ctx, i, within)
			}
			return nil
		})
	}
	_ = group.Wait() // the functions return no error
}

// one asks one host within a part of the time for all, and says why there is no answer.
func (l *look) one(ctx context.Context, i int, within time.Duration) string {
	data, silent := lookAt(ctx, l.Network, l.members[i].ID, l.question, within)
	if silent != "" {
		return silent
	}
	return l.taken(i, data)
}

// taken takes the answer of one host, and says why it is none.
func (l *look) taken(i int, data []byte) string {
	if err := l.take(i, data); err != nil {
		return err.Error()
	}
	return ""
}

// lookAt asks a host, and says why it does not answer.
func lookAt(ctx context.Context, network Network, host lcc.PeerID, question []byte, within time.Duration) (data []byte, silent string) {
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	data, err := network.Look(bounded, host, question)
	switch {
	case err != nil && bounded.Err() != nil:
		return nil, notAnswered(within)
	case err != nil:
		return nil, innermost(err)
	}
	return data, ""
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
	for i, m := range l.members {
		failed[m.ID] = l.silent[i] != ""
		if l.silent[i] == notAsked(l.all) {
			failed[m.ID] = before[m.ID]
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed = failed
}
