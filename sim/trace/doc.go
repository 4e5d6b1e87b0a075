// Package trace reads recorded loads of guests: the PlanetLab files that come with
// CloudSim, and tables with a line for each guest and time.
//
// In every format, a guest's load becomes one Series: samples at even steps, which At
// interpolates linearly; the last one is held. An uneven trace is refused: filling gaps
// silently would make a comparison of policies irreproducible. Each error names the
// file and the line, what is there and what was expected.
//
// The readers use io/fs and io.Reader; only Open accesses the machine.
package trace
