package top

import (
	"context"
	"fmt"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"parley/hostagent/api"
	"parley/hostagent/site"
)

// key handles a key of the lists; boxes on top of them have keys of their own.
func (t *Top) key(event *tcell.EventKey) *tcell.EventKey {
	if name, _ := t.pages.GetFrontPage(); name != "main" {
		return event
	}
	switch event.Key() {
	case tcell.KeyTab:
		t.show((t.at + 1) % len(views))
		return nil
	case tcell.KeyEnter:
		t.lookInto()
		return nil
	case tcell.KeyEscape:
		t.find.SetText("")
		t.say("")
		return nil
	case tcell.KeyRune:
	default:
		return event
	}
	switch r := event.Rune(); r {
	case '1', '2', '3', '4', '5':
		t.show(int(r - '1'))
	case 't':
		t.listen()
	case 's':
		t.order[t.at] = (t.order[t.at] + 1) % len(views[t.at].heads)
		t.fill()
	case '/':
		t.box("find", t.find, 44, 3)
	case 'e':
		t.explain()
	case 'd', 'm', 'p', 'z':
		t.give(r)
	case 'q':
		t.app.Stop()
	default:
		return event
	}
	return nil
}

func (t *Top) show(view int) {
	t.at, t.said = view, ""
	t.talk.follow(views[view].rows == nil)
	t.fill()
	t.table.Select(1, 0).ScrollToBeginning()
}

func (t *Top) say(text string) {
	t.said = text
	t.fill()
}

// found ends the search field: Enter keeps its words, Escape drops them.
func (t *Top) found(key tcell.Key) {
	if key == tcell.KeyEscape {
		t.find.SetText("")
	}
	t.pages.RemovePage("find")
	t.fill()
}

// box shows something in the middle.
func (t *Top) box(name string, content tview.Primitive, width, height int) {
	across := tview.NewFlex().AddItem(nil, 0, 1, false).AddItem(content, width, 0, true).AddItem(nil, 0, 1, false)
	down := tview.NewFlex().SetDirection(tview.FlexRow).AddItem(nil, 0, 1, false).AddItem(across, height, 0, true).AddItem(nil, 0, 1, false)
	t.pages.AddPage(name, down, true, true)
}

// tell shows a text on the whole screen until a key.
func (t *Top) tell(title, text string) {
	page := tview.NewTextView().SetText(text).SetWordWrap(true)
	page.SetBorder(true).SetTitle(" " + tview.Escape(title) + ": Escape closes ")
	page.SetInputCapture(func(event *tcell.EventKey) *tcell.EventKey {
		if event.Key() == tcell.KeyEscape || event.Rune() == 'q' {
			t.pages.RemovePage("told")
			return nil
		}
		return event
	})
	t.pages.RemovePage("told").AddPage("told", page, true, true)
}

// later asks the agent beside the drawing, and shows the answer.
func (t *Top) later(ask func(context.Context) (title, text string, err error)) {
	t.say("the agent is asked")
	go func() {
		title, text, err := ask(t.ctx)
		t.app.QueueUpdateDraw(func() {
			if err != nil {
				t.say(err.Error())
				return
			}
			t.say("")
			t.tell(title, multiline(text))
		})
	}()
}

// lookInto tells more of the chosen row.
func (t *Top) lookInto() {
	r, ok := t.chosen()
	if !ok {
		return
	}
	switch what := r.what.(type) {
	case site.Host:
		t.tell(what.Host, multiline(tellHost(what, t.report.Moves())))
	case place:
		t.explain()
	case site.Move:
		report := t.report
		t.later(func(ctx context.Context) (string, string, error) {
			story, err := t.source.Deal(ctx, what.Deal.Deal)
			return what.Deal.Name, tellStory(what, story, report), err
		})
	case site.Said:
		t.tell(what.Host, multiline(tellSaid(what)))
	}
}

// explain has the agent explain the chosen host or guest.
func (t *Top) explain() {
	r, ok := t.chosen()
	if !ok {
		return
	}
	name := ""
	switch what := r.what.(type) {
	case site.Host:
		name = what.Host
	case place:
		name = what.guest.Name
	case site.Move:
		name = what.Deal.Name
	}
	t.later(func(ctx context.Context) (string, string, error) {
		why, err := t.source.Explain(ctx, name)
		return name, tellWhy(why), err
	})
}

// listen follows the talk of the chosen host, or of the host of the chosen row.
func (t *Top) listen() {
	r, ok := t.chosen()
	if !ok {
		return
	}
	host := t.report.From
	switch what := r.what.(type) {
	case site.Host:
		host = what.Host
	case place:
		host = what.host
	case site.Move:
		host = what.Deal.Source
	case site.Said:
		host = what.Host
	}
	t.talk.choose(host)
	t.find.SetText("") // its words have found the host, and are not for the talk
	t.show(talkView)
}

// give asks whether an order for the chosen row is meant. The agent takes orders about its
// own host alone.
func (t *Top) give(key rune) {
	r, ok := t.chosen()
	if !ok {
		return
	}
	var o api.Order
	var question, host string
	switch what := r.what.(type) {
	case site.Host:
		host = what.Host
		switch {
		case key == 'd' && what.Drained:
			o, question = api.Order{Do: "undrain"}, "Take back the drain of "+host
		case key == 'd':
			o, question = api.Order{Do: "drain"}, fmt.Sprintf("Drain %s: move its %d guests away", host, what.Count())
		case key == 'z' && what.Paused:
			o, question = api.Order{Do: "resume"}, "Resume the policies of "+host
		case key == 'z':
			o, question = api.Order{Do: "pause"}, "Pause the policies of "+host
		}
	case place:
		host = what.host
		switch {
		case key == 'm':
			o, question = api.Order{Do: "migrate", Guest: what.guest.ID}, "Migrate "+what.guest.Name+" to the best host"
		case key == 'p' && what.guest.Pin:
			o, question = api.Order{Do: "unpin", Guest: what.guest.ID}, "Unpin "+what.guest.Name
		case key == 'p':
			o, question = api.Order{Do: "pin", Guest: what.guest.ID}, "Pin "+what.guest.Name+" to its host"
		}
	}
	switch {
	case o.Do == "":
		t.say("d and z are for a host (1), m and p for a guest (2)")
	case host != t.report.From:
		t.say(fmt.Sprintf("this agent takes orders for %s only: give it on %s", t.report.From, host))
	default:
		t.confirm(question, o)
	}
}

// confirm gives an order once the reader has said so again.
func (t *Top) confirm(question string, o api.Order) {
	sure := tview.NewModal().SetText(tview.Escape(plain(question)) + "?").AddButtons([]string{"No", "Yes"})
	sure.SetButtonActivatedStyle(tcell.StyleDefault.Reverse(true)).SetButtonStyle(tcell.StyleDefault)
	sure.SetDoneFunc(func(_ int, label string) {
		t.pages.RemovePage("sure")
		if label != "Yes" {
			t.say("nothing was ordered")
			return
		}
		t.say(question + ": ordered")
		go func() {
			said := question + ": done"
			if err := t.source.Order(t.ctx, o); err != nil {
				said = err.Error()
			}
			t.app.QueueUpdateDraw(func() { t.say(said) })
		}()
	})
	t.pages.AddPage("sure", sure, true, true)
}
