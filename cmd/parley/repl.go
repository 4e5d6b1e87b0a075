package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ergochat/readline"
	"github.com/spf13/cobra"

	"parley/internal/spell"
	"parley/sim"
)

func newRepl() *cobra.Command {
	var seed uint64
	cmd := &cobra.Command{
		Use:   "repl [MODEL.lcc]",
		Short: "Play a model by hand, one event after the other",
		Long: `Play a model by hand: add peers, start roles, send messages, look at what each
agent waits for, let events happen one after the other and time pass. Commands
come from the terminal, with history and completion, or from the standard
input; help lists them. The same commands give the same run.`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := &repl{out: cmd.OutOrStdout(), seed: seed}
			if len(args) > 0 {
				if err := r.load(args[0]); err != nil {
					return wrong(err)
				}
			}
			in := cmd.InOrStdin()
			if !atTerminal(in) {
				in = interruptible{cmd.Context(), in}
			}
			return r.loop(in)
		},
	}
	cmd.ValidArgsFunction = completeModels()
	cmd.Flags().Uint64Var(&seed, "seed", 1, "seed of the random numbers")
	return cmd
}

// loop reads commands until quit or the end of input. A failing command is reported and
// the loop continues on a terminal, but ends in a script.
func (r *repl) loop(in io.Reader) error {
	if !atTerminal(in) {
		lines := bufio.NewScanner(in)
		for number := 1; lines.Scan(); number++ {
			fmt.Fprintf(r.out, "> %s\n", lines.Text())
			quit, err := r.do(lines.Text())
			if err != nil {
				return wrong(fmt.Errorf("line %d: %w", number, err))
			}
			if quit {
				return nil
			}
		}
		return lines.Err()
	}
	rl, err := readline.NewFromConfig(&readline.Config{Prompt: "parley> ", AutoComplete: completer()})
	if err != nil {
		return err
	}
	defer rl.Close()
	r.out = rl.Stdout()
	fmt.Fprintln(r.out, "help lists the commands; a tab completes them.")
	for {
		line, err := rl.ReadLine()
		if errors.Is(err, io.EOF) || errors.Is(err, readline.ErrInterrupt) && line == "" {
			return nil
		}
		if err != nil {
			continue
		}
		quit, err := r.do(line)
		if err != nil {
			sayf(r.out, "%s: %v\n", verdict("error"), err)
		}
		if quit {
			return nil
		}
	}
}

func completer() readline.AutoCompleter {
	var items []*readline.PrefixCompleter
	for _, c := range replCommands() {
		items = append(items, readline.PcItem(c.name))
	}
	return readline.NewPrefixCompleter(items...)
}

// meant completes an error about a peer that there is not by the one that was probably meant.
func (r *repl) meant(err error) error {
	var none sim.NoPeerError
	if errors.As(err, &none) {
		if near := spell.Nearest(none.Name, r.stage.Peers()); near != "" {
			return fmt.Errorf("there is no peer %s: did you mean %s? (peer %s adds one of that name)", none.Name, near, none.Name)
		}
	}
	return err
}

// do executes one line. A line that begins with # is a comment.
func (r *repl) do(text string) (quit bool, err error) {
	name, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if name == "" || strings.HasPrefix(name, "#") {
		return false, nil
	}
	if name == "quit" || name == "exit" {
		return true, nil
	}
	for _, c := range replCommands() {
		if c.name != name {
			continue
		}
		if r.stage == nil && !c.alone {
			return false, errors.New("there is no model: load one with load FILE")
		}
		return false, r.meant(c.do(r, strings.TrimSpace(rest)))
	}
	return false, noCommand(name)
}
