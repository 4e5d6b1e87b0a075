package lcc

// surroundings are the inputs of an agent's events from outside the agent: its peer,
// the time, the host, and the suspected peers.
type surroundings struct {
	self     PeerID
	selfTerm Term // self as a term of the text
	model    Digest
	world    World
	extends  func(name string, arity int) bool // nil: no predicate of the text
	now      Instant
	mail     bool // a message came, and not time: a timeout of this instant is not over yet
	suspects map[PeerID]bool
}

// peerTerm returns a peer's id as a term of the text.
func (s *surroundings) peerTerm(id PeerID) Term {
	if id == s.self {
		return s.selfTerm
	}
	return String(id)
}

// players asks the matchmaker. Any advert may change the answer, so the agent then
// looks again.
func (s *surroundings) players(a *agent, role Term) []Player {
	a.dependDirectly("player")
	players, _ := s.world.Players(s.model, role)
	return players
}
