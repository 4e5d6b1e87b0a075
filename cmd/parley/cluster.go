package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"parley/models/publish/bundle"
	"parley/models/publish/repository"
)

func newCluster() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "cluster",
		Short: "Manage the hosts of a cluster and the keys that sign its releases",
		Long: `Manage the hosts of a cluster and the keys that sign its releases. Everything is in
cluster.yaml of the policy repository, which may be edited by hand as well;
` + "`parley policy publish`" + ` puts it in force with the next release.
docs/own-site.md explains each step.`,
	}
	return group(cmd, newClusterInit(), newClusterAdd(), newClusterRemove(), newClusterShow(), newClusterKeys())
}

// repositoryFlags has the flags of every verb that works on a policy repository.
type repositoryFlags struct{ dir string }

func (o *repositoryFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.dir, "repository", ".", "the directory of the policy repository")
	_ = cmd.MarkFlagDirname("repository") // it only affects completion
}

func (o *repositoryFlags) open() (*repository.Repository, error) {
	r, err := repository.Open(o.dir)
	return r, wrong(err)
}

// completeHostNames completes the hosts of the repository as one argument.
func (o *repositoryFlags) completeHostNames(_ *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	if r, err := o.open(); err == nil && len(args) == 0 {
		for _, h := range r.Cluster().Hosts {
			names = append(names, h.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// publicKeys reads keys: each is a public key, or a file with a public or private key,
// with an optional name before it: ann=ed25519:..., ann=ann.key, ann.key. A key without
// a name gets that of its file.
func publicKeys(args []string, fallback string) (keys []bundle.Key, err error) {
	for i, arg := range args {
		name, value, named := strings.Cut(arg, "=")
		if !named || strings.HasPrefix(arg, "ed25519:") { // base64 may end in =
			name, value = "", arg
		}
		public, err := publicKey(value)
		if err != nil {
			return nil, err
		}
		if name == "" && !strings.HasPrefix(value, "ed25519:") {
			name = strings.TrimSuffix(filepath.Base(value), filepath.Ext(value))
		}
		if name == "" {
			name = fmt.Sprintf("%s%d", fallback, i+1)
		}
		keys = append(keys, bundle.Key{Name: name, Public: public})
	}
	return keys, nil
}

func publicKey(value string) (bundle.Public, error) {
	if strings.HasPrefix(value, "ed25519:") {
		return bundle.ParsePublic(value)
	}
	text, err := os.ReadFile(value)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no file %s: give a public key (`parley key show FILE`) or the file of a key", value)
	}
	if err != nil {
		return nil, err
	}
	if public, err := bundle.ParsePublic(string(text)); err == nil {
		return public, nil
	}
	key, err := repository.LoadKey(value)
	if err != nil {
		return nil, err
	}
	return key.Public(), nil
}
