// Package yamlfile says what is wrong with a YAML file that people write.
//
// The decoder of YAML speaks of types of Go. Whoever wrote the file wants to know the
// line, what belongs there, and, where a key was misspelt, which one was meant: Explain
// turns the one into the other. Fractions finds what the decoder would cut off without
// a word. The repository of a publisher and the scenarios of the simulator are read
// with it, each with its own manual.
package yamlfile
