package main

import (
	"strings"
	"testing"
)

func TestKnown(t *testing.T) {
	names := strings.Fields("guest001 guest002 host1")
	for name, want := range map[string]string{
		"guest002": "", "guest01": `did you mean "guest001"?`, "zebra": "there are guest001, guest002, host1",
	} {
		err := known("guest", name, names)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
}
