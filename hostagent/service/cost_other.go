//go:build !linux

package service

// readThreadTime knows nothing outside Linux.
func readThreadTime() threadTime { return threadTime{} }
