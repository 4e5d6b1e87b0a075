// Package audit keeps what became of deals, what operators ordered and what
// other hosts signed, in a bbolt file, for people who ask later.
//
// Nothing depends on it: deals are settled by the journal and the platforms. So
// it never holds anything up (Add drops what does not fit into its queue, and
// counts it), and a file that is damaged is moved aside and made anew from the
// journal, as far as that goes.
package audit
