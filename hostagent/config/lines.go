package config

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	yamlv3 "go.yaml.in/yaml/v3"
)

// keyLines knows where in a file each key of a configuration stands.
type keyLines struct {
	path string
	root *yamlv3.Node
}

func readLines(path string) (keyLines, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return keyLines{}, fmt.Errorf("configuration: %w", err)
	}
	var document yamlv3.Node
	if err := yamlv3.Unmarshal(text, &document); err != nil {
		return keyLines{}, fmt.Errorf("%s is not YAML: %w", path, err)
	}
	l := keyLines{path: path}
	if len(document.Content) > 0 {
		l.root = document.Content[0]
	}
	return l, nil
}

// name puts file and line before each fault of an error.
func (l keyLines) name(err error) error {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		var named []error
		for _, one := range joined.Unwrap() {
			named = append(named, l.name(one))
		}
		return errors.Join(named...)
	}
	key := ""
	var f *Fault
	var d *mapstructure.DecodeError
	switch {
	case errors.As(err, &f):
		key, _, _ = strings.Cut(f.Key, ",")
	case errors.As(err, &d):
		key = d.Name()
	}
	if line := l.of(key); line > 0 {
		return fmt.Errorf("%s:%d: %w", l.path, line, err)
	}
	return fmt.Errorf("%s: %w", l.path, err)
}

var keyParts = regexp.MustCompile(`[^.\[\]]+`)

// of returns the line of a key, or of the nearest thing around it that stands in the
// file; 0 where nothing of it does.
func (l keyLines) of(key string) (line int) {
	at := l.root
	for _, part := range keyParts.FindAllString(key, -1) {
		next, found := child(at, part)
		if next == nil {
			break
		}
		at, line = next, found
	}
	return line
}

func child(at *yamlv3.Node, part string) (next *yamlv3.Node, line int) {
	if at == nil {
		return nil, 0
	}
	if i, err := strconv.Atoi(part); err == nil && at.Kind == yamlv3.SequenceNode && i < len(at.Content) {
		return at.Content[i], at.Content[i].Line
	}
	for i := 0; at.Kind == yamlv3.MappingNode && i+1 < len(at.Content); i += 2 {
		if at.Content[i].Value == part {
			return at.Content[i+1], at.Content[i].Line
		}
	}
	return nil, 0
}
