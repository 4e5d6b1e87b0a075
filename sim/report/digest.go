package report

import "strings"

// Digest is a file, or a text by its name, with its SHA-256 in hexadecimal digits.
type Digest struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// Sums joins the SHA-256 of several texts; a policy "a+b" has two.
func Sums(list []Digest) string {
	var sums []string
	for _, d := range list {
		sums = append(sums, d.SHA256)
	}
	return strings.Join(sums, "+")
}
