package version

import (
	"fmt"
	"strconv"
	"time"
)

// EpochVariable is the environment variable that sets the date of what is made, so that
// the same inputs give the same bytes.
const EpochVariable = "SOURCE_DATE_EPOCH"

// Date is the date of what is made now: the value of EpochVariable, or for "" the time of
// a clock.
func Date(epoch string, now func() time.Time) (time.Time, error) {
	if epoch == "" {
		return now().UTC(), nil
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s is %q: give seconds since 1970, or unset it", EpochVariable, epoch)
	}
	return time.Unix(seconds, 0).UTC(), nil
}
