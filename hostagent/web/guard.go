package web

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"slices"
	"strings"
)

// guard says who may ask for what. A token travels in a header that only a script of this
// page sets: a page of another site cannot have a browser send it, as it could a cookie.
type guard struct {
	token string
	names []string
}

// policy lets the page run its own files alone, and ask nobody else.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; " +
	"form-action 'none'; frame-ancestors 'none'"

// admits sets the headers of all answers, and refuses a request under another name.
func (g guard) admits(w http.ResponseWriter, r *http.Request) bool {
	for name, value := range map[string]string{
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store",
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "X-Frame-Options": "DENY",
		"Permissions-Policy": "camera=(), geolocation=(), microphone=()",
	} {
		w.Header().Set(name, value)
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if len(g.names) > 0 && !slices.Contains(g.names, strings.Trim(host, "[]")) {
		http.Error(w, "this page is not asked for under the name "+quoted(host)+": use "+g.names[0], http.StatusMisdirectedRequest)
		return false
	}
	return true
}

// quoted is a name of a client, bounded, for a message.
func quoted(name string) string {
	return "\"" + strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name[:min(len(name), 80)]) + "\""
}

// secret is a handler for who has the token.
func (g guard) secret(next http.HandlerFunc) http.Handler {
	want := sha256.Sum256([]byte("Bearer " + g.token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got := sha256.Sum256([]byte(r.Header.Get("Authorization")))
		if g.token != "" && subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", `Bearer realm="parley"`)
			http.Error(w, "the token is missing or wrong", http.StatusUnauthorized)
			return
		}
		next(w, r)
	})
}

// same is a handler for requests of this page alone, which change something: a browser says
// where one comes from.
func (g guard) same(next http.Handler) http.Handler {
	return http.NewCrossOriginProtection().Handler(next)
}

// Loopback are the names under which a page on the loopback is asked for.
func Loopback() []string { return []string{"127.0.0.1", "localhost", "::1"} }
