package spell

import (
	"fmt"
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	many := make([]string, 1000)
	for i := range many {
		many[i] = fmt.Sprintf("other%d", i)
	}
	for _, c := range []struct {
		name  string
		known string
		want  string
	}{
		{"byer", "seller buyer", "buyer"},
		{"hold_sampels", "hold_samples held", "hold_samples"},
		{"wb", "web db", "db"},            // both are one letter away
		{"wb", "db web", "db"},            // whatever their order
		{"h", "hosts a", "a"},             // one letter may always differ
		{"host", "guests", ""},            // three differ
		{"h7", "h1 h2", ""},               // another number
		{"host9", "host1 host2", "host1"}, // in a longer name it may be a slip
		{"hh1", "h1", "h1"},
		{"wbe1", "web1", "web1"},             // a quarter of four, and one more
		{"afford", "before", ""},             // three of six are too many
		{"adress", "addresses", "addresses"}, // three of nine are not
		{"max_list", "sum_list", ""},         // three differ, the first among them
		{"swinging", "swing", "swing"},
		{"gpa", "gap quiet", "gap"},
		{"room", "atom", ""}, // two of four, the first among them
		{"gpx", "gap quiet", ""},
		{"web", "web webs", ""}, // it is known
		{"", "", ""},            //
		{"überlast", "uberlast", "uberlast"},
		{strings.Repeat("a", 65), strings.Repeat("a", 64), ""},
		{strings.Repeat("a", 64), strings.Repeat("a", 65), ""},
		{"othr999", strings.Join(many, " "), "other199"}, // the last, other999 among them, are not compared
	} {
		if got := Nearest(c.name, strings.Fields(c.known)); got != c.want {
			t.Errorf("%.70s among %.70s: got %q, want %q", c.name, c.known, got, c.want)
		}
	}
}
