package syntax

import "github.com/alecthomas/participle/v2/lexer"

// split splits the tokens into items. An item ends with its dot, and before the head of
// a clause or a rule, a declaration, an annotation, or a fact at the beginning of a
// line.
func split(list []lexer.Token) (items [][]lexer.Token) {
	heads := map[int]bool{}
	for i, t := range list {
		if t.Type == symDefine || t.Type == symNeck {
			if start, ok := headOf(list, i); ok {
				heads[start] = true
			}
		}
	}
	begin := 0
	for i, t := range list {
		if i > begin && (heads[i] || begins(list, begin, i)) {
			items = append(items, list[begin:i])
			begin = i
		}
		if t.Value == "." && t.Type == symPunct {
			items = append(items, list[begin:i+1])
			begin = i + 1
		}
	}
	if begin < len(list) {
		items = append(items, list[begin:])
	}
	return items
}

// begins reports whether the token at i begins an annotation, a declaration or a fact
// after the item that begins at begin and has no dot.
func begins(list []lexer.Token, begin, i int) bool {
	before, t := list[i-1], list[i]
	switch {
	case t.Value == "@" && t.Type == symPunct:
		return before.Value != "(" && before.Value != "," // a nested annotation
	case t.Type != symIdent || !endsOperand(before):
		return false
	case t.Value == "r" && i+1 < len(list) && list[i+1].Value == "(":
		first := list[begin]
		if first.Value == "@" || first.Value == "r" && list[begin+1].Value == "(" {
			return true
		}
	}
	// After a forgotten "then" a message may look like a fact. A fact is not indented
	// deeper than the head of the clause; the continuation of a clause is.
	return t.Pos.Line > before.Pos.Line && t.Pos.Column <= list[begin].Pos.Column && isFact(list[i:])
}

// isFact reports whether tokens begin with a constant, parentheses and a dot.
func isFact(list []lexer.Token) bool {
	depth := 0
	for i := 1; i < len(list); i++ {
		switch t := list[i]; {
		case t.Value == "(" && t.Type == symPunct:
			depth++
		case t.Value == ")" && t.Type == symPunct:
			depth--
		case t.Value == "." && t.Type == symPunct:
			return depth == 0
		case depth == 0, t.Type == symDefine, t.Type == symNeck, t.Type == symIf, t.Type == symIn, t.Type == symOut:
			return false
		}
	}
	return false
}

// endsOperand reports whether an operand may end with a token. In an item two operands
// are never adjacent.
func endsOperand(t lexer.Token) bool {
	switch t.Type {
	case symIdent, symVar, symNumber, symWildcard, symString, symQuoted:
		return true
	}
	return t.Value == ")" || t.Value == "]"
}

// headOf walks back from a "::" or ":-" over the parentheses before it. When they do
// not match, the head is everything before it on its line.
func headOf(list []lexer.Token, define int) (start int, ok bool) {
	if define > 0 && list[define-1].Type == symIdent {
		return define - 1, true // the head of a rule without arguments
	}
	depth := 0
	for i := define - 1; i >= 0; i-- {
		switch list[i].Type {
		case symDefine, symNeck, symIf, symIn, symOut:
			return lineOf(list, define)
		}
		switch list[i].Value {
		case ")":
			depth++
		case "(":
			depth--
			if depth == 0 && i > 1 && (list[i-2].Value == "(" || list[i-2].Value == ",") {
				return lineOf(list, define) // there is an unmatched parenthesis before it
			}
			if depth == 0 {
				return i - 1, i > 0 && (list[i-1].Type == symIdent || list[i-1].Value == "A")
			}
		}
		if depth == 0 {
			return lineOf(list, define)
		}
	}
	return lineOf(list, define)
}

func lineOf(list []lexer.Token, define int) (start int, ok bool) {
	start = define
	for start > 0 && list[start-1].Pos.Line == list[define].Pos.Line {
		if t := list[start-1]; t.Value == "." || t.Type == symDefine || t.Type == symNeck {
			break
		}
		start--
	}
	return start, start < define && list[start].Type == symIdent
}
