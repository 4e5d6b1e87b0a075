package protocol

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"
)

// kinds are the messages by the key that names them, the first of each. A direction
// reads its own.
type kinds map[string]kind

type kind struct {
	of   reflect.Type
	keys []string
	need []string // those that may not be missing
}

// fromProgram and fromSupervisor are what each end may say.
var (
	fromProgram    = kindsOf(Hello{}, Beat{}, Suspended{}, Cannot{}, Done{})
	fromSupervisor = kindsOf(Start{}, Suspend{}, Resume{}, Take{}, Leave{})
)

func kindsOf(values ...any) kinds {
	list := kinds{}
	for _, v := range values {
		k := kind{of: reflect.TypeOf(v)}
		for field := range k.of.Fields() {
			name, option, _ := strings.Cut(field.Tag.Get("json"), ",")
			k.keys = append(k.keys, name)
			if option == "" {
				k.need = append(k.need, name)
			}
		}
		list[k.keys[0]] = k
	}
	return list
}

// ErrLine is wrapped in the error about a line that is none of the protocol.
var ErrLine = errors.New("a line breaks the protocol")

// Reader reads one end's messages. It holds at most one line in memory.
type Reader struct {
	// LineBytes is the size of the line that Next has read last.
	LineBytes int

	from  *bufio.Reader
	kinds kinds
}

// FromProgram reads what a program says.
func FromProgram(r io.Reader) *Reader {
	return &Reader{from: bufio.NewReaderSize(r, LineMost), kinds: fromProgram}
}

// FromSupervisor reads what a supervisor says.
func FromSupervisor(r io.Reader) *Reader {
	return &Reader{from: bufio.NewReaderSize(r, LineMost), kinds: fromSupervisor}
}

// Next reads a message. At a clean end it returns io.EOF.
func (r *Reader) Next() (Message, error) {
	line, err := r.from.ReadSlice('\n')
	r.LineBytes = len(line)
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return nil, fmt.Errorf("%w: it is longer than %d bytes", ErrLine, LineMost)
	case errors.Is(err, io.EOF) && len(line) > 0:
		return nil, io.ErrUnexpectedEOF
	case err != nil:
		return nil, err
	}
	m, err := r.kinds.parse(line)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLine, err)
	}
	return m, nil
}

// State reads the bytes that follow a line; the caller reads all of them before the
// next message.
func (r *Reader) State(bytes int64) io.Reader { return io.LimitReader(r.from, bytes) }

func (k kinds) parse(line []byte) (Message, error) {
	if !utf8.Valid(line) {
		return nil, errors.New("it is not UTF-8")
	}
	keys, err := keysOf(line)
	if err != nil {
		return nil, err
	}
	var found kind
	for _, key := range keys {
		if one, is := k[key]; is {
			if found.of != nil {
				return nil, fmt.Errorf("it is %s and %s", found.keys[0], key)
			}
			found = one
		}
	}
	if found.of == nil {
		return nil, fmt.Errorf("it is no message that is known here: its keys are %.200q", keys)
	}
	for _, key := range keys {
		if !slices.Contains(found.keys, key) {
			return nil, fmt.Errorf("%s has no key %.60q", found.keys[0], key)
		}
	}
	for _, key := range found.need {
		if !slices.Contains(keys, key) {
			return nil, fmt.Errorf("%s has no %s", found.keys[0], key)
		}
	}
	m := reflect.New(found.of).Interface().(Message)
	if err := json.Unmarshal(line, m); err != nil {
		return nil, err
	}
	if err := m.validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", found.keys[0], err)
	}
	return m, nil
}

// keysOf returns the keys of the object that a line is. Each stands once.
func keysOf(line []byte) (keys []string, err error) {
	decoder := json.NewDecoder(bytes.NewReader(line))
	if open, err := decoder.Token(); err != nil || open != json.Delim('{') {
		return nil, errors.New("it is no JSON object")
	}
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		if slices.Contains(keys, key) {
			return nil, fmt.Errorf("the key %.60q stands twice", key)
		}
		keys = append(keys, key)
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return nil, err
		}
	}
	return keys, nil // json.Unmarshal sees what follows
}

// Line returns a message as a line.
func Line(m Message) ([]byte, error) {
	if err := m.validate(); err != nil {
		return nil, err
	}
	var line bytes.Buffer
	encoder := json.NewEncoder(&line) // ends with a new line
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(m); err != nil {
		return nil, err
	}
	if line.Len() > LineMost {
		return nil, fmt.Errorf("the line has %d bytes: at most %d", line.Len(), LineMost)
	}
	return line.Bytes(), nil
}

// Write writes a message, and the state that it announces.
func Write(w io.Writer, m Message, state io.Reader) error {
	line, err := Line(m)
	if err != nil {
		return err
	}
	if _, err := w.Write(line); err != nil {
		return err
	}
	var announced int64
	switch m := m.(type) {
	case *Suspended:
		announced = m.State
	case *Resume:
		announced = m.State
	}
	if announced == 0 {
		return nil
	}
	_, err = io.CopyN(w, state, announced)
	return err
}
