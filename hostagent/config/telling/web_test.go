package telling

import (
	"strings"
	"testing"
)

// Beyond the loopback a page needs TLS and a token.
func TestWeb(t *testing.T) {
	for _, c := range []struct {
		web  Web
		want string // in the fault; "": none
	}{
		{Web{}, ""},
		{Web{Listen: "127.0.0.1:4280"}, ""},
		{Web{Listen: "[::1]:4280", Token: "t"}, ""},
		{Web{Listen: "localhost:4280", Certificate: "c", Key: "k"}, ""},
		{Web{Listen: "10.0.0.1:4280", Certificate: "c", Key: "k", Token: "t"}, ""},
		{Web{Listen: "10.0.0.1:4280"}, "give certificate and key"},
		{Web{Listen: ":4280", Token: "t"}, "give certificate and key"},
		{Web{Listen: "0.0.0.0:4280", Certificate: "c", Key: "k"}, "give token"},
		{Web{Listen: "127.0.0.1:4280", Key: "k"}, "give both files"},
		{Web{Token: "t"}, "give host:port"},
	} {
		var faults []string
		Keys{Web: c.web}.Check(func(key, text string) { faults = append(faults, key+" "+text) })
		got := strings.Join(faults, "\n")
		if (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
			t.Errorf("%+v: got %q, want %q", c.web, got, c.want)
		}
	}
}
