package hostagent

import "testing"

// Models learn at once, and once only, that an operator keeps guests out, and when that
// ends; the reason is that of the order in force.
func TestTaking(t *testing.T) {
	var reported taking
	for _, c := range []struct {
		settings Settings
		want     string
		news     bool
	}{
		{Settings{}, "", false},
		{Settings{Drained: true}, drained.Detail, true},
		{Settings{Drained: true, Force: true}, drained.Detail, false},
		{Settings{Drained: true, Paused: true}, drained.Detail, false},
		{Settings{Paused: true}, paused.Detail, true},
		{Settings{Paused: true, Halted: "root at h1"}, paused.Detail, false},
		{Settings{Halted: "root at h1"}, "the whole site is paused, by root at h1", true},
		{Settings{}, "", true},
	} {
		got, news := reported.changed((&permits{settings: c.settings}).whyTakesNobody().Detail)
		if news != c.news || news && got != (Unable{Action: "reserve", Why: c.want}) {
			t.Errorf("%+v: got %+v, %v, want %q, %v", c.settings, got, news, c.want, c.news)
		}
	}
}

// A host that was drained in an earlier run says so before its first Step.
func TestTakingIsRecovered(t *testing.T) {
	record := encode(record{Side: hostSide, Settings: &Settings{Drained: true}})
	core, err := New(Options{Self: "h1", Config: DefaultConfig()})
	if err != nil {
		t.Fatal(err)
	}
	effects, err := core.Recover([][]byte{record})
	if err != nil || len(effects) != 1 || effects[0] != (Unable{Action: "reserve", Why: drained.Detail}) {
		t.Errorf("got %+v, %v, want only that nothing is reserved", effects, err)
	}
}
