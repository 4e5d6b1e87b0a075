// Package gate tries policies before they may be published: a host must enact each model,
// the tests beside it must pass, and a simulated site with trouble must be no worse off
// with the policy than without. It reads the tests and the scenario of a policy, and
// returns a report; who asks puts it into words.
package gate
