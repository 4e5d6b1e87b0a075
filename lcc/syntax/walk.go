package syntax

// Walk visits a definition and all in it, in the order of the text. It recurses
// as deep as parentheses nest, which the parser has limited; sequences are
// walked.
func Walk(d Def, visit func(Def)) {
	for {
		visit(d)
		var branches []Def
		switch at := d.(type) {
		case *Then:
			Walk(at.First, visit)
			d = at.Rest
			continue
		case *Or:
			branches = at.Branches
		case *Par:
			branches = at.Branches
		}
		for _, b := range branches {
			Walk(b, visit)
		}
		return
	}
}
