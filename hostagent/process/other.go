//go:build !linux

package process

import (
	"errors"
	"syscall"

	"parley/hostagent"
)

func supported() error { return errors.New("cooperative processes need Linux") }

func bootID() string                                      { return "" }
func start(command) (identity, error)                     { return identity{}, supported() }
func identify(int) (identity, error)                      { return identity{}, supported() }
func (identity) alive() (is bool, how syscall.WaitStatus) { return false, 0 }
func end(identity, string) error                          { return supported() }
func caller(uintptr) (int, int, error)                    { return 0, 0, supported() }
func machine() hostagent.Resources                        { return hostagent.Resources{} }

type groups string

func findGroups(string) groups                    { return "" }
func (groups) of(hostagent.GuestID) string        { return "" }
func (groups) make(hostagent.GuestID) error       { return nil }
func (groups) remove(hostagent.GuestID) bool      { return true }
func (groups) sweep(func(hostagent.GuestID) bool) {}

func (groups) unlimited() []string                                { return nil }
func (groups) limit(hostagent.GuestID, hostagent.Resources) error { return nil }
func (groups) ranOut(hostagent.GuestID) bool                      { return false }

type meter struct{}

func newMeter(int, string) *meter { return nil }
func (*meter) read() used         { return used{} }
func (*meter) close()             {}
