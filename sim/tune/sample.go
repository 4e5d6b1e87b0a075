package tune

import (
	"math/rand/v2"
	"strings"
)

// sample spreads n candidates over the spans: each span is divided into n parts, and each
// part has one candidate (a Latin hypercube: M. D. McKay, R. J. Beckman and W. J. Conover,
// Technometrics 21 (1979), 239-245). It returns the values of each, as texts, without those
// that are there twice.
func sample(spans []Span, n int, seed uint64) (candidates [][]string) {
	random := rand.New(rand.NewPCG(seed, 0x74756e65))
	values := make([][]string, n)
	for _, span := range spans {
		for i, part := range random.Perm(n) {
			values[i] = append(values[i], span.text(span.at((float64(part)+random.Float64())/float64(n))))
		}
	}
	seen := map[string]bool{}
	for _, v := range values {
		if key := strings.Join(v, " "); !seen[key] {
			seen[key] = true
			candidates = append(candidates, v)
		}
	}
	return candidates
}

// named is a policy with values for its parameters, as compare.Load reads it.
func named(policy string, spans []Span, values []string) string {
	set := make([]string, len(spans))
	for i, span := range spans {
		set[i] = span.Name + "=" + values[i]
	}
	return policy + "[" + strings.Join(set, ";") + "]"
}
