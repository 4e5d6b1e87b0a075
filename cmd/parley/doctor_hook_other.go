//go:build !linux

package main

import "time"

func madeAt(string) (time.Time, bool) { return time.Time{}, false }

func wasThereAt(string) (time.Time, bool) { return time.Time{}, false }
