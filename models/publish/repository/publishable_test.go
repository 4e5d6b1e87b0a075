package repository

import (
	"strings"
	"testing"

	"parley/models/publish/bundle"
)

// TestUnpublishable: what hosts would not take as it is meant is refused when a host is
// added, when a release is built, and when one that was built elsewhere is signed.
func TestUnpublishable(t *testing.T) {
	const id = "12D3KooWDpJ7As7BWAwRMfu1VU2WCqNjvq387JEYKDBj4kx6nXTN"
	d := newDesk(t, 1)
	before := d.read(clusterFile)
	long := "rack=" + strings.Repeat("a", 60)
	for want, h := range map[string]Host{
		"reads as a peer id":         {Name: id, ID: "id4"},
		"is the id of another":       {Name: "id1", ID: "id4"},
		"begin it with a letter":     {Name: "--id", ID: "id4"},
		"letters, digits":            {Name: "south/h2", ID: "id4"},
		"1 to 64 characters":         {Name: "", ID: "id4"},
		"at most 64 bytes":           {Name: "h4", ID: "id4", Labels: []string{long}},
		"17 labels, more than 16":    {Name: "h4", ID: "id4", Labels: strings.Fields("a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 n=1 o=1 p=1 q=1")},
		`"rack" is no label`:         {Name: "h4", ID: "id4", Labels: []string{"rack"}},
		"`parley cluster remove h1`": {Name: "h1", ID: "id4"},
	} {
		h.Addresses = []string{"/ip4/10.0.0.1/tcp/4200"}
		wants(t, d.AddHost(h), want)
	}
	if d.read(clusterFile) != before {
		t.Error("a host that was refused changed cluster.yaml")
	}

	// By hand in cluster.yaml: it opens, so that it can be mended, and is not built.
	d.write(clusterFile, strings.Replace(before, "name: h1", "name: "+id, 1))
	d.reopen()
	_, err := d.Draft(DraftOptions{Now: d.now, Dirty: true})
	wants(t, err, clusterFile, "reads as a peer id")
	d.must(d.RemoveHost(id))

	// In a draft that another program built.
	draft := d.build()
	roster := bundle.Roster{Hosts: []bundle.Host{{ID: "id1", Name: "h1", Labels: []string{long}}}}
	draft.Release.Roster = bundle.RefOf(roster.Encode())
	draft.objects[draft.Release.Roster.Digest] = roster.Encode()
	draft.Signed, err = draft.Release.Draft()
	d.must(err)
	d.must(d.Keep(draft))
	_, err = d.Sign(d.keys[0])
	wants(t, err, "wrong_roster", "at most 64 bytes")
	d.must(d.Keep(Draft{draft.Release, draft.Signed.Sign(d.keys[0]), draft.objects}))
	_, err = d.Append(d.now)
	wants(t, err, "wrong_roster", "at most 64 bytes")
}
