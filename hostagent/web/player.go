package web

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"parley/hostagent/site"
)

// Recording is what a site was over a time. It is safe for concurrent use.
type Recording interface {
	Span() (begin, end time.Time)
	At(time.Time) site.Report
	Deal(at time.Time, id string) (site.Story, error)
	Talk(at time.Time, host, with string) (site.Story, error)
	// Whole is the load of the hosts from the beginning to a time, in at most so many steps
	// for the whole time.
	Whole(at time.Time, steps int) map[string]*site.Past
	Outline(steps int) site.Outline
	// Omitted is what At and Talk leave out at a time.
	Omitted(at time.Time) site.Omitted
}

// player plays a recording: it is the source of a page on which time passes as its readers
// choose. It is safe for concurrent use.
type player struct {
	recording  Recording
	begin, end time.Time
	clock      func() time.Time

	mu      sync.Mutex
	at      time.Time // of the recording, at the time since
	since   time.Time // by the clock; zero: nobody has looked yet
	speed   float64
	playing bool
}

// played is what an event says of a recording.
type played struct {
	Begin   time.Time    `json:"begin"`
	End     time.Time    `json:"end"`
	Speed   float64      `json:"speed"`
	Playing bool         `json:"playing"`
	Omitted site.Omitted `json:"omitted,omitzero"`
}

// command is what a reader wants of the player; what is not given stays as it is.
type command struct {
	Playing *bool    `json:"playing"`
	Speed   *float64 `json:"speed"`      // seconds of the recording in a second
	At      *float64 `json:"at_seconds"` // since the beginning
}

// Bounds of playing.
const (
	speedMost   = 36000
	playEvery   = 250 * time.Millisecond // between two pictures
	playPerHost = time.Millisecond
	wholeTakes  = 150 * time.Second // at the usual speed
)

func newPlayer(r Recording, clock func() time.Time) *player {
	p := &player{recording: r, clock: clock, speed: 1, playing: true}
	p.begin, p.end = r.Span()
	p.at = p.begin
	for _, speed := range []float64{10, 60, 300, 600, 1800, 3600} {
		if p.end.Sub(p.begin).Seconds() >= speed*wholeTakes.Seconds()/2 {
			p.speed = speed
		}
	}
	return p
}

// Site is the recorded site at the present moment. Time begins to pass with the first look.
func (p *player) Site(context.Context, time.Duration) (site.Report, error) {
	at, _ := p.now()
	return p.recording.At(at), nil
}

// Deal tells a deal as it is known at the present moment.
func (p *player) Deal(_ context.Context, id string) (site.Story, error) {
	at, _ := p.now()
	return p.recording.Deal(at, id)
}

// Talk tells what was said last at the present moment.
func (p *player) Talk(_ context.Context, host, with string) (site.Story, error) {
	at, _ := p.now()
	return p.recording.Talk(at, host, with)
}

// now returns the present moment of the recording.
func (p *player) now() (time.Time, *played) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pass()
	return p.at, &played{Begin: p.begin, End: p.end, Speed: p.speed, Playing: p.playing}
}

// pass lets the time pass since the last call. At the end the player stops.
func (p *player) pass() {
	now := p.clock()
	if p.playing && !p.since.IsZero() {
		left := p.end.Sub(p.at)
		if passed := now.Sub(p.since).Seconds() * p.speed; passed >= left.Seconds() {
			p.at, p.playing = p.end, false
		} else {
			p.at = p.at.Add(time.Duration(passed * float64(time.Second)))
		}
	}
	p.since = now
}

// do carries out a command. Who plays from the end begins again.
func (p *player) do(c command) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pass()
	if c.Speed != nil && !(*c.Speed > 0 && *c.Speed <= speedMost) {
		return fmt.Errorf("speed is %v: give more than 0, at most %d", *c.Speed, speedMost)
	}
	whole := p.end.Sub(p.begin).Seconds()
	if c.At != nil && !(*c.At >= 0 && *c.At <= whole) {
		return fmt.Errorf("at_seconds is %v: give from 0 to %v", *c.At, whole)
	}
	if c.Speed != nil {
		p.speed = *c.Speed
	}
	if c.Playing != nil {
		p.playing = *c.Playing
		if p.playing && c.At == nil && !p.at.Before(p.end) {
			p.at = p.begin
		}
	}
	if c.At != nil {
		p.at = p.begin.Add(time.Duration(*c.At * float64(time.Second)))
	}
	return nil
}

// plays makes a page play a recording.
func (p *Page) plays(r Recording) {
	p.player = newPlayer(r, time.Now)
	p.source = p.player
	p.watch = newWatch(p.player, playEvery)
	p.watch.perHost, p.watch.marks = playPerHost, p.player.mark
	p.mux.Handle("GET /play", p.guard.secret(p.outline))
	p.mux.Handle("POST /play", p.guard.same(p.guard.secret(p.play)))
}

// wholeSteps is into how many steps the map of load divides the whole time.
const wholeSteps = 480

// mark adds to a picture where in the recording it is, and the loads since the beginning.
func (p *player) mark(drawn *picture) {
	_, drawn.head.Play = p.now()
	drawn.head.Play.Omitted = p.recording.Omitted(drawn.head.At)
	for name, past := range p.recording.Whole(drawn.head.At, wholeSteps) {
		drawn.pasts[name] = encoded(past)
	}
}

// commandBytes bounds a command.
const commandBytes = 1 << 10

// play carries out a command of a reader.
func (p *Page) play(w http.ResponseWriter, r *http.Request) {
	var c command
	if !readJSON(w, r, commandBytes, &c, "the command is no JSON with playing, speed or at_seconds") {
		return
	}
	if err := p.player.do(c); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	p.watch.again()
	w.WriteHeader(http.StatusNoContent)
}

// outlineSteps is into how many steps the time line of a recording is divided.
const outlineSteps = 480

// outline says what the time line shows.
func (p *Page) outline(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, p.player.recording.Outline(outlineSteps))
}
