package lcc

// Truth is a three-valued answer.
type Truth byte

const (
	False Truth = iota // it does not hold now
	True               // it holds
	Later              // not known yet; a Changed event will follow
)

// Answer is what the World says to a question, or the driver to an action.
type Answer struct {
	Truth Truth
	// Solutions are the ways in which the goal holds, best first. Each has
	// one ground term for each argument of the goal and is unified with
	// them. With Truth True and no Solutions the goal holds as it stands.
	Solutions [][]Term
	// Detail says why not, for people.
	Detail string
}

// World is what an engine may look at while it steps: the host's knowledge and
// the matchmaker. Its methods are pure: they change nothing and give the same
// answer until the next Changed event with the predicate's name. They are
// called from the goroutine that calls Step.
type World interface {
	// Ask answers a question of the host's vocabulary or of its facts. Goal
	// may hold unbound variables at - arguments. known is false where the
	// host has no such predicate.
	Ask(goal Term) (answer Answer, known bool)
	// Players returns who plays a role that matches the pattern now, in the
	// matchmaker's order of preference, without this peer itself and without
	// suspected ones. A Later truth says that a search is under way.
	Players(model Digest, role Term) (players []Player, truth Truth)
}

// Player is a peer and the ground role term under which it is advertised.
type Player struct {
	Peer PeerID
	Role Term
}
