package chain

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"parley/models/publish/bundle"
)

// TestStories runs testdata/stories: what becomes of a chain at one host, as a person
// would tell it. Each command prints what the host does about it. Rewrite them with
//
//	go test ./models/publish/chain -run TestStories -rewrite
//
// and read what changed.
//
//	publisher keys=N threshold=N     of the name north; the first command
//	follow [labels=(K=V,...)] [at=R] the host h1 begins, its anchor at a release
//	restart [damaged] [at=R]         the host's agent ends, and begins from its disk
//	release R [after=R] [sign=(a,b)] [root=N] [newsign=(a,..)] [created=D] [expires=D]
//	    [stale=D] [note=TEXT] [roster=(h1,..)|junk] [publisher=NAME] [skip=N]; its input
//	    has a policy a line: NAME FILE:TEXT... [targets=K=V] [canary=SHARE/D[/K=V]]...
//	    [migrations=N] [failed=X] [overload=X] [hosts=N]
//	strip R KEYS as=R2               the same release with these signatures only
//	heard FROM R                     FROM op: the operator
//	handed R...                      with all objects
//	pulled FROM [R...] [err=TEXT]
//	fetched FROM (NAME|roster=R|err=NAME|lie=NAME)...    objects by the texts of files
//	beat FROM R at=D [key=a] [other]
//	halt FROM host=H R POLICY [forged] [version=N] [publisher=NAME] [long]
//	peers IDS...
//	kept [err=TEXT], checked POLICY R [CODE [plain]], switched [err=TEXT]
//	labelled [K=V...], recheck
//	sampled seconds=N guests=N [overload=N] [migrations=N] [done=N] [failed=N]   added up
//	auto [keep] [check] [switch]     what is answered at once from now on
//	pass D                           time passes, alarms ring
//	clock D                          the clock jumps; it does not ring
//	status [refusals]
func TestStories(t *testing.T) {
	datadriven.Walk(t, "testdata/stories", func(t *testing.T, path string) {
		w := &story{t: t, now: time.Unix(1_800_000_000, 0).UTC(), releases: map[string]bundle.Signed{}, names: map[bundle.Digest]string{}}
		w.began = w.now
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			w.t, w.log = t, nil
			w.describe(d)
			if len(w.log) == 0 {
				return "ok\n"
			}
			return strings.Join(w.log, "\n") + "\n"
		})
	})
}

type story struct {
	t          *testing.T
	began, now time.Time
	publisher  *publisher
	releases   map[string]bundle.Signed
	names      map[bundle.Digest]string // of objects
	f          *Follower
	anchor     bundle.Anchor
	alarm      time.Time
	auto       []string
	total      Sample
	log        []string

	// The disk.
	state   []byte
	objects map[bundle.Digest][]byte
}

func (w *story) note(format string, args ...any) { w.log = append(w.log, fmt.Sprintf(format, args...)) }

func (w *story) step(ev Event) {
	effects, err := w.f.Step(w.now, ev)
	if err != nil {
		w.note("error: %v", err)
		return
	}
	var answers []Event
	for _, e := range effects {
		if answer := w.show(e); answer != nil {
			answers = append(answers, answer)
		}
	}
	for _, ev := range answers {
		w.step(ev)
	}
}

// show prints an effect, carries it out as far as the disk goes, and returns its answer
// where that comes by itself.
func (w *story) show(e Effect) Event {
	switch e := e.(type) {
	case Pull:
		w.note("pull from %s after %d", e.From, e.After)
	case Fetch:
		w.note("fetch %s from %s", w.names[e.Ref.Digest], e.From)
	case Objects:
		w.objects[e.Digest] = e.Data
		w.note("object %s", w.names[e.Digest])
	case Keep:
		what := "keep"
		if e.Release != nil {
			what = fmt.Sprintf("keep release %d", e.Version)
		}
		w.note("%s", what)
		if slices.Contains(w.auto, "keep") {
			w.state = e.State
			return Kept{}
		}
		w.state = e.State // a story in which it fails says so before a restart
	case Roster:
		w.note("roster of %d", len(e.Roster.Hosts))
	case Check:
		w.note("check %s", w.policyText(e.Policy))
		if slices.Contains(w.auto, "check") {
			return Checked{Policy: e.Policy.Name, Digest: e.Policy.Digest()}
		}
	case Switch:
		var list []string
		for _, text := range e.Policies {
			list = append(list, w.policyText(text.Policy))
			for _, file := range text.Policy.Files {
				if bundle.DigestOf(text.Files[file.Path]) != file.Digest {
					w.t.Errorf("switch without the file %s", file.Path)
				}
			}
		}
		w.note("switch to [%s]", strings.Join(list, ", "))
		if slices.Contains(w.auto, "switch") {
			return Switched{}
		}
	case Hold:
		w.note("hold %q", e.Why)
	case Spread:
		w.note("spread %s", spreadText(e.Notice))
	case Refused:
		w.note("refused from %q: %s (release %d): %s", e.From, e.Code, e.Version, e.Detail)
	case Blame:
		w.note("blame %s: %s", e.From, e.Code)
	case Note:
		w.note("note %s: %s", e.Kind, e.Text)
	case Alarm:
		w.alarm = e.At
	}
	return nil
}

func (w *story) policyText(p bundle.Policy) string {
	var files []string
	for _, f := range p.Files {
		files = append(files, f.Path+"="+w.names[f.Digest])
	}
	return p.Name + " " + strings.Join(files, " ")
}

func spreadText(n bundle.Notice) string {
	switch {
	case n.Heartbeat != nil:
		return fmt.Sprintf("heartbeat of release %d", n.Heartbeat.Version)
	case n.Halt != nil:
		signed := verify(n.Halt.Host, n.Halt.Text(), n.Halt.Signature)
		return fmt.Sprintf("halt of %s by %s: %s (signed: %v)", n.Halt.Policy, n.Halt.Host, n.Halt.Reason, signed)
	}
	s, err := bundle.DecodeSigned(n.Head)
	if err != nil {
		return err.Error()
	}
	r, err := s.Release()
	return fmt.Sprintf("head %d %v", r.Version, err)
}

func (w *story) since(at time.Time) string {
	if at.IsZero() {
		return "off"
	}
	return at.Sub(w.began).Round(time.Millisecond).String()
}

// pass lets time pass.
func (w *story) pass(d time.Duration) {
	end := w.now.Add(d)
	for n := 0; !w.alarm.IsZero() && !w.alarm.After(end); n++ {
		if n > 10_000 {
			w.t.Fatal("the follower rings its alarm for ever")
		}
		w.now, w.alarm = w.alarm, time.Time{}
		before := len(w.log)
		w.step(Woken{})
		if len(w.log) > before {
			w.log = slices.Insert(w.log, before, "at "+w.since(w.now))
		}
	}
	w.now = end
}

func (w *story) describe(d *datadriven.TestData) {
	var args []string
	for _, a := range d.CmdArgs {
		if len(a.Vals) == 0 {
			args = append(args, a.Key)
		}
	}
	switch d.Cmd {
	case "publisher":
		w.publisher = newPublisher(w.t, "north", int(number(d, "keys", 1)), int(number(d, "threshold", 1)), 1)
	case "follow":
		w.objects, w.state = map[bundle.Digest][]byte{}, nil
		w.begin(d)
		if labels := values(d, "labels"); labels != nil {
			w.step(Labelled{labels})
		}
	case "restart":
		if d.HasArg("damaged") {
			w.state[len(w.state)/2] ^= 1
		}
		w.begin(d)
	case "release":
		w.release(d, args[0])
	case "strip":
		s := w.releases[args[0]]
		s.Signatures = slices.DeleteFunc(slices.Clone(s.Signatures), func(sig bundle.Signature) bool {
			return !slices.ContainsFunc(args[1:], func(key string) bool { return w.key(key).Public().ID() == sig.Key })
		})
		w.releases[value(d, "as", "")] = s
	case "heard":
		w.step(Heard{from(args[0]), w.known(args[1])})
	case "handed":
		ev := Handed{Objects: w.publisher.objects}
		for _, name := range args {
			ev.Releases = append(ev.Releases, w.known(name))
		}
		w.step(ev)
	case "pulled":
		ev := Pulled{From: args[0], Err: value(d, "err", "")}
		for _, name := range args[1:] {
			ev.Releases = append(ev.Releases, w.known(name))
		}
		w.step(ev)
	case "fetched":
		w.fetched(d, args)
	case "beat":
		w.beat(d, args)
	case "halt":
		w.halt(d, args)
	case "peers":
		w.step(Peers{args})
	case "kept":
		w.step(Kept{value(d, "err", "")})
	case "checked":
		w.checked(args)
	case "switched":
		w.step(Switched{value(d, "err", "")})
	case "labelled":
		w.step(Labelled{values(d, "labels")})
	case "recheck":
		w.step(Recheck{})
	case "sampled":
		w.total = w.total.plus(Sample{
			number(d, "seconds", 0), number(d, "seconds", 0) * number(d, "guests", 0), number(d, "overload", 0),
			uint64(number(d, "migrations", 0)), uint64(number(d, "done", 0)), uint64(number(d, "failed", 0)),
		})
		w.step(Sampled{w.total})
	case "auto":
		w.auto = args
	case "pass":
		w.pass(duration(w.t, args[0]))
	case "clock":
		w.now = w.now.Add(duration(w.t, args[0]))
	case "status":
		w.status(d.HasArg("refusals"))
	default:
		d.Fatalf(w.t, "no command %s", d.Cmd)
	}
}

func (w *story) begin(d *datadriven.TestData) {
	w.anchor = w.publisher.anchor()
	if at := value(d, "at", ""); at != "" {
		r, err := w.known(at).Release()
		if err != nil {
			w.t.Fatal(err)
		}
		w.anchor.Version, w.anchor.Digest = r.Version, w.known(at).Digest()
	}
	f, err := New(Options{Anchor: w.anchor, Self: "h1", Seed: [32]byte{7}, Verify: verify, Sign: signAs("h1")})
	if err != nil {
		w.t.Fatal(err)
	}
	w.f, w.alarm, w.total = f, time.Time{}, Sample{}
	w.step(Started{State: w.state, Object: func(d bundle.Digest) ([]byte, bool) { data, ok := w.objects[d]; return data, ok }})
}

func (w *story) known(name string) bundle.Signed {
	s, ok := w.releases[name]
	if !ok {
		w.t.Fatalf("no release %s", name)
	}
	return s
}

func (w *story) key(name string) bundle.Private {
	i := int(name[0] - 'a')
	if name[0] >= 'p' {
		return newKeys(w.t, 8, 2)[name[0]-'p'] // of the next root
	}
	return w.publisher.keys[i]
}

func (w *story) release(d *datadriven.TestData, name string) {
	after := w.publisher.anchor()
	if last := value(d, "after", ""); last != "" {
		r, err := w.known(last).Release()
		if err != nil {
			w.t.Fatal(err)
		}
		after.Version, after.Digest = r.Version, w.known(last).Digest()
	}
	r := w.publisher.release(after, w.now)
	r.Publisher = value(d, "publisher", "north")
	r.Created = w.now.Add(duration(w.t, value(d, "created", "0s"))).Unix()
	r.Expires = w.now.Add(duration(w.t, value(d, "expires", "240h"))).Unix()
	r.StaleAfter = int64(duration(w.t, value(d, "stale", "0s")) / time.Second)
	r.Note = value(d, "note", "")
	hosts := values(d, "roster")
	if hosts == nil {
		hosts = []string{"h1", "h2", "h3"}
	}
	r.Roster = w.publisher.rosterOf(hosts...)
	if hosts[0] == "junk" {
		entry := w.publisher.file("junk.lcc", "junk")
		r.Roster = entry.Ref()
	}
	w.names[r.Roster.Digest] = "roster(" + strings.Join(hosts, " ") + ")"
	for _, line := range strings.Split(strings.TrimSpace(d.Input), "\n") {
		if line != "" {
			r.Policies = append(r.Policies, w.policy(strings.Fields(line)))
		}
	}
	if n := number(d, "root", 0); n > 0 {
		root := rootOf(uint64(n), int(number(d, "newthreshold", 1)), newKeys(w.t, 2, 2))
		r.Root = &root
	}
	s := sign(w.t, r)
	for _, key := range append(values(d, "sign"), values(d, "newsign")...) {
		s = s.Sign(w.key(key))
	}
	w.releases[name] = s
}

func (w *story) policy(words []string) bundle.Policy {
	p := bundle.Policy{Name: words[0]}
	for _, word := range words[1:] {
		path, text, isFile := strings.Cut(word, ":")
		key, val, _ := strings.Cut(word, "=")
		number := func() float64 {
			n, err := strconv.ParseFloat(val, 64)
			if err != nil {
				w.t.Fatal(err)
			}
			return n
		}
		switch {
		case isFile:
			entry := w.publisher.file(path, text)
			w.names[entry.Digest] = text
			p.Files = append(p.Files, entry)
		case key == "targets":
			p.Targets = []string{val}
		case key == "canary":
			parts := strings.Split(val, "/")
			share, err := strconv.ParseFloat(parts[0], 64)
			if err != nil {
				w.t.Fatal(err)
			}
			p.Canary = append(p.Canary, bundle.Stage{Share: share, Seconds: int64(duration(w.t, parts[1]) / time.Second), Labels: parts[2:]})
		case key == "migrations":
			p.Guard.Migrations = number()
		case key == "failed":
			p.Guard.Failed = number()
		case key == "overload":
			p.Guard.Overload = number()
		case key == "hosts":
			p.Guard.Hosts = int(number())
		default:
			w.t.Fatalf("policy: no %s", word)
		}
	}
	return p
}

func (w *story) fetched(d *datadriven.TestData, args []string) {
	digestOf := func(name string) bundle.Digest {
		for digest, known := range w.names {
			if known == name {
				return digest
			}
		}
		w.t.Fatalf("no object %s", name)
		return bundle.Digest{}
	}
	for _, name := range args[1:] {
		w.step(Fetched{From: from(args[0]), Digest: digestOf(name), Data: w.publisher.objects[digestOf(name)]})
	}
	for _, name := range values(d, "roster") {
		r, err := w.known(name).Release()
		if err != nil {
			w.t.Fatal(err)
		}
		w.step(Fetched{From: from(args[0]), Digest: r.Roster.Digest, Data: w.publisher.objects[r.Roster.Digest]})
	}
	for _, name := range values(d, "err") {
		w.step(Fetched{From: from(args[0]), Digest: digestOf(name), Err: "no such object"})
	}
	for _, name := range values(d, "lie") {
		w.step(Fetched{From: from(args[0]), Digest: digestOf(name), Data: []byte("a lie")})
	}
}

func (w *story) beat(d *datadriven.TestData, args []string) {
	s := w.known(args[1])
	r, err := s.Release()
	if err != nil {
		w.t.Fatal(err)
	}
	h := bundle.Heartbeat{Publisher: r.Publisher, Version: r.Version, Digest: s.Digest(),
		At: w.now.Add(duration(w.t, value(d, "at", "0s"))).Unix()}
	if d.HasArg("other") {
		h.Digest[0] ^= 1
	}
	w.step(Beat{from(args[0]), h.Sign(w.key(value(d, "key", "a")))})
}

func (w *story) halt(d *datadriven.TestData, args []string) {
	s := w.known(args[1])
	r, err := s.Release()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range r.Policies {
		if p.Name != args[2] {
			continue
		}
		h := bundle.Halt{Publisher: value(d, "publisher", r.Publisher), Version: r.Version, Policy: p.Name, Digest: p.Digest(),
			Host: value(d, "host", ""), Reason: "it is\x1b[2J bad", At: w.now.Unix()}
		if d.HasArg("long") {
			h.Reason = strings.Repeat("x", 2000)
		}
		h.Signature = signAs(h.Host)(h.Text())
		if d.HasArg("forged") {
			h.Signature = signAs(args[0])(h.Text())
		}
		w.step(Halted{from(args[0]), h})
	}
}

func (w *story) checked(args []string) {
	r, err := w.known(args[1]).Release()
	if err != nil {
		w.t.Fatal(err)
	}
	for _, p := range r.Policies {
		if p.Name != args[0] {
			continue
		}
		ev := Checked{Policy: p.Name, Digest: p.Digest()}
		switch {
		case len(args) > 3:
			ev.Err = fmt.Errorf("an error without a code")
		case len(args) > 2:
			ev.Err = bundle.Refuse(bundle.Code(args[2]), "because of this host")
		}
		w.step(ev)
	}
}

func (w *story) status(refusals bool) {
	s := w.f.Status()
	w.note("release %d, root %d, %d hosts, listed %v%s", s.Version, s.RootVersion, s.Hosts, s.Listed, flags(map[string]bool{
		"expired": s.Expired, "stale": s.Stale, "lagging": s.Lagging > 0, "alarm": s.Alarm != "",
	}))
	if s.Lagging > 0 {
		w.note("lagging behind %d", s.Lagging)
	}
	if s.Error != "" {
		w.note("error: %s", s.Error)
	}
	if !s.Beat.IsZero() {
		w.note("heartbeat at %s", w.since(s.Beat))
	}
	for _, p := range s.Policies {
		text := fmt.Sprintf("%s %s %s", p.Name, p.State, p.Digest.Short())
		if p.Active != (bundle.Digest{}) {
			text += fmt.Sprintf(", %s of release %d runs", p.Active.Short(), p.ActiveVersion)
		}
		if p.Stage > 0 {
			text += fmt.Sprintf(", stage %d", p.Stage)
		}
		if !p.Until.IsZero() {
			text += ", until " + w.since(p.Until)
		}
		if p.Detail != "" {
			text += fmt.Sprintf(", %s: %s", p.Code, p.Detail)
		}
		w.note("%s", text)
	}
	for _, h := range s.Halts {
		w.note("halt of %s by %s: %s", h.Policy, h.Name, h.Reason)
	}
	if refusals {
		for _, r := range s.Refusals {
			w.note("refusal at %s from %q: %s", w.since(r.At), r.From, r.Code)
		}
	}
}

func flags(all map[string]bool) (text string) {
	for _, name := range []string{"expired", "stale", "lagging", "alarm"} {
		if all[name] {
			text += ", " + name
		}
	}
	return text
}

func from(name string) string {
	if name == "op" {
		return ""
	}
	return name
}

func value(d *datadriven.TestData, key, standard string) string {
	if list := values(d, key); len(list) == 1 {
		return list[0]
	}
	return standard
}

func values(d *datadriven.TestData, key string) []string {
	for _, a := range d.CmdArgs {
		if a.Key == key {
			return a.Vals
		}
	}
	return nil
}

func number(d *datadriven.TestData, key string, standard float64) float64 {
	text := value(d, key, "")
	if text == "" {
		return standard
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		panic(err)
	}
	return n
}

func duration(t *testing.T, text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
