package syntax

import (
	"fmt"
	"strings"
	"testing"
)

func TestLexemes(t *testing.T) {
	list := Lexemes([]byte("@note /* c */\na(x, X_1) :: 'q r' <= _ then % end\n\"s\" 1.5 {"))
	var got []string
	for _, l := range list {
		got = append(got, fmt.Sprintf("%s@%d:%s", l.Kind, l.Offset, l.Text))
	}
	want := "Punct@0:@|Ident@1:note|Comment@6:/* c */|Ident@14:a|Punct@15:(|Ident@16:x|Punct@17:,|Var@19:X_1|Punct@22:)|" +
		"Define@24:::|Quoted@27:'q r'|In@33:<=|Wildcard@36:_|Keyword@38:then|Comment@43:% end|String@49:\"s\"|Number@53:1.5|Unknown@57:{"
	if strings.Join(got, "|") != want {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "|"), want)
	}
}
