package main

import (
	"io"

	"github.com/spf13/cobra"

	"parley/hostagent"
	"parley/internal/lsp"
	"parley/internal/version"
	"parley/lcc/check"
)

func newLSP() *cobra.Command {
	var anyHost bool
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Serve models to an editor by the Language Server Protocol",
		Long: `Serve models to an editor by the Language Server Protocol, on the standard input
and output. An editor starts this command; docs/editors.md says how. It shows the
findings of parley check while a model is written, and knows definitions,
references, new names, what a constraint asks of a host, completion and the
canonical form. --any-host is as in parley check.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			words := hostagent.Vocabulary()
			if anyHost {
				words = nil
			}
			return lsp.Serve(cmd.Context(), cmd.InOrStdin(), unchanged(cmd.OutOrStdout()), lsp.Options{
				Words: words, Libraries: importSources(),
				Explore: func(name string, text []byte) []check.Diagnostic {
					var o checkOptions
					return o.examine(name, text, words).findings()
				},
				Version: version.Current(),
			})
		},
	}
	cmd.Flags().BoolVar(&anyHost, "any-host", false, "do not check constraints against a host's vocabulary")
	return cmd
}

// unchanged is an output for a program, which needs the carriage returns that a terminal
// does not get.
func unchanged(out io.Writer) io.Writer {
	if plain, ok := out.(*plainWriter); ok {
		return plain.to
	}
	return out
}
