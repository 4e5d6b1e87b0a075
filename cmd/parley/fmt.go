package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"parley/internal/atomicfile"
	"parley/lcc/check"
	"parley/lcc/link"
	"parley/lcc/syntax"
)

func newFmt() *cobra.Command {
	var o fmtOptions
	cmd := &cobra.Command{
		Use:   "fmt [FILE.lcc|DIRECTORY|-]...",
		Short: "Write models in their canonical form",
		Long: `Write models in their canonical form: each event on a line, parentheses around
every group, ASCII arrows, comments kept. Without -w the text is printed. The
result is parsed again, to be sure that it means the same; a text with errors is
not changed. With --closed the text is printed with all that it imports, as a
release has it and hosts enact it; it is not formatted.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				if atTerminal(cmd.InOrStdin()) {
					return errors.New("name the models to format, or - for standard input")
				}
				args = []string{"-"}
			}
			if o.write && (o.diff || o.list) {
				return errors.New("-w writes, -d and -l only say what would change: give one of them")
			}
			if o.closed && (o.write || o.diff || o.list) {
				return errors.New("--closed prints what is imported, -w, -d and -l are about the text as it is: give one of them")
			}
			return o.all(cmd, args)
		},
	}
	cmd.ValidArgsFunction = completeModels()
	cmd.Flags().BoolVarP(&o.write, "write", "w", false, "write the files")
	cmd.Flags().BoolVarP(&o.diff, "diff", "d", false, "print what would change; exit code 1 if anything would")
	cmd.Flags().BoolVarP(&o.list, "list", "l", false, "print the names of files that would change; exit code 1 if any would")
	cmd.Flags().BoolVar(&o.closed, "closed", false, "print the text with what it imports, as a release has it")
	return cmd
}

type fmtOptions struct{ write, diff, list, closed bool }

func (o *fmtOptions) all(cmd *cobra.Command, args []string) error {
	files, err := modelFiles(args)
	if err != nil {
		return wrong(err)
	}
	faulty, changed := false, false
	for _, file := range files {
		name, text, err := readText(cmd, file)
		if err != nil {
			return wrong(err)
		}
		if o.closed {
			closed, err := link.Close(name, text, importSources())
			if err != nil {
				return wrong(err)
			}
			if _, err := cmd.OutOrStdout().Write(closed.Text); err != nil {
				return wrong(err)
			}
			continue
		}
		formatted, errs := syntax.Format(name, text)
		for _, d := range check.DiagnoseSyntax(errs) {
			faulty = true
			fmt.Fprintln(cmd.ErrOrStderr(), d.Text(text))
		}
		if len(errs) > 0 {
			continue
		}
		changed = changed || !bytes.Equal(text, formatted)
		if err := o.one(cmd, file, name, text, formatted); err != nil {
			return wrong(err)
		}
	}
	if faulty {
		return wrongError{err: errors.New("a text has errors"), said: true}
	}
	if changed && (o.diff || o.list) {
		return wrongError{err: errors.New("a text is not formatted"), said: true}
	}
	return nil
}

func (o *fmtOptions) one(cmd *cobra.Command, file, name string, text, formatted []byte) error {
	out := cmd.OutOrStdout()
	same := bytes.Equal(text, formatted)
	if o.list && !same {
		fmt.Fprintln(out, name)
	}
	if o.diff && !same {
		if _, err := out.Write(diff.Diff(name, text, name+" (formatted)", formatted)); err != nil {
			return err
		}
	}
	switch {
	case o.list || o.diff:
		return nil
	case o.write && file != "-":
		if same {
			return nil
		}
		return atomicfile.Rewrite(file, formatted)
	}
	_, err := out.Write(formatted)
	return err
}
