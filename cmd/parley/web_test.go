package main

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"parley/hostagent/web"
)

// `parley up` prints the address of a page that shows its site to who has the token.
func TestUpServesPage(t *testing.T) {
	u := startUp(t, upOptions{policy: "agility", hosts: 2, guests: 2, seed: 1, mode: "recommend"})
	found := regexp.MustCompile(`(http://127\.0\.0\.1:\d+/)#token=(\w+)`).FindStringSubmatch(u.out.String())
	if found == nil {
		t.Fatalf("no address of a page in\n%s", u.out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for token, want := range map[string]string{"wrong": "the token is missing or wrong", found[2]: `"from":"host01"`} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, found[1]+"events", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		text := make([]byte, 4096)
		n, _ := answer.Body.Read(text) // what was read says more than the error
		if got := string(text[:n]); !strings.Contains(got, want) {
			t.Errorf("with the token %s: got %q, want %q", token, got, want)
		}
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	began := time.Now()
	u.end()
	if took := time.Since(began); took > patience/2 {
		t.Errorf("the site needed %v to end with a reader", took)
	}
}

// A page of the command is on the loopback only, and needs an agent.
func TestWebRefuses(t *testing.T) {
	_, err := openPage(t.Context(), webOptions{listen: "0.0.0.0:0"}, web.Options{})
	if err == nil || !strings.Contains(err.Error(), "on the loopback") {
		t.Errorf("an address that others reach: got %v", err)
	}
	var out strings.Builder
	code := run([]string{"web", "--socket", "/nowhere/sock"}, strings.NewReader(""), &out, &out)
	if code == 0 || !strings.Contains(out.String(), "no agent listens on /nowhere/sock") {
		t.Errorf("without an agent: exit %d and %q", code, out.String())
	}
}
