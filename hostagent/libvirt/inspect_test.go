package libvirt

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley/hostagent"
)

func running(ids ...hostagent.GuestID) (list []hostagent.Guest) {
	for _, id := range ids {
		list = append(list, hostagent.Guest{ID: id, State: hostagent.Running})
	}
	return list
}

// A guest is inspected as soon as it is seen, and then periodically; a look shows the
// last finding, and is requested if a finding is new.
func TestInspectorFindsWhatKeepsAGuest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		found := map[hostagent.GuestID]finding{"a": {stays: "it has 1 snapshot"}}
		var mu sync.Mutex
		var asked []hostagent.GuestID
		changes := 0
		i := newInspector(func(_ context.Context, guest hostagent.GuestID) (finding, error) {
			mu.Lock()
			defer mu.Unlock()
			asked = append(asked, guest)
			return found[guest], nil
		}, func() { changes++ })
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		go i.run(ctx)
		guests := append(running("b", "a"), hostagent.Guest{ID: "c", State: hostagent.Incoming})
		show := func(want ...string) {
			t.Helper()
			i.note(guests)
			for n, g := range guests {
				if g.Ineligible != want[n] {
					t.Errorf("guest %s: got %q, want %q", g.ID, g.Ineligible, want[n])
				}
				guests[n].Ineligible = ""
			}
		}
		show("", "", "")
		synctest.Wait()
		if !slices.Equal(asked, []hostagent.GuestID{"a", "b"}) || changes != 1 {
			t.Errorf("asked about %v, %d changes, want a and b, 1", asked, changes)
		}
		show("", "it has 1 snapshot", "")
		mu.Lock()
		delete(found, "a")
		found["b"] = finding{stays: "a backup runs"}
		mu.Unlock()
		time.Sleep(inspectEvery)
		synctest.Wait()
		show("a backup runs", "", "")
		if changes != 2 {
			t.Errorf("got %d changes, want 2", changes)
		}
		guests[1].Ineligible = "its disk is local"
		show("a backup runs", "its disk is local", "")
	})
}

// A guest whose QEMU hangs is not moved; the finding of a guest about which libvirt
// returns an error is kept, and a guest that left is forgotten.
func TestInspectorWithoutAnswers(t *testing.T) {
	errs := map[hostagent.GuestID]error{}
	i := newInspector(func(_ context.Context, guest hostagent.GuestID) (finding, error) {
		return finding{fault: "autostart"}, errs[guest]
	}, func() {})
	look := func(ids ...hostagent.GuestID) []hostagent.Guest {
		guests := running(ids...)
		i.note(guests)
		i.round(t.Context(), true)
		guests = running(ids...)
		i.note(guests)
		return guests
	}
	look("a", "b")
	errs["a"] = fmt.Errorf("look: %w", context.DeadlineExceeded)
	errs["b"] = errors.New("broken")
	got := look("a", "b")
	if got[0].Ineligible == "" || got[1].Ineligible != "" || got[1].Fault != "autostart" {
		t.Errorf("got %+v, want a kept and b as before", got)
	}
	if look("a"); len(i.found) != 1 {
		t.Errorf("got %d guests noted, want 1", len(i.found))
	}
}

// A guest with an unanswered question is not asked about again, and a few unanswered
// questions stop further ones.
func TestQuestionsDoNotPileUp(t *testing.T) {
	var p pending
	answered := p.asked("a")
	if err := p.whyNot("a"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a: got %v, want that the last question is out", err)
	}
	if err := p.whyNot("b"); err != nil {
		t.Errorf("b: got %v, want none", err)
	}
	p.asked("b")
	if err := p.whyNot("c"); err == nil || errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("c: got %v, want that others are out", err)
	}
	answered()
	if err := p.whyNot("a"); err != nil {
		t.Errorf("a, answered: got %v, want none", err)
	}
}

// Carried values are read back from their element, and from no other.
func TestCarried(t *testing.T) {
	if got := (carried{}).text(); got != "" {
		t.Errorf("nothing: got %q, want no element", got)
	}
	element := func(uri, text string) string {
		return "<x:" + text[1:len(text)-2] + " xmlns:x='" + uri + "'/>"
	}
	text := carried{autostart: true}.text()
	for metadata, want := range map[string]bool{
		element(carriedURI, text):                                    true,
		"<y:guest xmlns:y='urn:other'/>" + element(carriedURI, text): true,
		element("urn:other", text):                                   false,
		element(carriedURI, `<carried autostart="no"/>`):             false,
		element(carriedURI, `<carried later="yes"/>`):                false,
		"<carried autostart=":                                        false,
		"":                                                           false,
	} {
		if got := readCarried(metadata).autostart; got != want {
			t.Errorf("%s: got %v, want %v", metadata, got, want)
		}
	}
	// An agent that does not know the element finds no fault in the metadata.
	if m := readMark(element(carriedURI, text)); m.fault != "" {
		t.Errorf("the mark beside it: got the fault %q", m.fault)
	}
}
