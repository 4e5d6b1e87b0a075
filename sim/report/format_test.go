package report

import (
	"math"
	"testing"
	"time"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{
		{0, 0, "0"}, {-0.001, 2, "0.00"}, {-1.5, 1, "−1.5"}, {999, 0, "999"}, {1000, 0, "1,000"},
		{-1234567.891, 2, "−1,234,567.89"}, {12.5, -1, "12"}, {2e15, 1, "2e+15"},
		{math.NaN(), 1, "–"}, {math.Inf(1), 1, "∞"}, {math.Inf(-1), 1, "−∞"},
	} {
		if got := number(c.v, c.digits); got != c.want {
			t.Errorf("%v with %d digits: got %q, want %q", c.v, c.digits, got, c.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for v, want := range map[float64]string{
		0.25: "+25 %", -0.213: "−21 %", 0.042: "+4.2 %", 0.0001: "±0 %", 11: "×12", -1: "−100 %", -0.994: "−99 %",
		-0.9978: "−99.8 %", -0.99996: "−99.996 %", -0.9999999: "−100.000 %",
	} {
		if got := percent(v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
	if got := percent(math.NaN()); got != "" {
		t.Errorf("NaN: got %q", got)
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 24 * time.Hour: "1 d", 90 * time.Minute: "1 h 30 min", 15 * time.Second: "15 s",
		25*time.Hour + 3*time.Second: "1 d 1 h", 20 * time.Millisecond: "20ms", -time.Hour: "−1 h",
	} {
		if got := span(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}
