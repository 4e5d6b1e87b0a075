package trace

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestCSV(t *testing.T) {
	const text = "\ufeffguest,time,net,cpu,memory\n" +
		"web,1000.5,10,1,1048576\n" +
		"db,1060.5,0,2,4096\n" +
		"\"web, two\",1000.5,0,0.5,0\n" +
		"web,1120.5,30,3,1048576\n" +
		"web,1060.5,20,2,1048576\n"
	series, err := CSV(strings.NewReader(text), "load.csv")
	if err != nil {
		t.Fatal(err)
	}
	want := []Series{
		{Name: "db", Start: time.Minute, CPU: []float64{2}, Memory: []float64{4096}, Net: []float64{0}},
		{Name: "web", Step: time.Minute, CPU: []float64{1, 2, 3}, Memory: []float64{1048576, 1048576, 1048576}, Net: []float64{10, 20, 30}},
		{Name: "web, two", CPU: []float64{0.5}, Memory: []float64{0}, Net: []float64{0}},
	}
	if !reflect.DeepEqual(series, want) {
		t.Errorf("got %+v\nwant %+v", series, want)
	}
}

func TestCSVWithoutMemoryAndNet(t *testing.T) {
	series, err := CSV(strings.NewReader("time,guest,cpu\n0,a,1\n5,a,2\n"), "load.csv")
	if err != nil {
		t.Fatal(err)
	}
	if s := series[0]; s.Memory != nil || s.Net != nil || s.At(2500*time.Millisecond) != (Sample{CPU: 1.5}) {
		t.Errorf("got %+v, want neither memory nor net", s)
	}
}

func TestCSVFaults(t *testing.T) {
	const head = "time,guest,cpu\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":       {"", `load.csv: is empty; wanted a first line "time,guest,cpu,memory,net" (memory and net may be left out)`},
		"only head":   {head, "load.csv:1: has no line after the first"},
		"no head":     {"0,a,1\n", "load.csv:1: there is no column \"0\"\nload.csv:1: there is no column \"a\"\nload.csv:1: there is no column \"1\"\n"},
		"several":     {head + "0,a\n0,b,x\n", "load.csv:2: it has 2 fields, and the first line names 3 columns\nload.csv:3: cpu \"x\" is not a number"},
		"quotes":      {head + "0,a,1\n1,\"a,2\n", "load.csv:3: in column"},
		"no cpu":      {"time,guest\n0,a\n", `load.csv:1: column "cpu" is missing`},
		"column":      {"time,guest,cpu,disk\n", `load.csv:1: there is no column "disk"`},
		"twice":       {"time,guest,cpu,cpu\n", `load.csv:1: column "cpu" occurs twice`},
		"fields":      {head + "0,a\n", "load.csv:2: it has 2 fields"},
		"word":        {head + "0,a,much\n", `load.csv:2: cpu "much" is not a number`},
		"nan":         {head + "0,a,NaN\n", `load.csv:2: cpu "NaN" is not a number`},
		"infinite":    {head + "inf,a,1\n", `load.csv:2: time "inf" is not a number`},
		"negative":    {head + "0,a,-1\n", "load.csv:2: cpu is -1, below 0"},
		"no value":    {head + "0,a,\n", "load.csv:2: cpu is empty: a sample is missing"},
		"no guest":    {head + "0,,1\n", "load.csv:2: the guest has no name"},
		"millis":      {head + "1700000000000,a,1\n", "load.csv:2: time 1.7e+12 is more than 9e+09 seconds"},
		"duplicate":   {head + "0,a,1\n0,a,2\n", `load.csv:3: guest "a" has time 0 s already in line 2`},
		"hole":        {head + "0,a,1\n300,a,2\n1200,a,2\n", `load.csv:4: guest "a" has a hole: nothing between 300 s (line 3) and 1200 s; its step is 300 s`},
		"first hole":  {head + "0,a,1\n600,a,2\n900,a,2\n", `load.csv:3: guest "a" has a hole: nothing between 0 s (line 2) and 600 s`},
		"uneven":      {head + "0,a,1\n300,a,2\n700,a,2\n", `load.csv:4: guest "a" has uneven steps: 400 s after line 3, elsewhere 300 s`},
		"among other": {head + "0,a,1\n0,b,1\n300,a,1\n300,b,x\n", `load.csv:5: cpu "x" is not a number`},
	} {
		series, err := CSV(strings.NewReader(c.text), "load.csv")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if series != nil {
			t.Errorf("%s: got series with an error", name)
		}
	}
}

// A line that cannot be parsed is reported once, not again as a gap.
func TestCSVListsAFaultOnce(t *testing.T) {
	_, err := CSV(strings.NewReader("time,guest,cpu\n0,a,1\n300,a,x\n600,a,1\n900,a,1\n"), "load.csv")
	if err == nil || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %q, want one fault", err)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add("time,guest,cpu,memory,net\n0,a,1,2,3\n300,a,1,2,3\n")
	f.Add("time,guest,cpu\n1e9,a,1e308\n0.001,a,0\n")
	f.Fuzz(func(t *testing.T, text string) {
		series, err := CSV(strings.NewReader(text), "f")
		if err == nil && len(series) == 0 {
			t.Error("neither series nor an error")
		}
		for _, s := range series {
			if len(s.CPU) == 0 || s.Step < 0 || len(s.CPU) > 1 && s.Step == 0 {
				t.Errorf("got %+v, want even steps", s)
			}
		}
	})
}
