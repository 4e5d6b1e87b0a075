package site

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"parley/lcc"
)

const (
	// proxiesFrom is how many hosts without a connection are worth asking others for, and
	// proxiesLeast how few connected ones are too few to do so.
	proxiesFrom  = 3 * connectedAtOnce
	proxiesLeast = 4
	// proxiesMost and questionsMost are how many hosts are proxies, and how many questions each gets
	// in a look: a host answers four questions of a peer at one time, and one of them is for
	// its own State.
	proxiesMost   = 64
	questionsMost = 3
)

// send has connected hosts ask those without a connection: near asks far and last, of which
// last could not be reached before. It returns those that are to be asked directly: far,
// which nobody has asked, and last, which did not answer or could not be reached before.
func (l *look) send(ctx context.Context, near, far, last []int) (direct, late []int) {
	all := slices.Concat(far, last)
	if !l.byProxy || l.Self == "" || len(near) < proxiesLeast || len(all) < proxiesFrom {
		return far, last
	}
	near = near[:min(len(near), proxiesMost)]
	signed := Signed{Asker: l.Self, Nonce: make([]byte, nonceBytes), Ask: l.question}
	_, _ = rand.Read(signed.Nonce) // it never fails
	shares, _ := spread(l.ids(near), l.ids(all), questionsMost*proxyHosts)
	var proxies sync.WaitGroup
	for c, share := range shares {
		for _, some := range chunks(share) {
			hosts := make([]int, len(some))
			for k, at := range some {
				hosts[k] = all[at]
			}
			proxies.Go(func() { l.ofProxy(ctx, near[c], hosts, signed) })
		}
	}
	proxies.Wait()
	for _, i := range far {
		switch l.silent[i] {
		case "":
		case notAsked(l.all):
			direct = append(direct, i)
		default:
			late = append(late, i)
		}
	}
	return direct, append(late, slices.DeleteFunc(last, func(i int) bool { return l.silent[i] == "" })...)
}

func (l *look) ids(which []int) []lcc.PeerID {
	ids := make([]lcc.PeerID, len(which))
	for k, i := range which {
		ids[k] = l.members[i].ID
	}
	return ids
}

// ofProxy has one host ask others. What it does not answer, or answers wrongly, leaves them
// as they are: not asked.
func (l *look) ofProxy(ctx context.Context, proxy int, hosts []int, signed Signed) {
	within := min(l.all*2/5, proxyMost)
	text, err := json.Marshal(Question{Proxy: &ProxyQuestion{Hosts: l.ids(hosts), WithinMS: max(1, within.Milliseconds()), Signed: signed}})
	if err != nil {
		return // a question that can be asked can be carried
	}
	bounded, cancel := context.WithTimeout(ctx, within+within/4)
	defer cancel()
	data, err := l.Network.Look(bounded, l.members[proxy].ID, text)
	if err != nil {
		return
	}
	list, err := decodeFetched(data, len(hosts))
	if err != nil {
		return
	}
	for k, i := range hosts {
		l.fetched(l.members[proxy], i, list[k], signed)
	}
}

// fetched takes what a proxy says of a host. Only what the host has signed is its answer.
func (l *look) fetched(proxy Member, i int, f Fetched, signed Signed) {
	switch {
	case f.Silent != "":
		l.silent[i] = fmt.Sprintf("asked by %s: %s", proxy.Name, f.Silent)
	case len(f.Answer) == 0, !f.of(l.members[i].ID, signed, l.Verify):
	default:
		l.silent[i] = l.taken(i, f.Answer)
	}
}
