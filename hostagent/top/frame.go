package top

import "github.com/gdamore/tcell/v2"

// frame is a screen that is written whole at each drawing, as the library of widgets does,
// and hands on only the cells that differ from those shown. The screen below sends each cell
// that was written with something else in between, even if it has the old content again:
// over a slow link that is the whole screen every two seconds.
type frame struct {
	tcell.Screen                  // what is shown
	next         tcell.CellBuffer // what is to be shown
}

// Init does nothing: the screen below runs already.
func (f *frame) Init() error { return nil }

func (f *frame) Clear() {
	f.next.Resize(f.Screen.Size())
	f.next.Fill(' ', tcell.StyleDefault)
}

func (f *frame) SetContent(x, y int, first rune, combining []rune, style tcell.Style) {
	f.next.Put(x, y, string(append([]rune{first}, combining...)), style)
}

func (f *frame) GetContent(x, y int) (first rune, combining []rune, style tcell.Style, width int) {
	text, style, width := f.next.Get(x, y)
	for i, r := range text { // empty outside of the screen
		if i == 0 {
			first = r
		} else {
			combining = append(combining, r)
		}
	}
	return first, combining, style, width
}

// Show hands the cells on that differ.
func (f *frame) Show() {
	width, height := f.next.Size()
	for y := range height {
		for x := 0; x < width; {
			text, style, wide := f.next.Get(x, y)
			if was, old, _ := f.Screen.Get(x, y); was != text || old != style {
				f.Put(x, y, text, style)
			}
			x += max(1, wide)
		}
	}
	f.Screen.Show()
}
