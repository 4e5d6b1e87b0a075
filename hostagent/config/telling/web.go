package telling

import (
	"net/netip"
	"strings"
)

// Web says where the agent serves a page of the site.
type Web struct {
	Listen      string `yaml:"listen"`      // host:port; "": nowhere
	Certificate string `yaml:"certificate"` // file, in PEM, for TLS
	Key         string `yaml:"key"`         // file, in PEM
	Token       string `yaml:"token"`       // file with what a reader must know
	Orders      bool   `yaml:"orders"`      // readers may give this host orders
}

// Loopback says whether only this machine reaches the page.
func (w Web) Loopback() bool {
	at, err := netip.ParseAddrPort(w.Listen)
	return strings.HasPrefix(w.Listen, "localhost:") || err == nil && at.Addr().IsLoopback()
}

func (w Web) check(report func(key, text string)) {
	switch {
	case w.Listen == "" && w != (Web{}):
		report("web.listen", "is missing: give host:port, such as 127.0.0.1:4280")
	case (w.Certificate == "") != (w.Key == ""):
		report("web", "has one of certificate and key: give both files, or none")
	case w.Orders && w.Token == "":
		report("web.orders", "lets readers give orders: give token, a file with what such a reader must know")
	case w.Listen == "" || w.Loopback():
	case w.Certificate == "":
		report("web", "is reached from other machines: give certificate and key, for TLS, or listen on 127.0.0.1")
	case w.Token == "":
		report("web", "is reached from other machines: give token, a file with what a reader must know, or listen on 127.0.0.1")
	}
}
