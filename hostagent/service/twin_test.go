package service

import (
	"os"
	"strings"
	"testing"

	"parley/hostagent/api"
	"parley/hostagent/memory"
)

// A host is cloned with its key: its agent, the clone's and a third host's report it.
func TestClonedHost(t *testing.T) {
	if testing.Short() {
		t.Skip("both must prove themselves for 15 s")
	}
	site := memory.NewSite(memory.Options{})
	first, third, clone := newPlace(t, site, "h1"), newPlace(t, site, "h3"), newPlace(t, site, "h2")
	key, err := os.ReadFile(first.config.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(clone.config.Key, key, 0o600); err != nil {
		t.Fatal(err)
	}
	watching := third.run(t, nil, first)
	agents := []*daemon{first.run(t, nil, third), clone.run(t, nil, third)}
	watching.until(t, "the third host shows two agents", func(s api.Status) bool { return s.Peers[0].Incarnations == api.Doubled })
	for _, d := range agents {
		d.until(t, "it knows of the other", func(s api.Status) bool {
			return strings.Contains(s.Twin, "another agent runs with the key of this host")
		})
	}
	if s := watching.until(t, "it answers", func(api.Status) bool { return true }); s.Twin != "" {
		t.Errorf("the third host believes to have a twin: %s", s.Twin)
	}
}
