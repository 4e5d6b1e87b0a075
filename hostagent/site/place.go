package site

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Wanted is a guest that somebody wants to start, and looks for a host for.
type Wanted struct {
	Cores    float64  `json:"cpu_cores"`
	Memory   int64    `json:"memory_bytes"`
	Disk     int64    `json:"disk_bytes,omitempty"` // of volumes of its own
	Kind     string   `json:"kind,omitempty"`       // vm if it is empty
	Needs    []string `json:"needs,omitempty"`      // what the host must offer
	Networks []string `json:"networks,omitempty"`
	Requires []string `json:"requires,omitempty"` // labels that the host must have
	Labels   []string `json:"labels,omitempty"`   // of the guest
	Near     []string `json:"near,omitempty"`     // labels of guests: one must be there
	Apart    []string `json:"apart,omitempty"`    // labels of guests: none may be there
	Avoids   []string `json:"avoids,omitempty"`   // labels that the host must not have
	AtMost   []string `json:"at_most,omitempty"`  // each key=value:n: at most n guests with that label there
	Beside   string   `json:"beside,omitempty"`   // name or id of a guest that must be there
}

// Bounds of what a wanted guest may say.
const (
	coresMost = 1 << 20
	bytesMost = 1 << 50
	wordsMost = 64 // in each list
	wordBytes = 256
)

// Validate returns what is wrong with it. Labels and the kind are the host's to check.
func (w Wanted) Validate() error {
	switch {
	case !(w.Cores > 0) || w.Cores > coresMost:
		return fmt.Errorf("it has %g cores: give more than 0", w.Cores)
	case w.Memory <= 0 || w.Memory > bytesMost:
		return errors.New("it has no memory: give an amount above 0")
	case w.Disk < 0 || w.Disk > bytesMost:
		return fmt.Errorf("it has %d bytes of disk: give 0 or more", w.Disk)
	}
	for _, list := range [][]string{w.Needs, w.Networks, w.Requires, w.Labels, w.Near, w.Apart, w.Avoids, w.AtMost, {w.Kind, w.Beside}} {
		if len(list) > wordsMost || slices.ContainsFunc(list, func(word string) bool { return len(word) > wordBytes }) {
			return fmt.Errorf("a list has more than %d entries, or one of more than %d bytes", wordsMost, wordBytes)
		}
	}
	return nil
}

// Vacancy is what a host says to a wanted guest.
type Vacancy struct {
	Load       float64 `json:"load"` // share: with the guest
	FreeCores  float64 `json:"free_cpu_cores"`
	FreeMemory int64   `json:"free_memory_bytes"`
	FreeDisk   int64   `json:"free_disk_bytes,omitempty"`
	// Code and Why say why the guest should not be started there; "": it may be.
	Code string `json:"code,omitempty"`
	Why  string `json:"why,omitempty"`
}

// Offer is the answer of one host.
type Offer struct {
	Host   string `json:"host"`
	PeerID string `json:"peer_id"`
	Silent string `json:"silent,omitempty"` // why there is no answer
	Vacancy
}

// Takes says whether the guest may be started there.
func (o Offer) Takes() bool { return o.Silent == "" && o.Code == "" }

// Offers are the answers of all hosts. Nothing is reserved.
type Offers struct {
	At     time.Time `json:"at"`
	From   string    `json:"from"`
	Wanted Wanted    `json:"wanted"`
	Hosts  []Offer   `json:"hosts"` // those that take it first, the least loaded one at the head
}

// Question is what is asked of a host: one of its fields, or its State if none is set.
type Question struct {
	Wanted *Wanted        `json:"wanted,omitempty"` // whether there is room for a guest
	Spare  bool           `json:"spare,omitempty"`  // what it has left, and what its guests need
	Deal   string         `json:"deal,omitempty"`   // id of a deal that it is an end of
	Past   *PastQuestion  `json:"past,omitempty"`   // a part of its past
	Talk   *TalkQuestion  `json:"talk,omitempty"`   // the last messages of its models
	Halt   *Halt          `json:"halt,omitempty"`   // to pause or to resume
	Signed *Signed        `json:"signed,omitempty"` // a question that another host carries
	Proxy  *ProxyQuestion `json:"proxy,omitempty"`  // to ask other hosts
}

// notUnderstood begins the answer of an agent to a question of a later version.
const notUnderstood = "the question is not understood"

// DecodeQuestion decodes and checks a question. One of a later version, which says more than
// is understood here, is an error: an answer that ignores it would be wrong.
func DecodeQuestion(data []byte) (q Question, err error) {
	if len(data) == 0 {
		return q, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&q); err != nil {
		return Question{}, fmt.Errorf("%s: %w", notUnderstood, err)
	}
	set := 0
	for _, is := range []bool{
		q.Wanted != nil, q.Spare, q.Deal != "", q.Past != nil, q.Talk != nil, q.Halt != nil, q.Signed != nil, q.Proxy != nil,
	} {
		if is {
			set++
		}
	}
	switch {
	case set == 0:
		return q, errors.New("the question asks for nothing")
	case set > 1:
		return q, errors.New("the question asks for two things")
	case len(q.Deal) > dealBytes:
		return q, fmt.Errorf("the id of a deal has %d bytes, more than %d", len(q.Deal), dealBytes)
	case q.Wanted != nil:
		return q, q.Wanted.Validate()
	case q.Past != nil:
		return q, q.Past.Validate()
	case q.Talk != nil:
		return q, q.Talk.Validate()
	case q.Halt != nil:
		return q, q.Halt.Validate()
	case q.Signed != nil:
		_, err := q.Signed.Question()
		return q, err
	case q.Proxy != nil:
		return q, q.Proxy.validate()
	}
	return q, nil
}

// Encode encodes the answer to a question about a guest.
func (v Vacancy) Encode() ([]byte, error) { return json.Marshal(v) }

// Place asks hosts whether a guest may be started there.
func (a *Asker) Place(ctx context.Context, members []Member, within time.Duration, w Wanted) ([]Offer, error) {
	text, err := json.Marshal(Question{Wanted: &w})
	if err != nil {
		return nil, err
	}
	offers := make([]Offer, len(members))
	silent := a.look(ctx, members, within, asking{question: text, byProxy: true, take: func(i int, data []byte) error {
		var v Vacancy
		if err := json.Unmarshal(data, &v); err != nil {
			return fmt.Errorf("its answer is malformed: %w", err)
		}
		offers[i].Vacancy = v
		return nil
	}})
	for i, m := range members {
		offers[i].Host, offers[i].PeerID, offers[i].Silent = m.Name, string(m.ID), silent[i]
	}
	return offers, nil
}

// SortOffers sorts hosts that take the guest first, by the load that they would have, then
// those that refuse, then those that are silent.
func SortOffers(list []Offer) {
	rank := func(o Offer) int {
		switch {
		case o.Silent != "":
			return 2
		case o.Code != "":
			return 1
		}
		return 0
	}
	slices.SortFunc(list, func(a, b Offer) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Load, b.Load), strings.Compare(a.Host, b.Host))
	})
}
