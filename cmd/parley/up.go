package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/dustin/go-humanize/english"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"parley/hostagent/api"
	"parley/hostagent/config"
	"parley/hostagent/web"
)

// upOptions are the flags of a site to try Parley out.
type upOptions struct {
	policy        string
	dir           string // "": a new one among those for temporary files
	hosts, guests int
	seed          uint64
	mode          string
	loadsEvery    time.Duration // what a value of the guests' loads is the mean of
	web           webOptions
}

func newUp() *cobra.Command {
	o := upOptions{loadsEvery: 10 * time.Second} // there is something to record soon
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Run a whole site on this machine, to try Parley out",
		Long: `Run a whole site on this machine until Ctrl-C: an agent for each host, guests in
memory whose load rises and falls, and a publisher that has published a policy. Most
guests begin on the first hosts. The command prints how to ask the agents and how to
publish another policy, and then each move. Everything is in one directory, which is
removed at the end; --dir names it, and with it the socket of an agent is known before:
DIR/host01/sock. Migrations take the time that they would take on real hosts.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case o.hosts < 2 || o.hosts > upHostsMost:
				return fmt.Errorf("--hosts is %d: from 2 to %d", o.hosts, upHostsMost)
			case o.guests < 1 || o.guests > 20*o.hosts:
				return fmt.Errorf("--guests is %d: from 1 to 20 for each host", o.guests)
			}
			if err := known("mode", o.mode, []string{"auto", "recommend"}); err != nil {
				return fmt.Errorf("--mode: %w", err)
			}
			takeTime(cmd.Context())
			// A terminal that is closed ends the site as well.
			ctx, stop := signal.NotifyContext(cmd.Context(), syscall.SIGHUP)
			defer stop()
			return wrong(runUp(ctx, cmd.OutOrStdout(), o))
		},
	}
	cmd.Flags().StringVar(&o.policy, "policy", "agility", "policy to publish: a file, or shipped models such as sender_initiated+gossip")
	completesFlag(cmd, "policy", completeModels())
	cmd.Flags().StringVar(&o.dir, "dir", "", "directory to make for the site and to remove at the end (default: a temporary one)")
	cmd.Flags().IntVar(&o.hosts, "hosts", 5, "number of hosts")
	cmd.Flags().IntVar(&o.guests, "guests", 30, "number of guests")
	cmd.Flags().Uint64Var(&o.seed, "seed", 1, "seed of the guests' sizes and places")
	cmd.Flags().StringVar(&o.mode, "mode", "auto", "auto: policies move guests; recommend: `parley plan` shows what they would do")
	completesFlag(cmd, "mode", oneOf("auto", "recommend"))
	o.web.listen = "127.0.0.1:0"
	o.web.flags(cmd)
	return cmd
}

// upPolicyFiles are the files of shipped models with their tests, or a file with all that
// it imports.
func upPolicyFiles(policy string) (map[string][]byte, error) {
	if info, err := os.Stat(policy); err != nil || info.IsDir() {
		files, err := shippedFiles(policy)
		if err != nil && !strings.Contains(policy, "+") {
			return nil, absentError{fmt.Sprintf("--policy: no file %s, and no shipped model of that name: %s", policy, knownModels(policy))}
		}
		if err != nil {
			return nil, absentError{"--policy: " + err.Error()}
		}
		return files, nil
	}
	text, err := readModel(policy)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSuffix(filepath.Base(policy), ".lcc") + ".lcc"
	return map[string][]byte{name: text}, checkPolicy(policy, text)
}

// upDir makes the directory of a site. One that is there is refused: all of it would be removed at the end.
func upDir(name string) (string, error) {
	if name == "" {
		return os.MkdirTemp("", "parley-up-")
	}
	dir, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	err = os.Mkdir(dir, 0o700)
	if errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("--dir: %s is there: remove it, or name a directory that is not, since it is removed when the site ends", name)
	}
	if err != nil {
		return "", fmt.Errorf("--dir: %w", err)
	}
	return dir, nil
}

// upHostsQuick is how many hosts start within seconds.
const upHostsQuick = 20

// upHostsMost is how many agents one process of a laptop runs.
const upHostsMost = 100

// runUp runs a site until the context ends.
func runUp(ctx context.Context, out io.Writer, o upOptions) (err error) {
	files, err := upPolicyFiles(o.policy)
	if err != nil {
		return err
	}
	dir, err := upDir(o.dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if longest := len(upConfig(filepath.Join(dir, upHostName(upHostsMost-1)), "", "", "").Socket); longest > config.SocketMost {
		return fmt.Errorf("the paths of the hosts' sockets in %s have %d bytes, and at most %d are possible: "+
			"name a shorter directory with --dir, or set TMPDIR to one", dir, longest, config.SocketMost)
	}
	news := newUpNews()
	site, err := newUpSite(dir, files, o, news)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, running := errgroup.WithContext(ctx)
	for _, h := range site.hosts {
		group.Go(func() error { return h.agent.Run(running) })
	}
	if o.hosts > upHostsQuick {
		sayf(out, "%s start, and each connects to all others: on few processors that takes minutes\n", english.Plural(o.hosts, "host", ""))
	}
	started := site.publish(running)
	if started == nil {
		started = site.show(running, out, o, news)
	}
	cancel()
	if ended := group.Wait(); ended != nil {
		return ended
	}
	if started == nil || ctx.Err() != nil && errors.Is(started, context.Canceled) {
		sayf(out, "the site has ended, and %s is removed\n", dir)
		return nil
	}
	return started
}

// show prints how to talk to the site, serves its page, and prints the news, until the
// context ends.
func (s *upSite) show(ctx context.Context, out io.Writer, o upOptions, news *upNews) error {
	orders := socketOrders{}
	for _, h := range s.hosts {
		orders[h.name] = api.Client{Socket: h.socket}
	}
	page, err := openPage(ctx, o.web, web.Options{Source: api.Client{Socket: s.hosts[0].socket}, Orders: orders})
	if err != nil {
		return err
	}
	s.print(out, o, page.address)
	group, shown := errgroup.WithContext(ctx)
	group.Go(func() error { return page.serve(shown, o.web.open) })
	group.Go(func() error {
		news.print(shown, out)
		return nil
	})
	return group.Wait()
}

// print says what there is, and how to talk to it.
func (s *upSite) print(out io.Writer, o upOptions, page string) {
	first, last := s.hosts[0], s.hosts[len(s.hosts)-1]
	sayf(out, `%s of %d cores and %d GiB with %s. Release 1 of the publisher %s has the policy %s, a copy of %s.

See the site in a browser:

    %s

Ask the agent of %s, in another terminal:

    export PARLEY_SOCKET=%s
    parley status --site
    parley where guest001
    parley place --cores 2 --memory 4GiB
    parley policy status
    parley history

Ask another one, or give it an order:

    parley status --socket %s
    parley drain --socket %s

Publish a policy of your own:

    cd %s
    parley policy publish --key %s     # after a change of policies/%s

Ctrl-C ends the site and removes %s.

`, english.Plural(len(s.hosts), "host", ""), demoCores, demoMemory>>30, english.Plural(o.guests, "guest", ""), upPublisher, upPolicy, o.policy,
		page, first.name, shellWord(first.socket), shellWord(last.socket), shellWord(last.socket),
		shellWord(s.repository.Dir()), shellWord(filepath.Join("..", upKey)), upPolicy, s.dir)
}

// upStart and upStartHost, for each host, bound how long the first release may take to be in
// force on all hosts: each connects to all others on the same processors.
const (
	upStart     = time.Minute
	upStartHost = 2 * time.Second
)
