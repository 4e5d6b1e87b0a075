package bundle

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/fxamacker/cbor/v2"
)

// listed is a roster of n hosts.
func listed(n int) Roster {
	var r Roster
	for i := range n {
		r.Hosts = append(r.Hosts, Host{ID: fmt.Sprintf("id%06d", i), Name: fmt.Sprintf("host%d", i),
			Addresses: []string{"/ip4/10.0.0.1/tcp/4200"}, Labels: []string{"rack=a"}})
	}
	return r
}

// TestStrictEncoding: there is one way to write a roster, and no other is read. (That
// of no hosts has two, with an empty list and with none; they have two digests.)
func TestStrictEncoding(t *testing.T) {
	empty := Roster{Hosts: []Host{}}.Encode()
	if want := []byte{0xa1, 0x01, 0x80}; string(empty) != string(want) {
		t.Fatalf("got % x for an empty roster, want % x: the cases below are built on it", empty, want)
	}
	if _, err := DecodeRoster(empty); err != nil {
		t.Fatal(err)
	}
	nested := []byte{0xa1, 0x01}
	for range 100_000 {
		nested = append(nested, 0x81)
	}
	for name, c := range map[string]struct {
		data []byte
		want Code
	}{
		"nothing":                         {nil, Malformed},
		"a field twice":                   {[]byte{0xa2, 0x01, 0x80, 0x01, 0x80}, Malformed},
		"an unknown field":                {[]byte{0xa2, 0x01, 0x80, 0x09, 0x00}, Malformed},
		"a field by its name":             {[]byte{0xa1, 0x65, 'H', 'o', 's', 't', 's', 0x80}, Malformed},
		"a field that is left out":        {[]byte{0xa0}, NotCanonical},
		"a byte more":                     {append(empty[:len(empty):len(empty)], 0), Malformed},
		"the key 1 in two bytes":          {[]byte{0xa1, 0x18, 0x01, 0x80}, NotCanonical},
		"the length 0 in two bytes":       {[]byte{0xa1, 0x01, 0x98, 0x00}, NotCanonical},
		"the length 0 in nine bytes":      {[]byte{0xa1, 0x01, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, NotCanonical},
		"a list without a length":         {[]byte{0xa1, 0x01, 0x9f, 0xff}, Malformed},
		"a map without a length":          {[]byte{0xbf, 0x01, 0x80, 0xff}, Malformed},
		"null for a list":                 {[]byte{0xa1, 0x01, 0xf6}, ""},
		"undefined for a list":            {[]byte{0xa1, 0x01, 0xf7}, NotCanonical},
		"a tag":                           {[]byte{0xc1, 0xa1, 0x01, 0x80}, Malformed},
		"a list for a map":                {[]byte{0x81, 0x80}, Malformed},
		"a text for a list":               {[]byte{0xa1, 0x01, 0x60}, Malformed},
		"a default that is written":       {[]byte{0xa2, 0x01, 0x80, 0x02, 0x60}, NotCanonical},
		"fields in another order":         {[]byte{0xa2, 0x03, 0x05, 0x01, 0x80}, NotCanonical},
		"more elements than are there":    {[]byte{0xa1, 0x01, 0x9a, 0xff, 0xff, 0xff, 0xff}, Malformed},
		"a text longer than all":          {[]byte{0xa2, 0x01, 0x80, 0x02, 0x7b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, Malformed},
		"a text that is not UTF-8":        {[]byte{0xa2, 0x01, 0x80, 0x02, 0x61, 0xff}, Malformed},
		"lists within lists within lists": {nested, Malformed},
		"more bytes than are taken":       {make([]byte, ObjectBytes+1), TooLarge},
	} {
		_, err := DecodeRoster(c.data)
		if CodeOf(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestManyElements: as many elements as bytes allow are too many to be made room for.
func TestManyElements(t *testing.T) {
	data, err := cbor.Marshal(map[int]any{1: make([]int, 1<<18)})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeRoster(data); CodeOf(err) != Malformed {
		t.Errorf("got %v, want %s", err, Malformed)
	}
}

// wrongPaths would lead out of a directory, or are no names of models.
var wrongPaths = []string{
	"../x.lcc", "/etc/x.lcc", "a/b.lcc", "./x.lcc", "..lcc", ".lcc", "...lcc", "x.lcc/..", "..\\x.lcc", "a\\b.lcc", "C:x.lcc", "x\x00.lcc",
	"\x00.lcc",
	"x.lcc\x00", "x.LCC", "x.lcc ", " x.lcc", "x .lcc", "x\n.lcc", "x", "", "x.lcc.sh", "~.lcc", "$x.lcc", "ü.lcc", "x\u202e.lcc", "-\t.lcc",
	strings.Repeat("x", 65) + ".lcc",
}

// TestWrongPaths: no release names a file that would be more than the plain name of a
// model.
func TestWrongPaths(t *testing.T) {
	s := newSite(t)
	for _, path := range wrongPaths {
		r := s.release()
		r.Policies[0].Files[0].Path = path
		// What Draft refuses is signed all the same: hosts must refuse it by themselves.
		signed := Signed{Body: r.Encode()}.Sign(s.keys[0]).Sign(s.keys[1])
		if _, _, err := s.anchor.Next(signed); CodeOf(err) != WrongPath {
			t.Errorf("%q: got %v, want %s", path, err, WrongPath)
		}
	}
	for _, path := range []string{"x.lcc", "x-1_b.c.lcc", strings.Repeat("x", 64) + ".lcc"} {
		if err := checkPath(path); err != nil {
			t.Errorf("%q: got %v, want none", path, err)
		}
	}
}

// TestReleasesThatMakeNoSense: enough signatures do not make them sensible.
func TestReleasesThatMakeNoSense(t *testing.T) {
	s := newSite(t)
	for name, c := range map[string]struct {
		bend func(*Release)
		want Code
	}{
		"a format of later":         {func(r *Release) { r.Format = 2 }, WrongFormat},
		"version 0":                 {func(r *Release) { r.Version = 0 }, Malformed},
		"a first with a previous":   {func(r *Release) { r.Previous = Digest{1} }, Malformed},
		"expired when made":         {func(r *Release) { r.Expires = r.Created }, Malformed},
		"stale before it is made":   {func(r *Release) { r.StaleAfter = -1 }, Malformed},
		"a long note":               {func(r *Release) { r.Note = strings.Repeat("x", textMax+1) }, TooLarge},
		"a publisher without name":  {func(r *Release) { r.Publisher = "" }, Malformed},
		"a publisher that is a dir": {func(r *Release) { r.Publisher = "../north" }, Malformed},
		"a root without keys":       {func(r *Release) { r.Root = &Root{Version: 2} }, WrongRoot},
		"a roster of minus one":     {func(r *Release) { r.Roster.Size = -1 }, TooLarge},
		"a roster too large":        {func(r *Release) { r.Roster.Size = ObjectBytes + 1 }, TooLarge},
		"policies in disorder":      {func(r *Release) { r.Policies = append(r.Policies, r.Policies[0]) }, WrongPolicy},
		"a policy without name":     {func(r *Release) { r.Policies[0].Name = "" }, WrongPolicy},
		"a file twice":              {func(r *Release) { r.Policies[0].Files = append(r.Policies[0].Files, r.Policies[0].Files[0]) }, WrongPolicy},
		"a file of minus one":       {func(r *Release) { r.Policies[0].Files[0].Size = -1 }, TooLarge},
		"a file too large":          {func(r *Release) { r.Policies[0].Files[0].Size = FileBytes + 1 }, TooLarge},
		"a share of 0":              {func(r *Release) { r.Policies[0].Canary[0].Share = 0 }, WrongPolicy},
		"a share of 2":              {func(r *Release) { r.Policies[0].Canary[0].Share = 2 }, WrongPolicy},
		"a share that is no number": {func(r *Release) { r.Policies[0].Canary[0].Share = math.NaN() }, WrongPolicy},
		"a stage without time":      {func(r *Release) { r.Policies[0].Canary[0].Seconds = 0 }, WrongPolicy},
		"a stage for ever":          {func(r *Release) { r.Policies[0].Canary[0].Seconds = math.MaxInt64 }, WrongPolicy},
		"too many stages":           {func(r *Release) { r.Policies[0].Canary = make([]Stage, 17) }, WrongPolicy},
		"a label without value":     {func(r *Release) { r.Policies[0].Targets = []string{"rack"} }, WrongPolicy},
		"a stage's bad label":       {func(r *Release) { r.Policies[0].Canary[0].Labels = []string{"=a"} }, WrongPolicy},
		"a guard below 0":           {func(r *Release) { r.Policies[0].Guard.Migrations = -1 }, WrongPolicy},
		"a guard that is no number": {func(r *Release) { r.Policies[0].Guard.Overload = math.NaN() }, WrongPolicy},
		"a guard of too many hosts": {func(r *Release) { r.Policies[0].Guard.Hosts = 1001 }, WrongPolicy},
		"a long commit":             {func(r *Release) { r.Policies[0].Source.Commit = strings.Repeat("a", 65) }, WrongPolicy},
	} {
		r := s.release()
		c.bend(&r)
		signed := Signed{Body: r.Encode()}.Sign(s.keys[0]).Sign(s.keys[1])
		if _, _, err := s.anchor.Next(signed); CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// TestManyPolicies: a release of as many policies as one may have is read, and one
// more is not.
func TestManyPolicies(t *testing.T) {
	s := newSite(t)
	r := s.release()
	for i := range policiesMax {
		p := r.Policies[0]
		p.Name = fmt.Sprintf("c%02d", i)
		r.Policies = append(r.Policies, p)
	}
	if _, err := r.Draft(); CodeOf(err) != TooLarge {
		t.Errorf("got %v, want %s", err, TooLarge)
	}
	r.Policies = r.Policies[1:]
	if _, err := r.Draft(); err != nil {
		t.Error(err)
	}
}

// TestRostersThatMakeNoSense: none of them ever says who may connect.
func TestRostersThatMakeNoSense(t *testing.T) {
	for name, c := range map[string]struct {
		bend func(*Roster)
		want Code
	}{
		"a host twice":         {func(r *Roster) { r.Hosts[1] = r.Hosts[0] }, WrongRoster},
		"another order":        {func(r *Roster) { r.Hosts[0], r.Hosts[1] = r.Hosts[1], r.Hosts[0] }, WrongRoster},
		"a name twice":         {func(r *Roster) { r.Hosts[1].Name = r.Hosts[0].Name }, WrongRoster},
		"no id":                {func(r *Roster) { r.Hosts[0].ID = "" }, WrongRoster},
		"a long id":            {func(r *Roster) { r.Hosts[2].ID = strings.Repeat("x", 129) }, WrongRoster},
		"a bad name":           {func(r *Roster) { r.Hosts[0].Name = "a/b" }, WrongRoster},
		"an address of no use": {func(r *Roster) { r.Hosts[0].Addresses = []string{"10.0.0.1:42"} }, WrongRoster},
		"many addresses":       {func(r *Roster) { r.Hosts[0].Addresses = make([]string, addressesMax+1) }, WrongRoster},
		"a bad label":          {func(r *Roster) { r.Hosts[0].Labels = []string{"a=b c"} }, WrongRoster},
		"labels in disorder":   {func(r *Roster) { r.Hosts[0].Labels = []string{"b=1", "a=1"} }, WrongRoster},
		"large groups":         {func(r *Roster) { r.GroupMost = groupMost + 1 }, WrongRoster},
		"small groups":         {func(r *Roster) { r.GroupMost = -1 }, WrongRoster},
		"too many hosts":       {func(r *Roster) { *r = listed(HostsMax + 1) }, TooLarge},
	} {
		r := listed(3)
		c.bend(&r)
		if _, err := DecodeRoster(r.Encode()); CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// TestLargeRoster: ten thousand hosts fit into an object.
func TestLargeRoster(t *testing.T) {
	data := listed(10_000).Encode()
	r, err := DecodeRoster(data)
	if err != nil || len(r.Hosts) != 10_000 {
		t.Fatalf("got %d hosts, %v", len(r.Hosts), err)
	}
	if h, ok := r.Find("id004711"); !ok || h.Name != "host4711" {
		t.Errorf("got %+v, %v", h, ok)
	}
	t.Logf("a roster of 10,000 hosts has %d bytes", len(data))
}

// TestAnchors: a file of an anchor that makes no sense pins nothing.
func TestAnchors(t *testing.T) {
	s := newSite(t)
	good := string(s.anchor.MarshalFile())
	for name, text := range map[string]string{
		"nothing":          "",
		"another thing":    "[]",
		"an unknown field": strings.Replace(good, `"publisher"`, `"publishers"`, 1),
		"no digest":        strings.Replace(good, `"version": 0`, `"version": 7`, 1),
		"a bad key":        strings.Replace(good, "ed25519:", "rsa:", 1),
		"no threshold":     strings.Replace(good, `"threshold": 2`, `"threshold": 0`, 1),
		"too long":         good + strings.Repeat(" ", anchorBytes),
	} {
		if text == good {
			t.Fatalf("%s: the case changes nothing", name)
		}
		if _, err := ParseAnchor([]byte(text)); err == nil {
			t.Errorf("%s: is taken", name)
		}
	}
}
