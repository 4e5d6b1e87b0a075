package repository

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"text/template"
	"time"

	"parley/models/publish/bundle"
)

// Beginning is the initial content of a repository.
type Beginning struct {
	Publisher  string
	Root       bundle.Root // version 1
	Group      string      // label of the grouping; "": by hashing
	Expires    time.Duration
	StaleAfter time.Duration
}

var clusterText = template.Must(template.New(clusterFile).Parse(
	`# The cluster, as the next release will have it. ` + "`parley cluster show`" + ` says what that
# would change; ` + "`parley policy publish`" + ` makes it so.
publisher: {{.Publisher}}
# How long a release is in force: hosts begin nothing new after that without another.
expires: {{.Expires}}
# The time after the latest heartbeat at which hosts report that they may be out of date
# (` + "`parley policy heartbeat`" + `); 0s: never.
stale_after: {{.StaleAfter}}
# Hosts with the same value of this label hear each other's adverts; without a label
# groups are made by hashing. No group has more hosts than most; 0: 128.
grouping: {label: "{{.Grouping.Label}}", most: {{.Grouping.Most}}}
# The number of keys that must sign a release.
threshold: {{.Threshold}}
keys:
{{- range .Keys}}
  - {name: {{.Name}}, public: "{{.Public}}"}
{{- end}}
# Keys that sign heartbeats only.
beats:{{if not .Beats}} []{{end}}
{{- range .Beats}}
  - {name: {{.Name}}, public: "{{.Public}}"}
{{- end}}
# ` + "`parley cluster add NAME --id ID --address /ip4/10.0.0.1/tcp/4200`" + ` adds one.
hosts: []
# A record of the site (` + "`parley record`" + `): a release that is worse on it than what was in
# force is not published.
#record: ../record
`))

// Init creates a repository in a directory, which may contain other files.
func Init(dir string, b Beginning) (*Repository, error) {
	r := &Repository{dir: dir}
	for _, name := range []string{clusterFile, anchorFile, firstFile} {
		if there, err := isThere(r.path(name)); err != nil || there {
			return nil, fmt.Errorf("%s exists already: a repository is created once (%w)", r.path(name), orExists(err))
		}
	}
	anchor := bundle.Anchor{Publisher: b.Publisher, Root: b.Root.Sorted()}
	if err := anchor.Validate(); err != nil {
		return nil, err
	}
	var text bytes.Buffer
	if err := clusterText.Execute(&text, b.cluster()); err != nil {
		return nil, err
	}
	if _, err := parseCluster(clusterFile, text.Bytes()); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(r.path(policiesDir), 0o755); err != nil {
		return nil, fmt.Errorf("create a repository: %w", err)
	}
	// cluster.yaml comes last: Open does not accept a directory without it.
	for _, file := range []struct {
		name string
		data []byte
	}{{firstFile, anchor.MarshalFile()}, {anchorFile, anchor.MarshalFile()}, {clusterFile, text.Bytes()}} {
		if err := replaceFile(r.path(file.name), file.data); err != nil {
			return nil, err
		}
	}
	if err := r.ignoreKeys(); err != nil {
		return nil, err
	}
	return Open(dir)
}

func orExists(err error) error {
	if err == nil {
		return os.ErrExist
	}
	return err
}

func (b Beginning) cluster() Cluster {
	c := Cluster{
		Publisher: b.Publisher, Expires: Span(b.Expires), StaleAfter: Span(b.StaleAfter),
		Grouping: Grouping{Label: b.Group}, Threshold: b.Root.Threshold,
	}
	if c.Expires == 0 {
		c.Expires = Span(expiresDefault)
	}
	for _, k := range b.Root.Sorted().Keys {
		c.Keys = append(c.Keys, Key{k.Name, k.Public.String()})
	}
	for _, k := range b.Root.Sorted().Beats {
		c.Beats = append(c.Beats, Key{k.Name, k.Public.String()})
	}
	return c
}

// ignoreKeys makes git ignore private keys that are in the directory by mistake.
func (r *Repository) ignoreKeys() error {
	const keys = "*.key\n*.pem\n"
	path := r.path(".gitignore")
	have, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("create a repository: %w", err)
	}
	if strings.Contains("\n"+string(have), "\n"+keys) {
		return nil
	}
	return replaceFile(path, append(have, keys...))
}
