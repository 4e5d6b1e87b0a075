package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/race"
)

// TestMain makes parley a command of the scripts, and a program that agents run.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"parley":  func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"counter": counter,
	})
}

// TestScripts runs testdata/script: the command as its users call it.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name == "race" {
				return race.Detector, nil
			}
			return false, fmt.Errorf("unknown condition %q", name)
		},
		Cmds:                scriptCommands,
		RequireExplicitExec: true,
	})
}
