package enact

import (
	"crypto/sha256"
	"strings"
	"sync"
)

// Cache keeps models that were prepared. A policy is prepared when it is checked and
// again when it is enacted, and a text of 64 kB takes tens of milliseconds. The zero
// value is empty; it is safe for concurrent use.
type Cache struct {
	mu   sync.Mutex
	each map[key]Model
	last []key // oldest first
}

// key is what a prepared model depends on.
type key struct {
	name   string
	text   [sha256.Size]byte
	refuse string
}

// cacheMost bounds the models that are kept: a policy in force and one to come.
const cacheMost = 32

// prepare is Prepare for whoever wants the first reason only. What is refused is not
// kept.
func (c *Cache) prepare(name string, text []byte, t Terms) (Model, error) {
	k := key{name, sha256.Sum256(text), strings.Join(t.refused(), "\x00")}
	if m, ok := c.get(k); ok {
		return m, nil
	}
	m, v := Prepare(name, text, t)
	if err := v.Err(); err != nil {
		return Model{}, err
	}
	c.put(k, m)
	return m, nil
}

func (c *Cache) get(k key) (Model, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m, ok := c.each[k]
	return m, ok
}

func (c *Cache) put(k key, m Model) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.each == nil {
		c.each = map[key]Model{}
	}
	if _, ok := c.each[k]; ok {
		return
	}
	c.each[k] = m
	c.last = append(c.last, k)
	if len(c.last) > cacheMost {
		delete(c.each, c.last[0])
		c.last = append([]key(nil), c.last[1:]...)
	}
}
