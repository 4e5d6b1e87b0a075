package ondisk

import (
	"fmt"
	"path/filepath"
	"strings"

	"parley/internal/hostname"
)

const scheme = "memory://"

// endpoint is where the other hosts of a site reach a host.
func endpoint(site directory, host string) string { return scheme + site.host(host) }

// hostAt returns the host of this site at an endpoint, which another host has given.
func (p *Platform) hostAt(at string) (host string, err error) {
	path, is := strings.CutPrefix(at, scheme)
	site, host := filepath.Split(path)
	switch {
	case !is || hostname.Check(host) != nil || filepath.Clean(path) != path || !filepath.IsAbs(path):
		return "", fmt.Errorf("%q is not where a host with guests in memory is: give both hosts the same platform", at)
	case filepath.Clean(site) != string(p.site):
		return "", fmt.Errorf("host %s is in the site %s, and this host is in %s: give both the same platform.site", host,
			filepath.Clean(site), p.site)
	case host == p.host:
		return "", fmt.Errorf("it is on that host already")
	}
	return host, nil
}
