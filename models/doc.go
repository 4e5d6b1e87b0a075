// Package models holds the interaction models that are shipped with Parley, each in a
// directory with its page and its tests. The texts are the policies: read them. Their
// parameters are facts at the top, to be changed in a copy. docs/policies says when to
// use which; shop is for learning the language.
//
// The packages below publish carry a policy to the hosts.
package models
