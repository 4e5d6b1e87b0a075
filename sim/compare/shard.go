package compare

import "fmt"

// Shard is the part of a comparison that one of several machines runs: every Of-th of its
// seeds, from the Index-th, with all policies, for the runs of a seed cover one span. The
// zero Shard is the whole comparison.
type Shard struct {
	Index int // from 1 to Of
	Of    int
}

// ParseShard reads a shard as String writes it, such as "3/16".
func ParseShard(text string) (s Shard, err error) {
	if n, err := fmt.Sscanf(text, "%d/%d", &s.Index, &s.Of); n != 2 || err != nil || text != s.String() || s.Index < 1 || s.Index > s.Of {
		return Shard{}, fmt.Errorf("%q is no shard: write I/N, from 1/N to N/N, such as 3/16", text)
	}
	return s, nil
}

func (s Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// has says whether a seed, given by its index, is of the shard.
func (s Shard) has(seed int) bool { return s.Of == 0 || seed%s.Of == s.Index-1 }

// seeds returns the indexes of a comparison's seeds that its shard has.
func (o Options) seeds() (own []int) {
	for i := range o.Seeds {
		if o.Shard.has(i) {
			own = append(own, i)
		}
	}
	return own
}
