// Package bundle reads a policy: one .lcc file or a directory of them, as a
// sorted set of files with one digest.
//
// What it reads is bounded and stays inside the directory: a policy comes from
// elsewhere, and must not be able to bring in what it does not hold.
package bundle
