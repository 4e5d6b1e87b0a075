package peer

import (
	"container/list"

	"parley/lcc"
)

// senders remember what came from the agents of other peers, for duplicates: of each
// peer its latest ones, so that a peer with many pushes out its own alone.
type senders struct {
	peers map[lcc.PeerID]*senderList
	count int
}

type senderList struct {
	each  map[sender]*list.Element // of *sequence
	order *list.List               // the one that was silent longest first
}

const (
	sendersOfPeer = 512  // agents remembered of one peer
	sendersMax    = 8192 // of all: above, each peer gives up one of its own for a new one
)

// of returns the sequence of an agent; nil where it is not remembered.
func (s *senders) of(key sender) *sequence {
	if of := s.peers[key.peer]; of != nil {
		if e := of.each[key]; e != nil {
			return e.Value.(*sequence)
		}
	}
	return nil
}

// use returns the sequence of an agent, a new one where it is not remembered.
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
