package modeltest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"runtime"
	"strings"
	"testing"
)

// pingText is a model in which alice asks everybody and each answers.
const pingText = `
r(asker, initial).
r(teller, necessary).
a(asker, A) ::
    ask => a(teller, _) then
    tell(X) <= a(teller, T) <- wants(X) then
    tell(Y) <= a(teller, U) <- not wants(Y) then
    (
        (done(X, Y) => a(teller, T) <- wants(X))
        or
        (null <- timeout(5))
    )
a(teller, T) ::
    ask <= a(asker, A) then
    tell(V) => a(asker, A) <- has(V) then
    ((done(_, _) <= a(asker, A)) or (null <- timeout(10)))
`

const ping = `Two tellers.
-- model.lcc --
` + pingText + `-- peers --
alice: asker   # she asks
bob: teller
carol: teller
-- alice.facts --
wants(1).
-- bob.facts --
has(1).
-- carol.facts --
has("a # b").
-- run --
%s
-- expect --
%s
`

func run(t *testing.T, options, expect string) Result {
	t.Helper()
	test, err := Load("ping.txtar", fmt.Appendf(nil, ping, options, expect), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	return test.Run()
}

const together = `together
  alice => bob: ask
  bob => alice: tell(B)
and
  alice => carol: ask
  carol => alice: tell(C)
end
`

func TestPass(t *testing.T) {
	for _, expect := range []string{
		together + "alice => bob: done(B, C)\nalice ends asker\nbob ends\ncarol ends",
		"alice => _: ask\nalice => _: ask\nmaybe by 1s: bob => carol: ask\n* => alice: tell(X)\nby 1s: * => alice: tell(Y)\nalice => *: " +
			"done(_, _)",
		together + "maybe alice => carol: done(_, _)\nmaybe alice => bob: done(_, _)\nnever bob => carol: ask",
		"together\ntogether\nalice => bob: ask\nand\nalice => carol: ask\nend\nand\nmaybe bob => carol: ask\nend\n" +
			"together\nbob => alice: tell(_)\nand\ncarol => alice: tell(_)\nend\nalice => bob: done(1, \"a # b\")",
		together + "alice => bob: done(_, _)\nnever alice fails _\nnever alice waits in _\nalice enters asker\nnever alice enters teller",
	} {
		if r := run(t, "seeds: 1..3", expect); !r.Passed() {
			t.Errorf("%s\nfailed:\n%s", expect, r.Text())
		}
	}
	if r := run(t, "others: allowed", "bob => alice: tell(1)"); !r.Passed() {
		t.Errorf("with others allowed:\n%s", r.Text())
	}
}

func TestFail(t *testing.T) {
	for expect, want := range map[string]string{
		"":                                      "ping.txtar:",
		together + "alice => carol: done(_, _)": "> alice => carol: done(_, _)",
		"alice => bob: ask\nbob => alice: tell(_)":                   "alice => carol: ask",
		together + "alice => bob: done(C, B)":                        "> alice => bob: done(C, B)",
		together + "by 1ms: alice => bob: done(_, _)":                "> by 1ms: alice => bob: done(_, _)",
		together + "alice => bob: done(_, _)\nalice fails _":         "alice fails _: it did not happen",
		together + "alice => bob: done(_, _)\nnever bob ends":        "never bob ends, but:",
		together + "alice => bob: done(_, _)\nnever * => *: tell(1)": "never * => *: tell(1), but:",
		together + "alice => bob: done(_, _)\nalice waits in asker":  "it did not happen",
		together + "alice => bob: done(_, _)\nalice => bob: ask":     "> alice => bob: ask",
	} {
		r := run(t, "", expect)
		if got := r.Text(); r.Passed() || !strings.Contains(got, want) {
			t.Errorf("%s\ngot:\n%s\nwant it to hold %q", expect, got, want)
		}
	}
}

// TestUnspoken checks that failures and waits that no line expects are reported.
func TestUnspoken(t *testing.T) {
	text := `
-- model.lcc --
r(x, initial). r(y, initial).
a(x, X) :: go <= a(y, Y)
a(y, Y) :: null <- n(V) and V > 1 then null
-- peers --
p: x
q: y
-- q.facts --
n(word).
-- expect --
%s`
	for expect, passes := range map[string]bool{
		"":                                  false,
		"p waits in x":                      false,
		"q fails type":                      false,
		"p waits in x\nq fails type":        true,
		"_ waits in _\n_ fails _":           true,
		"p waits in y\nq fails type":        false,
		"p waits in x\nq fails limit":       false,
		"never p waits in x\nq fails _":     false,
		"p waits in x\nnever q fails type":  false,
		"p waits in x\nnever q fails limit": false,
	} {
		test, err := Load("t.txtar", fmt.Appendf(nil, text, expect), Sources{})
		if err != nil {
			t.Fatal(err)
		}
		if r := test.Run(); r.Passed() != passes {
			t.Errorf("%q: got %v, want %v\n%s", expect, r.Passed(), passes, r.Text())
		}
	}
}

func TestEvents(t *testing.T) {
	text := `
-- model.lcc --
r(watcher, initial). r(echo, necessary).
a(watcher, W) ::
    (ping(N) => a(echo, E) <- say(N) and not known(said(N)) and k(said(N)) then
        ((pong(N) <= a(echo, E) then a(watcher, W)) or (null <- failed(E, R) then lost(R) => a(echo, E) then a(watcher, W))))
a(echo, E) :: (ping(N) <= a(watcher, W) then pong(N) => a(watcher, W)) or (lost(R) <= a(watcher, W))
-- peers --
w: watcher
e:
f:
-- events --
at 1s: w learns say(1)
at 2s: e begins echo
at 3s: w forgets say(_)
at 10s: e begins echo
at 10s: cut w | e f
at 20s: w learns say(2)
at 30s: heal
at 25s: lose 1 w => e: ping(_)
at 40s: e crashes
-- expect --
by 2500ms: w => e: ping(1)
by 2600ms: e => w: pong(1)
by 32s: w => e: ping(2)
w => e: lost(no_answer)
w waits in watcher
`
	test, err := Load("t.txtar", []byte(text), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); !r.Passed() {
		t.Errorf("%s\n%s", r.Text(), strings.Join(r.Story, "\n"))
	}
}

func TestProblems(t *testing.T) {
	whole := func(section, text string) string {
		sections := []struct{ name, text string }{
			{"m.lcc", "r(x, initial).\na(x, X) :: go(N) <= a(x, Y)\n"}, {"peers", "p: x\n"}, {"expect", "p waits in x\n"},
		}
		var b strings.Builder
		found := false
		for _, s := range sections {
			if s.name == section {
				s.text, found = text, true
			}
			fmt.Fprintf(&b, "-- %s --\n%s\n", s.name, s.text)
		}
		if !found {
			fmt.Fprintf(&b, "-- %s --\n%s\n", section, text)
		}
		return b.String()
	}
	for _, test := range []struct{ section, text, want string }{
		{"peers", "p", "write name: role"},
		{"peers", "p: x\np: x", "t.txtar:7: a second peer p"},
		{"peers", "p: y", "no clause a(y, ...)"},
		{"peers", "p: x(1", "the role x(1"},
		{"peers", "", "no peers"},
		{"peers", "never: x", "is a word of the format"},
		{"peers", peersText(peersMax + 1), "more than 256 peers"},
		{"p.actions", "guest(1, 2) 0 times", "once, or 3 times"},
		{"p.actions", "guest(1, 2) many times", "once, or 3 times"},
		{"p.facts", "a(1)", "a fact ends with"},
		{"p.facts", "guest(1, 2).\nguest(1, X) :- X > Y.", "t.txtar:13: variable Y"},
		{"p.facts", "r(x, initial).", "this is neither a fact nor a rule"},
		{"p.facts", "a(X).", "a variable stands where a value is needed"},
		{"q.facts", "a(1).", "there is no peer q: did you mean p?"},
		{"p.given", "X", "Variable = value"},
		{"p.actions", "go after 2", "after what time"},
		{"p.actions", "go after -2s", "after what time"},
		{"p.actions", "go fails no", "double quotes"},
		{"run", "seeds", "write key: value"},
		{"run", "seeds: 5..1", "a range"},
		{"run", "loss: 2", "a share from 0 to 1"},
		{"run", "limit: -1s", "write a time"},
		{"run", "speed: 1", "is not a key"},
		{"run", "others: some", "refused or allowed"},
		{"events", "p crashes", "write at 2s"},
		{"events", "at x: p crashes", "write a time"},
		{"events", "at 1s: q crashes", "there is no peer q"},
		{"events", "at 1s: p sleeps", "write: bob learns FACT"},
		{"events", "at 1s: cut p", "each side"},
		{"events", "at 1s: p begins z", "no clause a(z, ...)"},
		{"events", "at 1s: lose p: x", "write alice => bob"},
		{"expect", "p => q: x", "there is no peer q"},
		{"expect", "p => p: x(", "t.txtar:9"},
		{"expect", "and", "without together"},
		{"expect", "together", "together without end"},
		{"expect", "never p => p: og(1)", "did you mean go/1?"},
		{"expect", "maybe p => p: go", "no message go/0: it has go/1"},
		{"expect", "never p enters nosuch", "no clause a(nosuch, ...)"},
		{"events", "at 1s: lose p => p: og(1)", "did you mean go/1?"},
		{"expect", "p sleeps", "write alice => bob: MESSAGE"},
		{"expect", "p waits x", "write alice => bob: MESSAGE"},
		{"expect", "p fails", "for what reason"},
		{"expect", "by 5: p => p: x", "write by 5s"},
		{"expect", "maybe by 5: p => p: x", "write by 5s"},
		{"expect", strings.Repeat("p => p: go(1)\n", messagesMax+1), "more than 1000 messages"},
		{"expect", strings.Repeat("#\n", bytesMax), "more than 256 KiB"},
	} {
		_, err := Load("t.txtar", []byte(whole(test.section, test.text)), Sources{})
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s %q: got %v, want %q", test.section, test.text, err, test.want)
		}
	}
}

// A peer's fact of a predicate that the text defines counts, whatever other name is like it.
func TestFactOfADefinedPredicate(t *testing.T) {
	test, err := Load("t.txtar", []byte("-- m.lcc --\nr(x, initial).\n@knows(g(_))\na(x, X) :: null <- h(1)\nh(X) :- g(X).\n"+
		"-- peers --\np: x\n-- p.facts --\nh(1).\n-- expect --\np ends\n"), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); !r.Passed() {
		t.Error(r.Text())
	}
}

// What a test says of a peer is what its model asks for.
func TestWhatAModelAsks(t *testing.T) {
	const text = "-- m.lcc --\nr(x, initial).\na(x, X) :: null <- guest(G, N) and full(1) and migrate(d, G, N)\nfull(1).\n" +
		"-- peers --\np: x\n-- p.facts --\nguest(1, 2).\n%s\n-- p.actions --\n%s\n-- events --\n%s\n-- expect --\np waits in x\n"
	for _, c := range []struct{ fact, action, event, want string }{
		{"", "migrate(_, 1, 2)", "at 1s: p learns guest(3, 4)", ""},
		{"", "_ fails", "", ""},
		{"guets(1, 2).", "", "", "t.txtar:9: the model never asks its peer for guets/2: did you mean guest/2?"},
		{"guest(1).", "", "", "t.txtar:9: the model never asks its peer for guest/1: it asks for guest/2"},
		{"length(1, 2).", "", "", "t.txtar:9: length/2 is built in: a peer is never asked for it"},
		{"full(1).", "reserve(1)", "at 1s: p learns load(0.5)", ""},
		{"", "migrat(_, 1, 2)", "", "t.txtar:11: the model never asks its peer for migrat/3: did you mean migrate/3?"},
		{"", "migrate(_, 1) after 2s", "", "t.txtar:11: the model never asks its peer for migrate/2: it asks for migrate/3"},
		{"", "", "at 1s: p learns gest(1, 2)", "t.txtar:13: the model never asks its peer for gest/2: did you mean guest/2?"},
	} {
		_, err := Load("t.txtar", []byte(fmt.Sprintf(text, c.fact, c.action, c.event)), Sources{})
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && (c.want == "" || !strings.Contains(got, c.want)) {
			t.Errorf("%+v: got %v", c, err)
		}
	}
}

func peersText(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "p%d:\n", i)
	}
	return b.String()
}

func TestNoModel(t *testing.T) {
	sources := Sources{
		Read: func(name string) ([]byte, error) {
			return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
		},
		Shipped: func(name string) ([]byte, bool) { return []byte(pingText), name == "ping" },
	}
	for text, want := range map[string]string{
		"-- peers --\np: x\n":                                 "no model",
		"-- model --\na\nb\n":                                 "one line",
		"-- model --\nnowhere.lcc\n":                          "nowhere.lcc",
		"-- model --\nping\n-- m.lcc --\n":                    "two models",
		"-- m.lcc --\na(x, X) :: go => a(z, Z)\n":             "no clause defines role z",
		"-- model --\nping\n-- peers --\np: asker\n":          "nothing is expected",
		"-- model --\nping\n-- model --\nping\n-- peers --\n": "a second section",
	} {
		_, err := Load("dir/t.txtar", []byte(text), sources)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// TestDeterminism checks that a seed gives the same bytes, on one core and on all.
func TestDeterminism(t *testing.T) {
	whole := func(procs int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		r := run(t, "seeds: 7..9\nloss: 0.2\njitter: 30ms\nduplicate: 0.2", "_ ends")
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text) + r.Coverage.Text()
	}
	if a, b := whole(1), whole(runtime.NumCPU()); a != b {
		t.Errorf("got\n%s\nthen\n%s", a, b)
	}
}

func TestCoverage(t *testing.T) {
	r := run(t, "", together+"alice => bob: done(_, _)")
	events, all := Count(r.Coverage.Events)
	branches, ways := Count(r.Coverage.Branches)
	if events != 8 || all != 9 || branches != 3 || ways != 4 {
		t.Errorf("got %d of %d events, %d of %d branches, want 8 of 9, 3 of 4:\n%s", events, all, branches, ways, r.Coverage.Text())
	}
	other := run(t, "", "_ ends")
	if !r.Coverage.Same(other.Coverage) {
		t.Error("two tests of one text do not know it")
	}
	for i := range other.Coverage.Events {
		other.Coverage.Events[i].Reached = true
	}
	r.Coverage.Merge(other.Coverage)
	if events, _ := Count(r.Coverage.Events); events != all {
		t.Errorf("merged: got %d events, want %d", events, all)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add(fmt.Sprintf(ping, "seeds: 1..2", together))
	f.Add("-- model --\nping\n-- peers --\np: asker\n-- events --\nat 1s: cut p | q\n")
	f.Fuzz(func(t *testing.T, text string) {
		test, err := Load("f.txtar", []byte(text), Sources{
			Read:    func(string) ([]byte, error) { return nil, fs.ErrNotExist },
			Shipped: func(string) ([]byte, bool) { return []byte(pingText), true },
		})
		if err != nil {
			return
		}
		test.SetSeeds(1, 1)
		if text := (&Result{Failures: test.Run().Failures}).Text(); text == "" {
			t.Error("a result without a text")
		}
	})
}
