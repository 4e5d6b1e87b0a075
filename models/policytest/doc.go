// Package policytest holds what the tests of policies share: sites to run them on, and
// checks of the results.
package policytest
