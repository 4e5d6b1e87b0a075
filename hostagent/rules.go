package hostagent

// Rules say where a guest may go and whether it may at all. They come from the
// guest itself (its platform keeps them, so that they travel with it) and from
// the configuration of its host. Lists are sorted and hold each text once.
type Rules struct {
	Pinned   bool     // it stays where it is
	Ignored  bool     // Parley leaves it alone: it counts as load and no more
	Priority int      // -100 to 100; of two guests the lower is moved first
	Labels   []string // of the guest, each "key=value"
	Requires []string // labels that a host must have
	Near     []string // labels of guests: one must be at the target
	Apart    []string // labels of guests: none may be at the target
}
