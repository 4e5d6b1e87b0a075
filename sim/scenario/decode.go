package scenario

import (
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"parley/internal/yamlfile"
)

// written is the kind of file of a scenario.
var written = yamlfile.Of(Scenario{}, "docs/scenarios.md")

// decode decodes the documents of a text, merges them and checks the result.
func (s *Scenario) decode(text []byte) error {
	documents, err := written.Parse(s.file, text)
	if err != nil {
		return s.named(err)
	}
	if len(documents) == 0 {
		return fmt.Errorf("scenario: %s: it is empty: it needs hosts and guests at least", s.file)
	}
	if len(documents) > 1 {
		// Each document is checked alone, before they are merged.
		for _, d := range documents {
			if err := d.Decode(&Scenario{}); err != nil {
				return s.named(err)
			}
		}
	}
	s.document = documents[0]
	for _, d := range documents[1:] {
		if err := s.join(d.Root); err != nil {
			return err
		}
	}
	return s.named(s.document.DecodeChecked(s, s.check))
}

// named marks each fault as one of a scenario.
func (s *Scenario) named(err error) error {
	var faults yamlfile.Faults
	if !errors.As(err, &faults) {
		return err
	}
	for _, f := range faults {
		f.File = "scenario: " + s.file
	}
	return faults
}

// join appends the lists of another document to those of the first.
func (s *Scenario) join(other *yaml.Node) error {
	into, from := s.document.Root.Content[0], other.Content[0]
	if into.Kind != yaml.MappingNode || from.Kind != yaml.MappingNode {
		return fmt.Errorf("scenario: %s:%d: a document is empty: give hosts and guests", s.file, other.Line)
	}
	for i := 0; i < len(from.Content); i += 2 {
		key, value := from.Content[i], from.Content[i+1]
		if key.Value != "hosts" && key.Value != "guests" && key.Value != "policies" {
			return fmt.Errorf("scenario: %s:%d: %s: only the first document has this: those after it have hosts, guests and policies", s.file,
				key.Line, key.Value)
		}
		at := 0
		for at < len(into.Content) && into.Content[at].Value != key.Value {
			at += 2
		}
		switch {
		case at == len(into.Content):
			into.Content = append(into.Content, key, value)
			continue
		case into.Content[at+1].Kind != yaml.SequenceNode: // the key has no value
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
