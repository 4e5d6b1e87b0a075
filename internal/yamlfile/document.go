package yamlfile

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Kind is a kind of file that people write.
type Kind struct {
	of     reflect.Type
	manual string
}

// Of is the kind of file that is decoded into a value of this type, a struct or a
// pointer to one whose keys are in yaml tags; manual is the page that describes it.
func Of(value any, manual string) Kind {
	return Kind{of: reflect.TypeOf(value), manual: manual}
}

// Document is one document of a file.
type Document struct {
	Root  *yaml.Node // the document's node; Content[0] is what stands in it
	kind  Kind
	file  string
	lines []string
}

// Parse divides a text into its documents; none where it is empty or has only
// comments. The error is Faults of the syntax.
func (k Kind) Parse(file string, text []byte) ([]*Document, error) {
	lines := strings.Split(string(text), "\n")
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var list []*Document
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			return list, nil
		}
		d := &Document{Root: &root, kind: k, file: file, lines: lines}
		if err != nil {
			return nil, d.decoderFaults(err)
		}
		list = append(list, d)
	}
}

// Decode checks the document and reads it into a value of its kind. The error is
// Faults, and the value is then as it was.
func (d *Document) Decode(into any) error {
	c := checker{document: d}
	c.value(d.Root, d.kind.of, "")
	if len(c.faults) > 0 {
		return c.faults
	}
	if err := d.Root.Decode(into); err != nil {
		return d.decoderFaults(err)
	}
	return nil
}

// Fault is one about the value of a key: a path such as rules[1].guests. It stands at
// the key, or at the nearest thing around it that is in the document.
func (d *Document) Fault(key, text string) *Fault {
	f := d.at(d.find(key), text)
	f.Key = key
	return f
}

// at is a fault at a node.
func (d *Document) at(n *yaml.Node, text string) *Fault {
	f := &Fault{File: d.file, Text: text}
	if n != nil {
		f.Line, f.Column, f.Excerpt = n.Line, n.Column, d.line(n.Line)
	}
	return f
}

func (d *Document) line(number int) string {
	if number < 1 || number > len(d.lines) {
		return ""
	}
	return strings.TrimRight(d.lines[number-1], "\r")
}

// atLine is what the decoder puts before what it found.
var atLine = regexp.MustCompile(`line (\d+): (.*)`)

// decoderFaults places what the decoder itself says.
func (d *Document) decoderFaults(err error) Faults {
	var list Faults
	for _, found := range atLine.FindAllStringSubmatch(err.Error(), -1) {
		number, _ := strconv.Atoi(found[1]) // digits
		list = append(list, &Fault{File: d.file, Line: number, Text: inWords(found[2], d.line(number)), Excerpt: d.line(number)})
	}
	if len(list) == 0 {
		text := strings.TrimPrefix(err.Error(), "yaml: ")
		if said := inWords(text, d.line(1)); said != text { // the decoder counts no line 1
			return Faults{&Fault{File: d.file, Line: 1, Text: said, Excerpt: d.line(1)}}
		}
		list = Faults{&Fault{File: d.file, Text: "this is not YAML: " + text}}
	}
	return list
}

// inWords is what the decoder says in words of those who write the file, where it speaks of
// its own.
func inWords(text, line string) string {
	if !strings.Contains(text, "cannot start any token") {
		return text
	}
	if strings.HasPrefix(strings.TrimLeft(line, " "), "\t") {
		return "a tab stands where the line is indented: YAML indents with spaces"
	}
	return "a value begins with a character that YAML keeps for itself: put the value in quotes"
}

var keyParts = regexp.MustCompile(`[^.\[\]]+`)

// find is the key of a path, or the entry of a list, or the nearest thing around it.
func (d *Document) find(key string) *yaml.Node {
	if len(d.Root.Content) == 0 {
		return nil
	}
	value := d.Root.Content[0]
	found := value
	for _, part := range keyParts.FindAllString(key, -1) {
		next, place := child(value, part)
		if next == nil {
			break
		}
		value, found = next, place
	}
	return found
}

// child is the value of a key or the entry of a list, and where it begins.
func child(at *yaml.Node, part string) (value, place *yaml.Node) {
	if at.Kind == yaml.AliasNode {
		at = at.Alias
	}
	if i, err := strconv.Atoi(part); err == nil && at.Kind == yaml.SequenceNode && i >= 0 && i < len(at.Content) {
		return at.Content[i], at.Content[i]
	}
	for i := 0; at.Kind == yaml.MappingNode && i+1 < len(at.Content); i += 2 {
		if at.Content[i].Value == part {
			return at.Content[i+1], at.Content[i]
		}
	}
	return nil, nil
}
