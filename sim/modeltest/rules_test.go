package modeltest

import (
	"fmt"
	"strings"
	"testing"
)

// Each of these tests shows one rule of the language, and passes.
func TestRulesOfTheLanguage(t *testing.T) {
	again := ""
	for i := range 300 {
		again += fmt.Sprintf("at %ds: ann begins guest\n", i+1)
	}
	for name, text := range map[string]string{
		"a constraint is an argument": `
-- m.lcc --
r(guest, initial). r(host, necessary).
@knows(seat(_, _), why(_))
a(guest, G) :: seats(L, M) => a(host, _) <- findall(S, seat(S, P) and not P = high, L) and findall(S, (seat(S, low); taken(S)), M)
    then null <- why(_X is 2 + 1)
a(host, _) :: seats([1], [1, 4]) <= a(guest, _)
taken(4).
-- peers --
ann: guest
bob: host
-- ann.facts --
seat(1, low). seat(2, high).
why(3 is 2 + 1).
-- expect --
ann => bob: seats([1], [1, 4])
ann ends
`,
		"a constant names a peer in facts, arguments of roles and messages": `
-- m.lcc --
r(guest, initial). r(host(_), necessary). r(porter, necessary).
@knows(friend(_))
a(guest, G) :: knock(G) => a(host(G), H) <- friend(H) then let(bob) <= a(host(ann), bob) then G = ann and H = bob then done => a(porter, _)
a(host(W), H) :: knock(ann) <= a(guest, W) then let(H) => a(guest, W) <- W = ann and sort(["b", a, b], [a, b, b])
a(porter, P) :: done <= a(guest, _)
-- peers --
ann: guest
bob: starts host(ann)
pat: porter
-- ann.facts --
friend(bob).
-- expect --
ann => bob: knock(ann)
bob => ann: let("bob")
ann => pat: done
`,
		"a rule is found by a string where it is written with a constant": `
-- m.lcc --
r(x, initial). r(y, necessary).
place(a, 1). place(b, 2). place(c, 3). place(d, 4). place(e, 5). place("f g", 6). place(h, 7). place(i, 8). place(j, 9). place(k, 10).
a(x, X) :: at(N, M) => a(y, _) <- place("d", N) and place('f g', M)
a(y, Y) :: at(4, 6) <= a(x, _)
-- peers --
p: x
q: y
-- expect --
p => q: at(4, 6)
`,
		"large integers are compared exactly with numbers with a point": `
-- m.lcc --
r(x, initial). r(y, necessary).
a(x, X) ::
    exact => a(y, _) <- 9007199254740992.0 < 9007199254740993 and -9007199254740993 < -9007199254740992.0 and
        9223372036854775807 < 9223372036854775808.0 and round(9007199254740993) == 9007199254740993 and
        max(9007199254740993, 9007199254740992.0) == 9007199254740993 and -3 < -2.5 and 2.5 < 3
a(y, Y) :: exact <= a(x, _)
-- peers --
p: x
q: y
-- expect --
p => q: exact
`,
		"a server that loops serves the same client for ever": `
-- m.lcc --
r(guest, initial). r(bar, necessary).
a(guest, G) :: beer => a(bar, B) then cheers <= a(bar, B)
a(bar, B) :: (beer <= a(guest, G) then cheers => a(guest, G) then a(bar, B)) or (wine <= a(guest, G) then a(bar, B))
-- peers --
ann: guest
bob: bar
-- run --
others: allowed
limit: 10m
-- events --
` + again + `-- expect --
never bob fails _
never ann fails _
bob waits in bar
never ann waits in _
`,
		"a server with memory goes on with what it remembers": `
-- m.lcc --
r(guest, initial). r(bar, necessary).
a(guest, G) :: beer => a(bar, B) then cheers(N) <= a(bar, B) then beer => a(bar, B) then cheers(M) <= a(bar, B)
a(bar, B) :: beer <= a(guest, G) then ((cheers(2) => a(guest, G) <- known(had(G))) or (cheers(1) => a(guest, G) <- k(had(G)))) then a(bar, B)
-- peers --
ann: guest
bob: bar
-- expect --
ann => bob: beer
bob => ann: cheers(1)
ann => bob: beer
bob => ann: cheers(2)
bob waits in bar
`,
		"who asks again asks the one that was asked longest ago": `
-- m.lcc --
r(x, initial). r(y, necessary).
a(x, X) :: ask => a(y, Y) then no <= a(y, Y) then null <- timeout(1) then ask => a(y, Z) then no <= a(y, Z) then null <- timeout(1) then
    ask => a(y, U) then no <= a(y, U) then null <- Y != Z and Z != U and Y != U
a(y, Y) :: ask <= a(x, X) then no => a(x, X) then a(y, Y)
-- peers --
p: x
q1: y
q2: y
q3: y
-- run --
seeds: 1..5
others: allowed
-- expect --
p ends
q1 waits in y
`,
		"a message at the end of a timeout is in time, whatever stands first": `
-- m.lcc --
r(x, initial). r(y, necessary).
a(x, X) :: hi => a(y, Y) then ((late => a(y, Y) <- timeout(2)) or (ok <= a(y, Y) then got => a(y, Y)))
a(y, Y) :: hi <= a(x, X) then null <- timeout(1.99) then ok => a(x, X) then ((got <= a(x, X)) or (late <= a(x, X)))
-- peers --
p: x
q: y
-- run --
latency: 5ms
-- expect --
p => q: hi
q => p: ok
p => q: got
`,
		"messages of one peer to another keep their order": `
-- m.lcc --
r(x, initial). r(y, necessary).
a(x, X) :: m(1) => a(y, Y) then m(2) => a(y, Y) then m(3) => a(y, Y) then m(4) => a(y, Y)
a(y, Y) :: m(1) <= a(x, X) then m(2) <= a(x, X) then m(3) <= a(x, X) then m(4) <= a(x, X)
-- peers --
p: x
q: y
-- run --
latency: 100ms
jitter: 5s
seeds: 1..20
-- expect --
p => q: m(1)
p => q: m(2)
p => q: m(3)
p => q: m(4)
p ends
q ends
`,
		"facts stand as in a text, and add to those of the model": `
-- m.lcc --
r(x, initial). r(y, necessary).
@knows(v(_, _))
w(1).
a(x, X) :: sum(S) => a(y, Y) <- findall(V, v(V, _), L) and findall(W, w(W), M) and sum_list(L, A) and sum_list(M, B) and S is A + B
a(y, Y) :: sum(_) <= a(x, X)
-- peers --
p: x
q: y
-- p.facts --
% of the language
v(1, "% # no comment"). v(2, b). # of the format
v(4,
  c).  w(8).
-- expect --
p => q: sum(16)
`,
	} {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			test, err := Load("t.txtar", []byte(text), Sources{})
			if err != nil {
				t.Fatal(err)
			}
			if r := test.Run(); !r.Passed() {
				t.Error(r.Text())
			}
		})
	}
}

// An agent of an offered role that waits in the middle of it is seen.
func TestStuckAgentOfAnOfferedRole(t *testing.T) {
	test, err := Load("t.txtar", []byte(`
-- m.lcc --
r(guest, initial). r(bar, necessary).
a(guest, G) :: beer => a(bar, B) then cheers <= a(bar, B)
a(bar, B) :: beer <= a(guest, G) then cheers => a(guest, G) then pay <= a(guest, G)
-- peers --
ann: guest
bob: bar
-- expect --
ann => bob: beer
bob => ann: cheers
`), Sources{})
	if err != nil {
		t.Fatal(err)
	}
	if r := test.Run(); r.Passed() || !strings.Contains(r.Text(), "bob still plays bar at the end") {
		t.Errorf("got %s, want that bob waits for pay", r.Text())
	}
}
