package lcc

// Truth is a three-valued answer.
type Truth byte

const (
	False Truth = iota // it does not hold now
	True               // it holds
	Later              // not known yet; a Changed event will follow
)

// Answer is the World's answer to a question, or the driver's to an action.
type Answer struct {
	Truth Truth
	// Solutions are the solutions of the goal, best first. Each has one ground term for
	// each argument of the goal and is unified with the arguments. With Truth True and
	// no Solutions the goal holds without new bindings.
	Solutions [][]Term
	// Detail says why the goal does not hold, for people.
	Detail string
}

// World is what an engine may query during a Step: the host's knowledge and the
// matchmaker. Its methods are pure: they have no side effects and return the same
// answer until the next Changed event with the predicate's name. They are called from
// the goroutine that calls Step.
type World interface {
	// Ask answers a question about the host's vocabulary or its facts. goal may have
	// unbound variables in - arguments. known is false when the host does not have the
	// predicate.
	Ask(goal Term) (answer Answer, known bool)
	// Players returns the current players of a role that matches the pattern, in the
	// matchmaker's order of preference, without this peer and without suspected peers.
	// The truth Later says that a search is in progress.
	Players(model Digest, role Term) (players []Player, truth Truth)
}

// LeastFinder is a World that finds the least player of a role itself. Without it the engine
// selects from Players.
type LeastFinder interface {
	// LeastPlayer returns the player of Players whose role is the least in the order of terms;
	// of equal roles the first in the order of preference. A pattern without arguments means
	// any arguments, and then all roles are equal. ok is false when there is no player.
	LeastPlayer(model Digest, role Term) (player Player, ok bool)
}

// Player is a peer and the ground role term under which it is advertised.
type Player struct {
	Peer PeerID
	Role Term
	// ID is the peer as a term, String(Peer); nil: the engine makes it, each time.
	ID Term
}
