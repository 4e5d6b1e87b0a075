package report

import "fmt"

// pageText says what a policy is, with the texts that it enacts.
type pageText struct {
	ID, Class, Name, Doc, Note string
	Models                     []pageModel
}

type pageModel struct {
	Name, SHA256, Text string
	Same               string // the id of the policy that has it above
}

// texts lists the policies. A text that two of them enact is shown once.
func (p *page) texts(c Comparison) {
	seen := map[Digest]string{}
	for i, policy := range c.Policies {
		t := pageText{ID: fmt.Sprintf("policy%d", i), Class: colour(i), Name: plain(policy.Name), Doc: plain(policy.Doc)}
		if policy.Idle {
			t.Note = "No model is enacted: nothing is moved."
		}
		for k, d := range policy.Models {
			m := pageModel{Name: plain(d.Name), SHA256: d.SHA256, Same: seen[d]}
			if k < len(policy.Texts) && m.Same == "" {
				m.Text, seen[d] = plain(policy.Texts[k]), t.ID
			}
			t.Models = append(t.Models, m)
		}
		p.Policies = append(p.Policies, t)
	}
}
