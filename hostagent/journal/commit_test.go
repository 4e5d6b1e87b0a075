package journal

import (
	"bytes"
	"errors"
	"testing"
)

// faulty is a medium that separates synced from written data, and fails on demand.
type faulty struct {
	written, synced bytes.Buffer
	syncs           int
	writeErr        error // of a write that writes half
	syncErr         error
	cutErr          error
	hold            chan struct{} // if not nil, a sync waits for a value
	holding         chan struct{} // gets a value when a sync waits
	closed          bool
}

func (f *faulty) Write(b []byte) (int, error) {
	if f.writeErr != nil {
		n, _ := f.written.Write(b[:len(b)/2])
		return n, f.writeErr
	}
	return f.written.Write(b)
}

func (f *faulty) Sync() error {
	if f.hold != nil {
		f.holding <- struct{}{}
		<-f.hold
	}
	f.syncs++
	if f.syncErr != nil {
		return f.syncErr
	}
	f.synced.Reset()
	f.synced.Write(f.written.Bytes())
	return nil
}

func (f *faulty) Truncate(size int64) error {
	if f.cutErr != nil {
		return f.cutErr
	}
	f.written.Truncate(int(size))
	return nil
}

func (f *faulty) Close() error { f.closed = true; return nil }

func onFaulty(m *faulty) *File {
	m.written.WriteString(magic)
	f := newFile("journal", m, content{size: int64(len(magic))})
	f.written.Go(f.write)
	return f
}

// TestDurableBeforeAnswer: an Append is answered after its sync, and not before.
func TestDurableBeforeAnswer(t *testing.T) {
	m := &faulty{}
	f := onFaulty(m)
	for _, r := range []string{"a", "b", "c"} {
		synced := make(chan []string, 1)
		f.Append([]byte(r), func(err error) {
			if err != nil {
				t.Error(err)
			}
			synced <- texts(read(bytes.Clone(m.synced.Bytes())).records)
		})
		if got := <-synced; len(got) == 0 || got[len(got)-1] != r {
			t.Errorf("on the disk when record %q was answered: got %q, want it there", r, got)
		}
	}
	if err := f.Close(); err != nil || !m.closed {
		t.Errorf("Close: got error %v, closed %v, want it closed", err, m.closed)
	}
}

// TestGroupCommit: records that arrive during a sync share the next one.
func TestGroupCommit(t *testing.T) {
	m := &faulty{hold: make(chan struct{}), holding: make(chan struct{})}
	f := onFaulty(m)
	var order []int
	answer := func(i int) func(error) {
		return func(err error) {
			if err != nil {
				t.Error(err)
			}
			order = append(order, i) // called from the one goroutine that writes
		}
	}
	f.Append([]byte("first"), answer(0))
	<-m.holding
	for i := range 100 {
		f.Append([]byte("more"), answer(i+1))
	}
	m.hold <- struct{}{}
	<-m.holding
	m.hold <- struct{}{}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if m.syncs != 2 {
		t.Errorf("syncs for 1 and then 100 records: got %d, want 2", m.syncs)
	}
	for i, got := range order {
		if got != i {
			t.Fatalf("order of the answers: got %v, want that of the calls", order)
		}
	}
	if len(order) != 101 {
		t.Errorf("answers: got %d, want 101", len(order))
	}
}

// TestFails: after a failure nothing is written any more, even if the disk has
// recovered.
func TestFails(t *testing.T) {
	full := errors.New("no space left on device")
	for name, spoil := range map[string]func(*faulty, error){
		"write": func(m *faulty, err error) { m.writeErr = err },
		"sync":  func(m *faulty, err error) { m.syncErr = err },
	} {
		t.Run(name, func(t *testing.T) {
			m := &faulty{}
			f := onFaulty(m)
			mustAdd(t, f, "good")
			spoil(m, full)
			if err := add(t, f, "lost")[0]; !errors.Is(err, full) {
				t.Errorf("Append: got error %v, want %v", err, full)
			}
			length := m.written.Len()
			spoil(m, nil)
			if err := add(t, f, "later")[0]; !errors.Is(err, full) {
				t.Errorf("Append after a failure: got error %v, want %v", err, full)
			}
			if got := m.written.Len(); got != length {
				t.Errorf("written after a failure: got %d bytes, want none", got-length)
			}
			if !errors.Is(f.Err(), full) {
				t.Errorf("Err: got %v, want %v", f.Err(), full)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if got := texts(read(m.synced.Bytes()).records); !same(got, []string{"good"}) {
				t.Errorf("on the disk: got %q, want the good record", got)
			}
		})
	}
}

func TestAppendAfterClose(t *testing.T) {
	f := onFaulty(&faulty{})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := add(t, f, "late")[0]; !errors.Is(err, ErrClosed) {
		t.Errorf("Append after Close: got error %v, want %v", err, ErrClosed)
	}
	if err := f.Close(); err != nil {
		t.Errorf("Close again: got error %v, want none", err)
	}
}
