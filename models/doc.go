// Package models holds the interaction models that are shipped with Parley. The
// texts are the policies: read them. Their parameters are facts at their heads,
// to be changed in a copy; docs/policies says when to use which.
//
//	agility.lcc        an even load on all hosts
//	power_saving.lcc   guests packed onto few hosts
//	seed.lcc           the three clauses of the talk that Parley comes from, repaired
//	evacuate.lcc       a host that wants to be empty spreads its guests
//	forward.lcc        a request travels from peer to peer until somebody has room
//	search.lcc         room within the group first, beyond it when there is none
//	priority.lcc       guests that count for less make room for those that count for more
//	swap.lcc           two guests change places where no single move helps
//	vickrey.lcc        overloaded hosts buy room by sealed bids at the second price
//	shop.lcc           a buyer and a shopkeeper, to learn the language by
package models
