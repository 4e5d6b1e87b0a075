package docs

import (
	"embed"
	"slices"
	"strings"
)

//go:embed schemas/*.json
var schemas embed.FS

// OpenAPI is the OpenAPI document (3.1, JSON) of the agent's socket.
//
//go:embed api.openapi.json
var OpenAPI []byte

// Schemas are the names of the files that people write and that have a JSON schema.
func Schemas() (names []string) {
	entries, _ := schemas.ReadDir("schemas") // it is embedded
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".schema.json"))
	}
	slices.Sort(names)
	return names
}

// Schema is the JSON schema (draft 2020-12) of a file that people write, by name.
func Schema(name string) (text []byte, ok bool) {
	text, err := schemas.ReadFile("schemas/" + name + ".schema.json")
	return text, err == nil
}
