package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"parley/models/publish/repository"
)

// period is the value of a flag that is a length of time; days are allowed, as in
// cluster.yaml.
type period time.Duration

// Set parses a value.
func (p *period) Set(text string) error {
	span, err := repository.ParseSpan(text)
	*p = period(span)
	return err
}

// String shows no default.
func (p *period) String() string { return "" }

// Type is the word for a value in the help.
func (p *period) Type() string { return "duration" }

// wrongValue says what a flag takes, where it was given something else.
func wrongValue(err error) error {
	var wrong *pflag.InvalidValueError
	if !errors.As(err, &wrong) {
		return err
	}
	takes := map[string]string{
		"uint64": "a whole number of 0 or more", "int": "a whole number", "float64": "a number", "bool": "true or false",
		"duration": "a time such as 30s, 10m or 24h",
	}[wrong.GetFlag().Value.Type()]
	if _, days := wrong.GetFlag().Value.(*period); days {
		takes += ", or 7d"
	}
	if takes == "" {
		return err
	}
	return fmt.Errorf("--%s is %q: give %s", wrong.GetFlag().Name, wrong.GetValue(), takes)
}
