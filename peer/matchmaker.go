package peer

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sort"

	"parley/lcc"
)

// matchmaker knows who plays what, from the adverts.
type matchmaker struct {
	self      lcc.PeerID
	peers     map[lcc.PeerID]*player
	order     []lcc.PeerID            // by id: what is drawn from chance must not depend on a map
	shift     uint64                  // of the order of preference; drawn anew when something changed
	cache     map[wanted][]lcc.Player // what find said, until something changes
	outsiders map[lcc.PeerID]outsider // peers of which only some models count
	next      lcc.Instant             // not later than the first instant at which somebody is to be suspected; 0: nobody
}

// wanted is what find is asked for.
type wanted struct {
	model lcc.Digest
	name  string
	arity int
}

// changed forgets what find said.
func (m *matchmaker) changed() { clear(m.cache) }

// player is another peer.
type player struct {
	hash      uint64 // of its id
	advert    Advert
	heard     lcc.Instant // when its latest advert came
	linked    bool
	broke     lcc.Instant // when its connection broke; 0: it did not, or is mended
	suspected bool
	avoided   bool        // as Avoid says
	doubled   bool        // two processes run with its key
	declined  lcc.Instant // when it last refused or did not take a message of ours
}

// peersMax bounds the peers that are remembered (groupMost bounds a group).
const peersMax = 4096

// advertsMissed is how many adverts may stay out before a peer is suspected.
const advertsMissed = 3

func newMatchmaker(self lcc.PeerID) matchmaker {
	return matchmaker{self: self, peers: map[lcc.PeerID]*player{}, cache: map[wanted][]lcc.Player{}}
}

func (m *matchmaker) peer(id lcc.PeerID) *player {
	p := m.peers[id]
	if p == nil {
		if len(m.peers) >= peersMax {
			return nil
		}
		p = &player{hash: hash(id)}
		m.peers[id] = p
		at := sort.Search(len(m.order), func(i int) bool { return m.order[i] >= id })
		m.order = append(m.order[:at], append([]lcc.PeerID{id}, m.order[at:]...)...)
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
		p.heard = now // its silence while it was away counts no more
	}
	m.watch(p, o)
}

// find returns who plays a role that matches the pattern. Those who declined
// least recently come first; among equals the order is by chance, and stays
// until something changes, so that many seekers do not all ask the same one. The
// list must not be changed.
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

func (m *matchmaker) search(model lcc.Digest, pattern lcc.Term) (players []lcc.Player) {
	type found struct {
		lcc.Player
		declined lcc.Instant
		rank     uint64
	}
	list := make([]found, 0, len(m.order))
	for _, id := range m.order {
		p := m.peers[id]
		if p.suspected || p.avoided || p.doubled || id == m.self || !m.accepts(id, model) {
			continue
		}
		for _, play := range p.advert.Plays {
			if play.Model != model {
				continue
			}
			for _, role := range play.Roles {
				if matches(pattern, role) {
					list = append(list, found{lcc.Player{Peer: id, Role: role}, p.declined, m.rank(p)})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b found) int {
		return cmp.Or(cmp.Compare(a.declined, b.declined), cmp.Compare(a.rank, b.rank))
	})
	for _, f := range list {
		players = append(players, f.Player)
	}
	return players
}

func (m *matchmaker) rank(p *player) uint64 { return rand.NewPCG(p.hash, m.shift).Uint64() }

func hash(id lcc.PeerID) uint64 {
	h := fnv.New64a()
	// Writing to a hash never fails.
	_, _ = h.Write([]byte(id))
	return h.Sum64()
}

// matches says whether a role could be meant by a pattern: the engine unifies
// for certain.
func matches(pattern, role lcc.Term) bool {
	wanted, args, _ := lcc.Name(pattern)
	name, has, _ := lcc.Name(role)
	return wanted == name && (len(args) == 0 || len(args) == len(has))
}

// silent returns who is to be suspected now: three adverts missed, or a
// connection that stays broken.
func (m *matchmaker) silent(now lcc.Instant, o Options) (ids []lcc.PeerID) {
	if m.next == 0 || m.next > now {
		return nil
	}
	for _, id := range m.order {
		p := m.peers[id]
		if at := p.suspectAt(o); !p.suspected && at != 0 && at <= now {
			ids = append(ids, id)
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

// watch sees to it that a player whose silence has begun is suspected in time.
func (m *matchmaker) watch(p *player, o Options) {
	if at := p.suspectAt(o); at != 0 && !p.suspected {
		m.next = earliest(m.next, at)
	}
}

// expect finds the next instant at which somebody may have to be suspected, once
// the last one is reached. Adverts only put it off, and come far more often than
// anybody falls silent: that one wakes in vain now and then is cheaper than
// looking at all players in each step.
func (m *matchmaker) expect(now lcc.Instant, o Options) {
	if m.next == 0 || m.next > now {
		return
	}
	m.next = 0
	for _, id := range m.order {
		m.watch(m.peers[id], o)
	}
}

// forgive begins all silences anew: who missed its own timers accuses nobody.
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

// heard takes in an advert. A new life of a peer means that all its agents are
// gone, so those who talk to it learn that before anything else.
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
	if !changed {
		return nil
	}
	c.players.shift = c.chance.Uint64()
	c.players.changed()
	return c.playersChanged()
}

// playersChanged tells the engines that wait for it that players are not those
// that they were. Most hosts of a large group look for nobody most of the time.
func (c *Core) playersChanged() error {
	for _, m := range c.order { // which no step of an engine changes
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

// suspect tells the engines when a peer's suspicion changes.
func (c *Core) suspect(id lcc.PeerID, suspected bool) error {
	p := c.players.peer(id)
	if p == nil || p.suspected == suspected {
		return nil
	}
	p.suspected = suspected
	c.players.changed()
	c.players.watch(p, c.o)
	if err := c.stepAll(lcc.Suspected{Peer: id, Suspected: suspected}); err != nil {
		return err
	}
	return c.playersChanged()
}
