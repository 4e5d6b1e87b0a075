package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/lcc"
	"parley/models"
)

func newCheck() *cobra.Command {
	var strict, anyHost bool
	cmd := &cobra.Command{
		Use:   "check MODEL.lcc...",
		Short: "Find the faults of models before they run",
		Long: `Find the faults of models before they run. A model is a file, or the name of a
shipped one. Constraints are held against the vocabulary of a host; with
--any-host they are not, for models whose peers know other things.`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			vocabulary := hostagent.Vocabulary()
			if anyHost {
				vocabulary = nil
			}
			bad := false
			for _, arg := range args {
				text, err := readModel(arg)
				if err != nil {
					return wrong(err)
				}
				_, diagnostics := lcc.Compile(arg, text, vocabulary)
				counts := map[lcc.Severity]int{}
				for _, d := range diagnostics {
					counts[d.Severity]++
					fmt.Fprintln(cmd.OutOrStdout(), d.Text(text))
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s\n", arg,
					count(counts[lcc.Error], "error"), count(counts[lcc.Warning], "warning"))
				bad = bad || counts[lcc.Error] > 0 || strict && counts[lcc.Warning] > 0
			}
			if bad {
				return wrongError{err: errors.New("a model has faults"), said: true}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&strict, "strict", false, "warnings count as errors")
	cmd.Flags().BoolVar(&anyHost, "any-host", false, "do not hold constraints against a host's vocabulary")
	return cmd
}

// readModel reads a file, or a shipped model by its name.
func readModel(arg string) ([]byte, error) {
	text, err := os.ReadFile(arg)
	if err == nil {
		return text, nil
	}
	if shipped, ok := models.Text(arg); ok {
		return shipped, nil
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("no file %s, and no shipped model of that name (there are %v)", arg, models.Names())
	}
	return nil, err
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
