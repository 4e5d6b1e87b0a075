// Package models holds the interaction models that are shipped with Parley, each in a
// directory with its page and its tests. The texts are the policies: read them. Their
// parameters are facts at their heads, to be changed in a copy; docs/policies says when
// to use which, and shop is there to learn the language by.
//
// What follows a policy on its way to the hosts is below publish.
package models
