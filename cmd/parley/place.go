package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize/english"
	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"parley/hostagent/site"
	"parley/internal/bytesize"
	"parley/internal/label"
)

// placeFlags say which guest is wanted.
type placeFlags struct {
	outputFlags
	want         site.Wanted
	memory, disk string
	near         []string
}

func newPlace() *cobra.Command {
	var a agentFlags
	var p placeFlags
	cmd := &cobra.Command{
		Use:   "place --cores N --memory SIZE",
		Short: "Ask all hosts where a new guest fits best",
		Long: `Ask all hosts where a guest that runs nowhere yet fits best. A host says whether it
would admit the guest if it came from another host, and otherwise why not. The best
host is the one that would be least loaded. Nothing is reserved and nothing is started:

    virsh -c qemu+ssh://$(parley place --cores 2 --memory 4GiB -o name | head -1)/system start web`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.check(a.asJSON); err != nil {
				return err
			}
			offers, err := a.client().Place(cmd.Context(), p.want)
			if err != nil {
				return wrong(err)
			}
			if err := p.unknown(cmd.Context(), a.client(), offers); err != nil {
				return wrong(err)
			}
			return wrong(p.print(cmd.OutOrStdout(), offers))
		},
	}
	a.flags(cmd)
	p.outputFlags.flags(cmd)
	cmd.Flags().Float64Var(&p.want.Cores, "cores", 0, "processors that the guest uses")
	cmd.Flags().StringVar(&p.memory, "memory", "", "memory that it has, such as 4GiB")
	cmd.Flags().StringVar(&p.disk, "disk", "", "disk that volumes of its own take, such as 20GiB")
	cmd.Flags().StringVar(&p.want.Kind, "kind", "vm", "kind of the guest: vm, container or process")
	completesFlag(cmd, "kind", oneOf("vm", "container", "process"))
	cmd.Flags().StringArrayVar(&p.near, "near", nil, "guest that must be there, or label of one, such as app=db (repeat for other labels)")
	completesFlag(cmd, "near", completeGuests(&a))
	cmd.Flags().StringArrayVar(&p.want.Apart, "apart", nil, "label of guests that must not be there, such as app=web (repeat for more)")
	cmd.Flags().StringArrayVar(&p.want.Avoids, "avoid", nil, "label that the host must not have, such as rack=b (repeat for more)")
	cmd.Flags().StringArrayVar(&p.want.Requires, "label", nil, "label that the host must have, such as rack=a (repeat for more)")
	cmd.Flags().StringArrayVar(&p.want.Needs, "needs", nil, "what the host must offer, such as criu=4.2 (repeat for more)")
	return cmd
}

// check reads what is wanted.
func (p *placeFlags) check(asJSON bool) (err error) {
	if err := p.outputFlags.check(asJSON); err != nil {
		return err
	}
	if err := known("kind", p.want.Kind, []string{"vm", "container", "process"}); err != nil {
		return fmt.Errorf("--kind: %w", err)
	}
	if err := p.size(); err != nil {
		return err
	}
	if p.disk != "" {
		if p.want.Disk, err = bytesize.Parse(p.disk); err != nil {
			return fmt.Errorf("--disk: %w", err)
		}
	}
	for _, text := range p.near {
		switch {
		case strings.Contains(text, "="):
			p.want.Near = append(p.want.Near, text)
		case p.want.Beside != "" && p.want.Beside != text:
			return fmt.Errorf("--near: %s and %s: give one guest, or labels", p.want.Beside, text)
		default:
			p.want.Beside = text
		}
	}
	for flag, list := range map[string][]string{"near": p.want.Near, "apart": p.want.Apart, "label": p.want.Requires,
		"avoid": p.want.Avoids} {
		if err := label.CheckAll(list); err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
	}
	return p.want.Validate()
}

// size reads how much the guest takes, and says all that is wrong with it at once.
func (p *placeFlags) size() error {
	var faults []string
	if p.want.Cores == 0 {
		faults = append(faults, "--cores is missing: give how many processors the guest uses, such as --cores 2")
	}
	memory, err := bytesize.Parse(p.memory)
	switch {
	case p.memory == "":
		faults = append(faults, "--memory is missing: give how much the guest has, such as --memory 4GiB")
	case err != nil:
		faults = append(faults, "--memory: "+err.Error())
	}
	p.want.Memory = memory
	if faults != nil {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

// print shows who offers what. The error says that nobody does.
func (p *placeFlags) print(out io.Writer, offers site.Offers) error {
	var none error
	if len(offers.Hosts) == 0 || !offers.Hosts[0].Takes() {
		none = nobody(offers)
	}
	if is, err := p.writeValue(out, offers); is {
		return errors.Join(err, none)
	}
	if p.format == "name" {
		for _, o := range offers.Hosts {
			if o.Takes() {
				sayf(out, "%s\n", o.Host)
			}
		}
		return none
	}
	heads := []string{"host", "takes it", "load with it", "cores left", "memory left", "disk left", "why not"}
	t := newTable(out, heads...)
	t.bare = p.noHeaders
	t.mayBeMissing("disk left")
	for _, o := range offers.Hosts {
		disk := ""
		if o.FreeDisk > 0 {
			disk = bytesize.GiB(o.FreeDisk)
		}
		switch {
		case o.Silent != "":
			t.AppendRow(table.Row{o.Host, verdict("NO ANSWER"), "", "", "", "", reasonCell(o.Silent)})
		case !o.Takes():
			t.AppendRow(table.Row{o.Host, "no", "", amount(fmt.Sprintf("%.1f", o.FreeCores)), amount(bytesize.GiB(o.FreeMemory)), amount(disk),
				reasonCell(o.Why)})
		default:
			t.AppendRow(table.Row{o.Host, "yes", amount(percentText(o.Load)), amount(fmt.Sprintf("%.1f", o.FreeCores)),
				amount(bytesize.GiB(o.FreeMemory)), amount(disk), reasonCell("")})
		}
	}
	t.print()
	return none
}

// nobody says that no host takes the guest, and how many have which reason.
func nobody(offers site.Offers) error {
	codes, silent := map[string]int{}, 0
	var order []string
	for _, o := range offers.Hosts {
		if o.Silent != "" {
			silent++
			continue
		}
		if codes[o.Code]++; codes[o.Code] == 1 {
			order = append(order, o.Code)
		}
	}
	var parts []string
	for _, code := range order {
		parts = append(parts, fmt.Sprintf("%s on %d", code, codes[code]))
	}
	if silent > 0 {
		parts = append(parts, english.Plural(silent, "host", "")+" did not answer")
	}
	return fmt.Errorf("no host takes the guest: %s", strings.Join(parts, ", "))
}
