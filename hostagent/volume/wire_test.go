//go:build linux

package volume

import (
	"bytes"
	"testing"
)

// TestBlocksWithoutAValue holds the short way of blocks against the long one.
func TestBlocksWithoutAValue(t *testing.T) {
	for _, b := range []block{
		{Data: []byte{}}, {Item: 255, At: 1 << 40, Data: bytes.Repeat([]byte("x"), blockBytes)}, {Item: 30, At: 300, Data: []byte("data")},
	} {
		var long, short bytes.Buffer
		if err := (&channel{out: &long}).send(frame{Block: &b}); err != nil {
			t.Fatal(err)
		}
		if err := (&channel{out: &short}).sendBlock(b); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(long.Bytes(), short.Bytes()) {
			t.Errorf("item %d: the short way writes other bytes", b.Item)
		}
		got, err := (&channel{in: &short}).receive()
		if err != nil || got.Block == nil || got.Block.Item != b.Item || got.Block.At != b.At || !bytes.Equal(got.Block.Data, b.Data) {
			t.Errorf("item %d: got %v and %v", b.Item, got.Block, err)
		}
	}
	for _, f := range []frame{{Hello: &hello{Version: 1}}, {Done: true}, {End: &end{Items: 3}}, {Fault: "why"}} {
		text, err := writer.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		if b, is := takeBlock(text); is {
			t.Errorf("%+v: got the block %v", f, b)
		}
	}
}
