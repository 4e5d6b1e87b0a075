package syntax

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// A closed text says where its imported parts come from, with marks: comments that begin
// a line and hold for the lines below them, up to the next mark or the end of the text.
//
//	%@ line 14 of deal
//	%@ line 3 of "lib/rooms.lcc"
//
// The first names a shipped library, the second a file, relative to the text.

// MarkFile is a mark for the lines of a file.
func MarkFile(line int, file string) string { return fmt.Sprintf("%%@ line %d of %q", line, file) }

// MarkShipped is a mark for the lines of a shipped library.
func MarkShipped(line int, library string) string {
	return fmt.Sprintf("%%@ line %d of %s", line, library)
}

// ShippedFile is how positions name a shipped library.
func ShippedFile(library string) string { return "models/library/" + library + ".lcc" }

var mark = regexp.MustCompile(`(?m)^%@ line (\d{1,6}) of (?:([a-z][A-Za-z0-9_]*)|"([^"\\\n]+)")[ \t\r]*$`)

// stretch is a part of a text that has the positions of another file.
type stretch struct {
	offset int // where it begins
	file   string
	shift  int // what is added to a line
}

// stretches returns the parts of a text that marks begin, in text order.
func stretches(name string, text []byte) (list []stretch) {
	if !bytes.Contains(text, []byte("\n%@ line ")) && !bytes.HasPrefix(text, []byte("%@ line ")) {
		return nil
	}
	line, counted := 1, 0
	for _, at := range mark.FindAllSubmatchIndex(text, -1) {
		line += bytes.Count(text[counted:at[0]], []byte("\n"))
		counted = at[0]
		first, err := strconv.Atoi(string(text[at[2]:at[3]]))
		if err != nil {
			continue // the pattern takes only numbers that fit
		}
		s := stretch{offset: at[1], shift: first - line - 1}
		if at[4] >= 0 {
			s.file = ShippedFile(string(text[at[4]:at[5]]))
		} else {
			s.file = Beside(name, string(text[at[6]:at[7]]))
		}
		list = append(list, s)
	}
	return list
}

// Beside returns the name of a file that a text names, relative to the text.
func Beside(text, file string) string {
	if path.IsAbs(file) {
		return file
	}
	return path.Join(path.Dir(strings.ReplaceAll(text, "\\", "/")), file)
}

// relocate gives everything that was read the position that the marks say.
func relocate(name string, text []byte, file *File, errs []*Error) {
	list := stretches(name, text)
	if len(list) == 0 {
		return
	}
	r := relocator{list: list, done: map[*Position]bool{}}
	for _, err := range errs {
		r.move(&err.Position)
	}
	if file == nil {
		return
	}
	for i := range file.Comments {
		r.move(&file.Comments[i].Position)
	}
	for _, head := range file.Unread {
		r.terms(head)
	}
	for _, item := range file.Items {
		r.item(item)
	}
}

// relocator moves nodes. Nodes of one tree may be shared, so it moves each once.
type relocator struct {
	list []stretch
	done map[*Position]bool
}

func (r *relocator) move(p *Position) {
	if r.done[p] {
		return
	}
	r.done[p] = true
	for i := len(r.list) - 1; i >= 0; i-- {
		if s := r.list[i]; p.Offset >= s.offset {
			p.File, p.Line, p.Imported = s.file, p.Line+s.shift, true
			return
		}
	}
}

func (r *relocator) node(n Node) {
	if placed, ok := n.(interface{ at() *Position }); ok {
		r.move(placed.at())
	}
}

func (r *relocator) item(item Item) {
	r.node(item)
	switch item := item.(type) {
	case *RoleDecl:
		r.terms(item.Role)
	case *Annotation:
		r.terms(item.Args...)
	case *Clause:
		r.agent(item.Agent)
		Walk(item.Body, r.event)
	case *Rule:
		r.terms(item.Head)
		if item.Body != nil {
			r.cons(item.Body)
		}
	}
}

func (r *relocator) event(d Def) {
	r.node(d)
	switch d := d.(type) {
	case *Send:
		r.terms(d.Message)
		r.agent(d.To)
	case *Receive:
		r.terms(d.Message)
		r.agent(d.From)
	case *Enter:
		r.agent(d.Agent)
	}
	for _, cons := range Constraints(d) {
		r.cons(cons)
	}
}

func (r *relocator) agent(a *Agent) {
	r.move(&a.Position)
	r.terms(a.Role, a.ID)
}

func (r *relocator) cons(cons Cons) {
	WalkCons(cons, func(part Cons) {
		r.node(part)
		switch part := part.(type) {
		case *Compare:
			r.terms(part.Left, part.Right)
		case *Call:
			r.terms(part.Goal)
		}
	})
}

func (r *relocator) terms(list ...Term) {
	WalkTerms(func(t Term) {
		r.node(t)
		if goal, ok := t.(*Goal); ok {
			WalkCons(goal.Cons, func(part Cons) { r.node(part) })
		}
	}, list...)
}
