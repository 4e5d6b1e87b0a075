// Package report shows what simulated runs and comparisons of policies came to:
// as a table for a terminal or for Markdown, as CSV and JSON for other programs,
// as one HTML page that needs nothing beside itself, and as single charts.
//
// It takes figures and gives text: what a measure means, which seeds were run
// and how a host's load was taken is the caller's. Three rules hold in every
// output. The same Comparison gives the same bytes. A mean of several seeds
// comes with the interval in which the true mean lies with 95 % confidence
// (Student's t), for one seed none is pretended. "Better" and "worse" are said
// only of differences from the first policy that chance does not explain:
// seed by seed where both ran the same seeds, because what a seed does to one
// policy it mostly does to the other too.
//
// The charts are SVG from templates of this package. Libraries that draw charts
// (gonum plot, go-analyze/charts) were looked at: none has intervals, colours
// that follow the reader's light or dark screen, and values under the pointer.
package report
