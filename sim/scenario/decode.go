package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"go.yaml.in/yaml/v3"

	"parley/internal/yamlfile"
)

// written is the kind of file that a scenario is.
var written = yamlfile.Of(Scenario{}, "docs/scenarios.md")

// decode reads the documents of a text into one.
func (s *Scenario) decode(text []byte) error {
	strict, nodes := yaml.NewDecoder(bytes.NewReader(text)), yaml.NewDecoder(bytes.NewReader(text))
	strict.KnownFields(true)
	for first := true; ; first = false {
		// As it stands, for its faults, and as nodes, which know their lines.
		err, node := strict.Decode(&Scenario{}), yaml.Node{}
		switch {
		case errors.Is(err, io.EOF) && !first:
			return s.decodeNode()
		case err != nil:
			return s.decodeError(err)
		}
		if err := nodes.Decode(&node); err != nil {
			return s.decodeError(err)
		}
		if err := written.Fractions("scenario: "+s.file, &node); err != nil {
			return err
		}
		if first {
			s.root = &node
		} else if err := s.join(&node); err != nil {
			return err
		}
	}
}

func (s *Scenario) decodeNode() error {
	if err := s.root.Decode(s); err != nil {
		return s.decodeError(err)
	}
	return nil
}

// join puts the lists of another document to those of the first.
func (s *Scenario) join(other *yaml.Node) error {
	into, from := s.root.Content[0], other.Content[0]
	if into.Kind != yaml.MappingNode || from.Kind != yaml.MappingNode {
		return fmt.Errorf("scenario: %s:%d: a document is empty: give hosts and guests", s.file, other.Line)
	}
	for i := 0; i < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if key.Value != "hosts" && key.Value != "guests" && key.Value != "policies" {
			return fmt.Errorf("scenario: %s:%d: %s: only the first document has this: those after it have hosts, guests and policies", s.file, key.Line, key.Value)
		}
		at := 0
		for at < len(into.Content) && into.Content[at].Value != key.Value {
			at += 2
		}
		switch {
		case at == len(into.Content):
			into.Content = append(into.Content, key, value)
			continue
		case into.Content[at+1].Kind != yaml.SequenceNode: // the key stands there alone
			into.Content[at+1] = value
			continue
		}
		for _, entry := range value.Content {
			same := func(n *yaml.Node) bool { return n.Value == entry.Value }
			if key.Value != "policies" || !slices.ContainsFunc(into.Content[at+1].Content, same) {
				into.Content[at+1].Content = append(into.Content[at+1].Content, entry)
			}
		}
	}
	return nil
}

// decodeError says what is wrong with the file.
func (s *Scenario) decodeError(err error) error {
	if errors.Is(err, io.EOF) {
		return fmt.Errorf("scenario: %s: it is empty: it needs hosts and guests at least", s.file)
	}
	return written.Explain("scenario: "+s.file, err)
}
