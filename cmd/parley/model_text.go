package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/internal/spell"
	"parley/lcc/link"
	"parley/lcc/syntax"
	"parley/models"
)

// absentError says that there is nothing of a name that was given: wrong use, not a fault
// of what was named.
type absentError struct{ text string }

func (a absentError) Error() string { return a.text }

// readSource reads a file, or a shipped model or library by its name, as it is written.
func readSource(arg string) ([]byte, error) {
	text, err := os.ReadFile(arg)
	if err == nil {
		return text, nil
	}
	if shipped, ok := models.Source(arg); ok {
		return shipped, nil
	}
	if shipped, ok := models.Library(arg); ok {
		return shipped, nil
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, absentError{fmt.Sprintf("no file %s, and no shipped model of that name: %s", arg, knownModels(arg))}
	}
	return nil, err
}

// noFile says that a file does not exist, and which one beside it was probably meant; nil: it
// exists. what is what the file would be, and hint what such a file is.
func noFile(what, path, hint string) error {
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return nil
	}
	var beside []string
	entries, _ := os.ReadDir(filepath.Dir(path))
	for _, entry := range entries {
		if filepath.Ext(entry.Name()) == filepath.Ext(path) {
			beside = append(beside, entry.Name())
		}
	}
	if near := spell.Nearest(filepath.Base(path), beside); near != "" {
		hint = "did you mean " + filepath.Join(filepath.Dir(path), near) + "?"
	}
	return absentError{fmt.Sprintf("there is no %s %s: %s", what, path, hint)}
}

// readModel reads a file, or a shipped model by its name, with all that it imports.
func readModel(arg string) ([]byte, error) {
	text, err := readSource(arg)
	if err != nil {
		return nil, err
	}
	closed, err := link.Close(arg, text, importSources())
	return closed.Text, err
}

// importSources are files, and what is shipped.
func importSources() link.Sources { return models.Imported(readBounded) }

// readBounded reads no more of a file than can be a text.
func readBounded(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, syntax.TextBytes+1))
}

// knownModels suggests the shipped model that a name is nearest to, or lists all.
func knownModels(name string) string {
	if near := spell.Nearest(name, models.Names()); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return "there are " + strings.Join(models.Names(), ", ")
}

// readText reads a file, a shipped model by its name, or standard input for "-", as it is
// written.
func readText(cmd *cobra.Command, file string) (name string, text []byte, err error) {
	if file == "-" {
		in := interruptible{cmd.Context(), cmd.InOrStdin()}
		text, err = io.ReadAll(io.LimitReader(in, syntax.TextBytes+1))
		return "stdin", text, err
	}
	text, err = readSource(file)
	return file, text, err
}

// modelFiles returns the arguments, with each directory replaced by the .lcc files
// below it.
func modelFiles(args []string) (files []string, err error) {
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil || !info.IsDir() {
			files = append(files, arg) // a missing file is reported when it is read
			continue
		}
		before := len(files)
		err = filepath.WalkDir(arg, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() && entry.Name() == "testdata" && path != arg {
				return filepath.SkipDir // faults there may be intended
			}
			if err == nil && !entry.IsDir() && strings.HasSuffix(path, ".lcc") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
		if len(files) == before {
			return nil, fmt.Errorf("no .lcc file in %s", arg)
		}
	}
	return files, nil
}
