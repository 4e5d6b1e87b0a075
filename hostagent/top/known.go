package top

import (
	"strings"

	"github.com/gdamore/tcell/v2"
)

// Known is the name of a kind of terminal under which the library knows it, or one that does
// no more than it: TERM has many names with a suffix, such as xterm-16color, for few kinds.
func Known(term string) string {
	for name := term; name != ""; {
		if _, err := tcell.LookupTerminfo(name); err == nil {
			return name
		}
		i := strings.LastIndexAny(name, "-.")
		name = name[:max(i, 0)]
	}
	return term
}
