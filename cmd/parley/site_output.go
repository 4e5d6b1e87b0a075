package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"
)

// outputFlags say in which form a list is printed.
type outputFlags struct {
	format    string
	noHeaders bool
}

// outputFormats are the forms, the usual one first.
var outputFormats = []string{"table", "wide", "json", "yaml", "name"}

func (o *outputFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&o.format, "output", "o", "table", "form of the output: "+strings.Join(outputFormats, ", "))
	completesFlag(cmd, "output", oneOf(outputFormats...))
	cmd.Flags().BoolVar(&o.noHeaders, "no-headers", false, "print the rows of the table alone")
}

// check refuses a form that there is not. --json is another way to say -o json.
func (o *outputFlags) check(asJSON bool) error {
	if err := known("form", o.format, outputFormats); err != nil {
		return fmt.Errorf("--output: %w", err)
	}
	if asJSON {
		o.format = "json"
	}
	return nil
}

// writeValue writes a value as JSON or YAML, and says whether the form is one of them.
func (o *outputFlags) writeValue(out io.Writer, value any) (bool, error) {
	switch o.format {
	case "json":
		return true, writeJSON(out, value)
	case "yaml":
		return true, writeYAML(out, value)
	}
	return false, nil
}

// writeYAML writes what writeJSON writes as YAML, with the keys in the same order.
func writeYAML(out io.Writer, value any) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	var node yaml.Node
	if err := yaml.Unmarshal(data, &node); err != nil {
		return err
	}
	plainStyle(&node)
	encoder := yaml.NewEncoder(out)
	encoder.SetIndent(2)
	if err := encoder.Encode(&node); err != nil {
		return err
	}
	return encoder.Close()
}

// plainStyle takes the style of JSON away: quotes stay where YAML needs them.
func plainStyle(node *yaml.Node) {
	node.Style = 0
	for _, child := range node.Content {
		plainStyle(child)
	}
}
