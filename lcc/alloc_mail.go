package lcc

// mailPool keeps mails for reuse.
type mailPool []*mail

// take returns a pooled mail, or a new one when the pool is empty.
func (p *mailPool) take() *mail {
	last := len(*p) - 1
	if last < 0 {
		return &mail{}
	}
	m := (*p)[last]
	*p = (*p)[:last]
	return m
}

// give clears a mail and returns it to the pool.
func (p *mailPool) give(m *mail) {
	*m = mail{}
	if len(*p) < sparesMax {
		*p = append(*p, m)
	}
}
