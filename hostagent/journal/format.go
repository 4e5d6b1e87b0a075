package journal

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
)

const (
	magic       = "PARLEYJ1"
	headerBytes = 4 + 8 + 4 + 4
	endByte     = 0xED
	// recordMax bounds a payload; a greater length is damage.
	recordMax = 1 << 20
	// sectorBytes is the smallest unit that a disk writes.
	sectorBytes = 512
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// appendRecord appends a record in the file's format to b.
func appendRecord(b []byte, seq uint64, payload []byte) []byte {
	begin := len(b)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(payload)))
	b = binary.LittleEndian.AppendUint64(b, seq)
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b[begin:], castagnoli))
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(payload, castagnoli))
	b = append(b, payload...)
	return append(b, endByte)
}

// content is what a file contains.
type content struct {
	records [][]byte
	size    int64  // of the valid part
	last    uint64 // sequence number of the last valid record
	damage  error  // nil: what follows the valid part was never answered
}

// read parses a file. The records share the memory of data.
func read(data []byte) content {
	if len(data) < len(magic) && bytes.HasPrefix([]byte(magic), data) {
		return content{} // truncated while it was created
	}
	if !bytes.HasPrefix(data, []byte(magic)) {
		return content{damage: fmt.Errorf("it does not begin with %q, so it is no journal of this version", magic)}
	}
	c := content{size: int64(len(magic))}
	for int(c.size) < len(data) {
		payload, why := one(data[c.size:], c.last, len(c.records) > 0)
		if why != "" {
			if !torn(data, c.size) {
				c.damage = fmt.Errorf("byte %d, after %d good records: %s", c.size, len(c.records), why)
			}
			return c
		}
		c.last = binary.LittleEndian.Uint64(data[c.size+4:])
		c.records = append(c.records, payload)
		c.size += int64(headerBytes + len(payload) + 1)
	}
	return c
}

// one parses the first record of b, or says why it is invalid.
func one(b []byte, last uint64, follows bool) (payload []byte, why string) {
	if len(b) < headerBytes {
		return nil, "the header of a record is cut short"
	}
	if binary.LittleEndian.Uint32(b[12:]) != crc32.Checksum(b[:12], castagnoli) {
		return nil, "the header of a record does not match its checksum"
	}
	length, seq := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint64(b[4:])
	switch {
	case length > recordMax:
		return nil, fmt.Sprintf("a record of %d bytes, more than %d", length, recordMax)
	case follows && seq != last+1 || seq == 0:
		return nil, fmt.Sprintf("record %d follows record %d", seq, last)
	case len(b) < headerBytes+int(length)+1:
		return nil, "a record is cut short"
	}
	payload = b[headerBytes : headerBytes+length : headerBytes+length]
	switch {
	case binary.LittleEndian.Uint32(b[16:]) != crc32.Checksum(payload, castagnoli):
		return nil, "a record does not match its checksum"
	case b[headerBytes+int(length)] != endByte:
		return nil, "a record has no end"
	}
	return payload, ""
}

// torn says whether the data from an offset on is what a power cut leaves of the last
// writes: less than a record, or zeros to the end of the file from the offset or from a
// sector boundary on.
func torn(data []byte, at int64) bool {
	rest := data[at:]
	if len(rest) < headerBytes {
		return true
	}
	if binary.LittleEndian.Uint32(rest[12:]) == crc32.Checksum(rest[:12], castagnoli) {
		if length := binary.LittleEndian.Uint32(rest); length <= recordMax && len(rest) < headerBytes+int(length)+1 {
			return true
		}
	}
	for from := int(at); from < len(data); from += sectorBytes - from%sectorBytes {
		if len(bytes.TrimLeft(data[from:], "\x00")) == 0 {
			return true
		}
	}
	return false
}
