package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"parley/docs"
	"parley/lcc/check"
)

// foundJSON is a finding as --json prints it.
type foundJSON struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`   // from 1
	Column   int      `json:"column"` // in characters, from 1
	Code     string   `json:"code"`
	Severity string   `json:"severity"` // error, warning, info
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Trace    []string `json:"trace,omitempty"` // steps of a shortest path to the fault
}

// checkJSON is what --json prints.
type checkJSON struct {
	Errors   int         `json:"errors"`
	Warnings int         `json:"warnings"`
	Files    []string    `json:"files"`
	Findings []foundJSON `json:"findings"`
	// Hosts says whether a host would enact each file; absent with --any-host.
	Hosts []enactJSON `json:"hosts,omitempty"`
	// Reveals is set with --reveals.
	Reveals []revealJSON `json:"reveals,omitempty"`
}

func printJSON(out io.Writer, list []*checked) error {
	report := checkJSON{Files: []string{}, Findings: []foundJSON{}}
	for _, c := range list {
		report.Files = append(report.Files, c.name)
		if c.shows != nil {
			report.Reveals = append(report.Reveals, exposureJSON(c))
		}
		if c.enact != nil {
			report.Hosts = append(report.Hosts, enactmentJSON(c))
		}
		report.Errors += c.count(check.Error)
		report.Warnings += c.count(check.Warning)
		for _, d := range c.findings() {
			report.Findings = append(report.Findings, foundJSON{
				File: d.Pos.File, Line: d.Pos.Line, Column: d.Pos.Column,
				Code: d.Code, Severity: d.Severity.String(), Message: d.Message, Hint: d.Hint, Trace: steps(d),
			})
		}
	}
	return printReport(out, report)
}

// printReport prints one JSON object, with => as it is written in texts.
func printReport(out io.Writer, report any) error {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(report)
}

func steps(d check.Diagnostic) []string {
	if d.Trace == "" {
		return nil
	}
	return strings.Split(d.Trace, "\n")
}

// levels are the SARIF levels of the severities.
var levels = map[check.Severity]string{check.Error: "error", check.Warning: "warning", check.Info: "note"}

// printSARIF prints a log of SARIF 2.1.0 (OASIS) with one run. Every code is a rule,
// found or not, so that a viewer can show what was checked.
func printSARIF(out io.Writer, list []*checked) error {
	run := sarif.NewRun()
	run.Tool = sarif.NewTool().WithDriver(sarif.NewToolComponent().WithName("parley check"))
	for _, f := range docs.Findings() {
		run.AddRule(f.Code).WithDescription(f.What).WithMarkdownHelp("Write: " + f.Write)
	}
	for _, c := range list {
		run.AddDistinctArtifact(c.name)
		for _, d := range c.findings() {
			message := d.Message
			if d.Hint != "" {
				message += " (" + d.Hint + ")"
			}
			result := run.CreateResultForRule(d.Code).WithLevel(levels[d.Severity]).
				WithMessage(sarif.NewTextMessage(message)).AddLocation(location(d, ""))
			if d.Trace != "" {
				result.AddCodeFlow(sarif.NewCodeFlow().AddThreadFlow(flow(d)))
			}
		}
	}
	report := sarif.NewReport().AddRun(run)
	if err := report.Validate(); err != nil {
		return fmt.Errorf("the log would not be SARIF: %w", err)
	}
	return report.PrettyWrite(out)
}

func location(d check.Diagnostic, text string) *sarif.Location {
	region := sarif.NewRegion().WithStartLine(d.Pos.Line).WithStartColumn(d.Pos.Column)
	at := sarif.NewLocationWithPhysicalLocation(sarif.NewPhysicalLocation().
		WithArtifactLocation(sarif.NewSimpleArtifactLocation(d.Pos.File)).WithRegion(region))
	if text != "" {
		at = at.WithMessage(sarif.NewTextMessage(text))
	}
	return at
}

// flow is the trace of a finding. Its steps are between roles and have no position in
// the text, so they are shown at the finding.
func flow(d check.Diagnostic) *sarif.ThreadFlow {
	flow := sarif.NewThreadFlow()
	for _, step := range steps(d) {
		flow.AddLocation(sarif.NewThreadFlowLocation().WithLocation(location(d, step)))
	}
	return flow
}
