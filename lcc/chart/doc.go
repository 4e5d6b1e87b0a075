// Package chart draws models and runs as text that other programs render: the
// state machine of a role and who speaks with whom in DOT (Graphviz) and
// Mermaid, the sequence of a run in Mermaid and in plain characters.
//
// A state is a place where an agent waits, a transition an event. Nothing is
// drawn that the text does not say: a choice is a state with several ways out,
// a par a bar that several ways leave and meet at again, and a change of role
// a box with the role's name, which is the beginning of another picture.
package chart
