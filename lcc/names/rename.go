package names

import "fmt"

// Rename says at which places a symbol is written that is to have another name. It refuses
// a name that the text has already for something of the same kind, because the two could
// not be told apart afterwards. Whether a host has the name is for the caller to know.
func (x *Index) Rename(s Symbol, name string) ([]Use, error) {
	if !Plain(s.Kind, name) {
		form := "a lower-case letter, and continues with letters, digits and _"
		if s.Kind == Variable {
			form = "an upper-case letter or _, and continues with letters, digits and _"
		}
		return nil, fmt.Errorf("%q is no name of a %s: it begins with %s, and is no word of the language", name, s.Kind, form)
	}
	other := s
	other.Name = name
	if taken := x.Uses(other); name != s.Name && len(taken) > 0 {
		return nil, fmt.Errorf("there is a %s %s already, in line %d: choose another name", s.Kind, name, taken[0].Line)
	}
	return x.Uses(s), nil
}
