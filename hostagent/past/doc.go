// Package past encodes what the guests of a host used, in blocks of a file that is
// only appended to. A block has a column for each figure of each guest, quantised. The
// package does no I/O and reads no clock: who writes the file hands in looks and gets
// bytes. Package shelf keeps them in files.
package past
