// Package yamlfile reads the YAML files that people write.
//
// The decoder of YAML speaks of Go types, stops at the first unknown key, and cuts
// off fractions. Whoever wrote the file wants all faults at once, each with its line
// and column, what belongs there, and, where a key was misspelt, the key that was
// meant. Document.Decode checks a file against the type that it is decoded into and
// returns Faults. The configuration of an agent, the repository of a publisher and
// the scenarios of the simulator are read with it, each with its own manual.
package yamlfile
