//go:build race

package race

// Detector says whether this program is built with the race detector.
const Detector = true
