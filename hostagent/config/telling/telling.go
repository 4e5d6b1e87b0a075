// Package telling has the keys of the configuration that say who is told what the agent
// finds.
package telling

import (
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"time"

	"parley/hostagent/site"
	"parley/internal/spell"
)

// Keys say who is told what the agent finds.
type Keys struct {
	Metrics Metrics  `yaml:"metrics"`
	Web     Web      `yaml:"web"`
	Notify  []Notify `yaml:"notify"` // receivers of messages about problems
	Log     Log      `yaml:"log"`
}

// Log configures the agent's log.
type Log struct {
	Level  string `yaml:"level"`                                   // debug, info, warn, error
	Format string `yaml:"format" jsonschema:"enum=text,enum=json"` // text or json
}

// Metrics says where Prometheus can scrape.
type Metrics struct {
	Listen string `yaml:"listen"` // host:port
}

// Notify is a receiver of messages about problems.
type Notify struct {
	Events  []site.Kind   `yaml:"events"`  // none: all
	Command []string      `yaml:"command"` // is run with the message as JSON on its standard input
	Post    string        `yaml:"post"`    // URL that gets the message as JSON
	After   time.Duration `yaml:"after"`   // how long a problem must last; 0: a minute
	Limit   int           `yaml:"limit"`   // messages in an hour; 0: 20
}

// Lasts is how long a problem must last.
func (n Notify) Lasts() time.Duration {
	if n.After == 0 {
		return time.Minute
	}
	return n.After
}

// Most is how many messages are sent in an hour.
func (n Notify) Most() int {
	if n.Limit == 0 {
		return 20
	}
	return n.Limit
}

// Check passes each fault to report, with its key.
func (k Keys) Check(report func(key, text string)) {
	k.Web.check(report)
	for i, n := range k.Notify {
		fault := func(key, format string, args ...any) {
			report(fmt.Sprintf("notify[%d]%s", i, key), fmt.Sprintf(format, args...))
		}
		for _, event := range n.Events {
			if slices.Contains(site.Kinds(), event) {
				continue
			}
			if meant := spell.Nearest(string(event), kindNames()); meant != "" {
				fault(".events", "has no event %q: did you mean %q?", event, meant)
			} else {
				fault(".events", "has no event %q: give some of %v", event, kindNames())
			}
		}
		switch {
		case len(n.Command) > 0 == (n.Post != ""):
			fault("", "needs a command or post, one of the two: who is told")
		case n.Post != "":
			if at, err := url.Parse(n.Post); err != nil || at.Scheme != "https" && at.Scheme != "http" || at.Host == "" {
				fault(".post", "is no URL such as https://alerts.example.org/parley")
			}
		case !filepath.IsAbs(n.Command[0]):
			fault(".command", "begins with %q: give the whole path of the program, such as [/usr/local/bin/page, ops]", n.Command[0])
		}
		if n.After < 0 || n.After > 24*time.Hour {
			fault(".after", "is %v: from 0 to 24h", n.After)
		}
		if n.Limit < 0 || n.Limit > 1000 {
			fault(".limit", "is %d: from 1 to 1000 messages in an hour", n.Limit)
		}
	}
}

func kindNames() (names []string) {
	for _, kind := range site.Kinds() {
		names = append(names, string(kind))
	}
	return names
}
