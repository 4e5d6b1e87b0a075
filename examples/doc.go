// Package examples holds programs to read, run and change.
//
// Seven are interaction models with their tests: shop, contract_net, vickrey,
// offers, two_phase_commit, philosophers and gossip. Each directory has the
// model, tests as text files for `parley test`, which reach every event and
// branch of it, and a README that says what it shows and what it does not
// promise. The Go tests here hold properties of them over many seeds, on a
// network that loses, doubles and delays and among peers that die or are cut
// off.
//
// The laboratory (lab) is another: real hypervisors, real guests and live
// migrations on one machine.
package examples
