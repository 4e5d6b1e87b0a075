package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

func half() *float64 { p := 0.5; return &p }

// Each message is written as the page shows it, and read as it was written.
func TestMessages(t *testing.T) {
	for _, c := range []struct {
		from func(io.Reader) *Reader
		m    Message
		line string
	}{
		{FromProgram, &Hello{Name: "grep", Version: 1, Run: "ab", PID: 7, At: AtNew}, `{"hello":"grep","v":1,"run":"ab","pid":7,"at":"new"}`},
		{FromProgram, &Hello{Name: "", Version: 1, Run: "ab", PID: 7, At: AtSuspended, N: 3}, `{"hello":"","v":1,"run":"ab","pid":7,"at":"suspended","n":3}`},
		{FromProgram, &Beat{Count: 1}, `{"beat":1}`},
		{FromProgram, &Beat{Count: 2, Progress: half()}, `{"beat":2,"progress":0.5}`},
		{FromProgram, &Suspended{N: 9, Files: map[string]File{"/in": {At: 123}, "/out": {At: 45, Write: true}}}, `{"suspended":9,"state":0,"files":{"/in":{"at":123},"/out":{"at":45,"write":true}}}`},
		{FromProgram, &Cannot{N: 9, Why: "a call lasts"}, `{"cannot":9,"why":"a call lasts"}`},
		{FromProgram, &Done{Code: 0}, `{"done":0}`},
		{FromSupervisor, &Start{Start: 1, Args: []string{"a", "/in"}}, `{"start":1,"args":["a","/in"]}`},
		{FromSupervisor, &Suspend{N: 9, For: ForMove}, `{"suspend":9,"for":"move"}`},
		{FromSupervisor, &Resume{N: 9}, `{"resume":9}`},
		{FromProgram, &Suspended{N: 9, Conns: []Conn{{FD: 7, Name: "a"}, {FD: 8, Name: "b"}}},
			`{"suspended":9,"state":0,"conns":[{"fd":7,"name":"a"},{"fd":8,"name":"b"}]}`},
		{FromSupervisor, &Take{Conns: []Taken{{Name: "a"}, {Name: "b", Accepted: true}}}, `{"take":[{"name":"a"},{"name":"b","accepted":true}]}`},
		{FromSupervisor, &Leave{Why: "it runs elsewhere"}, `{"leave":"it runs elsewhere"}`},
	} {
		line, err := Line(c.m)
		if err != nil || string(line) != c.line+"\n" {
			t.Errorf("Line: got %s, %v, want %s", line, err, c.line)
		}
		got, err := c.from(bytes.NewReader(line)).Next()
		if err != nil || !reflect.DeepEqual(got, c.m) {
			t.Errorf("Next of %s: got %+v, %v, want %+v", c.line, got, err, c.m)
		}
	}
}

// A state follows its line, and the next message follows the state.
func TestStateFollows(t *testing.T) {
	var wire bytes.Buffer
	state := strings.Repeat("{\"done\":0}\n", 20_000)
	if err := Write(&wire, &Suspended{N: 1, State: int64(len(state))}, strings.NewReader(state)); err != nil {
		t.Fatal(err)
	}
	if err := Write(&wire, &Done{Code: 3}, nil); err != nil {
		t.Fatal(err)
	}
	r := FromProgram(&wire)
	m, err := r.Next()
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(r.State(m.(*Suspended).State))
	if err != nil || string(got) != state {
		t.Errorf("the state: got %d bytes, %v, want %d", len(got), err, len(state))
	}
	if m, err := r.Next(); err != nil || !reflect.DeepEqual(m, &Done{Code: 3}) {
		t.Errorf("after the state: got %+v, %v, want done", m, err)
	}
	if _, err := r.Next(); !errors.Is(err, io.EOF) {
		t.Errorf("at the end: got %v, want %v", err, io.EOF)
	}
}

func TestStateThatEndsEarly(t *testing.T) {
	if err := Write(io.Discard, &Suspended{N: 1, State: 5}, strings.NewReader("four")); !errors.Is(err, io.EOF) {
		t.Errorf("Write: got %v, want %v", err, io.EOF)
	}
}

func TestLinesThatAreRefused(t *testing.T) {
	for name, line := range map[string]string{
		"empty":               "",
		"no object":           `["beat"]`,
		"a number":            `7`,
		"no JSON":             `beat`,
		"two objects":         `{"beat":1}{"beat":1}`,
		"a key twice":         `{"beat":1,"beat":2}`,
		"a key in capitals":   `{"BEAT":1}`,
		"another key":         `{"beat":1,"mood":"good"}`,
		"two messages":        `{"beat":1,"done":0}`,
		"the other end's":     `{"suspend":1,"for":"move"}`,
		"no message":          `{}`,
		"a missing key":       `{"suspended":1}`,
		"progress":            `{"beat":1,"progress":1.5}`,
		"a text for a number": `{"beat":"1"}`,
		"number zero":         `{"suspended":0,"state":0}`,
		"a negative state":    `{"suspended":1,"state":-1}`,
		"a huge state":        `{"suspended":1,"state":99999999999999999999}`,
		"a relative path":     `{"suspended":1,"state":0,"files":{"out":{"at":1}}}`,
		"a path with dots":    `{"suspended":1,"state":0,"files":{"/a/../b":{"at":1}}}`,
		"a negative place":    `{"suspended":1,"state":0,"files":{"/a":{"at":-1}}}`,
		"a negative fd":       `{"suspended":1,"state":0,"conns":[{"fd":-1,"name":"a"}]}`,
		"a name twice":        `{"suspended":1,"state":0,"conns":[{"fd":1,"name":"a"},{"fd":2,"name":"a"}]}`,
		"a code":              `{"done":256}`,
		"an unknown place":    `{"hello":"x","v":1,"run":"a","pid":1,"at":"moon"}`,
		"no run":              `{"hello":"x","v":1,"run":"","pid":1,"at":"new"}`,
		"version zero":        `{"hello":"x","v":0,"run":"a","pid":1,"at":"new"}`,
		"a long name":         `{"hello":"` + strings.Repeat("x", TextMost+1) + `","v":1,"run":"a","pid":1,"at":"new"}`,
		"not UTF-8":           "{\"cannot\":1,\"why\":\"\xff\"}",
		"a long line":         `{"cannot":1,"why":"` + strings.Repeat("x", LineMost) + `"}`,
		"many files":          manyFiles(FilesMost + 1),
	} {
		if m, err := FromProgram(strings.NewReader(line + "\n")).Next(); !errors.Is(err, ErrLine) {
			t.Errorf("%s: got %+v, %v, want %v", name, m, err, ErrLine)
		}
	}
	if _, err := FromProgram(strings.NewReader(`{"beat":1}`)).Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a line without an end: got %v, want %v", err, io.ErrUnexpectedEOF)
	}
}

func manyFiles(n int) string {
	m := &Suspended{N: 1, Files: map[string]File{}}
	for i := range n {
		m.Files[fmt.Sprintf("/%d", i)] = File{At: 1}
	}
	line, _ := json.Marshal(m)
	return string(line)
}

// Whatever is read is bounded, and what is understood has one meaning.
func FuzzReader(f *testing.F) {
	f.Add([]byte("{\"hello\":\"grep\",\"v\":1,\"run\":\"ab\",\"pid\":7,\"at\":\"new\"}\n{\"beat\":1}\n"), true)
	f.Add([]byte("{\"suspended\":9,\"state\":3,\"files\":{\"/out\":{\"at\":4,\"write\":true}}}\nabc{\"done\":0}\n"), true)
	f.Add([]byte("{\"resume\":9,\"args\":[\"a\"],\"state\":1,\"files\":{}}\nx{\"suspend\":2,\"for\":\"move\"}\n{\"leave\":\"\"}\n"), false)
	f.Fuzz(func(t *testing.T, wire []byte, program bool) {
		if len(wire) > LineMost/8 {
			return // what is read can be longer when it is written
		}
		from := FromSupervisor
		if program {
			from = FromProgram
		}
		r := from(bytes.NewReader(wire))
		for {
			m, err := r.Next()
			if err != nil {
				return
			}
			line, err := Line(m)
			if err != nil {
				t.Fatalf("%+v was read, and cannot be written: %v", m, err)
			}
			again, err := from(bytes.NewReader(line)).Next()
			if err != nil {
				t.Fatalf("%s was written, and cannot be read: %v", line, err)
			}
			if second, err := Line(again); err != nil || !bytes.Equal(second, line) {
				t.Fatalf("got %s, %v, want %s", second, err, line)
			}
			if s, is := m.(*Suspended); is {
				if _, err := io.Copy(io.Discard, r.State(s.State)); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
