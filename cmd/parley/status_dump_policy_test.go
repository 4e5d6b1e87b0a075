package main

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/models"
)

// A dump names a shipped policy, also as the file of a release, and no file that was changed.
func TestDumpNamesThePolicyOfARelease(t *testing.T) {
	text, _ := models.Text("agility")
	shipped := fmt.Sprintf("%x", sha256.Sum256(text))
	for _, c := range []struct{ name, digest, want string }{
		{"agility", shipped, "agility"}, {"agility.lcc", shipped, "agility"}, {"agility.lcc", strings.Repeat("0", 64), ""}, {"mine.lcc", shipped, ""},
	} {
		policy, why := dumpPolicy(api.Status{Policy: api.PolicyStatus{Models: []api.ModelStatus{{Name: c.name, Digest: c.digest}}}})
		if policy != c.want || (why == "") != (c.want != "") {
			t.Errorf("%s %.8s: got %q, %q, want %q", c.name, c.digest, policy, why, c.want)
		}
	}
}
