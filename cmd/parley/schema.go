package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"parley/docs"
)

// socketSchema is the name of the OpenAPI document among the schemas.
const socketSchema = "api"

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema NAME",
		Short: "Print the JSON schema of a file, for editors: " + strings.Join(docs.Schemas(), ", ") + "; api: OpenAPI of the socket",
		Long: `Print the JSON schema of a file that people write. With it an editor completes keys
and marks wrong ones. The schema knows keys and types; what
depends on several values is checked by the command that reads the file.

An editor with the YAML language server finds it by a first line such as

    # yaml-language-server: $schema=/usr/share/parley/schemas/parley.schema.json

"parley schema api" prints the OpenAPI document of the agent's socket (docs/api.md).`,
		Args:      cobra.ExactArgs(1),
		ValidArgs: append(docs.Schemas(), socketSchema),
		RunE: func(cmd *cobra.Command, args []string) error {
			text, ok := docs.Schema(args[0])
			switch {
			case args[0] == socketSchema:
				text = docs.OpenAPI
			case !ok:
				return fmt.Errorf("there is no schema %q: give one of %s, %s", args[0], strings.Join(docs.Schemas(), ", "), socketSchema)
			}
			_, err := cmd.OutOrStdout().Write(text)
			return err
		},
	}
}
