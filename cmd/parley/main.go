package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is main without the process exit, for the scripts in testdata.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	out, errs = &plainWriter{to: out}, &plainWriter{to: errs}
	ctx, interrupts := catchInterrupts(context.Background(), interruptGrace, func() {
		fmt.Fprintln(errs, interruptedText(nil))
		os.Exit(interruptedCode)
	})
	defer interrupts.stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	cmd, err := helpOfNobody(root, args)
	if err == nil {
		cmd, err = root.ExecuteContextC(ctx)
	}
	var wrong wrongError
	switch {
	case err == nil:
		return 0
	case interrupts.caught.Load():
		fmt.Fprintln(errs, interruptedText(err))
		return interruptedCode
	case errors.As(err, &wrong):
		if !wrong.said {
			printJudged(errs, "parley: "+indented(wrong.err))
		}
		return 1
	default:
		printJudged(errs, fmt.Sprintf("parley: %s\nSee `%s --help`.", indented(err), cmd.CommandPath()))
		return 2
	}
}

// wrongError says that the checked thing is wrong, as opposed to the usage; with said
// it was printed already.
type wrongError struct {
	err  error
	said bool
}

func (w wrongError) Error() string { return w.err.Error() }
func (w wrongError) Unwrap() error { return w.err }

// wrong marks an error as one of the checked thing. There may be no such thing: that is
// wrong use.
func wrong(err error) error {
	var absent absentError
	if err == nil || errors.As(err, &absent) {
		return err
	}
	return wrongError{err: err}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "Hosts move running guests among themselves by negotiation",
		Long: `Every host runs an agent that enacts interaction models, written in LCC and
published by the operator. Hosts that are overloaded, underloaded or idle talk
to each other in the words of the model; when a deal is struck, the guest is
migrated live. There is no central scheduler.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Version:       versionText(),
		Args:          subcommandArgs,
		RunE:          helpOfGroup,
	}
	root.SetVersionTemplate("{{.Version}}\n")
	for _, part := range []struct {
		title    string
		commands []*cobra.Command
	}{
		{"Run a host:", []*cobra.Command{
			newAgent(), newDoctor(), newHook(), newStatus(), newWhere(), newTop(), newWeb(), newHistory(), newExplain(), newPlan(),
			newRecord(),
		}},
		{"Move guests:", []*cobra.Command{
			newPlace(), newSurvive(), newMigrate(), newDrain(), newUndrain(), newPause(), newResume(), newPin(), newIgnore(),
			newForget(), newProcess(),
		}},
		{"Publish policies:", []*cobra.Command{newCluster(), newPolicy(), newKey()}},
		{"Write policies:", []*cobra.Command{
			newCheck(), newTest(), newProve(), newFmt(), newLSP(), newGraph(), newRun(), newRepl(), newEval(),
			newBench(),
		}},
		{"Try policies:", []*cobra.Command{newDemo(), newUp(), newSim()}},
	} {
		root.AddGroup(&cobra.Group{ID: part.title, Title: part.title})
		for _, cmd := range part.commands {
			cmd.GroupID = part.title
			root.AddCommand(cmd)
		}
	}
	root.AddCommand(newMan(), newSchema(), newVersion())
	root.SetFlagErrorFunc(flagError)
	nameArguments(root)
	return root
}
