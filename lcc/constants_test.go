package lcc

import (
	"slices"
	"strings"
	"testing"

	"parley/lcc/check"
)

// What the checker says of constants is what enacting shows: LCC031 where the constraint ends
// its agent, LCC037 where it never holds, nothing where it holds.
func TestConstantsAreDecidedAlike(t *testing.T) {
	for _, goal := range strings.Split(strings.TrimSpace(`
timeout(soon)
timeout(-1)
timeout(2 - 3)
timeout([5])
timeout("5")
timeout(99999999)
T = lamp and timeout(T)
T is 2 - 5 and timeout(T)
X is 1 / 0
X is 7 mod 0
X is 7.5 mod 2
X is lamp + 1
X is "1" * 2
X is square(3)
Z = 0 and X is 4 / Z
X is 1 / 3
X is -7 mod 2
X is max(1, 2) + abs(-3) + round(2.5)
X is 1.0e300 * 1.0e300
N = lamp and N > 3
N = "7" and N =< 9
N = [1] and N >= 0
lamp < cup
3 > 4
4 > 3
N = 1 and N = 2
N = 1 and N == 1.0
lamp == cup
lamp == "lamp"
"lamp" = lamp
1 != 1
1 != 2
lamp \= cup
lamp \= "lamp"
N is 2 + 3 and N < 5
N = 4 and N is 2 + 3
N = 5 and N is 2 + 3
plum in [apple, pear]
pear in [apple, "pear"]
X in lamp
length(lamp, N)
length([], N)
member(X, 5)
L = pot and sort(L, S)
L = [b, a] and sort(L, S)
last(7, X)
sum_list([1, lamp], S)
sum_list([1, 2 + 3], S)
max_list(["a"], S)
nth(one, [a], X)
nth(1, cup, X)
nth(1, [a], X)
between(1, many, X)
between(1, 2 + 1, X)
delete(cup, a, R)
reverse("abc", R)
`), "\n") {
		text := "r(x, initial).\na(x, Me) :: null <- " + goal
		_, found := Compile("text", []byte(text), nil)
		has := func(code string) bool {
			return slices.ContainsFunc(found, func(d check.Diagnostic) bool { return d.Code == code })
		}
		said := "holds"
		switch {
		case has("LCC031"):
			said = "ends the agent"
		case has("LCC037"):
			said = "never holds"
		}
		query, faults := NewQuery(goal, nil, nil)
		if query == nil {
			t.Errorf("%s: %v", goal, faults)
			continue
		}
		got := query.Ask("ann", EmptyWorld{}, nil, 1)
		shown := "holds"
		switch {
		case got.Fault.Code != "":
			shown = "ends the agent"
		case len(got.Solutions) == 0:
			shown = "never holds"
		}
		if said != shown {
			t.Errorf("%s: enacting shows that it %s, the checker says that it %s: %v %v", goal, shown, said, got, found)
		}
	}
}
