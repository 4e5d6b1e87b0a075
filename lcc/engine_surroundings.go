package lcc

// surroundings are what an agent's events depend on beside the agent: the peer that it
// is of, the time, the host, and who is suspected.
type surroundings struct {
	self     PeerID
	selfTerm Term // self as text sees it
	model    Digest
	world    World
	now      Instant
	suspects map[PeerID]bool
}

// peerTerm is a peer's id as text sees it.
func (s *surroundings) peerTerm(id PeerID) Term {
	if id == s.self {
		return s.selfTerm
	}
	return String(id)
}

// players asks the matchmaker; the answer may change with any advert.
func (s *surroundings) players(a *agent, role Term) []Player {
	a.depend("player")
	players, _ := s.world.Players(s.model, role)
	return players
}
