package libp2p

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/multiformats/go-multistream"
)

// This file asks over one connection which incarnation of a peer runs at the other end.
// The answer is signed, so that it can be shown to another process with the same key,
// which then learns that it is not the only one.

const (
	lifeID      = "/parley/life/1"
	lifePurpose = "parley life 1\n" // prefix of the signed text, and of a question
)

// challenge is random for each process. A signature of it is newer than the process.
type challenge [16]byte

// witness is the proof that an incarnation has signed a challenge; incarnation 0: none.
type witness struct {
	incarnation uint64
	signature   [64]byte // Ed25519, as all identity keys are
}

func (w witness) text(c challenge) []byte {
	return binary.BigEndian.AppendUint64(append([]byte(lifePurpose), c[:]...), w.incarnation)
}

const (
	witnessBytes      = 8 + len(witness{}.signature)
	lifeQuestionBytes = len(lifePurpose) + len(challenge{}) + witnessBytes
	lifeAnswerBytes   = len(challenge{}) + witnessBytes
)

func (w witness) append(data []byte) []byte {
	return append(binary.BigEndian.AppendUint64(data, w.incarnation), w.signature[:]...)
}

// readWitness decodes the output of append.
func readWitness(data []byte) (w witness) {
	w.incarnation = binary.BigEndian.Uint64(data)
	copy(w.signature[:], data[8:])
	return w
}

// alive is the answer of a process: its incarnation, and its own challenge for others.
type alive struct {
	witness
	own challenge
}

// askLife asks over one connection which incarnation runs there. It requests a
// signature of a challenge, and shows the signature of another incarnation of the same
// peer.
func (h *Host) askLife(conn network.Conn, c challenge, other witness) (alive, error) {
	ctx, cancel := context.WithTimeout(h.ctx, helloWithin)
	defer cancel()
	stream, err := conn.NewStream(ctx)
	if err != nil {
		return alive{}, err
	}
	answer, err := converse(stream, other.append(append([]byte(lifePurpose), c[:]...)))
	if err != nil {
		return alive{}, errors.Join(err, stream.Reset())
	}
	a := alive{witness: readWitness(answer[len(challenge{}):])}
	copy(a.own[:], answer)
	if id := conn.RemotePeer(); !h.signer.Verify(nameOf(id), a.text(c), a.signature[:]) {
		return alive{}, fault{kindForged, errors.New("it has not signed which incarnation it is")}
	}
	_ = stream.Close() // the other side may have closed it for both
	return a, nil
}

// converse asks the question on a separate stream and reads the answer.
func converse(stream network.Stream, question []byte) ([]byte, error) {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return nil, err
	}
	// The host's NewStream chooses a connection; here the connection is given.
	if err := multistream.SelectProtoOrFail(lifeID, stream); err != nil {
		return nil, err
	}
	if err := stream.SetProtocol(lifeID); err != nil {
		return nil, err
	}
	if _, err := stream.Write(question); err != nil {
		return nil, err
	}
	answer := make([]byte, lifeAnswerBytes)
	_, err := io.ReadFull(stream, answer)
	return answer, err
}

// serveLife answers with the incarnation of this process.
func (h *Host) serveLife(stream network.Stream) {
	if !h.admit(stream) {
		return
	}
	defer h.running.Done()
	id := stream.Conn().RemotePeer()
	err := h.answerLife(stream, id)
	if err == nil {
		err = stream.Close()
	}
	if err != nil {
		_ = stream.Reset()
		h.o.Logger.Debug("a question for the incarnation was not answered", "event", "incarnation_unanswered", "peer", id, "error", err)
		if kind := misconduct(err); kind != "" {
			h.blame(id, kind)
		}
	}
}

func (h *Host) answerLife(stream network.Stream, by p2p.ID) error {
	if err := stream.SetDeadline(time.Now().Add(helloWithin)); err != nil {
		return err
	}
	question := make([]byte, lifeQuestionBytes)
	if _, err := io.ReadFull(stream, question); err != nil {
		return fmt.Errorf("no question: %w", err)
	}
	c, other := challenge{}, readWitness(question[lifeQuestionBytes-witnessBytes:])
	if copy(c[:], question[len(lifePurpose):]); string(question[:len(lifePurpose)]) != lifePurpose {
		return fault{kindMalformed, errors.New("it asks for the incarnation in another way")}
	}
	h.twin.shown(h, other, by)
	own := witness{incarnation: h.o.Incarnation}
	copy(own.signature[:], h.signer.Sign(own.text(c)))
	_, err := stream.Write(own.append(append([]byte(nil), h.twin.own[:]...)))
	return err
}
