//go:build !race

// Package race says whether the race detector watches. Tests ask it: what computes in one
// goroutine has nothing that the detector could find, and takes ten times as long with it.
// make test runs such tests once more, without the detector.
package race

// Detector says whether this program is built with the race detector.
const Detector = false
