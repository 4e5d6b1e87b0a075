package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is main without the process exit, for the scripts in testdata.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	out, errs = &plainWriter{to: out}, &plainWriter{to: errs}
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var wrong wrongError
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		var cause interruptedError
		errors.As(err, &cause)
		fmt.Fprintf(errs, "parley: interrupted%s\n", cause.rest)
		return interrupted
	case errors.As(err, &wrong):
		if !wrong.said {
			fmt.Fprintf(errs, "parley: %s\n", indented(wrong.err))
		}
		return 1
	default:
		fmt.Fprintf(errs, "parley: %s\nSee `parley help`.\n", indented(err))
		return 2
	}
}

// interrupted is the exit code of a command that Ctrl-C or SIGTERM ends: the one that
// shells give for SIGINT.
const interrupted = 130

// interruptedError is the end of a wait by Ctrl-C or SIGTERM, where something goes on
// without the command. The rest says what, and how to stop it.
type interruptedError struct{ rest string }

func (e interruptedError) Error() string { return "interrupted" + e.rest }
func (interruptedError) Unwrap() error   { return context.Canceled }

// wrongError says that the checked thing is wrong, as opposed to the usage; with said
// it was printed already.
type wrongError struct {
	err  error
	said bool
}

func (w wrongError) Error() string { return w.err.Error() }
func (w wrongError) Unwrap() error { return w.err }

// wrong marks an error as one of the checked thing.
func wrong(err error) error {
	if err == nil {
		return nil
	}
	return wrongError{err: err}
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "parley",
		Short: "Hypervisors move virtual machines among themselves by negotiation",
		Long: `Every host runs an agent that enacts interaction models, written in LCC and
published by the operator. Hosts that are overloaded, underloaded or idle talk
to each other in the words of the model; when a deal is struck, the guest is
migrated live. There is no central scheduler.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return cmd.Help()
		},
	}
	root.AddCommand(
		newAgent(), newCheck(), newCluster(), newDemo(), newDoctor(), newDrain(), newExplain(), newFmt(),
		newForget(), newGraph(), newHistory(), newHook(), newIgnore(), newKey(), newMan(), newMigrate(), newPause(),
		newPin(), newPlan(), newPolicy(), newRepl(), newResume(), newRun(), newSchema(), newSim(), newStatus(),
		newTest(), newUndrain(), newVersion(),
	)
	return root
}
