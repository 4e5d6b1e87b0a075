package changes

import (
	"testing"
	"testing/synctest"
)

// One value stands for all changes that were not read, and a raise after the end is none.
func TestSignal(t *testing.T) {
	s := New()
	s.Raise()
	s.Raise()
	if _, open := <-s.C(); !open {
		t.Fatal("got a closed channel, want a value")
	}
	select {
	case <-s.C():
		t.Error("got a second value for changes that were not read, want one")
	default:
	}
	s.Close()
	s.Close()
	s.Raise()
	if _, open := <-s.C(); open {
		t.Error("got a value after Close, want a closed channel")
	}
}

// A forwarder hands on until the other channel is closed, or it is stopped.
func TestForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, stopped := range []bool{true, false} {
			s, other, stop := New(), New(), make(chan struct{})
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				s.Forward(other.C(), stop)
			}()
			other.Raise()
			<-s.C()
			if stopped {
				close(stop)
			} else {
				other.Close()
			}
			<-ended
		}
	})
}
