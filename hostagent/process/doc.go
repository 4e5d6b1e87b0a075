// Package process is the platform of cooperative processes: programs that the agent starts
// and supervises, and that take part in their own moves (docs/process.md).
//
//	DIR/lock         taken by the one agent that has the directory
//	DIR/socket       where programs connect (package protocol)
//	DIR/ID.json      a guest, written before what it says takes effect
//	DIR/ID.state.N   the state that the guest had at its suspension N
//	DIR/ID.log       what its program has printed
//
// A program does nothing before it is told to start, or to resume. It is told only after
// the record that says so is durable, and the record names the one run that may be told:
// a program of another run is told to leave. So whichever of agent, program and machine
// ends at whichever moment, a guest never runs twice.
package process
