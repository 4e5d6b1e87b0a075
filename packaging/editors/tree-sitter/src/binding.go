//go:build cgo

// Package grammar has the generated parser of LCC for tree-sitter. Tests use it; no
// command does, and without cgo it is not built.
package grammar

// #cgo CFLAGS: -std=c11 -fPIC
// #include "tree_sitter/parser.h"
// const TSLanguage *tree_sitter_lcc(void);
import "C"

import "unsafe"

// Language is the language as the library of tree-sitter takes it.
func Language() unsafe.Pointer { return unsafe.Pointer(C.tree_sitter_lcc()) }
