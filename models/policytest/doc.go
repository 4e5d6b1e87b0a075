// Package policytest has what the tests of policies share: sites to run them on, and
// what must hold on each.
package policytest
