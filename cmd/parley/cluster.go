package main

import (
	"encoding/json"
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
		Short: "The hosts that belong together, and whose keys count",
		Long: `The hosts that belong together, and the keys whose signatures they believe, as the
next release will have them. All of it stands in cluster.yaml of the policy
repository, and may be changed there by hand; ` + "`parley policy publish`" + ` makes it so.
docs/operations.md leads through it.`,
	}
	cmd.AddCommand(newClusterInit(), newClusterAdd(), newClusterRemove(), newClusterShow(), newClusterKeys())
	return cmd
}

// operating has the flags of every verb that works on a policy repository.
type operating struct{ dir string }

func (o *operating) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.dir, "repository", ".", "the directory of the policy repository")
	_ = cmd.MarkFlagDirname("repository") // it only affects completion
}

func (o *operating) open() (*repository.Repository, error) {
	r, err := repository.Open(o.dir)
	return r, wrong(err)
}

// completeHostNames completes the hosts of the repository as one argument.
func (o *operating) completeHostNames(_ *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
	if r, err := o.open(); err == nil && len(args) == 0 {
		for _, h := range r.Cluster().Hosts {
			names = append(names, h.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

func printIndented(cmd *cobra.Command, value any) error {
	encoder := json.NewEncoder(cmd.OutOrStdout())
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
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
