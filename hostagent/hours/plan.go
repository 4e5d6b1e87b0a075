package hours

import "time"

// Plan is the windows of a host. The zero Plan is always open.
type Plan struct{ windows []window }

// Faults are what is wrong with each of a list of windows.
type Faults map[int]*Fault

// Read makes a Plan of windows, and says which of them are wrong.
func Read(list []Window) (Plan, Faults) {
	var p Plan
	faults := Faults{}
	for i, w := range list {
		read, fault := w.read()
		if fault != nil {
			faults[i] = fault
			continue
		}
		p.windows = append(p.windows, read)
	}
	return p, faults
}

// Closed says that policies move no guest; the zero value says that they may.
type Closed struct {
	Is     bool
	Until  time.Time // it is closed until then at least; zero: for ever
	Drains bool      // the drain of the host waits as well
	Denied bool      // by a window that denies; otherwise no window allows
	Why    string    // what the operator wrote in the window; "": nothing
}

// At says whether policies move guests at a moment.
func (p Plan) At(at time.Time) Closed {
	var c Closed
	mayAllow, allowed := false, false
	for _, w := range p.windows {
		end, in := w.end(at)
		switch {
		case w.Deny != "" && in:
			if !c.Is || end.After(c.Until) {
				c.Until, c.Why = end, w.Why
			}
			c.Is, c.Denied, c.Drains = true, true, c.Drains || w.Drains
		case w.Allow != "":
			mayAllow, allowed = true, allowed || in
		}
	}
	if c.Is || !mayAllow || allowed {
		return c
	}
	return Closed{Is: true, Until: p.opens(at)}
}

// opens is when the next window begins that allows; zero: never.
func (p Plan) opens(at time.Time) (opens time.Time) {
	for _, w := range p.windows {
		if w.Allow == "" {
			continue
		}
		if next := w.next(at); !next.IsZero() && (opens.IsZero() || next.Before(opens)) {
			opens = next
		}
	}
	return opens
}
