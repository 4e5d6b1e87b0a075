package lcc

// mailPool keeps the mails that were taken, to be used again.
type mailPool []*mail

// take returns a mail that was used before, where there is one.
func (p *mailPool) take() *mail {
	last := len(*p) - 1
	if last < 0 {
		return &mail{}
	}
	m := (*p)[last]
	*p = (*p)[:last]
	return m
}

// give empties a mail and keeps it.
func (p *mailPool) give(m *mail) {
	*m = mail{}
	if len(*p) < sparesMax {
		*p = append(*p, m)
	}
}
