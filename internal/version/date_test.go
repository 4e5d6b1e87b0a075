package version

import (
	"strings"
	"testing"
	"time"
)

func TestDate(t *testing.T) {
	clock := func() time.Time { return time.Unix(7, 0) }
	for text, want := range map[string]string{"": "1970-01-01T00:00:07Z", "1000000000": "2001-09-09T01:46:40Z"} {
		if got, err := Date(text, clock); err != nil || got.Format(time.RFC3339) != want {
			t.Errorf("SOURCE_DATE_EPOCH=%s: got %v and %v, want %s", text, got, err, want)
		}
	}
	if _, err := Date("today", clock); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
		t.Errorf("got %v, want an error that names SOURCE_DATE_EPOCH", err)
	}
}

// The version of a package that is no release has its commit.
func TestCommitOfPackage(t *testing.T) {
	before := packaged
	defer func() { packaged = before }()
	packaged = "1.2.3+git20261127.0123456789ab"
	if got := Commit(); got != "0123456789ab" || Current() != packaged {
		t.Errorf("%s: got the commit %q of version %s", packaged, got, Current())
	}
}
