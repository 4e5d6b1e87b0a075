package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/site"
)

// nearWithin is how long the hosts may take to say which guests they have.
const nearWithin = 2 * time.Second

// unknown says that what the guest is to be near of runs nowhere, where some host refuses it
// for that: a misspelt name or label looks like a full site otherwise.
func (p *placeFlags) unknown(ctx context.Context, client api.Client, offers site.Offers) error {
	takes := slices.ContainsFunc(offers.Hosts, site.Offer.Takes)
	near := func(o site.Offer) bool { return o.Silent == "" && o.Code == string(hostagent.CodeNear) }
	if takes || !slices.ContainsFunc(offers.Hosts, near) {
		return nil
	}
	report, err := client.Site(ctx, nearWithin)
	if err != nil {
		return err
	}
	return p.unknownIn(report)
}

func (p *placeFlags) unknownIn(report site.Report) error {
	if p.want.Beside != "" && len(report.Where(p.want.Beside)) == 0 {
		return fmt.Errorf("--near: %w", notFound(report, p.want.Beside))
	}
	var meant []string
	for _, label := range p.want.Near {
		there, similar := report.Labelled(label)
		if there {
			return nil // a guest with one of the labels is enough
		}
		if similar != "" {
			meant = append(meant, fmt.Sprintf("%q", similar))
		}
	}
	if len(p.want.Near) == 0 {
		return nil
	}
	text := "no host that answered has a guest with the label " + strings.Join(p.want.Near, " or ")
	if meant != nil {
		text += ": did you mean " + strings.Join(meant, " or ") + "?"
	}
	if silent := silentText(report); silent != "" {
		text += "; " + silent
	}
	return fmt.Errorf("--near: %s", text)
}
