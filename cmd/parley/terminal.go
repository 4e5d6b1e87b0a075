package main

import (
	"io"
	"os"
	"strconv"

	"golang.org/x/term"
)

// This file decides what the stream of a command is: a terminal or not, how wide, and
// whether it has colours.

// terminalOf returns the file behind a writer, if there is one.
func terminalOf(out io.Writer) (*os.File, bool) {
	if w, ok := out.(*plainWriter); ok {
		out = w.to
	}
	file, ok := out.(*os.File)
	return file, ok
}

// atTerminal says whether a stream of a command, in or out, is a terminal.
func atTerminal(stream any) bool {
	out, ok := stream.(io.Writer)
	if !ok {
		return false
	}
	file, ok := terminalOf(out)
	return ok && term.IsTerminal(int(file.Fd()))
}

// widthOf is the number of columns of a terminal. Without one it is COLUMNS, and
// otherwise 0: a program that reads a table wants each row on one line.
func widthOf(out io.Writer) int {
	if file, ok := terminalOf(out); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	width, err := strconv.Atoi(os.Getenv("COLUMNS"))
	if err != nil || width < 1 {
		return 0
	}
	return width
}

// coloured says whether a stream has colours: a terminal has, unless NO_COLOR is set
// (no-color.org) or TERM is dumb.
func coloured(out io.Writer) bool {
	return atTerminal(out) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
