//go:build linux

// Command guest is the only program of a laboratory guest: PID 1 of a kernel with this
// program as its only file. It loads the network modules, takes its address from the
// kernel's command line, answers echoes on TCP port 7, uses a share of its CPU and
// writes to a part of its memory.
//
//	parley.address=10.77.0.101/24 parley.cpu=0.08 parley.dirty=4
//
// cpu is a share of one core; dirty is in MiB per second.
package main
