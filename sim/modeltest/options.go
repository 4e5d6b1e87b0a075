package modeltest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/internal/spell"
)

// seedsMax bounds the seeds of one test.
const seedsMax = 100_000

// runKeys are the keys of the section `run`.
var runKeys = []string{"seeds", "limit", "quiet", "latency", "jitter", "loss", "duplicate", "vocabulary", "others"}

// options reads the section `run`.
func (r *reader) options() {
	o := &r.test.run
	*o = runSection{first: 1, last: 1, limit: 10 * time.Minute, quiet: time.Minute}
	for _, l := range r.take("run").lines() {
		key, value, ok := strings.Cut(l.text, ":")
		if !ok {
			r.fail(l.number, "%s: write key: value, such as seeds: 1..20", l.text)
			continue
		}
		if err := o.set(strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
			r.fail(l.number, "%v", err)
		}
	}
}

func (o *runSection) set(key, value string) (err error) {
	switch key {
	case "seeds":
		o.first, o.last, err = seeds(value)
	case "limit":
		o.limit, err = duration(key, value)
	case "quiet":
		o.quiet, err = duration(key, value)
	case "latency":
		o.network.Latency, err = duration(key, value)
	case "jitter":
		o.network.Jitter, err = duration(key, value)
	case "loss":
		o.network.Loss, err = share(key, value)
	case "duplicate":
		o.network.Duplicate, err = share(key, value)
	case "vocabulary":
		o.vocabulary, err = choice(key, value, "none", "host")
	case "others":
		o.others, err = choice(key, value, "refused", "allowed")
	default:
		if near := spell.Nearest(key, runKeys); near != "" {
			return fmt.Errorf("%s is not a key of this section: did you mean %s?", key, near)
		}
		last := len(runKeys) - 1
		return fmt.Errorf("%s is not a key of this section: there are %s and %s", key, strings.Join(runKeys[:last], ", "), runKeys[last])
	}
	return err
}

func seeds(value string) (first, last uint64, err error) {
	from, to, several := strings.Cut(value, "..")
	if first, err = strconv.ParseUint(strings.TrimSpace(from), 10, 64); err == nil {
		if last = first; several {
			last, err = strconv.ParseUint(strings.TrimSpace(to), 10, 64)
		}
	}
	if err != nil || last < first || last-first >= seedsMax {
		return 0, 0, fmt.Errorf("seeds: %s: write a number, or a range of at most %d such as 1..50", value, seedsMax)
	}
	return first, last, nil
}

func duration(key, value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil || d < 0 || d > 1000*time.Hour {
		return 0, fmt.Errorf("%s: %s: write a time such as 250ms, 30s or 10m", key, value)
	}
	return d, nil
}

func share(key, value string) (float64, error) {
	f, err := strconv.ParseFloat(value, 64)
	if err != nil || !(f >= 0 && f <= 1) {
		return 0, fmt.Errorf("%s: %s: write a share from 0 to 1", key, value)
	}
	return f, nil
}

// choice parses one of two words; true for the second.
func choice(key, value, no, yes string) (bool, error) {
	if value != no && value != yes {
		return false, fmt.Errorf("%s: %s: write %s or %s", key, value, no, yes)
	}
	return value == yes, nil
}
