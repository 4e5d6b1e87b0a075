// Package parley_test holds the house rule that no single package can test:
// who may import whom.
package parley_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rule says what a package of this module may import: packages of the module
// by path, and modules from outside by prefix. The standard library is free,
// except for what `never` names.
type rule struct {
	ours    []string
	outside []string
	never   []string
	why     string
}

// pure names what a core may not use: each would bring in time, chance of its
// own, concurrency or I/O, and with it a run that cannot be repeated.
var pure = []string{"os", "os/exec", "net", "net/http", "syscall", "math/rand", "crypto/rand", "log", "log/slog", "sync", "sync/atomic",
	"io/fs", "context"}

var cbor = "github.com/fxamacker/cbor/v2"

var rules = map[string]rule{
	"lcc/syntax": {ours: []string{"internal/spell"}, outside: []string{"github.com/alecthomas/participle/v2"}, never: pure,
		why: "the parser reads a text and nothing else"},
	"lcc/vocabulary": {never: pure,
		why: "the words in which a host and the calculus describe what they answer: whoever uses one of them can use these"},
	"lcc/check": {ours: []string{"internal/spell", "lcc/syntax", "lcc/vocabulary"}, never: pure,
		why: "findings about a text: an editor can use it without an engine, and the built-ins are handed in"},
	"lcc": {ours: []string{"internal/cborstrict", "lcc/check", "lcc/syntax", "lcc/vocabulary"}, never: pure,
		why: "the calculus knows neither hosts nor networks, so that it can be used and tested alone"},
	"lcc/link": {ours: []string{"internal/spell", "lcc/check", "lcc/names", "lcc/syntax"}, never: []string{"os", "net", "net/http", "sync", "context", "math/rand"},
		why: "texts that import others become one: where texts are is handed in"},
	"lcc/names": {ours: []string{"lcc/syntax"}, never: pure,
		why: "what the names of a text stand for: it knows no editor and no protocol"},
	"internal/lsp": {ours: []string{"lcc", "lcc/check", "lcc/link", "lcc/names", "lcc/syntax", "lcc/vocabulary"}, outside: []string{"go.lsp.dev/"},
		never: []string{"os", "net", "net/http"},
		why:   "texts for an editor: the words of a host are handed in, and the only importer of the protocol"},
	"lcc/chart": {ours: []string{"lcc/syntax"}, outside: []string{"github.com/emicklei/dot", "github.com/jedib0t/go-pretty/v6"}, never: pure,
		why: "pictures of a text and of a run, as text"},
	"peer": {ours: []string{"internal/cborstrict", "lcc"}, never: pure,
		why: "the core of a peer has no network: the simulator runs it as it is"},
	"peer/libp2p": {ours: []string{"internal/atomicfile", "peer", "lcc"},
		outside: []string{"github.com/libp2p/", "github.com/multiformats/", "github.com/quic-go/quic-go", "golang.org/x/time/rate", cbor},
		why:     "the adapter of the network: a type of libp2p does not leave it"},
	"internal/atomicfile": {outside: []string{"github.com/google/renameio/v2"}, never: []string{"net"},
		why: "how a file is replaced as a whole: it knows none of them"},
	"internal/cborstrict": {outside: []string{cbor}, never: pure, why: "how CBOR is written and read, for the cores too"},
	"internal/bytesize": {outside: []string{"github.com/dustin/go-humanize"}, never: pure,
		why: "how amounts of memory are read and written: it knows no file"},
	"internal/burst":   {never: pure, why: "how events that come too often are found: it knows none of them"},
	"internal/cgroups": {outside: []string{"github.com/prometheus/procfs"}, why: "where the machine's control groups are: it knows no guest"},
	"internal/race":    {never: pure, why: "whether the race detector watches a test"},
	"internal/label":   {never: pure, why: "the rule for labels, for the cores too"},
	"internal/netaddr": {outside: []string{"github.com/multiformats/go-multiaddr"}, never: pure,
		why: "the rule for peer ids and addresses: it needs no network, so that a configuration is read without one"},
	"internal/browsertest": {outside: []string{"github.com/chromedp/"}, why: "how tests see a page in a browser: it knows none of the pages"},
	"internal/walkthrough": {never: pure, why: "how the commands of a page are read: tests run them"},
	"internal/hostname":    {ours: []string{"internal/netaddr"}, never: pure, why: "the rule for names of hosts"},
	"internal/spell":       {outside: []string{"github.com/agnivade/levenshtein"}, never: pure, why: "what a misspelt name was meant to be, for the cores too"},
	"internal/yamlfile": {ours: []string{"internal/spell"}, outside: []string{"go.yaml.in/yaml/v3"}, never: pure,
		why: "what is wrong with a file that people write, in their words: it reads none"},
	"docs":   {why: "pages, embedded"},
	"models": {ours: []string{"lcc/link"}, why: "the shipped texts, embedded"},
	"models/policytest": {ours: []string{"hostagent", "lcc", "models", "sim"},
		why: "what the tests of policies share: sites, and what must hold on each"},
	"models/publish/bundle": {ours: []string{"internal/cborstrict", "internal/hostname", "internal/label"}, outside: []string{"go.yaml.in/yaml/v3"}, never: []string{"net", "net/http", "math/rand", "crypto/rand", "sync", "sync/atomic", "log", "log/slog"},
		why: "what a publisher says, its signatures and how they are checked: it knows no network and no host"},
	"models/publish/source": {ours: []string{"lcc/link", "models", "models/publish/bundle"}, never: []string{"net", "net/http", "math/rand", "crypto/rand", "sync"},
		why: "a policy's models as people write them, which import others: what is published knows nothing of that"},
	"models/publish/chain": {ours: []string{"internal/cborstrict", "models/publish/bundle"}, never: pure,
		why: "how a host follows a publisher, as a state machine: it knows no disk and no network"},
	"models/publish/follow": {ours: []string{"internal/atomicfile", "lcc", "models/publish/bundle", "models/publish/chain"},
		why: "the driver of the chains that are followed: it gets its network and its daemon handed in"},
	"models/publish/repository": {ours: []string{"internal/atomicfile", "internal/label", "models/publish/bundle", "internal/yamlfile", "models/publish/source"}, outside: []string{"go.yaml.in/yaml/v3"}, never: []string{"net", "net/http", "math/rand", "crypto/rand", "log", "log/slog"},
		why: "a directory of files: who signs, what is tried before and where it is sent is the command's"},
	"hostagent/hours": {outside: []string{"github.com/robfig/cron/v3"}, never: []string{"os", "net", "net/http", "sync", "context", "math/rand"},
		why: "times of day as a plan: moments are handed in, and only reading a plan looks up a time zone"},
	"hostagent/spare": {never: pure,
		why: "a search for places: who knows what of whom is handed in"},
	"hostagent": {ours: []string{"hostagent/hours", "hostagent/spare", "internal/bytesize", "internal/cborstrict", "internal/label", "lcc", "lcc/vocabulary"}, outside: []string{cbor}, never: []string{"os", "os/exec", "net", "net/http", "syscall", "math/rand", "crypto/rand", "log", "log/slog", "sync", "sync/atomic", "io/fs"},
		why: "the core of a host has no hypervisor: the simulator runs it as it is"},
	"hostagent/node": {ours: []string{"hostagent", "lcc", "peer"}, never: pure,
		why: "the two cores of a host as one state machine"},
	"hostagent/audit": {never: pure, why: "what people ask about later: it knows texts and times only"},
	"hostagent/audit/store": {ours: []string{"internal/atomicfile", "hostagent/audit"}, outside: []string{"go.etcd.io/bbolt"},
		why: "the file of the audit: who only asks about it needs no database"},
	"internal/version": {never: []string{"os", "net"}, why: "which build runs"},
	"hostagent/doctor": {ours: []string{"internal/bytesize", "hostagent", "hostagent/api", "hostagent/api/wording", "hostagent/config"},
		why: "checks of what was probed: who probes is the command"},
	"hostagent/enact": {ours: []string{"hostagent", "lcc", "lcc/check", "lcc/vocabulary", "models/publish/bundle", "models/publish/source"},
		why: "whether a host would enact a text: it knows no network and no daemon"},
	"hostagent/config": {ours: []string{"internal/bytesize", "internal/yamlfile", "hostagent", "hostagent/config/telling", "hostagent/hours", "internal/hostname", "internal/label", "internal/netaddr", "models/publish/bundle"},
		why: "a file of an operator: it is read and checked without starting an agent"},
	"hostagent/api/wording": {ours: []string{"hostagent", "hostagent/api", "hostagent/audit", "hostagent/site", "internal/bytesize"},
		outside: []string{"github.com/dustin/go-humanize/english"}, never: []string{"os", "net", "net/http"},
		why: "what an agent answers, in English: rewording it needs no new agents"},
	"hostagent/site": {ours: []string{"hostagent/audit", "hostagent/spare", "internal/spell", "lcc"}, outside: []string{"golang.org/x/sync/errgroup"}, never: []string{"os", "net", "net/http"},
		why: "what the hosts of a site have answered: every view of a site uses it, and the network is handed in"},
	"hostagent/config/telling": {ours: []string{"hostagent/site", "internal/spell"}, never: []string{"os", "net", "net/http"},
		why: "a part of the configuration, with its bounds"},
	"hostagent/notify": {ours: []string{"hostagent/site"},
		why: "who is told of problems: it knows their kinds and texts, and no daemon"},
	"hostagent/api": {ours: []string{"hostagent", "hostagent/audit", "hostagent/site", "models/publish/chain"},
		why: "the contract with an operator: a client of it needs no daemon"},
	"packaging/changelog": {outside: []string{"go.yaml.in/yaml/v3"},
		why: "a command that writes the changelog of the packages: it is run when they are built"},
	"packaging/editors/tree-sitter/src": {
		why: "the generated parser of a grammar, for tests: no package imports it, and without cgo it is not built"},
	"packaging/libc": {why: "a command that reads a program: it is run when a package is built"},
	"packaging/tools/image": {outside: []string{"github.com/google/go-containerregistry/pkg/v1"},
		why: "a command of another module, which packs a directory as an image"},
	"packaging/notices": {ours: []string{"internal/charts"}, outside: []string{"github.com/google/licensecheck"},
		why: "a command that writes who made what is linked: it is run when the package is built"},
	"hostagent/web": {ours: []string{"hostagent/api", "hostagent/api/wording", "hostagent/serve", "hostagent/site", "internal/charts"},
		why: "a page of a site: the agent and the client of its socket hand the site in"},
	"hostagent/top": {ours: []string{"hostagent/api", "hostagent/api/wording", "hostagent/site", "internal/bytesize"},
		outside: []string{"github.com/gdamore/tcell/v2", "github.com/rivo/tview"}, never: []string{"os", "net", "net/http"},
		why: "a site on a terminal: the client of an agent hands it in"},
	"hostagent/serve": {outside: []string{"golang.org/x/sys/unix"},
		why: "bounds of HTTP servers, and who asks on a local socket: it knows no host"},
	"hostagent/journal": {ours: []string{"internal/atomicfile"}, why: "a file of records: it does not know what they say"},
	"hostagent/recall": {ours: []string{"hostagent", "hostagent/audit", "hostagent/site", "lcc"},
		never: []string{"os", "net", "net/http", "sync", "math/rand", "crypto/rand"},
		why:   "what led to the deals of a host: the daemon and the simulator keep the same"},
	"hostagent/past": {never: pure,
		why: "what guests used, as blocks of bytes: it knows no host and no file"},
	"hostagent/past/glance": {ours: []string{"hostagent", "hostagent/past"}, never: pure,
		why: "what of a host's status is kept: it knows no file and no daemon"},
	"hostagent/past/shelf": {ours: []string{"hostagent/past"}, why: "a directory of blocks: it knows no host"},
	"hostagent/volume": {ours: []string{"internal/cborstrict"}, outside: []string{"golang.org/x/sys/unix", cbor},
		why: "copies trees of files: it knows neither guests nor hosts"},
	"hostagent/container": {ours: []string{"hostagent", "hostagent/changes", "hostagent/guestnet", "hostagent/handover", "hostagent/volume",
		"internal/atomicfile", "internal/bytesize"},
		outside: []string{"github.com/opencontainers/runtime-spec/", "golang.org/x/sys/"},
		why:     "a platform, like libvirt: it drives runc and criu, and the mover decides who runs a guest"},
	"hostagent/guestnet": {outside: []string{"github.com/vishvananda/", "golang.org/x/sys/unix"},
		why: "a guest's port on a bridge of the kernel: it knows no platform"},
	"hostagent/memory": {ours: []string{"hostagent", "hostagent/changes"}, why: "a platform, like libvirt: it knows the core's interface only"},
	"hostagent/memory/ondisk": {ours: []string{"internal/atomicfile", "internal/hostname", "hostagent", "hostagent/changes", "hostagent/memory"},
		why: "a platform between processes: it knows the core's interface, and how long a migration takes in memory"},
	"hostagent/changes":      {why: "how a platform says that a look would differ: it knows no platform"},
	"hostagent/platformtest": {ours: []string{"hostagent"}, why: "one suite for every platform"},
	"hostagent/libvirt": {ours: []string{"hostagent", "hostagent/changes"}, outside: []string{"libvirt.org/go/"},
		why: "the only importer of libvirt: a type of libvirt does not leave it"},
	"hostagent/process/protocol": {never: []string{"os", "net", "time", "context", "sync"},
		why: "what a program and its supervisor say: both ends use it, and programs of other people"},
	"hostagent/process/coop": {ours: []string{"internal/atomicfile", "hostagent/process/protocol"},
		why: "what programs are linked with: it knows no agent"},
	"hostagent/process": {ours: []string{"internal/atomicfile", "internal/cgroups", "internal/hostname", "hostagent", "hostagent/changes",
		"hostagent/connections", "hostagent/guestnet", "hostagent/handover", "hostagent/process/protocol", "internal/cborstrict"},
		outside: []string{"golang.org/x/sys/unix", "golang.org/x/time/rate", "github.com/prometheus/procfs", cbor},
		why:     "a platform, like libvirt: it knows the core's interface, how a guest is handed over, and its programs"},
	"hostagent/connections": {outside: []string{"golang.org/x/sys/unix", "github.com/vishvananda/netlink/nl"},
		why: "TCP connections as values: it knows no guest and no host"},
	"hostagent/handover": {ours: []string{"internal/cborstrict", "hostagent", "hostagent/handover/stages", "hostagent/journal"},
		outside: []string{cbor, "golang.org/x/time/rate"},
		why:     "how a guest is carried from platform to platform: it knows the core's interface only, and no platform"},
	"hostagent/handover/handovertest": {ours: []string{"hostagent"}, why: "connections in memory, for tests of platforms that carry their guests"},
	"hostagent/handover/stages":       {never: pure, why: "who may run a guest that is carried, as state machines: every interleaving of them can be played"},
	"hostagent/hoststats": {ours: []string{"hostagent"}, outside: []string{"github.com/shirou/gopsutil/v3", "github.com/prometheus/procfs"},
		why: "what the kernel counts: the core gets it as an event"},
	"hostagent/joint": {ours: []string{"hostagent", "hostagent/changes"}, why: "a platform in front of others: it knows the core's interface only"},
	"hostagent/lazy":  {ours: []string{"hostagent", "hostagent/changes"}, why: "a platform in front of another one: it knows the core's interface only"},
	"hostagent/service": {
		ours: []string{"internal/spell", "internal/atomicfile", "internal/burst", "internal/hostname", "internal/label", "internal/netaddr",
			"internal/version",
			"hostagent", "hostagent/api", "hostagent/config", "hostagent/enact", "hostagent/node", "models/publish/follow", "hostagent/hoststats",
			"hostagent/journal", "hostagent/audit", "hostagent/audit/store", "hostagent/past", "hostagent/past/glance", "hostagent/past/shelf",
			"hostagent/config/telling", "hostagent/notify", "hostagent/recall", "hostagent/serve", "hostagent/site", "hostagent/spare",
			"hostagent/web",
			"lcc", "lcc/check",
			"models/publish/bundle", "models/publish/chain", "models/publish/source", "peer", "peer/libp2p"},
		outside: []string{"github.com/prometheus/client_golang", "github.com/coreos/go-systemd/", "golang.org/x/sync/errgroup",
			"golang.org/x/time/rate"},
		why: "the daemon: it gets its platform handed in, so that it runs without libvirt"},
	"sim": {ours: []string{"hostagent", "hostagent/enact", "hostagent/node", "peer", "models", "models/publish/bundle", "lcc", "lcc/syntax"}, never: []string{"net", "net/http", "math/rand", "crypto/rand"},
		why: "virtual time and a modelled network: nothing of libp2p or libvirt"},
	"sim/trace": {never: []string{"net", "net/http", "math/rand", "crypto/rand", "sync", "sync/atomic", "context"},
		why: "loads that were recorded, as numbers: it knows nothing of hosts"},
	"internal/charts": {never: pure,
		why: "a style and a script, embedded: which page draws what with them is the page's"},
	"sim/report": {ours: []string{"internal/charts"}, outside: []string{"github.com/dustin/go-humanize/english", "github.com/jedib0t/go-pretty/v6", "gonum.org/v1/gonum/stat"}, never: pure,
		why: "figures in, text out: who runs the policies and where the text goes is the command's"},
	"sim/play": {ours: []string{"hostagent", "hostagent/audit", "hostagent/recall", "hostagent/site", "lcc", "sim"},
		never: []string{"os", "net", "net/http", "sync", "math/rand", "crypto/rand", "context"},
		why:   "a recorded run, as the hosts of a site would tell it: the page that plays it is the command's"},
	"sim/power": {never: pure, why: "sums of watts and of CPU: it knows nothing of hosts and policies"},
	"sim/baseline": {ours: []string{"sim/power", "sim/trace"}, outside: []string{"gonum.org/v1/gonum/stat"}, never: pure,
		why: "what Parley is compared with: nothing of LCC, peers or agents"},
	"sim/scenario": {ours: []string{"internal/bytesize", "internal/spell", "internal/label", "hostagent", "hostagent/hours", "lcc", "internal/yamlfile", "peer", "sim", "sim/trace"}, outside: []string{"go.yaml.in/yaml/v3", "gonum.org/v1/gonum"}, never: []string{"net", "net/http", "crypto/rand"},
		why: "a site as a file: it knows no command and no report"},
	"sim/record": {ours: []string{"hostagent", "hostagent/past", "hostagent/past/glance", "hostagent/site", "internal/atomicfile", "internal/bytesize", "models", "sim", "sim/scenario"},
		outside: []string{"github.com/dustin/go-humanize/english"}, never: []string{"net", "net/http", "math/rand", "crypto/rand"},
		why: "what hosts have kept as a scenario: who asks them is the command"},
	"sim/backtest": {ours: []string{"sim", "sim/compare", "sim/scenario"}, never: []string{"os", "net", "net/http", "math/rand", "crypto/rand"},
		why: "policies beside the one that was in force: who reads the record and prints is the command"},
	"sim/compare": {ours: []string{"docs", "hostagent", "hostagent/enact", "internal/atomicfile", "internal/spell", "lcc", "sim", "sim/report", "sim/scenario"}, outside: []string{"golang.org/x/sync/"}, never: []string{"net", "net/http", "math/rand", "crypto/rand"},
		why: "many runs at one time, gathered for a report"},
	"sim/gate": {ours: []string{"hostagent", "hostagent/enact", "lcc/check", "models/publish/bundle", "models/publish/repository", "sim", "sim/backtest", "sim/compare", "sim/modeltest", "sim/scenario"}, never: []string{"os", "net", "net/http", "math/rand", "crypto/rand", "log", "log/slog"},
		why: "what policies are tried on: it prints nothing, and who publishes is the command's"},
	"sim/tune": {ours: []string{"internal/spell", "sim", "sim/compare", "sim/report", "sim/scenario"}, never: []string{"os", "net", "net/http", "math/rand", "crypto/rand", "log", "log/slog"},
		why: "which values of parameters are better: it prints and keeps nothing"},
	"sim/prove": {ours: []string{"hostagent", "lcc", "sim", "sim/compare", "sim/scenario"}, outside: []string{"golang.org/x/sync/errgroup"},
		never: []string{"os", "net", "net/http", "math/rand", "crypto/rand", "log", "log/slog"},
		why:   "which runs there are and what they show: it prints nothing, and writes where it is told"},
	"sim/htools": {ours: []string{"sim"}, never: pure,
		why: "a site as the text of another balancer"},
	"sim/modeltest": {ours: []string{"sim", "lcc", "internal/spell", "lcc/check", "lcc/link", "lcc/syntax", "lcc/vocabulary"}, outside: []string{
		"github.com/dustin/go-humanize/english", "github.com/jedib0t/go-pretty/v6", "golang.org/x/tools/txtar"},
		never: []string{"os", "net", "net/http", "math/rand", "crypto/rand"},
		why:   "tests of models on the simulator's table; files and vocabularies are handed in"},
}

const module = "parley"

func TestImports(t *testing.T) {
	seen := map[string]bool{}
	for dir, imports := range directImports(t) {
		r, ok := rules[dir]
		if !ok {
			if strings.HasPrefix(dir, "cmd/") || strings.HasPrefix(dir, "examples/") || dir == "examples" {
				continue // programs wire everything together
			}
			t.Errorf("package %s has no rule in imports_test.go: say there what it may import, and why", dir)
			continue
		}
		seen[dir] = true
		for _, path := range imports {
			if reason := forbidden(r, path); reason != "" {
				t.Errorf("%s imports %q, %s (%s)", dir, path, reason, r.why)
			}
		}
	}
	for dir := range rules {
		if !seen[dir] {
			t.Errorf("imports_test.go has a rule for %s, which is not there", dir)
		}
	}
}

// light are packages that must compile without what is named, however deep: the
// doctor, a client of the agent and a check of a configuration start no daemon.
var light = map[string][]string{
	"hostagent/doctor": daemon, "hostagent/config": daemon, "hostagent/api": daemon, "hostagent/enact": daemon,
}

var daemon = []string{module + "/hostagent/service", "github.com/libp2p/", "go.etcd.io/bbolt", "github.com/prometheus/"}

// TestLight follows the imports of light packages through this module.
func TestLight(t *testing.T) {
	imports := directImports(t)
	for dir, heavy := range light {
		if chain := reaches(imports, dir, heavy, map[string]bool{}); chain != "" {
			t.Errorf("%s must compile without it: %s", dir, chain)
		}
	}
	if reaches(imports, "hostagent/service", daemon[1:], map[string]bool{}) == "" {
		t.Error("the daemon reaches no network: the search finds nothing")
	}
}

// TestDaemonUsers holds who starts agents: every other verb compiles without the daemon.
func TestDaemonUsers(t *testing.T) {
	users := []string{"agent.go", "demo.go", "demo_view.go", "up_news.go", "up_site.go"}
	for name, imports := range fileImports(t, "cmd/parley") {
		if slices.Contains(imports, module+"/hostagent/service") != slices.Contains(users, name) {
			t.Errorf("cmd/parley/%s: only %v may import the daemon, and each of them does", name, users)
		}
	}
}

// fileImports returns the imports of each non-test file of a directory.
func fileImports(t *testing.T, dir string) map[string][]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", dir, err)
	}
	found := map[string][]string{}
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		found[name] = []string{}
		for _, spec := range file.Imports {
			value, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			found[name] = append(found[name], value)
		}
	}
	return found
}

// reaches is the chain of imports from a package to one that begins as a heavy one
// does; "" for none.
func reaches(imports map[string][]string, dir string, heavy []string, seen map[string]bool) string {
	seen[dir] = true
	for _, path := range imports[dir] {
		for _, prefix := range heavy {
			if strings.HasPrefix(path, prefix) {
				return dir + " -> " + path
			}
		}
		inner, ours := strings.CutPrefix(path, module+"/")
		if !ours || seen[inner] {
			continue
		}
		if chain := reaches(imports, inner, heavy, seen); chain != "" {
			return dir + " -> " + chain
		}
	}
	return ""
}

// forbidden says why a package with this rule may not import the path.
func forbidden(r rule, path string) string {
	if inner, ok := strings.CutPrefix(path, module+"/"); ok {
		for _, ours := range r.ours {
			if inner == ours {
				return ""
			}
		}
		return "a package of this module that it must not know"
	}
	if !strings.Contains(strings.Split(path, "/")[0], ".") {
		for _, never := range r.never {
			if path == never {
				return "which a core must not use"
			}
		}
		return ""
	}
	for _, prefix := range r.outside {
		if strings.HasPrefix(path, prefix) {
			return ""
		}
	}
	return "a module that it has no leave to use"
}

// directImports returns the imports of each package's non-test files,
// whatever their build tags say.
func directImports(t *testing.T) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	for _, path := range goFiles(t) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.ToSlash(filepath.Dir(path))
		if imports[dir] == nil {
			imports[dir] = []string{}
		}
		for _, spec := range file.Imports {
			value, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			imports[dir] = append(imports[dir], value)
		}
	}
	for dir := range imports {
		slices.Sort(imports[dir])
		imports[dir] = slices.Compact(imports[dir])
	}
	return imports
}

// goFiles returns the Go files of the module, tests too, in order.
func goFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		if entry.IsDir() && (name == "testdata" || name == "build" || name == "bin" || name != "." && strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		if !entry.IsDir() && strings.HasSuffix(name, ".go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestForbidden holds the rules against imports that must be caught: a rule
// that lets everything pass would otherwise look like a clean house.
func TestForbidden(t *testing.T) {
	for _, c := range []struct {
		dir, path string
		want      bool
	}{
		{"lcc", "parley/peer", true},
		{"lcc", "parley/lcc/syntax", false},
		{"lcc", "os", true},
		{"lcc", "strings", false},
		{"peer", "github.com/libp2p/go-libp2p", true},
		{"peer/libp2p", "github.com/libp2p/go-libp2p", false},
		{"sim", "parley/peer/libp2p", true},
		{"sim", "parley/hostagent/libvirt", true},
		{"hostagent", "libvirt.org/go/libvirt", true},
		{"hostagent/libvirt", "libvirt.org/go/libvirt", false},
		{"hostagent/service", "parley/hostagent/libvirt", true},
	} {
		if got := forbidden(rules[c.dir], c.path) != ""; got != c.want {
			t.Errorf("forbidden(%s, %q): got %v, want %v", c.dir, c.path, got, c.want)
		}
	}
}
