package syntax

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// The grammar. Parentheses may hold a whole definition anywhere: only the arrow after
// them shows whether they hold a definition, a constraint or an arithmetic expression.
// Lowering decides that, so the parser needs only one token of lookahead.
type (
	gItem struct {
		Pos  lexer.Position
		Note *gNote      `parser:"@@ [ '.' ]"`
		Body *gStatement `parser:"| @@"`
	}
	gNote struct {
		Pos  lexer.Position
		Name gName       `parser:"'@' @@"`
		Args []*gNoteArg `parser:"[ '(' [ @@ { ',' @@ } ] ')' ]"`
	}
	gName struct {
		Pos  lexer.Position
		Text string `parser:"@Ident"`
	}
	gNoteArg struct {
		Note *gNote `parser:"@@"`
		Term *gSum  `parser:"| @@"`
	}
	gStatement struct {
		Head   *gPrimary `parser:"@@"`
		Clause *gDef     `parser:"[ ( Define @@"`
		Rule   *gDef     `parser:"| Neck @@ ) ]"`
		Dot    bool      `parser:"[ @'.' ]"`
	}
	gDef struct {
		Pos   lexer.Position
		First *gAlt   `parser:"@@"`
		Rest  []*gAlt `parser:"{ 'then' @@ }"`
	}
	gAlt struct {
		Pos   lexer.Position
		First *gPar   `parser:"@@"`
		Rest  []*gPar `parser:"{ 'or' @@ }"`
	}
	gPar struct {
		Pos   lexer.Position
		First *gEvent   `parser:"@@"`
		Rest  []*gEvent `parser:"{ 'par' @@ }"`
	}
	gEvent struct {
		Pos    lexer.Position
		First  *gDisj    `parser:"@@"`
		Arrows []*gArrow `parser:"{ @@ }"`
	}
	gArrow struct {
		Pos     lexer.Position
		If      bool   `parser:"( @If"`
		Out     bool   `parser:"| @Out"`
		In      bool   `parser:"| @In )"`
		Operand *gDisj `parser:"@@"`
	}
	gDisj struct {
		Pos   lexer.Position
		First *gConj   `parser:"@@"`
		Rest  []*gConj `parser:"{ ';' @@ }"`
	}
	gConj struct {
		Pos   lexer.Position
		First *gLit   `parser:"@@"`
		Rest  []*gLit `parser:"{ ( 'and' | '∧' | '&' | ',' ) @@ }"`
	}
	gLit struct {
		Pos  lexer.Position
		Nots []string `parser:"{ @( 'not' | '¬' ) }"`
		Cmp  *gCmp    `parser:"@@"`
	}
	gCmp struct {
		Pos   lexer.Position
		Left  *gSum  `parser:"@@"`
		Op    string `parser:"[ @( Compare | 'is' | 'in' )"`
		Right *gSum  `parser:"@@ ]"`
	}
	gSum struct {
		Pos   lexer.Position
		First *gProduct  `parser:"@@"`
		Rest  []*gAddend `parser:"{ @@ }"`
	}
	gAddend struct {
		Op      string    `parser:"@( '+' | '-' )"`
		Operand *gProduct `parser:"@@"`
	}
	gProduct struct {
		Pos   lexer.Position
		First *gUnary    `parser:"@@"`
		Rest  []*gFactor `parser:"{ @@ }"`
	}
	gFactor struct {
		Op      string  `parser:"@( '*' | '/' | 'mod' )"`
		Operand *gUnary `parser:"@@"`
	}
	gUnary struct {
		Pos     lexer.Position
		Minuses []string  `parser:"{ @'-' }"`
		Operand *gPrimary `parser:"@@"`
	}
	gPrimary struct {
		Pos    lexer.Position
		Group  *gDef  `parser:"'(' @@ ')'"`
		Number string `parser:"| @Number"`
		String string `parser:"| @String"`
		Var    string `parser:"| @Var"`
		Wild   bool   `parser:"| @Wildcard"`
		List   *gList `parser:"| @@"`
		Const  *gCall `parser:"| @@"`
	}
	gList struct {
		Open  bool    `parser:"@'['"`
		Items []*gSum `parser:"[ @@ { ',' @@ }"`
		Tail  *gSum   `parser:"[ '|' @@ ] ] ']'"`
	}
	gCall struct {
		Name   string  `parser:"( @Ident"`
		Quoted string  `parser:"| @Quoted )"`
		Parens bool    `parser:"[ @'('"`
		Args   []*gArg `parser:"[ @@ { ',' @@ } ] ')' ]"`
	}
	gArg struct {
		Pos   lexer.Position
		First *gArgConj   `parser:"@@"`
		Rest  []*gArgConj `parser:"{ ';' @@ }"`
	}
	gArgConj struct {
		Pos   lexer.Position
		First *gLit   `parser:"@@"`
		Rest  []*gLit `parser:"{ ( 'and' | '∧' | '&' ) @@ }"`
	}
)

var grammar = participle.MustBuild[gItem](
	participle.Lexer(dividing{}),
	participle.Elide("Space", "Comment"),
	participle.UseLookahead(1),
)
