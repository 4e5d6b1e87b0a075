package service

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/memory"
	"parley/lcc"
	"parley/models"
	"parley/models/publish/bundle"
	"parley/peer"
)

// A host that offers room but does not admit the guest harms no guest: the deal is
// aborted, the guest keeps running where it was, another host is chosen, and the liar
// is counted and, if it continues, banned.
func TestLiesAboutItsRoom(t *testing.T) {
	agility, _ := models.Text("agility")
	c := play(t, roles{
		daemons: []string{"source", "liar", "honest"},
		config:  func(_ string, c *config.Config) { policyFile(t, c, string(agility)) },
		place: func(hosts []*memory.Platform) {
			hosts[1].Inject(memory.Refuses)
			testGuest(t, hosts[2], "own", 0.4) // the liar seems to have more room
		},
	})
	source, liar := c.daemons[0], c.daemons[1]
	// The source can choose between both from its first deal on.
	source.until(t, "both other hosts say that they have room", func(s api.Status) bool {
		says := func(p api.PeerStatus) bool {
			return slices.ContainsFunc(p.Roles, func(role string) bool { return strings.HasPrefix(role, "underloaded") })
		}
		return len(s.Peers) == 2 && says(s.Peers[0]) && says(s.Peers[1])
	})
	for _, name := range []string{"g1", "g2", "g3"} {
		testGuest(t, c.platforms[0], name, 1)
	}
	s := source.until(t, "a guest has gone to the honest host", func(s api.Status) bool {
		return slices.ContainsFunc(s.History, func(d api.DealStatus) bool { return d.State == "done" })
	})
	var ends []string
	for _, d := range s.History {
		ends = append(ends, d.State+" at "+source.names.name(hostagent.HostID(d.Target)))
	}
	if !slices.Contains(ends, "aborted at liar") || ends[len(ends)-1] != "done at honest" {
		t.Errorf("the source's deals: got %v, want the liar tried, and then the honest host", ends)
	}
	if kinds, banned := source.conductOf(liar.PeerID()); kinds["unkept"] == 0 || banned {
		t.Errorf("after a lie: got %v, shut out %v; want it counted and no more", kinds, banned)
	}
	guest := s.History[0].Name
	for i := range 20 {
		if _, banned := source.conductOf(liar.PeerID()); banned {
			break
		}
		if err := source.order(t, guest, "liar"); !errors.Is(err, api.ErrRefused) {
			t.Fatalf("order %d to the liar: got %v, want it refused", i, err)
		}
	}
	source.shutsOut(t, liar.PeerID(), "unkept")
	for _, name := range []string{"g1", "g2", "g3", "own"} {
		if hosts := c.running(t, name); len(hosts) != 1 || hosts[0] == "liar" {
			t.Errorf("%s runs on %v, want one host that is not the liar", name, hosts)
		}
	}
	if err := source.order(t, guest, "honest"); err != nil {
		t.Errorf("an honest deal afterwards: %v", err)
	}
}

// boastful is a platform that reports more room than there is.
type boastful struct{ *memory.Platform }

func (b boastful) Observe(ctx context.Context) (hostagent.Observation, error) {
	seen, err := b.Platform.Observe(ctx)
	seen.Capacity.CPU *= 100
	seen.Capacity.MemoryBytes *= 100
	return seen, err
}

// A host that promises its room twice gets one guest; the other stays where it is, and
// each runs once.
func TestSellsItsRoomTwice(t *testing.T) {
	c := play(t, roles{
		daemons: []string{"s1", "s2", "seller"},
		config:  func(_ string, c *config.Config) { c.MovesIn = 10 },
		place: func(hosts []*memory.Platform) {
			testGuest(t, hosts[0], "g1", 1)
			testGuest(t, hosts[1], "g2", 1)
		},
		platform: func(name string, p *memory.Platform) hostagent.Platform {
			if name == "seller" {
				return boastful{p}
			}
			return p
		},
	})
	seller := c.daemons[2]
	var sold atomic.Int64
	c.platforms[2].SetAdmission(func(ctx context.Context, a hostagent.AdmissionAsked) hostagent.Refusal {
		if why := seller.Admit(ctx, a); why.Is() || sold.Add(1) == 1 {
			return why
		}
		return hostagent.Refusal{Code: hostagent.CodeNoRoom, Detail: "there is no room left"}
	})
	var ends [2]error
	var both sync.WaitGroup
	for i := range ends {
		both.Go(func() { ends[i] = c.daemons[i].order(t, fmt.Sprintf("g%d", i+1), "seller") })
	}
	both.Wait()
	won := slices.IndexFunc(ends[:], func(err error) bool { return err == nil })
	lost := slices.IndexFunc(ends[:], func(err error) bool {
		return errors.Is(err, api.ErrRefused) && strings.Contains(err.Error(), "there is no room left")
	})
	if won < 0 || lost < 0 {
		t.Fatalf("got %v, want one that is done and one that is refused on arrival", ends)
	}
	for i, want := range map[int]string{won: "seller", lost: c.daemons[lost].config.Host} {
		if hosts := c.running(t, fmt.Sprintf("g%d", i+1)); !slices.Equal(hosts, []string{want}) {
			t.Errorf("g%d runs on %v, want %s alone", i+1, hosts, want)
		}
	}
	if kinds, _ := c.daemons[lost].conductOf(seller.PeerID()); kinds["unkept"] != 1 {
		t.Errorf("who was cheated counts %v, want it once", kinds)
	}
	if kinds, _ := c.daemons[won].conductOf(seller.PeerID()); len(kinds) != 0 {
		t.Errorf("who was not cheated counts %v, want nothing", kinds)
	}
	for _, d := range c.daemons {
		d.until(t, "all deals have ended", func(s api.Status) bool { return len(s.Deals) == 0 && s.Load.ReservedMemory == 0 })
	}
}

// asking is a model whose hosts ask each other without end.
const asking = `
r(asker, initial).
r(taker, initial).
a(asker, ID) ::
    (
        wanted => a(taker, T) then
        (
            (got <= a(taker, T) then null <- timeout(0.2) then a(asker, ID))
            or (null <- failed(T) then a(asker, ID))
            or (null <- timeout(2) then a(asker, ID))
        )
    )
a(taker, ID) ::
    wanted <= a(asker, A) then
    got => a(asker, A) then
    a(taker, ID)
`

// reservingOf is a model whose host reserves room for a guest of another host.
func reservingOf(source config.Peer) string {
	return fmt.Sprintf(`
r(taker, initial).
a(taker, ID) ::
    (null <- reserve("ghost", need(1.0, 512), %q, D) then null <- settled(D, _) then a(taker, ID))
    or (null <- timeout(3600) then a(taker, ID))
`, source.ID)
}

// A peer that never answers blocks nothing: what depends on it ends within its bounds,
// others are chosen, reservations are released, and it is not banned for its silence.
func TestNeverAnswers(t *testing.T) {
	c := play(t, roles{
		daemons: []string{"h1", "h2"}, rogues: []string{"silent"},
		config: func(_ string, c *config.Config) { c.MovesOut = 2 },
		place: func(hosts []*memory.Platform) {
			testGuest(t, hosts[0], "g1", 0.5)
			testGuest(t, hosts[0], "g2", 0.5)
		},
	})
	h1, h2, silent := c.daemons[0], c.daemons[1], c.rogues[0]
	ends := make(chan error, 1)
	go func() { ends <- h1.order(t, "g1", "silent") }()
	if err := h1.order(t, "g2", ""); err != nil {
		t.Errorf("a move to whoever has room: %v", err)
	}
	if hosts := c.running(t, "g2"); !slices.Equal(hosts, []string{"h2"}) {
		t.Errorf("g2 runs on %v, want h2: the other does not answer", hosts)
	}
	h2.until(t, "the deal has ended there", func(s api.Status) bool { return len(s.Deals) == 0 })
	h2.enacts(t, reservingOf(c.listed[2]))
	h2.until(t, "room was held for a guest of the silent host, and is free", func(s api.Status) bool {
		return s.Load.ReservedMemory == 0 && slices.ContainsFunc(s.History, func(d api.DealStatus) bool {
			return d.State == "refused" && strings.Contains(d.Reason, "does not say what the guest needs")
		})
	})
	if err := <-ends; !errors.Is(err, api.ErrRefused) || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("a move to the silent host: got %v, want that it does not answer", err)
	}
	for _, d := range c.daemons {
		d.enacts(t, asking)
	}
	model, _ := lcc.Compile("policy.lcc", []byte(asking), hostagent.Vocabulary())
	silent.host.Publish(peer.Advert{Peer: silent.host.ID(), Incarnation: 1, Seq: 1,
		Plays: []peer.Play{{Model: model.Digest(), Roles: []lcc.Term{lcc.Atom("taker")}}}})
	silent.asked(t)
	before := strings.Count(h2.log.String(), "event=model_receive")
	h1.until(t, "the others are asked again", func(api.Status) bool {
		return strings.Count(h2.log.String(), "event=model_receive") > before+5
	})
	for _, d := range c.daemons {
		if kinds, banned := d.conductOf(silent.host.ID()); len(kinds) != 0 || banned {
			t.Errorf("%s counts %v against the silent host, shut out %v; want nothing", d.config.Host, kinds, banned)
		}
	}
}

// asked waits until a model has asked the rogue.
func (r *rogue) asked(t *testing.T) {
	t.Helper()
	limit := time.After(20 * time.Second)
	for {
		select {
		case ev := <-r.events:
			if arrived, ok := ev.(peer.Arrived); ok && arrived.Frame.Message != nil {
				return
			}
		case <-limit:
			t.Fatal("no model asked the rogue")
		}
	}
}

// enacts puts another policy in force.
func (d *daemon) enacts(t *testing.T, text string) {
	t.Helper()
	cfg := d.config
	policyFile(t, &cfg, text)
	if err := d.Reconfigure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	d.until(t, "the policy is in force", func(s api.Status) bool { return len(s.Policy.Models) == 1 && s.Policy.Error == "" })
}

// A payload that no honest ledger sends is refused and counted, and its host is banned
// if it continues; nothing moves, and honest deals go on.
func TestLedgerLies(t *testing.T) {
	acts := map[string]func(r *rogue, to lcc.PeerID){
		"malformed": func(r *rogue, to lcc.PeerID) {
			for range 40 {
				r.say(to, []byte("junk"))
			}
		},
		"stray": func(r *rogue, to lcc.PeerID) {
			for i := range 200 {
				for _, kind := range []string{"commit", "armed", "receipt", "cancel", "here", "describe"} {
					r.transmit(to, r.sign(to, said{Kind: kind, Deal: fmt.Sprint("deal ", i), Token: "t", Guest: "g1", Place: "running", Over: true,
						Endpoint: "memory:h2", State: "done"}))
				}
			}
		},
		"forged": func(r *rogue, to lcc.PeerID) {
			for range 3 {
				forged := r.sign(to, said{Kind: "receipt", Deal: "d", Guest: "g1", State: "done"})
				forged.State = "aborted"
				r.transmit(to, forged)
				r.transmit(to, said{Kind: "commit", Deal: "d", Token: "t", Guest: "g1"}) // stripped
			}
		},
		"replayed": func(r *rogue, to lcc.PeerID) {
			r.transmit(to, r.sign(to, said{Kind: "propose", Deal: "mine", Guest: "ghost", Name: "ghost", CPU: 1, Memory: 1 << 30}))
			commit := r.sign(to, said{Kind: "commit", Deal: "mine", Token: r.hears("offer").Token, Guest: "ghost", Name: "ghost", CPU: 1,
				Memory: 1 << 30})
			r.transmit(to, commit)
			r.hears("armed")
			r.transmit(to, said{Kind: "cancel", Deal: "mine", Reason: "nothing will come"})
			for range 200 {
				r.transmit(to, commit)
			}
		},
	}
	var names []string
	for name := range acts {
		names = append(names, name)
	}
	slices.Sort(names)
	c := play(t, roles{
		daemons: []string{"h1", "h2"}, rogues: names,
		place: func(hosts []*memory.Platform) { testGuest(t, hosts[0], "g1", 0.5) },
	})
	h1 := c.daemons[0]
	for i, name := range names {
		acts[name](c.rogues[i], h1.PeerID())
		h1.shutsOut(t, c.rogues[i].host.ID(), name)
	}
	h1.until(t, "nothing is held", func(s api.Status) bool { return len(s.Deals) == 0 && s.Load.ReservedMemory == 0 })
	if hosts := c.running(t, "g1"); !slices.Equal(hosts, []string{"h1"}) {
		t.Errorf("g1 runs on %v, want h1", hosts)
	}
	if kinds, _ := h1.conductOf(c.daemons[1].PeerID()); len(kinds) != 0 {
		t.Errorf("the honest host is blamed for %v", kinds)
	}
	body := metricsOf(t, h1.config.Socket)
	for _, name := range names {
		if !strings.Contains(body, fmt.Sprintf("parley_peer_misconduct_total{kind=%q}", name)) {
			t.Errorf("the metrics do not count what is %s", name)
		}
	}
	if !strings.Contains(body, "parley_peers_banned 4") {
		t.Error("the metrics do not have the four that are shut out")
	}
	if err := h1.order(t, "g1", "h2"); err != nil {
		t.Errorf("an honest deal afterwards: %v", err)
	}
}

// A host whose policy repeatedly reserves room without using it is refused for a time;
// an honest host can still move its guest there.
func TestFloodOfReservations(t *testing.T) {
	agility, _ := models.Text("agility")
	c := play(t, roles{
		daemons: []string{"target", "honest"}, rogues: []string{"greedy"},
		config: func(name string, c *config.Config) {
			c.OfferTTL = time.Second
			if name == "target" {
				policyFile(t, c, string(agility))
			}
		},
		place: func(hosts []*memory.Platform) {
			testGuest(t, hosts[1], "g1", 1)
			testGuest(t, hosts[1], "g2", 1)
		},
	})
	target, honest, greedy := c.daemons[0], c.daemons[1], c.rogues[0]
	model, _ := lcc.Compile("policy.lcc", agility, hostagent.Vocabulary())
	var floods sync.WaitGroup
	stop := make(chan struct{})
	floods.Go(func() { greedy.reserves(model, target.PeerID(), stop) })
	defer floods.Wait()
	defer close(stop)
	target.until(t, "the greedy host is refused", func(s api.Status) bool {
		return slices.ContainsFunc(s.History, func(d api.DealStatus) bool {
			return d.State == "refused" && d.Source == string(greedy.host.ID()) && strings.Contains(d.Reason, "too many reservations unused")
		})
	})
	honest.enacts(t, string(agility))
	s := target.until(t, "a guest of the honest host has come", func(s api.Status) bool { return len(s.Guests) == 1 })
	held := 0
	for _, d := range s.History {
		if d.Source == string(greedy.host.ID()) && d.State == "expired" {
			held++
		}
	}
	if held == 0 || held > 10 {
		t.Errorf("%d offers were held for the greedy host, want some and no more than 10", held)
	}
}

// reserves asks a host that plays the role underloaded of agility to take guests,
// repeatedly; it describes them and does not commit.
func (r *rogue) reserves(model *lcc.Model, to lcc.PeerID, stop <-chan struct{}) {
	var role lcc.Term
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for seq := uint64(1); ; {
		select {
		case <-stop:
			return
		case ev := <-r.events:
			if heard, ok := ev.(peer.Heard); ok && heard.Advert.Peer == to {
				role = roleOf(heard.Advert, model.Digest(), "underloaded")
			}
			if p, ok := saidIn(ev); ok && p.Kind == "ask" {
				r.transmit(to, said{Kind: "describe", Deal: p.Deal, Guest: p.Guest, Name: "ghost", CPU: 1, Memory: 1 << 30, Load: 0.9})
			}
		case <-ticker.C:
			if role == nil {
				continue
			}
			r.host.Send(to, peer.Frame{Incarnation: 1, Message: &lcc.Message{
				Model: model.Digest(), ID: lcc.MessageID{Peer: r.host.ID(), Agent: 1, Seq: seq}, Conversation: lcc.ConversationID(fmt.Sprint("c", seq)),
				From: lcc.Party{Peer: r.host.ID(), Agent: 1, Role: lcc.NewTerm("overloaded", lcc.Float(0.9))}, To: lcc.Party{Peer: to, Role: role},
				Body: lcc.NewTerm("ask", lcc.String(fmt.Sprint("ghost", seq)), lcc.NewTerm("need", lcc.Float(1), lcc.Int(1024)), lcc.Float(0.9)),
			}})
			seq++
		}
	}
}

func roleOf(a peer.Advert, model lcc.Digest, name string) lcc.Term {
	for _, play := range a.Plays {
		for _, role := range play.Roles {
			if is, _, _ := lcc.Name(role); play.Model == model && is == name {
				return role
			}
		}
	}
	return nil
}

// An order of the operator of another owner's host is refused while no model is shared
// with its owner, and carried out when there is one.
func TestOutsidersOperator(t *testing.T) {
	site := memory.NewSite(memory.Options{Speedup: 20})
	north, south := newPublisher(t, "north"), newPublisher(t, "south")
	n, s := newPlace(t, site, "n1"), newPlace(t, site, "s1")
	north.roster.Hosts = []bundle.Host{n.listed}
	south.roster.Hosts = []bundle.Host{s.listed}
	testGuest(t, s.platform, "g1", 0.1)
	accept := func(at *place, own, other *publisher, models ...string) []config.Publisher {
		return []config.Publisher{{Anchor: own.anchor(at.config.StateDir)}, {Anchor: other.anchor(at.config.StateDir), Models: models}}
	}
	a := n.run(t, accept(n, north, south, "gossip"), s)
	b := s.run(t, accept(s, south, north), n)
	agility, _ := models.Text("agility")
	north.release(north.policyOf("agility", string(agility)))
	south.release(south.policyOf("agility", string(agility)))
	// Both must have both rosters before one waits for the other: a host that has only
	// its own roster admits no host of another owner.
	for _, d := range []*daemon{a, b} {
		north.publish(d)
		south.publish(d)
	}
	for _, d := range []*daemon{a, b} {
		d.until(t, "it enacts agility and has a partner", func(s api.Status) bool {
			return enacts("agility")(s) && len(s.Peers) == 1 && s.Peers[0].Connected && s.Load.Known
		})
	}
	for range 2 {
		if err := b.order(t, "g1", "north/n1"); !errors.Is(err, api.ErrRefused) ||
			!strings.Contains(err.Error(), "with hosts of south in gossip only") {
			t.Errorf("an outsider's order: got %v, want it refused with what is accepted", err)
		}
	}
	if kinds, _ := a.conductOf(b.PeerID()); len(kinds) != 0 {
		t.Errorf("the outsider is blamed for %v: its operator may ask", kinds)
	}
	cfg := a.config
	cfg.Publishers = accept(n, north, south, "gossip", "agility")
	if err := a.Reconfigure(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if err := b.order(t, "g1", "north/n1"); err != nil {
		t.Errorf("once a model is shared: %v", err)
	}
}
