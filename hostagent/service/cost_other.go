//go:build !linux

package service

// readThreadTime reports nothing outside Linux.
func readThreadTime() threadTime { return threadTime{} }
