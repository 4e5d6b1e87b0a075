package service

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/hostagent/api"
	"parley/hostagent/config/telling"
	"parley/hostagent/site"
)

// pageOf serves the page of a site with one host, and returns its address.
func pageOf(t *testing.T, w telling.Web) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w.Listen = free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	v := &view{names: &directory{self: "me", host: "h1"}, hosts: site.Asker{Name: func(id string) string { return id }}}
	v.names.put(&members{})
	v.see = func(context.Context) (seen, error) {
		return seen{status: api.Status{Load: api.LoadStatus{Known: true}}}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- v.page(ctx, w, slog.New(slog.DiscardHandler), nil) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the page ended with %v", err)
		}
	})
	return w.Listen
}

// asked asks a page, and waits until it listens.
func asked(t *testing.T, client *http.Client, url, token string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	late := time.Now().Add(10 * time.Second)
	for {
		answer, err := client.Do(request)
		if err != nil {
			if time.Now().After(late) {
				t.Fatal(err)
			}
			<-time.After(5 * time.Millisecond)
			continue
		}
		defer answer.Body.Close()
		text := make([]byte, 200)
		n, err := io.ReadAtLeast(answer.Body, text, 20)
		if err != nil {
			t.Fatalf("%s: %v after %q", url, err, text[:n])
		}
		return answer.StatusCode, string(text[:n])
	}
}

// The agent's page shows the site, on the loopback as it is.
func TestPage(t *testing.T) {
	at := pageOf(t, telling.Web{})
	status, text := asked(t, http.DefaultClient, "http://"+at+"/events", "")
	if status != http.StatusOK || !strings.Contains(text, `"from":"h1"`) {
		t.Errorf("got %d and %q, want the site", status, text)
	}
}

// With a certificate and a token it is served over TLS to who has the token.
func TestPageSecured(t *testing.T) {
	dir := t.TempDir()
	w := telling.Web{Certificate: filepath.Join(dir, "crt"), Key: filepath.Join(dir, "key"), Token: filepath.Join(dir, "token")}
	const token = "0123456789012345678901234567890123456789"
	trusted := certify(t, w)
	if err := os.WriteFile(w.Token, []byte(token+"\n"), 0o640); err != nil {
		t.Fatal(err)
	}
	at := pageOf(t, w)
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}}
	for given, want := range map[string]int{"": 401, "no": 401, token: 200} {
		if status, text := asked(t, client, "https://"+at+"/events", given); status != want {
			t.Errorf("with the token %q: got %d and %q, want %d", given, status, text, want)
		}
	}
	client.CloseIdleConnections()
}

// certify writes a certificate for the loopback, and returns who trusts it.
func certify(t *testing.T, w telling.Web) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	made, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]pem.Block{
		w.Certificate: {Type: "CERTIFICATE", Bytes: made}, w.Key: {Type: "PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(path, pem.EncodeToMemory(&block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(made)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return pool
}

// A token that everybody can read or guess is refused, and the message says what to do.
func TestPageToken(t *testing.T) {
	path := filepath.Join(t.TempDir(), "token")
	for _, c := range []struct {
		text string
		mode os.FileMode
		want string
	}{
		{"0123456789012345678901234567890123456789", 0o644, "chmod o="},
		{"short", 0o600, "openssl rand"},
		{"two tokens that are in one file\n", 0o600, "in one line"},
	} {
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, c.mode); err != nil {
			t.Fatal(err)
		}
		v := &view{}
		err := v.page(t.Context(), telling.Web{Listen: "127.0.0.1:0", Token: path}, slog.New(slog.DiscardHandler), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q with the mode %o: got %v, want %q", c.text, c.mode, err, c.want)
		}
	}
}
