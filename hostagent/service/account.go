package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"parley/hostagent"
	"parley/hostagent/api"
	"parley/hostagent/enact"
	"parley/hostagent/recall"
	"parley/hostagent/serve"
	"parley/hostagent/site"
	"parley/lcc"
	"parley/models/publish/chain"
)

// account is what this host knows of a deal, as one of its ends.
func account(ctx context.Context, s *Service, deal string) (a site.Account, err error) {
	chains, err := s.publishers.status(ctx)
	if err != nil {
		return a, err
	}
	err = s.inLoop(ctx, func(lcc.Instant) error {
		var spoke map[lcc.Digest]string
		a, spoke = s.records.account(deal)
		for model, file := range spoke {
			a.Origins = append(a.Origins, s.policies.origin(model, file, chains))
		}
		slices.SortFunc(a.Origins, func(x, y site.Origin) int {
			return cmp.Or(strings.Compare(x.Model, y.Model), strings.Compare(x.Publisher, y.Publisher))
		})
		return nil
	})
	return a, err
}

// origin finds the policy in force that has a model.
func (w *switcher) origin(model lcc.Digest, file string, chains []chain.Status) site.Origin {
	found := site.Origin{Model: path.Base(file)}
	has := func(m enact.Model) bool { return m.Digest() == model }
	for _, c := range chains {
		models := w.wantedModels[c.Publisher]
		i := slices.IndexFunc(models, has)
		if i < 0 {
			continue
		}
		found.Policy, found.Publisher, found.Text = models[i].Policy, c.Publisher, shownText(models[i])
		for _, p := range c.Policies {
			if p.Name == found.Policy {
				found.Release = p.ActiveVersion
			}
		}
		return found
	}
	i := slices.IndexFunc(w.policy.enacted, has)
	if found.Gone = i < 0; !found.Gone {
		found.Text = shownText(w.policy.enacted[i])
	}
	return found
}

// textMost bounds the text of a model in an answer, which has a few of them beside all else.
const textMost = 32 << 10

// shownText is the text of a model, where it is not too long.
func shownText(m enact.Model) string {
	text := string(m.Text())
	if len(text) > textMost {
		return ""
	}
	return text
}

// account is what is known of a deal, and the models that spoke about it.
func (r *recorder) account(deal string) (site.Account, map[lcc.Digest]string) {
	known := slices.Concat(r.history.ended, r.history.inFlight)
	for _, d := range slices.Backward(known) {
		if d.Deal != deal {
			continue
		}
		begin := r.origins.Of(d.Deal, d.Side)
		shown := siteDeal(r.names.deal(d), begin)
		until := time.Time{} // it is in flight
		if hostagent.DealState(d.State).Ended() {
			until = d.At
		}
		told := site.Account{Known: true, Deal: shown, Choice: begin.Choice, Talk: r.mentions.Talk(shown, until, r.spoken())}
		return told, r.mentions.Models(shown, until)
	}
	return site.Account{}, nil
}

// spoken writes the ids of hosts as names, for the talk of models.
func (r *recorder) spoken() recall.Names {
	return recall.Names{Host: func(id lcc.PeerID) string { return r.names.name(hostagent.HostID(id)) }, In: r.names.reason}
}

// story asks the ends of a deal what they know of it.
func (v *view) story(ctx context.Context, deal string) (site.Story, error) {
	report, err := v.site(ctx, siteWithin)
	if err != nil {
		return site.Story{}, err
	}
	id, hosts, err := report.Ends(deal)
	if errors.Is(err, site.ErrNoDeal) && len(report.Silent()) > 0 {
		err = fmt.Errorf("%w; %d hosts do not answer", err, len(report.Silent()))
	}
	if err != nil {
		return site.Story{}, api.Refuse(hostagent.CodeBadQuestion, "%v", err)
	}
	story := site.Story{Deal: id}
	for _, h := range hosts {
		if h.PeerID == string(v.names.self) {
			own, err := v.account(ctx, id)
			if err != nil {
				return site.Story{}, err
			}
			story.Ends = append(story.Ends, site.End{Host: h.Host, Account: own})
			continue
		}
		told, err := v.hosts.Tell(ctx, []site.Member{{ID: lcc.PeerID(h.PeerID), Name: h.Host}}, siteWithin, id)
		if err != nil {
			return site.Story{}, err
		}
		story.Ends = append(story.Ends, told...)
	}
	for i := range story.Ends {
		story.Ends[i].Deal.Rename(v.hosts.Name)
	}
	return story, nil
}

// giveStory answers what the ends of a deal know of it.
func (h *handlers) giveStory(w http.ResponseWriter, r *http.Request) {
	if err := serve.Within(w, siteWithinMost); err != nil {
		h.log.Debug("a deal is looked for under the usual deadline", "event", "deadline_not_set", "error", err)
	}
	story, err := h.view.story(r.Context(), r.URL.Query().Get("deal"))
	answer(w, story, err)
}
