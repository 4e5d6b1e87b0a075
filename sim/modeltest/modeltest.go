package modeltest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"parley/lcc"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/vocabulary"
	"parley/sim"
)

// Test is a parsed test of a model.
type Test struct {
	Name  string // of the file
	About string // what it shows
	// Model is the source of the model's text.
	Model string
	Text  []byte

	compiled *lcc.Model
	peers    []sim.PeerRunPeer
	run      runSection
	script   []sim.Act
	acts     []int             // the line of each act of the script
	actions  map[string][]line // of the actions of each peer
	expect   *expectation
}

// runSection is the section `run`.
type runSection struct {
	first, last  uint64 // seeds
	limit, quiet time.Duration
	network      sim.Network
	vocabulary   bool
	others       bool
}

// Sources give access to what a test refers to.
type Sources struct {
	// Read reads a file, by its path relative to the working directory.
	Read func(name string) ([]byte, error)
	// Shipped returns the text of a shipped model. It may be nil.
	Shipped func(name string) ([]byte, bool)
	// Libraries are where a model imports from. A file is read from the test first.
	Libraries link.Sources
	// Vocabulary is that of a host, for tests that request it. It may be nil.
	Vocabulary *vocabulary.Set
}

// Problem is an error in a test file.
type Problem struct {
	File    string
	Line    int // from 1
	Message string
	Misfit  bool // it names what the model does not have, as when the model has changed
}

func (p *Problem) Error() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message) }

// bytesMax bounds the size of a test file, which may contain a model of up to 64 KiB.
const bytesMax = 256 << 10

// Load reads a test and compiles its model. Errors in the test are joined *Problems;
// errors in the model are a *ModelError.
func Load(name string, data []byte, from Sources) (*Test, error) {
	if len(data) > bytesMax {
		return nil, &Problem{File: name, Line: 1, Message: fmt.Sprintf("a test of more than %d KiB: split it", bytesMax>>10)}
	}
	r := &reader{test: &Test{Name: name}, archive: txtar.Parse(data), data: data}
	r.test.About = strings.TrimSpace(string(r.archive.Comment))
	r.sections()
	if err := r.model(from); err != nil {
		return nil, err
	}
	if r.test.compiled != nil {
		r.body()
	}
	if len(r.problems) > 0 {
		return nil, errors.Join(r.problems...)
	}
	return r.test, nil
}

// ModelError reports the faults of a test's model.
type ModelError struct {
	Test, Model string
	Text        []byte
	Found       []check.Diagnostic
	// Open is why the model could not be put together with what it imports.
	Open *link.Error
}

func (e *ModelError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: its model %s has faults:", e.Test, e.Model)
	for _, d := range e.Found {
		if d.Severity == check.Error {
			text := e.Text
			if e.Open != nil {
				text = e.Open.Text(d)
			}
			b.WriteString("\n" + d.Text(text))
		}
	}
	return b.String()
}

// libraries are where the model imports from. The first text in the test is its model,
// the others are files beside it.
func (r *reader) libraries(from Sources) link.Sources {
	inside, libraries := r.test.Name+"/", from.Libraries
	read := libraries.Read
	libraries.Read = func(name string) ([]byte, error) {
		file, ok := strings.CutPrefix(name, inside)
		if s := r.take(file); ok && s != nil {
			return s.data, nil
		}
		if ok {
			name = path.Join(path.Dir(strings.ReplaceAll(r.test.Name, "\\", "/")), file)
		}
		if read == nil {
			return nil, fs.ErrNotExist
		}
		return read(name)
	}
	return libraries
}

// model finds and compiles the model.
func (r *reader) model(from Sources) error {
	t := r.test
	s, inline := r.take("model"), r.takeSuffix(".lcc")
	switch {
	case s == nil && inline == nil:
		r.fail(1, "no model: name its file in a section -- model --, or write its text in a section -- model.lcc --")
		return nil
	case s != nil && inline != nil:
		r.fail(inline.line, "two models: -- model -- and -- %s --", inline.name)
		return nil
	case inline != nil:
		t.Model, t.Text = t.Name+"/"+inline.name, inline.data
	default:
		var err error
		named := ""
		for _, l := range s.lines() {
			named = l.text
		}
		if len(s.lines()) != 1 {
			r.fail(s.line, "one line with the file of the model, or the name of a shipped one")
			return nil
		}
		t.Model = path.Join(path.Dir(strings.ReplaceAll(t.Name, "\\", "/")), named)
		if t.Text, err = from.Read(t.Model); errors.Is(err, fs.ErrNotExist) && from.Shipped != nil {
			if text, ok := from.Shipped(named); ok {
				t.Model, t.Text, err = named, text, nil
			}
		}
		if err != nil {
			r.fail(s.line+1, "the model: %v", err)
			return nil
		}
	}
	closed, err := link.Close(t.Model, t.Text, r.libraries(from))
	if open := (*link.Error)(nil); errors.As(err, &open) {
		return &ModelError{Test: t.Name, Model: t.Model, Text: t.Text, Found: open.Found, Open: open}
	}
	t.Text = closed.Text
	r.options()
	var vocabulary *vocabulary.Set
	if t.run.vocabulary {
		vocabulary = from.Vocabulary
	}
	model, found := lcc.Compile(t.Model, t.Text, vocabulary)
	if model == nil {
		link.Offer(found, from.Libraries)
		return &ModelError{Test: t.Name, Model: t.Model, Text: t.Text, Found: found}
	}
	model = r.scripted(model, vocabulary)
	t.compiled = model
	if messages, open := model.Messages(); !open {
		r.messages = messages
	}
	return nil
}
