package docs

import "strings"

// Key is a key of the agent's configuration, as configuration.md has it.
type Key struct{ Key, Default, Meaning string }

// Configuration returns the keys, in the order of the page.
func Configuration() (list []Key) {
	for line := range strings.Lines(configuration) {
		cells := strings.Split(strings.TrimSpace(line), " | ")
		if len(cells) == 3 && strings.HasPrefix(cells[0], "| `") {
			list = append(list, Key{
				Key: strings.Trim(strings.TrimPrefix(cells[0], "| "), "`"), Default: cells[1], Meaning: strings.TrimSuffix(cells[2], " |"),
			})
		}
	}
	return list
}
