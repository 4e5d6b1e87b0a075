package ground

import (
	"slices"
	"time"
)

// Median is the middle of what was measured, the later one of two; the list has an entry at
// least.
func Median[T any](list []T, of func(T) time.Duration) time.Duration {
	var values []time.Duration
	for _, one := range list {
		values = append(values, of(one))
	}
	slices.Sort(values)
	return values[len(values)/2]
}
