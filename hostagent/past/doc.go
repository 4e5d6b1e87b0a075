// Package past encodes what the guests of a host used, in blocks of a file that is
// only appended to. A block has a column for each figure of each guest, quantised. The
// package does no I/O: who writes the file hands in and gets bytes.
package past
