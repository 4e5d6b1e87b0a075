// Package lsp serves LCC texts to editors by the Language Server Protocol: findings as one
// types, definitions, references, names that change everywhere, what a constraint asks of a
// host, completion and the canonical form.
//
// Requests are answered one after the other, in the order of the editor, from the text as
// it is then (turns.go). One that the editor cancels before its turn is not handled. Only the
// search for roles that wait for ever, which may take seconds, is done beside (explore.go),
// and its findings come later.
package lsp
