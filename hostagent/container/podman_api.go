//go:build linux

package container

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// podmanAPI is where podman's own interface begins, in the version that podman 5 and newer
// have.
const podmanAPI = "http://podman/v5.0.0/libpod"

// podmanAnswer bounds an answer of podman. A list of thousands of images fits.
const podmanAnswer = 64 << 20

// podmanClient speaks to podman's service, which starts with the first call.
type podmanClient struct{ http *http.Client }

func newPodmanClient(socket string) podmanClient {
	return podmanClient{&http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", socket)
		},
		DisableKeepAlives: true, // the service ends when nobody is connected
	}}}
}

// errNoContainer says that podman does not have what was asked for.
var errNoContainer = errors.New("podman has no such container or image")

// call asks podman, and reads the answer into a value, if one is given.
func (c podmanClient) call(ctx context.Context, method, path string, body, into any) error {
	var in io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, podmanAPI+path, in)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(req)
	if err != nil {
		return notListening(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, podmanAnswer))
	if err != nil {
		return fmt.Errorf("podman's answer: %w", err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		var said struct{ Message string }
		if json.Unmarshal(text, &said) != nil || said.Message == "" {
			said.Message = answer.Status
		}
		if answer.StatusCode == http.StatusNotFound {
			return fmt.Errorf("%w: %s", errNoContainer, said.Message)
		}
		return fmt.Errorf("podman: %s", said.Message)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("podman's answer to %s: %w", path, err)
	}
	return nil
}

// version is podman's version, which it says even while it restores a container.
func (c podmanClient) version(ctx context.Context) (string, error) {
	bounded, cancel := context.WithTimeout(ctx, podmanChanges)
	defer cancel()
	req, err := http.NewRequestWithContext(bounded, http.MethodGet, "http://podman/_ping", nil)
	if err != nil {
		return "", err
	}
	answer, err := c.http.Do(req)
	if err != nil {
		return "", notListening(err)
	}
	return answer.Header.Get("Libpod-API-Version"), answer.Body.Close()
}

func notListening(err error) error {
	return fmt.Errorf("podman does not answer (systemctl enable --now podman.socket has it listen): %w", err)
}

// about is the path of what podman does with a container.
func about(id, what string) string { return "/containers/" + url.PathEscape(id) + what }

// inspected is what podman says of a container, as far as it matters here.
type inspected struct {
	ID            string `json:"Id"`
	Name          string
	Image         string // its digest, without "sha256:"
	ImageName     string
	Rootfs        string
	Pod           string
	OCIRuntime    string
	StaticDir     string
	ConmonPidFile string
	Dependencies  []string
	State         struct{ Status string }
	GraphDriver   struct {
		Name string
		Data struct{ UpperDir string }
	}
	Mounts     []struct{ Type, Name, Source, Destination string }
	HostConfig struct {
		AutoRemove     bool
		RestartPolicy  struct{ Name string }
		CapAdd         []string
		CapDrop        []string
		GroupAdd       []string
		SecurityOpt    []string
		ShmSize        int64
		ReadonlyRootfs bool
		LogConfig      struct{ Type string }
	}
	Config struct {
		User        string
		WorkingDir  string
		Cmd         []string
		Entrypoint  []string
		Labels      map[string]string
		Annotations map[string]string
		StopSignal  string
		StopTimeout uint
		Umask       string
		SystemdMode bool
		Secrets     []json.RawMessage
		Healthcheck json.RawMessage
	}
}

// inspect asks podman for a container, by its name or ID. While podman restores it, there
// is no answer.
func (c podmanClient) inspect(ctx context.Context, id string, within time.Duration) (i inspected, err error) {
	bounded, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	return i, c.call(bounded, http.MethodGet, about(id, "/json"), nil, &i)
}
