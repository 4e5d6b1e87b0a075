package service

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	golibp2p "github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	libp2ptls "github.com/libp2p/go-libp2p/p2p/security/tls"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	ma "github.com/multiformats/go-multiaddr"

	"parley/hostagent/api"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/peer/libp2p"
)

// answerer is a bare libp2p host that answers looks and is a proxy, and does nothing else:
// a thousand of them fit into a process.
type answerer struct {
	host.Host
	view *view
	all  map[lcc.PeerID][]ma.Multiaddr
}

const lookProtocol = "/parley/look/1"

// openAnswerers opens hosts with 30 guests that know each other and a host that asks them.
func openAnswerers(count int, asker lcc.PeerID) (list []libp2p.Address, err error) {
	status := api.Status{Mode: "auto", Load: api.LoadStatus{Known: true, CPU: 0.5, Memory: 0.4, CapacityCPU: 32, CapacityMemory: 128 << 30}}
	for i := range 30 {
		status.Guests = append(status.Guests, api.GuestStatus{ID: fmt.Sprintf("6d3c7b1e-7b43-4b7c-9d0e-0000000000%02d", i),
			Name: fmt.Sprintf("guest%03d", i), Kind: "vm", State: "running", CPU: 0.5, Memory: 4 << 30, Processors: 2})
	}
	members := &members{list: []member{{id: asker}}}
	all, views := map[lcc.PeerID][]ma.Multiaddr{}, []*view(nil)
	for range count {
		a := &answerer{all: all, view: &view{names: &directory{},
			see: func(context.Context) (seen, error) { return seen{status: status}, nil }}}
		if err := a.open(); err != nil {
			return nil, err
		}
		id, one := lcc.PeerID(a.ID().String()), libp2p.Address{}
		one.ID, all[id] = id, a.Addrs()
		for _, address := range a.Addrs() {
			one.Multiaddrs = append(one.Multiaddrs, address.String())
		}
		views, list, members.list = append(views, a.view), append(list, one), append(members.list, member{id: id})
	}
	for _, v := range views {
		v.names.put(members)
	}
	return list, nil
}

func (a *answerer) open() error {
	key, _, err := crypto.GenerateEd25519Key(rand.Reader)
	if err != nil {
		return err
	}
	a.view.sign = func(text []byte) []byte { return libp2p.SignWith(key, text) }
	a.view.proxy = site.NewProxy(a, a.view.isOurs)
	a.Host, err = golibp2p.New(
		golibp2p.Identity(key), golibp2p.ListenAddrStrings("/ip4/127.0.0.1/tcp/0"),
		golibp2p.Transport(tcp.NewTCPTransport, tcp.DisableReuseport()),
		golibp2p.Security(libp2ptls.ID, libp2ptls.New), golibp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		golibp2p.DisableRelay(), golibp2p.DisableMetrics(), golibp2p.DisableIdentifyAddressDiscovery(),
		golibp2p.ResourceManager(&network.NullResourceManager{}),
	)
	if err != nil {
		return err
	}
	a.SetStreamHandler(lookProtocol, func(s network.Stream) {
		if a.serve(s) != nil {
			_ = s.Reset() // the other side learns of it
		}
	})
	return nil
}

func (a *answerer) serve(s network.Stream) error {
	defer s.Close()
	question, err := readSized(s)
	if err != nil {
		return err
	}
	answer, err := a.view.answer(lcc.PeerID(s.Conn().RemotePeer().String()), question)
	status := byte(0)
	if err != nil {
		status, answer = 1, []byte(err.Error())
	}
	_, err = s.Write(append(binary.BigEndian.AppendUint32([]byte{status}, uint32(len(answer))), answer...))
	return err
}

func readSized(r io.Reader) ([]byte, error) {
	var size uint32
	if err := binary.Read(r, binary.BigEndian, &size); err != nil {
		return nil, err
	}
	data := make([]byte, size)
	_, err := io.ReadFull(r, data)
	return data, err
}

func (a *answerer) Connected(id lcc.PeerID) bool {
	decoded, err := p2p.Decode(string(id))
	return err == nil && a.Network().Connectedness(decoded) == network.Connected
}

func (a *answerer) Look(ctx context.Context, id lcc.PeerID, question []byte) ([]byte, error) {
	decoded, err := p2p.Decode(string(id))
	if err != nil {
		return nil, err
	}
	if err := a.Connect(ctx, p2p.AddrInfo{ID: decoded, Addrs: a.all[id]}); err != nil {
		return nil, err
	}
	s, err := a.NewStream(ctx, decoded, lookProtocol)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if err := s.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return nil, err
	}
	if _, err := s.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(question))), question...)); err != nil {
		return nil, err
	}
	var status [1]byte
	if _, err := io.ReadFull(s, status[:]); err != nil {
		return nil, err
	}
	answer, err := readSized(s)
	if err == nil && status[0] != 0 {
		err = fmt.Errorf("ask: %s", answer)
	}
	return answer, err
}
