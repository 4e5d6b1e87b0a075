// Package chart draws models and runs as text for other programs to render: the state
// machine of a role and the messages between roles in DOT (Graphviz) and Mermaid, the
// sequence of a run in Mermaid and in plain characters.
//
// A state is a point where an agent waits; a transition is an event. The drawing adds
// nothing to the text: a choice is a state with several outgoing edges, a par is a bar
// where several edges begin and a bar where they meet again, and a change of role is a
// box with the role's name, which refers to another diagram.
package chart
