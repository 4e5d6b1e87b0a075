package peer

import (
	"bytes"
	"cmp"
	"hash/fnv"
	"iter"
	"math/rand/v2"
	"slices"
	"sort"

	"parley/lcc"
)

// matchmaker knows from the adverts which peer plays which role.
type matchmaker struct {
	self      lcc.PeerID
	peers     map[lcc.PeerID]*player
	order     []*player               // by id: random choices must not depend on map order
	shift     uint64                  // of the order of preference; drawn again after a change
	cache     map[wanted][]lcc.Player // results of find until the next change
	leasts    map[wanted]leastFound   // results of least, as long as they hold
	outsiders map[lcc.PeerID]outsider // peers of which only some models count
	space     []found                 // of search
	next      lcc.Instant             // no later than the first instant at which a peer becomes suspected; 0: none
}

// wanted is a query of find.
type wanted struct {
	model lcc.Digest
	name  string
	arity int
}

// changed discards the results of find and least.
func (m *matchmaker) changed() {
	clear(m.cache)
	clear(m.leasts)
}

// player is another peer.
type player struct {
	id        lcc.PeerID
	term      lcc.Term // its id
	hash      uint64   // of its id
	advert    Advert
	heard     lcc.Instant // when its last advert arrived
	linked    bool
	broke     lcc.Instant // when its connection broke; 0: it is not broken
	suspected bool
	avoided   bool        // as set by Avoid
	doubled   bool        // two processes run with its key
	declined  lcc.Instant // when it last refused or did not take a message of ours
	told      []byte      // what its host has told last, as the host agent knows it
}

// peersMax bounds the known peers (groupMost bounds a group).
const peersMax = 4096

// advertsMissed is the number of missed adverts after which a peer is suspected.
const advertsMissed = 3

func newMatchmaker(self lcc.PeerID) matchmaker {
	return matchmaker{
		self: self, peers: map[lcc.PeerID]*player{}, cache: map[wanted][]lcc.Player{}, leasts: map[wanted]leastFound{},
	}
}

func (m *matchmaker) peer(id lcc.PeerID) *player {
	p := m.peers[id]
	if p == nil {
		if len(m.peers) >= peersMax {
			return nil
		}
		p = &player{id: id, term: lcc.String(id), hash: hash(id)}
		m.peers[id] = p
		at := sort.Search(len(m.order), func(i int) bool { return m.order[i].id >= id })
		m.order = slices.Insert(m.order, at, p)
	}
	return p
}

func (m *matchmaker) link(ev Link, now lcc.Instant, o Options) {
	p := m.peer(ev.Peer)
	if p == nil {
		return
	}
	p.linked, p.broke = ev.Up, 0
	if !ev.Up && !ev.Beyond {
		p.broke = now
	} else if p.heard != 0 {
		p.heard = now // its silence during its absence no longer counts
	}
	m.watch(p, o)
}

// find returns the players of a role that matches the pattern. Those who declined least
// recently come first; among equals the order is random, and stays until something
// changes, so that not all seekers ask the same player. The caller must not change the
// list.
func (m *matchmaker) find(model lcc.Digest, pattern lcc.Term) []lcc.Player {
	name, args, _ := lcc.Name(pattern)
	key := wanted{model, name, len(args)}
	players, known := m.cache[key]
	if !known {
		players = m.search(model, pattern)
		m.cache[key] = players
	}
	return players
}

// found is a player that search has found.
type found struct {
	lcc.Player
	declined lcc.Instant
	rank     uint64
}

func (m *matchmaker) search(model lcc.Digest, pattern lcc.Term) []lcc.Player {
	list := m.space[:0]
	for p, role := range m.playing(model, pattern) {
		list = append(list, found{lcc.Player{Peer: p.id, Role: role, ID: p.term}, p.declined, m.rank(p)})
	}
	slices.SortStableFunc(list, func(a, b found) int {
		if a.declined != b.declined {
			return cmp.Compare(a.declined, b.declined)
		}
		return cmp.Compare(a.rank, b.rank)
	})
	m.space = list
	players := make([]lcc.Player, len(list))
	for i, f := range list {
		players[i] = f.Player
	}
	return players
}

// playing yields the players that count and their roles that match the pattern, by id.
func (m *matchmaker) playing(model lcc.Digest, pattern lcc.Term) iter.Seq2[*player, lcc.Term] {
	name, args, _ := lcc.Name(pattern)
	return func(yield func(*player, lcc.Term) bool) {
		for _, p := range m.order {
			if p.suspected || p.avoided || p.doubled || len(p.advert.Plays) == 0 || p.id == m.self || !m.accepts(p.id, model) {
				continue
			}
			for i := range p.advert.Plays {
				play := &p.advert.Plays[i]
				if play.Model != model {
					continue
				}
				for _, role := range play.Roles {
					if matches(name, len(args), role) && !yield(p, role) {
						return
					}
				}
			}
		}
	}
}

func (m *matchmaker) rank(p *player) uint64 { return rand.NewPCG(p.hash, m.shift).Uint64() }

func hash(id lcc.PeerID) uint64 {
	h := fnv.New64a()
	// Writing to a hash never fails.
	_, _ = h.Write([]byte(id))
	return h.Sum64()
}

// matches is a quick filter: it reports whether a pattern of so many arguments could
// mean a role. The engine does the unification.
func matches(wanted string, args int, role lcc.Term) bool {
	name, has, _ := lcc.Name(role)
	return wanted == name && (args == 0 || args == len(has))
}

// silent returns the peers to suspect now: three adverts missed, or a connection that
// stays broken.
func (m *matchmaker) silent(now lcc.Instant, o Options) (ids []lcc.PeerID) {
	if m.next == 0 || m.next > now {
		return nil
	}
	for _, p := range m.order {
		if at := p.suspectAt(o); !p.suspected && at != 0 && at <= now {
			ids = append(ids, p.id)
		}
	}
	return ids
}

func (p *player) suspectAt(o Options) lcc.Instant {
	var at lcc.Instant
	if p.heard != 0 {
		at = p.heard + lcc.Instant(advertsMissed*o.AdvertEvery+o.AdvertEvery/2)
	}
	if p.broke != 0 {
		at = earliest(at, p.broke+lcc.Instant(o.LinkGrace))
	}
	return at
}

// watch makes sure that a player that has become silent is suspected in time.
func (m *matchmaker) watch(p *player, o Options) {
	if at := p.suspectAt(o); at != 0 && !p.suspected {
		m.next = earliest(m.next, at)
	}
}

// expect computes the next instant at which a peer may have to be suspected, once the
// last one is reached. Adverts only postpone it, and are far more frequent than
// failures: a needless wake-up now and then is cheaper than visiting all players in
// each step.
func (m *matchmaker) expect(now lcc.Instant, o Options) {
	if m.next == 0 || m.next > now {
		return
	}
	m.next = 0
	for _, p := range m.order {
		m.watch(p, o)
	}
}

// forgive restarts all silences: a peer that missed its own timers must not suspect
// others.
func (m *matchmaker) forgive(now lcc.Instant) {
	for _, p := range m.peers {
		if p.heard != 0 {
			p.heard = now
		}
		if p.broke != 0 {
			p.broke = now
		}
	}
}

// heard handles an advert. A new incarnation of a peer means that all its agents are
// gone, so the agents in a conversation with it are notified first.
func (c *Core) heard(a Advert) error {
	if a.Peer == c.o.Self {
		return nil
	}
	p := c.players.peer(a.Peer)
	if p == nil || a.Incarnation == p.advert.Incarnation && a.Seq <= p.advert.Seq {
		return nil
	}
	if counts, err := c.sign(a.Peer, a.Incarnation, false); err != nil || !counts {
		return err
	}
	changed := !samePlays(p.advert.Plays, a.Plays)
	p.advert, p.heard = a, c.now
	c.players.watch(p, c.o)
	if p.suspected {
		changed = true
		if err := c.suspect(a.Peer, false); err != nil {
			return err
		}
	}
	if told, news := p.tells(); news {
		c.emit(told)
	}
	if !changed {
		return nil
	}
	c.players.shift = c.chance.Uint64()
	c.players.advertised(p)
	return c.playersChanged()
}

// tells returns what the player's host tells, if that is news.
func (p *player) tells() (told HostTold, news bool) {
	data := p.advert.Host
	if p.suspected {
		data = nil
	}
	news = !bytes.Equal(data, p.told)
	p.told = data
	return HostTold{From: p.id, Data: data}, news
}

// playersChanged notifies the engines that wait for players. Most hosts of a large
// group search for no player most of the time.
func (c *Core) playersChanged() error {
	for _, m := range c.order { // steps do not change c.order
		if !m.engine.Waits("player") {
			continue
		}
		if err := c.step(m, lcc.Changed{Names: []string{"player"}}); err != nil {
			return err
		}
	}
	return nil
}

func samePlays(a, b []Play) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Model != b[i].Model || len(a[i].Roles) != len(b[i].Roles) {
			return false
		}
		for k := range a[i].Roles {
			if !lcc.Equal(a[i].Roles[k], b[i].Roles[k]) {
				return false
			}
		}
	}
	return true
}

// suspect notifies the engines when the suspicion of a peer changes.
func (c *Core) suspect(id lcc.PeerID, suspected bool) error {
	p := c.players.peer(id)
	if p == nil || p.suspected == suspected {
		return nil
	}
	p.suspected = suspected
	if told, news := p.tells(); news {
		c.emit(told)
	}
	c.players.changed()
	c.players.watch(p, c.o)
	if err := c.stepAll(lcc.Suspected{Peer: id, Suspected: suspected}); err != nil {
		return err
	}
	return c.playersChanged()
}
