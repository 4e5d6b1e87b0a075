// Command libc prints the lowest version of the C library in which a program finds all
// symbols that it needs, for the dependencies of its package.
package main

import (
	"bytes"
	"cmp"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: libc PROGRAM")
		os.Exit(2)
	}
	version, err := needed(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "libc:", err)
		os.Exit(1)
	}
	fmt.Println(version)
}

func needed(path string) (string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	file, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	symbols, err := file.ImportedSymbols()
	if err != nil {
		return "", fmt.Errorf("read the symbols of %s: %w", path, err)
	}
	highest := ""
	for _, s := range symbols {
		if v, ok := strings.CutPrefix(s.Version, "GLIBC_"); ok && compare(v, highest) > 0 {
			highest = v
		}
	}
	if highest == "" {
		return "", errors.New(path + " needs no symbol of the GNU C library")
	}
	return highest, nil
}

// compare compares versions such as 2.4 and 2.34 by their numbers.
func compare(a, b string) int {
	for a != "" || b != "" {
		var x, y string
		x, a, _ = strings.Cut(a, ".")
		y, b, _ = strings.Cut(b, ".")
		m, _ := strconv.Atoi(x)
		n, _ := strconv.Atoi(y)
		if c := cmp.Compare(m, n); c != 0 {
			return c
		}
	}
	return 0
}
