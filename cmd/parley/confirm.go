package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// confirmation asks a person on a terminal before an order that may hurt guests. A
// script is not asked.
type confirmation struct{ given bool }

func (c *confirmation) flags(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.given, "yes", false, "do not ask for a confirmation of --force on a terminal")
}

// ask asks unless the answer was given by --yes, or nobody is there to answer.
func (c *confirmation) ask(cmd *cobra.Command, consequence string) error {
	if c.given || !atTerminal(cmd.InOrStdin()) || !atTerminal(cmd.ErrOrStderr()) {
		return nil
	}
	return confirm(interruptible{cmd.Context(), cmd.InOrStdin()}, cmd.ErrOrStderr(), consequence)
}

// confirm asks one question; only "yes" confirms.
func confirm(in io.Reader, out io.Writer, consequence string) error {
	fmt.Fprintf(out, "%s Type yes to continue: ", consequence)
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if strings.TrimSpace(line) != "yes" {
		return wrong(errors.New("nothing was ordered; --yes answers without a question"))
	}
	return nil
}
