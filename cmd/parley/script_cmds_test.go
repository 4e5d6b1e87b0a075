package main

import (
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/hostagent/api"
)

// scriptCommands are additional commands for the scripts that start an agent.
var scriptCommands = map[string]func(*testscript.TestScript, bool, []string){
	"awaitstatus": awaitStatus, "awaitprocess": awaitProcess,
	"hangup":   hangup,
	"conforms": conformsToAPI,
	"exits":    exits,
}

// exits runs a command and compares its exit code: exits CODE COMMAND...
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	code, err := 0, ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	if want := args[0]; strconv.Itoa(code) != want {
		ts.Fatalf("%s: got code %d (%v), want %s", strings.Join(args[1:], " "), code, err, want)
	}
}

// awaitStatus waits until the status of the agent on a socket matches: awaitstatus
// SOCKET REGEXP.
func awaitStatus(ts *testscript.TestScript, _ bool, args []string) {
	await(ts, args, func(c api.Client) (any, error) { return c.Status(context.Background()) })
}

// awaitProcess does the same for the list of processes: awaitprocess SOCKET REGEXP.
func awaitProcess(ts *testscript.TestScript, _ bool, args []string) {
	await(ts, args, func(c api.Client) (any, error) { return c.Processes(context.Background()) })
}

func await(ts *testscript.TestScript, args []string, ask func(api.Client) (any, error)) {
	if len(args) != 2 {
		ts.Fatalf("usage: awaitstatus or awaitprocess SOCKET REGEXP")
	}
	wanted := regexp.MustCompile(args[1])
	client := api.Client{Socket: ts.MkAbs(args[0])}
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	late := time.After(30 * time.Second)
	for {
		answer, err := ask(client)
		text, errText := json.MarshalIndent(answer, "", "  ")
		if err == nil && errText == nil && wanted.Match(text) {
			return
		}
		select {
		case <-ticker.C:
		case <-late:
			ts.Fatalf("the answer never matched %s: %v\n%s", args[1], err, text)
		}
	}
}

// hangup sends SIGHUP to the background processes.
func hangup(ts *testscript.TestScript, _ bool, _ []string) {
	for _, cmd := range running(ts.BackgroundCmds()) {
		ts.Check(cmd.Process.Signal(syscall.SIGHUP))
	}
}

func running(all []*exec.Cmd) (list []*exec.Cmd) {
	for _, cmd := range all {
		if cmd.Process != nil && cmd.ProcessState == nil {
			list = append(list, cmd)
		}
	}
	return list
}
