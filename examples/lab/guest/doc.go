//go:build linux

// Command guest is all that runs in a guest of the laboratory: PID 1 of a
// kernel with this program as its only file. It loads the network's modules,
// takes its address from the kernel's command line, answers an echo on TCP
// port 7, uses a share of its CPU and writes to a part of its memory.
//
//	parley.address=10.77.0.101/24 parley.cpu=0.08 parley.dirty=4
//
// cpu is a share of one core; dirty is in MiB per second.
package main
