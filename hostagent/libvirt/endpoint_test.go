package libvirt

import (
	"strings"
	"testing"
)

func TestEndpoint(t *testing.T) {
	for _, c := range []struct{ daemon, migrate string }{
		{"qemu+tls://host2/system", "tcp://10.0.0.2"},
		{"qemu+tls://host2/system", ""},
		{"qemu+ssh://root@host2/system?keyfile=%2Fetc%2Fkey&no_verify=1", "tcp://[fd00::2]:49152"},
	} {
		joined, err := endpoint(c.daemon, c.migrate)
		if err != nil {
			t.Errorf("endpoint(%q, %q): %v", c.daemon, c.migrate, err)
			continue
		}
		daemon, migrate, err := splitEndpoint(joined)
		if err != nil || daemon != c.daemon || migrate != c.migrate {
			t.Errorf("splitEndpoint(%q): got %q, %q, error %v, want %q, %q", joined, daemon, migrate, err, c.daemon, c.migrate)
		}
	}
}

func TestEndpointFaults(t *testing.T) {
	for _, c := range []struct{ daemon, migrate, want string }{
		{"host2", "", "qemu+tls://"},
		{"qemu:///system", "", "reached"},
		{"qemu+tls://host2/system", "10.0.0.2", "tcp://"},
		{"", "tcp://10.0.0.2", "platform.endpoint"},
		{"qemu+tls://host2:port/system", "", "not a URI"},
	} {
		if got, err := endpoint(c.daemon, c.migrate); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("endpoint(%q, %q): got %q, error %v, want an error with %q", c.daemon, c.migrate, got, err, c.want)
		}
	}
	for _, text := range []string{"", "nowhere", "::"} {
		if daemon, _, err := splitEndpoint(text); err == nil {
			t.Errorf("splitEndpoint(%q): got %q and no error, want an error", text, daemon)
		}
	}
}
