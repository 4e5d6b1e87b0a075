// Package examples holds programs to read and run. The laboratory (lab) is one:
// real hypervisors, real guests and live migrations on one machine.
package examples
