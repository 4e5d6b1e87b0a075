package api

import (
	"errors"
	"net/http"
	"testing"
)

// A refusal keeps its code on the way through a response; another failure is text.
func TestFailure(t *testing.T) {
	for _, c := range []struct {
		status int
		text   string
		code   string
		want   string
	}{
		{http.StatusConflict, `{"code": "no_deal", "detail": "no deal covers it"}` + "\n", "no_deal", "the agent of this host: refused: no deal covers it"},
		{http.StatusConflict, "refused: it is pinned\n", "", "the agent of this host: refused: it is pinned"},
		{http.StatusConflict, `{"error": "of another program"}`, "", `the agent of this host: {"error": "of another program"}`},
		{http.StatusServiceUnavailable, `{"code": "no_deal"}`, "", `the agent of this host: {"code": "no_deal"}`},
	} {
		err := answered{failure(c.status, []byte(c.text))}
		code := ""
		var refused *Refused
		if errors.As(err, &refused) {
			code = refused.Why.Code
		}
		if err.Error() != c.want || code != c.code || errors.Is(err, ErrRefused) != (c.code != "") {
			t.Errorf("%d %q: got %v with the code %q, want %q with %q", c.status, c.text, err, code, c.want, c.code)
		}
	}
}
