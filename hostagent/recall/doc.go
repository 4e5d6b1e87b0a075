// Package recall keeps what led to the deals of a host: what its models said and did, and
// its load and its guests when each deal began. The daemon and the simulator keep the same.
// Times are arguments.
package recall
