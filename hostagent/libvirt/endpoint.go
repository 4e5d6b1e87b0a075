package libvirt

import (
	"errors"
	"fmt"
	"net/url"
)

// migrateURIKey is the query parameter of an endpoint that carries the migration URI:
// an Observation has one string for what other hosts need.
const migrateURIKey = "parley_migrate_uri"

// endpoint combines what another host needs to migrate to this one.
func endpoint(daemon, migrateURI string) (string, error) {
	if daemon == "" && migrateURI != "" {
		return "", errors.New("platform.migrate_uri without platform.endpoint: set the endpoint too, such as qemu+tls://host2/system")
	}
	if daemon == "" {
		return "", nil
	}
	for _, text := range []string{daemon, migrateURI} {
		u, err := url.Parse(text)
		if err != nil {
			return "", fmt.Errorf("platform.endpoint or migrate_uri %q is not a URI: %w", text, err)
		}
		if text != "" && (u.Scheme == "" || u.Host == "") {
			return "", fmt.Errorf("platform.endpoint or migrate_uri %q does not say how and where this host is reached: write for instance "+
				"qemu+tls://host2/system and tcp://host2", text)
		}
	}
	if migrateURI == "" {
		return daemon, nil
	}
	u, err := url.Parse(daemon)
	if err != nil {
		return "", err // it was parsed above
	}
	query := u.Query()
	query.Set(migrateURIKey, migrateURI)
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// splitEndpoint splits what endpoint combined.
func splitEndpoint(text string) (daemon, migrateURI string, err error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme == "" {
		return "", "", errors.Join(fmt.Errorf("the target's endpoint %q is not a URI of libvirt: set platform.endpoint on the target", text), err)
	}
	query := u.Query()
	migrateURI = query.Get(migrateURIKey)
	query.Del(migrateURIKey)
	u.RawQuery = query.Encode()
	return u.String(), migrateURI, nil
}
