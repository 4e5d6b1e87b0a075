package repository

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"parley/models/publish/bundle"
)

// AddHost adds a host to cluster.yaml. It keeps comments and the order of the entries.
func (r *Repository) AddHost(h Host) error {
	for _, other := range r.cluster.Hosts {
		if other.Name == h.Name || other.ID == h.ID {
			return fmt.Errorf("%s has the host %s (%s) already: change it there, or take it away with `parley cluster remove %s`",
				r.path(clusterFile), other.Name, other.ID, other.Name)
		}
	}
	if err := r.addable(h); err != nil {
		return err
	}
	return r.editCluster(func(top *yaml.Node) error {
		entry := mapping("name", h.Name, "id", h.ID)
		entry.Content = append(entry.Content, text("addresses"), texts(h.Addresses))
		if len(h.Labels) > 0 {
			entry.Content = append(entry.Content, text("labels"), texts(h.Labels))
		}
		list := listOf(top, "hosts")
		list.Content = append(list.Content, entry)
		return nil
	})
}

// addable says why a host cannot be published beside the existing ones.
func (r *Repository) addable(h Host) error {
	roster := Cluster{Hosts: append(slices.Clone(r.cluster.Hosts), h)}.Roster()
	roster.Hosts = slices.DeleteFunc(roster.Hosts, func(other bundle.Host) bool {
		return other.ID != h.ID && other.ID != h.Name && other.Name != h.ID
	})
	return roster.Publishable()
}

// RemoveHost removes a host from cluster.yaml.
func (r *Repository) RemoveHost(name string) error {
	return r.editCluster(func(top *yaml.Node) error { return removeEntry(top, "hosts", name) })
}

// Rotation is a change of the keys.
type Rotation struct {
	Remove    []string // names
	Add       []Key    // that sign releases
	AddBeats  []Key    // that sign heartbeats only
	Threshold int      // number of required signatures; 0 keeps the current one
}

// Rotate changes the keys in cluster.yaml. Both the old and the new keys must sign the
// next release.
func (r *Repository) Rotate(c Rotation) error {
	return r.editCluster(func(top *yaml.Node) error {
		for _, name := range c.Remove {
			list := "keys"
			if slices.ContainsFunc(r.cluster.Beats, func(k Key) bool { return k.Name == name }) {
				list = "beats"
			}
			if err := removeEntry(top, list, name); err != nil {
				return err
			}
		}
		addKeys(top, "keys", c.Add)
		addKeys(top, "beats", c.AddBeats)
		if c.Threshold > 0 {
			setNumber(top, "threshold", c.Threshold)
		}
		return nil
	})
}

func addKeys(top *yaml.Node, key string, keys []Key) {
	for _, k := range keys {
		list := listOf(top, key)
		list.Content = append(list.Content, mapping("name", k.Name, "public", k.Public))
	}
}

// editCluster edits cluster.yaml as a tree, and writes it when the result is valid.
func (r *Repository) editCluster(edit func(top *yaml.Node) error) error {
	path := r.path(clusterFile)
	before, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("cluster: %w", err)
	}
	var document yaml.Node
	if err := yaml.Unmarshal(before, &document); err != nil || len(document.Content) == 0 {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := edit(document.Content[0]); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var after bytes.Buffer
	encoder := yaml.NewEncoder(&after)
	encoder.SetIndent(2)
	if err := encoder.Encode(&document); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	cluster, err := parseCluster(path, after.Bytes())
	if err != nil {
		return err
	}
	r.cluster = cluster
	return replaceFile(path, after.Bytes())
}

// listOf returns the list of a key, and creates it when it is missing.
func listOf(top *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(top.Content); i += 2 {
		if top.Content[i].Value != key {
			continue
		}
		list := top.Content[i+1]
		if list.Kind != yaml.SequenceNode { // the key has no value
			*list = yaml.Node{Kind: yaml.SequenceNode, HeadComment: list.HeadComment, FootComment: list.FootComment}
		}
		if len(list.Content) == 0 {
			list.Style = 0 // no longer []
		}
		return list
	}
	list := &yaml.Node{Kind: yaml.SequenceNode}
	top.Content = append(top.Content, text(key), list)
	return list
}

func removeEntry(top *yaml.Node, key, name string) error {
	list := listOf(top, key)
	for i, entry := range list.Content {
		if valueOf(entry, "name") == name {
			list.Content = slices.Delete(list.Content, i, i+1)
			if len(list.Content) == 0 {
				list.Style = yaml.FlowStyle
			}
			return nil
		}
	}
	return fmt.Errorf("%s has no %q: `parley cluster show` lists what there is", key, name)
}

func valueOf(entry *yaml.Node, key string) string {
	for i := 0; i+1 < len(entry.Content); i += 2 {
		if entry.Content[i].Value == key {
			return entry.Content[i+1].Value
		}
	}
	return ""
}

func setNumber(top *yaml.Node, key string, value int) {
	number := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(value)}
	for i := 0; i+1 < len(top.Content); i += 2 {
		if top.Content[i].Value == key {
			number.LineComment = top.Content[i+1].LineComment
			top.Content[i+1] = number
			return
		}
	}
	top.Content = append(top.Content, text(key), number)
}

// mapping returns an entry on one line.
func mapping(pairs ...string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.MappingNode, Style: yaml.FlowStyle}
	for _, value := range pairs {
		n.Content = append(n.Content, text(value))
	}
	return n
}

// text returns a node that is always read as a string.
func text(value string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(value)
	return n
}

func texts(values []string) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, value := range values {
		n.Content = append(n.Content, text(value))
	}
	return n
}
