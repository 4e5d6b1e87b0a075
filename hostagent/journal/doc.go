// Package journal is an append-only file of records: what the ledger of deals
// has decided, before anything is done about it.
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
// The length has a checksum of its own: without it a flipped bit in a length
// could pass for a file that ends early. The last byte is not zero: so a tail
// that the file system filled with zeros after a power cut can be told from a
// record.
//
// What a power cut leaves, a record that is cut short or ends in zeros, is cut
// off when the file is opened: its Append was never answered. Anything else
// that does not check is damage. Records before it are still read, but nothing
// is appended any more (File.Err), so that no new deal is begun upon a history
// with a hole; a person must look.
//
// Append is answered once the record is on the disk. One goroutine writes all
// that waits and syncs once for it.
//
// A write that finds no room is cut off again, and answered with ErrFull; what
// comes later is tried again. Beside the journal lies a reserve, a file of which
// nobody reads a byte: it is given up when the disk is full, so that deals under
// way can be ended and settings noted, and made again when there is room
// (File.Retry). Options.Room is told of both; between the two no new deal should
// be begun. Any other failure of a write, and each failure of a sync, is final:
// what the kernel then holds is unknown (a sync that is tried again may succeed
// without the data).
//
// A journal that has grown past Options.Above is made shorter, when it is opened
// and while it is open: the records that Options.Keep returns are written into
// a new file that takes the old one's place. It is made shorter again once it is
// twice as long as then. Where that fails the long one goes on, and Options.Warn
// is told.
package journal
