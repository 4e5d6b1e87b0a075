package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"parley/hostagent/api"
	"parley/hostagent/audit"
	"parley/models/publish/chain"
)

// hostile are possible names of guests or hosts, or texts of reasons.
var hostile = []string{
	"\x1b[2J\x1b[H\x1b[31mred", "\x1b]0;title\x07", "\u009b2J", "\x9b2J", "bell\x07\x08\x7f",
	"web\nFORGED all is good", "web\r\nFORGED all is good", "web\u2028FORGED", "\u202egnp.exe\u2066x", "zero\u200bwidth\ufeff",
	strings.Repeat("x", 10_000), "x; rm -rf /", "$(reboot)", "it's", "-rf", "\xff\xfe",
}

// hostileAgent answers on a socket like an agent of a site in which every name and
// reason is the same text.
func hostileAgent(t *testing.T, text string) (socket string) {
	t.Helper()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	deal := api.DealStatus{Deal: text, Guest: "id-1", Name: text, Source: "me", Target: text, Side: "source", State: "withdrawn",
		Reason: text, At: at}
	why := api.Refusal{Code: "no_room", Detail: text}
	status := api.Status{
		Host: "h1", PeerID: "me", Mode: "recommend", Idle: why, Labels: []string{text},
		Platform: api.PlatformStatus{Kind: "memory", Error: text},
		Policy: api.PolicyStatus{Error: text, Models: []api.ModelStatus{{Name: text, Digest: strings.Repeat("a", 64),
			Roles: []string{text}}}},
		Guests:  []api.GuestStatus{{ID: "id-1", Name: text, State: text, Unmoved: why, Blocked: why}},
		Peers:   []api.PeerStatus{{ID: text, Name: text, Roles: []string{text}}},
		History: []api.DealStatus{deal}, Drained: true,
		BackOff: []api.BackOffStatus{{Target: text, Name: text, Guests: []string{text}, Times: 2, Why: text}},
		Duels:   []api.DuelStatus{{Guest: "id-1", Name: text, Times: 3}},
	}
	hostile := api.Fact{Code: "guest_unmoved", Values: map[string]any{"reason": text}}
	answers := map[string]any{
		"/v1/status":  status,
		"/v1/explain": api.Explanation{Kind: "guest", Name: text, Facts: []api.Fact{hostile}, Story: []api.Moment{{At: at, Fact: hostile}}},
		"/v1/history": []audit.Entry{{At: at, Kind: "deal", Name: text, Source: text, Target: text, State: text, Deal: text, Reason: text}},
		"/v1/policies": api.PolicyReport{Hosts: []api.HostPolicies{
			{Host: text, Error: text},
			{Host: text, Chains: []chain.Status{{Publisher: text, Note: text, Alarm: text, Error: text}}},
		}},
	}
	socket = filepath.Join(t.TempDir(), "s")
	listener, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer, ok := answers[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusConflict)
			answer = map[string]string{"error": text}
		}
		_ = json.NewEncoder(w).Encode(answer) // the command belongs to the test
	})}
	go func() { _ = server.Serve(listener) }() // until it is closed
	t.Cleanup(func() { _ = server.Close() })
	return socket
}

// No foreign text controls the terminal, adds a line, or fills the screen, whichever
// verb shows it; JSON stays valid and has the whole text.
func TestNoTextOfOthersControlsTheTerminal(t *testing.T) {
	verbs := [][]string{
		{"status"}, {"history"}, {"explain", "web"}, {"policy", "status"}, {"plan"},
		{"migrate", "web"}, {"drain"}, {"drain", "--no-wait"}, {"pin", "web"}, {"forget", "web"},
	}
	for _, text := range hostile {
		socket := hostileAgent(t, text)
		for _, verb := range verbs {
			var out, errs bytes.Buffer
			run(append(verb, "--socket", socket), strings.NewReader(""), &out, &errs)
			holds(t, verb, text, out.String()+errs.String())
		}
		for _, verb := range verbs[:5] {
			var out bytes.Buffer
			run(append(slices.Clone(verb), "--json", "--socket", socket), strings.NewReader(""), &out, io.Discard)
			var answer any
			if err := json.Unmarshal(out.Bytes(), &answer); err != nil {
				t.Errorf("%v --json of %.20q is no JSON: %v", verb, text, err)
			}
			for _, r := range out.String() {
				if r != '\n' && !unicode.IsPrint(r) && r != '\uFFFD' {
					t.Errorf("%v --json of %.20q has the raw letter %U", verb, text, r)
					break
				}
			}
		}
	}
}

// holds checks the output of a verb.
func holds(t *testing.T, verb []string, text, printed string) {
	t.Helper()
	if printed == "" {
		t.Errorf("%v of %.20q prints nothing", verb, text)
	}
	for _, r := range printed {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			t.Errorf("%v of %.20q prints %U", verb, text, r)
			break
		}
	}
	for line := range strings.Lines(printed) {
		if strings.HasPrefix(strings.TrimLeft(line, "│ "), "FORGED") && !strings.HasPrefix(line, "  ") {
			t.Errorf("%v of %.20q has a line that another wrote: %q", verb, text, line)
		}
	}
	if len(printed) > 12_000 {
		t.Errorf("%v of %.20q prints %d bytes", verb, text, len(printed))
	}
}

// A shown command can be pasted into a shell, whatever the guest's name.
func TestShownCommandsAreQuoted(t *testing.T) {
	shell, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash")
	}
	for _, text := range append(slices.Clone(hostile), "web", "a b", "", `back\slash`, "`id`", "tab\there") {
		command := strings.Replace(shellCommand("migrate", text, "h2"), "parley", "printf '%s|'", 1)
		got, err := exec.Command(shell, "-c", command).Output()
		want := "migrate|" + text + "|h2|"
		if strings.HasPrefix(text, "-") {
			want = "migrate|--|" + text + "|h2|"
		}
		if err != nil || string(got) != want {
			t.Errorf("%.60q reads as %.60q (%v), want %.60q", command, got, err, want)
		}
	}
	if got := shellCommand("migrate", "web-1", "h2"); got != "parley migrate web-1 h2" {
		t.Errorf("a plain command is %q", got)
	}
}

// A rune that is split over two writes stays one rune.
func TestPlainWriterJoinsLetters(t *testing.T) {
	var out bytes.Buffer
	w := &plainWriter{to: &out}
	for _, b := range []byte("é\u202e│\n") {
		if _, err := w.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := out.String(), "é\uFFFD│\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A table has the whole of a long reason.
func TestLongReasonsInTables(t *testing.T) {
	const reason = "operation failed: migration of disk vda failed: internal error: unable to execute QEMU command 'blockdev-add': " +
		"Could not open '/var/lib/libvirt/images/ubuntu-22.04-server-amd64.iso': No such file or directory"
	why := api.Refusal{Code: "ineligible", Detail: reason}
	var status, history strings.Builder
	printStatus(&status, api.Status{
		Guests:  []api.GuestStatus{{Name: "a", Unmoved: why}, {Name: "b", Blocked: why}},
		History: []api.DealStatus{{Name: "a", State: "aborted", Reason: reason}},
		BackOff: []api.BackOffStatus{{Name: "h2", Why: reason}},
	})
	printHistory(&history, []audit.Entry{{Kind: "deal", Name: "a", Reason: reason}}, false)
	for name, c := range map[string]struct {
		text string
		rows int
	}{"status": {status.String(), 4}, "history": {history.String(), 1}} {
		if strings.Count(c.text, reason) != c.rows {
			t.Errorf("%s: want the reason %d times, got\n%s", name, c.rows, c.text)
		}
	}
}
