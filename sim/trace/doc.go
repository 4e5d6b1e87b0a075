// Package trace reads the loads that guests had elsewhere: the PlanetLab files
// that come with CloudSim, and tables with a line for each guest and time.
//
// Whatever the format, a guest's load becomes one Series: samples in even
// steps, read by At with a straight line between two samples and the last one
// held. A trace that is not even is refused: a hole that is filled silently
// makes a comparison of policies that nobody can repeat. Each error names the
// file and the line, what stands there and what was wanted.
//
// The readers work on io/fs and io.Reader; Open alone touches the machine.
package trace
