// Package doctor looks at what a host needs to take part, and says what to fix.
// Each check is a function of what was probed, so that a test can probe anything.
package doctor
