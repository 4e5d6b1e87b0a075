package service

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"parley/hostagent/config/telling"
	"parley/hostagent/memory"
	"parley/hostagent/notify"
	"parley/hostagent/site"
)

// A host whose guests cannot be looked at tells its receiver.
func TestTell(t *testing.T) {
	if testing.Short() {
		t.Skip("a problem must last for a second, and is looked at every five")
	}
	got := make(chan notify.Message, 9)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var m notify.Message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			t.Error(err)
		}
		got <- m
	}))
	defer server.Close()
	p := newPlace(t, memory.NewSite(memory.Options{}), "h1")
	p.config.Notify = []telling.Notify{{Post: server.URL, Events: []site.Kind{site.Platform}, After: time.Second}}
	p.run(t, nil)
	p.platform.Inject(memory.Gone)
	for _, ended := range []bool{false, true} {
		select {
		case m := <-got:
			if m.Event != site.Platform || m.Host != "h1" || m.Ended != ended {
				t.Errorf("got %+v, want that a problem with the platform of h1 has ended: %v", m, ended)
			}
		case <-time.After(patience):
			t.Fatal("nobody is told")
		}
		p.platform.Inject(memory.None)
	}
}
