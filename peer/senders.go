package peer

import (
	"container/list"

	"parley/lcc"
)

// senders track the messages from the agents of other peers, to detect duplicates. Each
// peer's latest agents are kept separately, so that a peer with many agents evicts only
// its own.
type senders struct {
	peers map[lcc.PeerID]*senderList
	count int
}

type senderList struct {
	each  map[sender]*list.Element // of *sequence
	order *list.List               // least recently used first
}

const (
	sendersOfPeer = 512  // agents tracked for one peer
	sendersMax    = 8192 // for all peers: above it, a peer evicts one of its own for each new one
)

// of returns the sequence of an agent; nil when it is not tracked.
func (s *senders) of(key sender) *sequence {
	if of := s.peers[key.peer]; of != nil {
		if e := of.each[key]; e != nil {
			return e.Value.(*sequence)
		}
	}
	return nil
}

// use returns the sequence of an agent, and creates it when it is not tracked.
func (s *senders) use(key sender) *sequence {
	of := s.peers[key.peer]
	if of == nil {
		if s.peers == nil {
			s.peers = map[lcc.PeerID]*senderList{}
		}
		of = &senderList{each: map[sender]*list.Element{}, order: list.New()}
		s.peers[key.peer] = of
	}
	if e := of.each[key]; e != nil {
		of.order.MoveToBack(e)
		return e.Value.(*sequence)
	}
	if n := len(of.each); n >= sendersOfPeer || n > 0 && s.count >= sendersMax {
		oldest := of.order.Remove(of.order.Front()).(*sequence)
		delete(of.each, oldest.from)
		s.count--
	}
	one := &sequence{from: key}
	of.each[key] = of.order.PushBack(one)
	s.count++
	return one
}
