// Package coop makes a program one that Parley can move: it joins its supervisor, says
// what is carried with it, reads and writes its files through the package, and calls
// Point wherever it may be suspended. docs/process.md has an example.
//
//	p, err := coop.Join("grep")
//	...
//	lines := 0
//	p.Carry("lines", &lines)
//	in, err := p.Input(p.Args()[1])
//	out, err := p.Output(p.Args()[2])
//	for {
//		p.Point() // here it may be suspended, and may leave
//		...
//	}
//	err = p.Done(0)
//
// A program that no supervisor started runs alone: Point does nothing, and the arguments
// are those of its command line.
//
// One goroutine uses a Process.
package coop
