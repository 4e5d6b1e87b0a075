//go:build !linux

package process

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"

	"parley/hostagent"
	"parley/hostagent/guestnet"
	"parley/hostagent/handover"
	"parley/hostagent/process/protocol"
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

type networks struct{}

func findNetworks(Options) networks                             { return networks{} }
func (networks) bridges() ([]string, error)                     { return nil, nil }
func (networks) namespace(hostagent.GuestID) string             { return "" }
func (networks) make(hostagent.GuestID, guestnet.Network) error { return supported() }
func (networks) open(hostagent.GuestID, guestnet.Network) error { return supported() }
func (networks) remove(hostagent.GuestID) error                 { return nil }
func (networks) sweep(func(hostagent.GuestID) bool) error       { return nil }

type (
	leaving  struct{}
	arriving struct{}

	handshakes struct{}
)

func (moves) handshakesOf(*guest) (*handshakes, error) { return nil, nil }
func (*handshakes) close()                             {}

func (*supervisor) thaw(*guest) error                                           { return nil }
func (*guest) forgetSockets() error                                             { return nil }
func writeRiding(net.Conn, []byte, []int) error                                 { return supported() }
func (moves) sendPlaces(*guest, handover.Out) error                             { return supported() }
func (moves) expects(*guest) error                                              { return supported() }
func (moves) receivePlaces(*guest, io.Reader) error                             { return supported() }
func (moves) receiveTurn(*guest, handover.Part) error                           { return supported() }
func (moves) receiveSockets(context.Context, *guest, handover.Part, bool) error { return supported() }
func (moves) handSockets(context.Context, *guest) error                         { return nil }
func (moves) releaseSockets(*guest) error                                       { return nil }
func (moves) arrived(*guest)                                                    {}
func (moves) sendSockets(context.Context, handover.Move, *guest, []protocol.Conn, handover.Out) error {
	return supported()
}

type meter struct{}

func newMeter(int, string) *meter { return nil }
func (*meter) read() used         { return used{} }
func (*meter) close()             {}
