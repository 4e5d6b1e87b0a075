// Package names says what the names of a text stand for and where each of them is
// written: roles, messages, predicates and variables. An editor finds, renames and
// completes them with it. It reads a syntax tree and runs nothing.
package names
