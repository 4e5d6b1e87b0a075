package recall

import (
	"strings"

	"parley/hostagent"
	"parley/hostagent/site"
	"parley/lcc"
)

// Ground is something on which a message of a model depended, as text.
type Ground struct {
	site.Ground
	peer lcc.PeerID // a player
}

// docs are what the vocabulary says of each question.
var docs = func() map[string]string {
	said := map[string]string{}
	for _, one := range hostagent.Vocabulary().Predicates {
		said[one.Name] = one.Doc
	}
	return said
}()

// groundsOf are the grounds of a record, without the tokens of deals.
func groundsOf(list []lcc.Ground) (grounds []Ground) {
	for _, g := range list {
		one := Ground{Ground: site.Ground{Kind: string(g.Kind), Text: g.Text, Values: g.Values}, peer: g.Peer}
		if g.Term != nil {
			one.Text = HideTokens(g.Term).String()
		}
		switch g.Kind {
		case lcc.GroundFact, lcc.GroundRule:
			one.About = g.Text
		case lcc.GroundAnswer:
			name, _, _ := lcc.Name(g.Term)
			one.About = docs[name]
		}
		grounds = append(grounds, one)
	}
	return grounds
}

// tellGrounds writes grounds with the names of hosts, guests and deals.
func tellGrounds(list []Ground, readable *strings.Replacer, names Names) (grounds []site.Ground) {
	for _, g := range list {
		one := g.Ground
		for _, text := range []*string{&one.Text, &one.Values, &one.Was} {
			*text = names.In(readable.Replace(*text))
		}
		if g.peer != "" {
			one.Host = names.Host(g.peer)
		}
		grounds = append(grounds, one)
	}
	return grounds
}
