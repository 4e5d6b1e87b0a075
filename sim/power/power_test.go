package power

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*max(1, math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestWatts(t *testing.T) {
	for i, want := range G5 {
		near(t, "at a point of the curve", G5.Watts(float64(i)/10), want)
	}
	near(t, "half way from 10 to 20 %", G4.Watts(0.15), (89.4+92.6)/2)
	near(t, "below 0", G4.Watts(-1), 86)
	near(t, "above 1", G4.Watts(1.005), 117)
}

func TestWattsGrowsWithLoad(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Float64Range(0, 1).Draw(t, "a"), rapid.Float64Range(0, 1).Draw(t, "b")
		if low, high := G4.Watts(min(a, b)), G4.Watts(max(a, b)); low > high+1e-9 {
			t.Fatalf("%v W at the lower load, %v W at the higher", low, high)
		}
	})
}

func TestMeterEnergy(t *testing.T) {
	m := NewMeter([]Curve{G4, G5}, 0)
	m.Host(0, 0, 0, false) // off, so nothing until the first hour
	m.Host(0, time.Hour, 0.5, false)
	m.Host(0, 2*time.Hour, 1, false) // (102 + 117) / 2
	m.Host(0, 2*time.Hour, 0.1, false)
	m.Host(0, 3*time.Hour, 0, false) // (89.4 + 86) / 2
	m.Host(0, 9*time.Hour, 1, false) // off meanwhile
	near(t, "kWh", m.Figures().EnergyKWh, (109.5+87.7)/1000)
}

func TestMeterOverload(t *testing.T) {
	m := NewMeter([]Curve{G4, G5}, 0)
	m.Host(0, 0, 1, true)
	m.Host(0, 6*time.Minute, 0.5, false)
	m.Host(0, 10*time.Minute, 0, true) // off: neither active nor violated
	m.Host(0, time.Hour, 0, false)
	m.Host(1, 0, 0.2, false)
	m.Host(1, 2*time.Minute, 0.2, false)
	near(t, "SLATAH", m.Figures().SLATAH, 6.0/12)
}

func TestMeterGuests(t *testing.T) {
	m := NewMeter(nil, 2)
	m.Guest(0, 0, 100, 100, false)
	m.Guest(0, 10*time.Second, 100, 90, true) // replaced before time passed
	m.Guest(0, 10*time.Second, 200, 180, true)
	m.Guest(0, 20*time.Second, 50, 40, false)
	m.Guest(0, 30*time.Second, 0, 0, false)
	m.Guest(1, 25*time.Second, 7, 0, false) // not reported again
	m.Migration()
	f := m.Figures()
	near(t, "PDM", f.PDM, 200.0/3500)
	near(t, "unserved", f.Unserved, 300.0/3500)
	if f.Migrations != 1 {
		t.Errorf("migrations: got %d, want 1", f.Migrations)
	}
}

func TestFigures(t *testing.T) {
	if f := NewMeter([]Curve{G4}, 1).Figures(); f != (Figures{}) {
		t.Errorf("nothing told: got %+v, want zeros", f)
	}
}
