package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"parley/models"
)

func newPolicyInit() *cobra.Command {
	var o repositoryFlags
	var from string
	cmd := &cobra.Command{
		Use:   "init NAME",
		Short: "Create a policy from a shipped model",
		Long: `Create a policy in policies/NAME of the repository, with a copy of a shipped model and
its tests, and a policy.yaml with every key as a comment. Change the facts
at the head of the model to change what it does (docs/policies).`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			files, err := shippedFiles(from)
			if err != nil {
				return wrong(fmt.Errorf("--from: %w", err))
			}
			r, err := o.open()
			if err != nil {
				return err
			}
			dir, err := r.InitPolicy(args[0], files)
			if err != nil {
				return wrong(err)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s has policy.yaml, %s\n", dir, strings.Join(slices.Sorted(maps.Keys(files)), ", "))
			return nil
		},
	}
	o.flags(cmd)
	cmd.Flags().StringVar(&from, "from", "agility", "shipped model to copy; several: sender_initiated+gossip")
	completesFlag(cmd, "from", oneOf(models.Names()...))
	return cmd
}

// shippedFiles returns the files of shipped models, "a+b", and of their tests, by name.
func shippedFiles(from string) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, name := range strings.Split(from, "+") {
		text, ok := models.Source(name)
		if !ok {
			return nil, fmt.Errorf("there is no shipped model %q: %s", name, knownModels(name))
		}
		name = strings.TrimSuffix(name, ".lcc")
		files[name+".lcc"] = text
		maps.Copy(files, models.Tests(name))
	}
	return files, nil
}
