package top

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gdamore/tcell/v2"
	"github.com/rivo/tview"

	"parley/hostagent/api"
	"parley/hostagent/api/wording"
	"parley/hostagent/site"
)

// Source is what is shown. It is safe for concurrent use.
type Source interface {
	Site(ctx context.Context, within time.Duration) (site.Report, error)
	Deal(ctx context.Context, id string) (site.Story, error)
	// Talk tells the last messages of the models of a host.
	Talk(ctx context.Context, host, with string) (site.Story, error)
	Explain(ctx context.Context, name string) (api.Explanation, error)
	Order(ctx context.Context, o api.Order) error
}

// Top shows a site. Its fields are those of the goroutine that draws.
type Top struct {
	source Source
	ctx    context.Context // of Run: what is asked for ends with it
	every  time.Duration

	app    *tview.Application
	screen tcell.Screen // nil: the terminal's
	pages  *tview.Pages
	head   *tview.TextView
	table  *tview.Table
	whole  *tview.TextView // the sentence of the chosen row, which its cell has no room for
	main   *tview.Flex
	foot   *tview.TextView
	find   *tview.InputField

	report site.Report
	talk   talk
	failed error
	said   string // in the last line
	at     int    // the view
	order  []int  // column that sorts each view
	shown  []row
}

// New makes a view on the terminal, or on a screen of a test that runs already.
func New(source Source, screen tcell.Screen) *Top {
	// The terminal's own colours: some have a light ground.
	tview.Styles = tview.Theme{
		PrimitiveBackgroundColor: tcell.ColorDefault, ContrastBackgroundColor: tcell.ColorDefault,
		MoreContrastBackgroundColor: tcell.ColorDefault,
		BorderColor:                 tcell.ColorDefault, TitleColor: tcell.ColorDefault, GraphicsColor: tcell.ColorDefault,
		PrimaryTextColor: tcell.ColorDefault, SecondaryTextColor: tcell.ColorDefault, TertiaryTextColor: tcell.ColorDefault,
		InverseTextColor: tcell.ColorDefault, ContrastSecondaryTextColor: tcell.ColorDefault,
	}
	t := &Top{
		source: source, every: 2 * time.Second, talk: newTalk(), app: tview.NewApplication(), pages: tview.NewPages(), head: tview.NewTextView(),
		table: tview.NewTable().SetFixed(1, 0).SetSelectable(true, false), foot: tview.NewTextView(),
		whole: tview.NewTextView().SetWordWrap(true), main: tview.NewFlex().SetDirection(tview.FlexRow),
		find: tview.NewInputField().SetLabel("find: "),
	}
	for _, v := range views {
		t.order = append(t.order, v.order)
	}
	t.table.SetSelectedStyle(tcell.StyleDefault.Reverse(true))
	t.find.SetFieldStyle(tcell.StyleDefault).SetDoneFunc(t.found)
	t.find.SetChangedFunc(func(string) { t.fill() })
	t.main.AddItem(t.head, 2, 0, false).AddItem(t.table, 0, 1, true).AddItem(t.whole, 0, 0, false).AddItem(t.foot, 2, 0, false)
	t.table.SetSelectionChangedFunc(func(int, int) { t.sentence() })
	t.pages.AddPage("main", t.main, true, true)
	t.app.SetRoot(t.pages, true).SetInputCapture(t.key)
	t.screen = screen
	t.fill()
	return t
}

// Run shows the site until the reader leaves or the context ends.
func (t *Top) Run(ctx context.Context) error {
	if t.screen == nil {
		screen, err := tcell.NewScreen()
		if err != nil {
			return err
		}
		if err := screen.Init(); err != nil {
			return err
		}
		t.screen = screen
	}
	t.app.SetScreen(&frame{Screen: t.screen})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	t.ctx = ctx
	go t.look(ctx)
	go func() {
		<-ctx.Done()
		t.app.Stop()
	}()
	return t.app.Run()
}

// askWithin is how long the hosts have for their answers.
const askWithin = 2 * time.Second

// look asks for the site until the context ends.
func (t *Top) look(ctx context.Context) {
	ticker := time.NewTicker(t.every)
	defer ticker.Stop()
	for {
		report, err := t.source.Site(ctx, askWithin)
		lines := t.talk.ask(ctx, t.source)
		if ctx.Err() != nil {
			return
		}
		t.app.QueueUpdateDraw(func() {
			if t.failed = err; err == nil {
				t.report = report
			}
			t.talk.lines = lines
			t.fill()
		})
		select {
		case <-ticker.C:
		case <-t.talk.sooner:
		case <-ctx.Done():
			return
		}
	}
}

// fill writes what is shown; the row that is chosen stays chosen.
func (t *Top) fill() {
	v, chosen := views[t.at], ""
	if r, ok := t.chosen(); ok {
		chosen = r.key
	}
	rows := t.talk.rows
	if v.rows != nil {
		rows = func() []row { return v.rows(t.report) }
	}
	t.shown = sorted(rows(), t.order[t.at], t.find.GetText())
	t.table.Clear()
	for i, head := range v.heads {
		if i == t.order[t.at] {
			head += "↓"
		}
		t.table.SetCell(0, i, tview.NewTableCell(head).SetSelectable(false).SetAttributes(tcell.AttrBold))
	}
	at := 1
	for i, r := range t.shown {
		if r.key == chosen && v.rows != nil { // the talk is followed: its latest line stays in sight
			at = i + 1
		}
		for k, c := range r.cells {
			one := tview.NewTableCell(tview.Escape(plain(c.text))).SetTextColor(c.colour)
			if k == len(r.cells)-1 {
				one.SetExpansion(1)
			}
			if c.right && k > 1 {
				one.SetAlign(tview.AlignRight)
			}
			t.table.SetCell(i+1, k, one)
		}
	}
	t.table.SetOffset(t.table.GetOffset()) // a table that was short does not show the end of one that has grown
	t.table.Select(at, 0)
	t.sentence()
	t.head.SetText(t.title())
	t.foot.SetText(t.line())
}

// sentenceLines are the lines for the sentence of a move: as many as one needs at 80 columns.
const sentenceLines = 5

// sentence tells the chosen move whole.
func (t *Top) sentence() {
	lines, text := 0, ""
	if r, ok := t.chosen(); ok {
		if m, is := r.what.(site.Move); is {
			lines, text = sentenceLines, plain(wording.Move(m))
		}
	}
	t.main.ResizeItem(t.whole, lines, 0)
	t.whole.SetText(text)
}

// plain is a text of others without what a terminal would obey.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

func (t *Top) title() string {
	sums := t.report.Totals()
	first := fmt.Sprintf("parley top: %d hosts, %d guests, cpu %.0f %%, memory %.0f %%", sums.Hosts, sums.Guests, 100*sums.CPU,
		100*sums.Memory)
	if sums.InFlight > 0 {
		first += fmt.Sprintf(", %d in flight", sums.InFlight)
	}
	if sums.Problems+sums.Silent > 0 {
		first += fmt.Sprintf(", %d problems, %d silent", sums.Problems, sums.Silent)
	}
	if t.failed != nil {
		first = "no look: " + t.failed.Error()
	} else if t.report.At.IsZero() {
		first = "parley top: the hosts are asked"
	}
	var names []string
	for i, v := range views {
		name := fmt.Sprintf("%d %s", i+1, v.name)
		if i == t.at {
			name = fmt.Sprintf("[%d %s]", i+1, strings.ToUpper(v.name))
		}
		names = append(names, name)
	}
	return plain(first) + "\n" + strings.Join(names, "  ")
}

// line is what the last lines say: the outcome of an order, and the keys.
func (t *Top) line() string {
	said := plain(t.said)
	if said == "" && t.find.GetText() != "" {
		said = fmt.Sprintf("%d rows have %q: Escape shows all", len(t.shown), t.find.GetText())
	}
	if host, asked := t.talk.of(); asked && said == "" {
		said = t.talk.said(cmp.Or(host, t.report.From))
	}
	return said + "\n⏎ look  / find  s sort  t talk  e why  d drain  m move  p pin  z pause  q quit"
}

// chosen is the row under the cursor.
func (t *Top) chosen() (row, bool) {
	i, _ := t.table.GetSelection()
	if i < 1 || i > len(t.shown) {
		return row{}, false
	}
	return t.shown[i-1], true
}
