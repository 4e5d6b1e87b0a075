// Package journal is an append-only file of records: the decisions of the ledger of
// deals, written before they take effect.
//
// A file begins with eight bytes, PARLEYJ1. A record is
//
//	length    4 bytes   of the payload, little endian, as all numbers
//	sequence  8 bytes   one more than the record before
//	header    4 bytes   CRC32C (Castagnoli) of the twelve bytes above
//	payload   4 bytes   CRC32C of the payload
//	the payload
//	end       1 byte    0xED
//
// The length has its own checksum: otherwise a flipped bit in a length could look like
// a file that ends early. The last byte is not zero, so that a record can be told from
// a tail that the file system filled with zeros after a power cut.
//
// What a power cut leaves, a record that is truncated or ends in zeros, is cut off when
// the file is opened: its Append was never answered. Any other mismatch is damage.
// Records before it are still read, but nothing is appended any more (File.Err), so
// that no new deal begins on a history with a gap; a person must look.
//
// Append is answered once the record is on the disk. One goroutine writes all waiting
// records and syncs once for them (group commit).
//
// A write that finds no room is cut off again, and answered with ErrFull; later writes
// are tried again. Beside the journal there is a reserve, a file whose content is never
// read: it is removed when the disk is full, so that deals in flight can be ended and
// settings recorded, and created again when there is room (File.Retry). Options.Room is
// called for both; between the two no new deal should begin. Any other failure of a
// write, and each failure of a sync, is final: the state of the kernel's cache is then
// unknown (a repeated sync may succeed without the data).
//
// A journal that has grown past Options.Above is compacted, when it is opened and while
// it is open: the records that Options.Keep returns are written to a new file that
// replaces the old one. It is compacted again once it has doubled since. If compaction
// fails, the long journal remains in use and Options.Warn is called.
package journal
