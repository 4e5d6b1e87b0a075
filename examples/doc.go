// Package examples holds programs to read, run and change.
//
// Seven are interaction models with their tests: shop, contract_net, vickrey, offers,
// two_phase_commit, philosophers and gossip. Each directory has the model, tests as
// text files for `parley test`, which reach every event and branch of it, and a README
// that says what it shows and what it does not guarantee. The Go tests here check
// properties of the models over many seeds, on a network that loses, duplicates and
// delays messages, and with peers that crash or are cut off.
//
// The laboratory (lab) is another one: real libvirt hosts, real guests and live
// migrations on one machine.
package examples
