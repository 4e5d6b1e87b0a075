// Package report presents the results of simulated runs and comparisons of policies: as
// a table for a terminal or for Markdown, as CSV and JSON for other programs, and as
// one self-contained HTML page.
//
// It converts figures to text; the caller decides what a measure means, which seeds
// were run and how load was measured. Three rules hold for every output. The same
// Comparison gives the same bytes. A mean of several seeds has the interval in which
// the true mean lies with 95 % confidence (Student's t); a single seed has none.
// "Better" and "worse" are used only for statistically significant differences from the
// first policy: paired by seed if both ran the same seeds, because a seed affects
// policies similarly.
//
// Bars are SVG from templates, stretched to the width that they have, beside texts in a
// table. Charts over time and maps of load are drawn in the browser, see internal/charts.
package report
