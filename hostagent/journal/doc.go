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
// that waits and syncs once for it. After a write or a sync that failed nothing
// is written any more: what the kernel then holds is unknown.
//
// The file only grows: nothing takes out the records of deals that ended long
// ago.
package journal
