package top

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"parley/hostagent/api/wording"
	"parley/hostagent/site"
)

// talk follows what the models of a host say. The goroutine that looks asks for it, and the
// one that draws has its lines.
type talk struct {
	lines  heard
	sooner chan struct{} // asks for a look at once

	mu    *sync.Mutex
	state *followed
}

// followed says whose talk is asked for.
type followed struct {
	on   bool
	host string // "": the one of the agent
}

// heard is the latest talk.
type heard struct {
	host  string
	said  []site.Said // the latest first
	fault string      // why it is not known
}

// talkView is the place of the talk among the views.
var talkView = slices.IndexFunc(views, func(v view) bool { return v.name == "talk" })

func newTalk() talk {
	return talk{sooner: make(chan struct{}, 1), mu: &sync.Mutex{}, state: &followed{}}
}

// of is the host whose talk is asked for, if there is one.
func (k *talk) of() (host string, asked bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.state.host, k.state.on
}

// follow begins or ends to ask.
func (k *talk) follow(on bool) {
	k.mu.Lock()
	k.state.on = on
	k.mu.Unlock()
	if !on {
		return
	}
	select {
	case k.sooner <- struct{}{}:
	default:
	}
}

// choose sets whose talk is asked for.
func (k *talk) choose(host string) {
	k.mu.Lock()
	k.state.host = host
	k.mu.Unlock()
}

// ask asks for the talk, if somebody follows it.
func (k *talk) ask(ctx context.Context, source Source) (h heard) {
	host, asked := k.of()
	if !asked {
		return h
	}
	h.host = host
	story, err := source.Talk(ctx, host, "")
	if err != nil {
		h.fault = err.Error()
		return h
	}
	for _, end := range story.Ends {
		if end.Silent != "" {
			h.fault = end.Host + " does not say it: " + end.Silent
		}
	}
	h.said = story.Transcript()
	slices.Reverse(h.said)
	return h
}

// rows are the lines of the talk. The number keeps those apart that were said at one time.
func (k *talk) rows() (rows []row) {
	for i, s := range k.lines.said {
		at := number(float64(s.At.UnixNano()), "%s", s.At.Local().Format("15:04:05.000"))
		rows = append(rows, row{fmt.Sprint(len(k.lines.said)-i, s.At.UnixNano()), s, []cell{
			at, text(speaker(s)), text(wording.Term(s.Term)), text(fmt.Sprintf("%s:%d", s.Model, s.Line)),
		}})
	}
	return rows
}

// said says whose talk it is.
func (k *talk) said(host string) string {
	switch {
	case k.lines.fault != "":
		return plain(k.lines.fault)
	case len(k.lines.said) == 0:
		return plain(fmt.Sprintf("the models of %s have said nothing yet; t on a host follows that one", host))
	}
	return plain(fmt.Sprintf("what the models of %s say, the latest first; t on a host follows that one", host))
}

// speaker is who says or does something.
func speaker(s site.Said) string {
	who := s.Host
	if s.With != "" {
		who += " → " + s.With
	}
	switch s.Kind {
	case "message":
	case "solve":
		who += " begins"
	case "solved":
		who += " has done"
	case "failed":
		who += " could not do"
	default:
		who += " " + s.Kind
	}
	return who
}

// tellSaid tells one message whole.
func tellSaid(s site.Said) string {
	text := fmt.Sprintf("%s  %s\n\n%s\n\n", s.At.Local().Format(time.DateTime), speaker(s), wording.Term(s.Term))
	if s.Role != "" {
		text += "as " + wording.Term(s.Role) + ", "
	}
	return text + fmt.Sprintf("%s:%d", s.Model, s.Line)
}
