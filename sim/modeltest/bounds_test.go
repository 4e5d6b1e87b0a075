package modeltest

import (
	"fmt"
	"strings"
	"testing"

	"parley/lcc"
)

// forever is a model whose peers never become idle.
const forever = `
-- model.lcc --
r(x, initial). r(y, necessary).
a(x, X) :: go => a(y, Y) then back <= a(y, Y) then a(x, X)
a(y, Y) :: go <= a(x, X) then back => a(x, X) then a(y, Y)
-- peers --
p: x
q: y
-- run --
limit: %s
-- expect --
p => q: go
q => p: back
`

func result(t *testing.T, text string) *Result {
	t.Helper()
	test, err := Load("t.txtar", []byte(text), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	r := test.Run()
	return &r
}

// TestForever checks that an endless test is stopped, with the reason, and without all
// its events.
func TestForever(t *testing.T) {
	r := result(t, fmt.Sprintf(forever, "10m"))
	if got, want := len(r.Story), eventsMax+1; got < want || got > want+10 {
		t.Errorf("got a story of %d lines, want %d", got, want)
	}
	for _, want := range []string{
		"it does not end: 100000 events until ",
		"> (nothing more)  0.002s p => q: go",
		" more)\n",
		"p still plays x at the end, stopped at ",
	} {
		if got := r.Text(); !strings.Contains(got, want) || len(got) > 4000 {
			t.Errorf("got %d bytes:\n%.4000s\nwant it to hold %q", len(got), got, want)
		}
	}
}

// TestRush checks that a model which makes no time pass is stopped, and who sends what.
func TestRush(t *testing.T) {
	r := result(t, `
-- model.lcc --
r(x(_), initial). r(y, necessary).
a(x(T), X) :: ask => a(y, T) then ((yes <= a(y, T)) or (null <- failed(T) then a(x(T), X)))
a(y, Y) :: ask <= a(x(_), X) then yes => a(x(_), X)
-- peers --
p: x(nobody)
q: y
-- expect --
p waits in x(_)
`)
	want := "peer p sends without a pause: more than 10000 messages within 1ms of virtual time, at 0.000 s. " +
		"The last one is ask to nobody, in role x(nobody) (t.txtar/model.lcc:2): wait before it is sent again"
	if got := r.Text(); !strings.Contains(got, want) || len(got) > 4000 {
		t.Errorf("got %d bytes:\n%.4000s\nwant them to hold %q", len(got), got, want)
	}
}

// TestEnding checks that a test distinguishes the limit from a quiet end.
func TestEnding(t *testing.T) {
	if got, want := result(t, fmt.Sprintf(forever, "1s")).Text(), "p still plays x at the end, at the limit of 1s"; !strings.Contains(got,
		want) {
		t.Errorf("got:\n%s\nwant it to hold %q", got, want)
	}
	silent := strings.Replace(fmt.Sprintf(forever, "10m"), "q: y", "q:", 1)
	if got, want := result(t, silent).Text(), "when nothing had happened for 1m0s"; !strings.Contains(got, want) {
		t.Errorf("got:\n%s\nwant it to hold %q", got, want)
	}
}

// TestManyOthers checks that the cost of a long run with few expectations is linear.
func TestManyOthers(t *testing.T) {
	text := strings.Replace(fmt.Sprintf(forever, "10s"), "-- expect --", "others: allowed\n-- expect --\np waits in x", 1)
	r := result(t, text)
	if !r.Passed() || r.Messages < 9_000 {
		t.Errorf("got %d messages, want at least 9000, and none refused:\n%s", r.Messages, r.Text())
	}
}

// TestManyWays checks that the search is abandoned if there are too many possible
// matches, and that layers of optional messages cost no more than their number of
// lines.
func TestManyWays(t *testing.T) {
	body, err := lcc.ParseTerm("m")
	if err != nil {
		t.Fatal(err)
	}
	messages := func(n int) (list []sent) {
		for range n {
			list = append(list, sent{from: "p", to: "q", body: body})
		}
		return list
	}
	read := func(expect string) *expectation {
		r := &reader{test: &Test{Name: "t"}, at: map[string]int{"p": 0, "q": 1}}
		r.expectations(&section{data: []byte(expect)})
		if len(r.problems) > 0 {
			t.Fatal(r.problems)
		}
		return r.test.expect
	}
	layer := "together\nmaybe p => q: m\nand\nmaybe p => q: m\nend\n"
	layers := &search{want: read(strings.Repeat(layer, 100)).messages, sent: messages(10)}
	if _, ok := layers.match(); !ok || layers.work > 100*layers.step {
		t.Errorf("layers: got %v with a work of %d, want true with at most %d", ok, layers.work, 100*layers.step)
	}
	branches := "together\n" + strings.Repeat("p => q: m\nand\n", 30) + "p => q: n\nend\n"
	many := &search{want: read(branches).messages, sent: messages(31)}
	a, ok := many.match()
	if message := many.compare(a).Message; ok || !strings.Contains(message, "too many ways to read them") {
		t.Errorf("branches: got %v, %s; want false, and that there are too many ways", ok, message)
	}
}
