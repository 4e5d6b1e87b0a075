//go:build !linux

package main

import "errors"

func probeClock() (bool, error) {
	return false, errors.New("whether the clock is synchronised is not known on this system")
}
