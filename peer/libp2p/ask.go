package libp2p

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	p2p "github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"

	"parley/lcc"
)

// Maximum lengths in bytes of a question and of its answer.
const (
	QuestionBytes = 4 << 10
	AnswerBytes   = 1 << 20
)

// ErrBusy says that a peer takes no more questions now: ask another peer, or retry
// later.
var ErrBusy = errors.New("the peer is busy")

const (
	askID       = "/parley/ask/1"
	lookID      = "/parley/look/1" // a version that does not have it is told apart by this id
	askWithin   = time.Minute      // for the whole exchange, unless the asker's context is shorter
	stepWithin  = 10 * time.Second // each read and write
	askingMax   = 4                // questions of one peer in progress
	askedMax    = 64               // questions of all peers in progress
	errorMax    = 1 << 10          // bytes of an error that is sent
	statusOK    = 0
	statusError = 1
	statusBusy  = 2
)

// Ask asks a listed peer one question, at most QuestionBytes, and returns its answer.
// It connects to the peer when necessary.
func (h *Host) Ask(ctx context.Context, to lcc.PeerID, question []byte) ([]byte, error) {
	return inquiry{host: h, on: askID}.ask(ctx, to, question)
}

// Look asks a listed peer about its host, at most QuestionBytes, and returns its answer. It
// connects to the peer when necessary.
func (h *Host) Look(ctx context.Context, to lcc.PeerID, question []byte) ([]byte, error) {
	return inquiry{host: h, on: lookID}.ask(ctx, to, question)
}

// inquiry is one protocol of questions.
type inquiry struct {
	host    *Host
	on      protocol.ID
	answers func(from lcc.PeerID, question []byte) ([]byte, error)
}

func (q inquiry) ask(ctx context.Context, to lcc.PeerID, question []byte) ([]byte, error) {
	if len(question) > QuestionBytes {
		return nil, fmt.Errorf("ask %s: a question of %d bytes, more than %d", to, len(question), QuestionBytes)
	}
	id, err := q.host.resolve(to)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", to, err)
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	answer, err := q.exchange(ctx, id, question)
	if ctx.Err() != nil {
		err = ctx.Err() // it is why the stream broke
	}
	if err != nil {
		if kind := misconduct(err); kind != "" {
			q.host.blame(id, kind)
		}
		return nil, fmt.Errorf("ask %s: %w", to, err)
	}
	return answer, nil
}

func (q inquiry) exchange(ctx context.Context, id p2p.ID, question []byte) ([]byte, error) {
	h := q.host
	if err := h.dial(ctx, id); err != nil {
		return nil, err
	}
	meter := h.meters.of(id)
	meter.touch(time.Now())
	stream, err := h.host.NewStream(ctx, id, q.on)
	if err != nil {
		return nil, err
	}
	defer stream.Close()
	defer context.AfterFunc(ctx, func() { _ = stream.Reset() })()
	p := paced{stream}
	unsent := p.send(question) // a peer may report that it is busy before it has read
	status, answer, err := p.receive()
	if err != nil {
		return nil, errors.Join(err, unsent, stream.Reset())
	}
	meter.touch(time.Now())
	switch status {
	case statusOK:
		return answer, nil
	case statusBusy:
		return nil, ErrBusy
	case statusError:
		return nil, fmt.Errorf("it answers: %.*q", errorMax, answer)
	}
	return nil, fault{kindMalformed, fmt.Errorf("an answer with the unknown status %d", status)}
}

// serve answers one question.
func (q inquiry) serve(stream network.Stream) {
	h := q.host
	if !h.admit(stream) {
		return
	}
	defer h.running.Done()
	id := stream.Conn().RemotePeer()
	meter := h.meters.of(id)
	asking := meter.hold(&meter.asking, 1)
	defer meter.hold(&meter.asking, -1)
	all := h.asked.Add(1)
	defer h.asked.Add(-1)
	p := paced{stream}
	var err error
	switch {
	case !meter.take(questions, 1) || asking > askingMax:
		h.blame(id, kindFlood) // counted once each: a ban needs hundreds
		err = p.answer(statusBusy, nil)
	case all > askedMax:
		err = p.answer(statusBusy, nil)
	default:
		err = q.answer(p, id)
	}
	if err == nil {
		err = stream.Close()
	}
	if err != nil {
		_ = stream.Reset()
		h.o.Logger.Debug("a question was not answered", "event", "question_unanswered", "peer", id, "error", err)
		if kind := misconduct(err); kind != "" {
			h.blame(id, kind)
		}
	}
}

func (q inquiry) answer(p paced, id p2p.ID) error {
	question, err := p.read(QuestionBytes)
	if err != nil {
		return err
	}
	answer, err := q.answers(q.host.roster.nameOf(id), question)
	switch {
	case err != nil:
		text := err.Error()
		return p.answer(statusError, []byte(text[:min(len(text), errorMax)]))
	case len(answer) > AnswerBytes:
		q.host.o.Logger.Error("an answer is too large and was not sent; this is a bug of Parley", "event", "answer_too_large",
			"bytes", len(answer))
		return p.answer(statusError, fmt.Appendf(nil, "the answer has %d bytes, more than %d", len(answer), AnswerBytes))
	}
	return p.answer(statusOK, answer)
}

// paced is the stream of one question with a deadline for each step: a slow reader or
// writer makes progress; one that stops is given up.
type paced struct{ network.Stream }

func (p paced) Read(b []byte) (int, error) {
	if err := p.SetReadDeadline(time.Now().Add(stepWithin)); err != nil {
		return 0, err
	}
	return p.Stream.Read(b)
}

// write writes in pieces, so that a large answer is not one step.
func (p paced) write(data []byte) error {
	for len(data) > 0 {
		piece := data[:min(len(data), 64<<10)]
		if err := p.SetWriteDeadline(time.Now().Add(stepWithin)); err != nil {
			return err
		}
		if _, err := p.Stream.Write(piece); err != nil {
			return late(err)
		}
		data = data[len(piece):]
	}
	return nil
}

func (p paced) send(question []byte) error {
	packet := binary.BigEndian.AppendUint32(nil, uint32(len(question)))
	if err := p.write(append(packet, question...)); err != nil {
		return err
	}
	return p.CloseWrite()
}

func (p paced) answer(status byte, answer []byte) error {
	packet := binary.BigEndian.AppendUint32([]byte{status}, uint32(len(answer)))
	return p.write(append(packet, answer...))
}

func (p paced) receive() (status byte, answer []byte, err error) {
	var first [1]byte
	if _, err := io.ReadFull(p, first[:]); err != nil {
		return 0, nil, late(err)
	}
	answer, err = p.read(AnswerBytes)
	return first[0], answer, err
}

// read reads as many bytes as the length prefix says. It allocates memory as bytes
// arrive, so a length alone costs nothing.
func (p paced) read(most int) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(p, head[:]); err != nil {
		return nil, late(err)
	}
	size := binary.BigEndian.Uint32(head[:])
	if uint64(size) > uint64(most) {
		return nil, fault{kindOversized, fmt.Errorf("it announces %d bytes, more than %d", size, most)}
	}
	data, err := io.ReadAll(io.LimitReader(p, int64(size)))
	if err == nil && len(data) < int(size) {
		err = io.ErrUnexpectedEOF
	}
	return data, late(err)
}

// late blames a peer that ends in the middle or is too slow.
func late(err error) error {
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fault{kindTruncated, err}
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fault{kindSlow, fmt.Errorf("nothing for %v: %w", stepWithin, err)}
	}
	return err
}
