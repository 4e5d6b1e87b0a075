package notify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// Receiver is who is told: by a command or at an URL, one of the two.
type Receiver struct {
	Choice
	Command []string // gets the message as JSON on its standard input, and in PARLEY_ variables
	Post    string   // gets it as the body of a POST

	pause, every time.Duration // tests: in the place of attemptFirst and lookEvery
}

// Name is the receiver for the log. What an URL has behind its host may be a secret.
func (r Receiver) Name() string {
	if r.Post == "" {
		return r.Command[0]
	}
	scheme, rest, _ := strings.Cut(r.Post, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host
}

// sendWithin bounds one attempt.
const sendWithin = 10 * time.Second

// errFinal says that another attempt would fail alike.
var errFinal = errors.New("it is not tried again")

// send makes one attempt.
func (r Receiver) send(ctx context.Context, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendWithin)
	defer cancel()
	body, err := json.Marshal(m)
	if err != nil {
		return errors.Join(err, errFinal)
	}
	if r.Post != "" {
		return post(ctx, r.Post, body)
	}
	return r.run(ctx, m, body)
}

func (r Receiver) run(ctx context.Context, m Message, body []byte) error {
	cmd := exec.CommandContext(ctx, r.Command[0], r.Command[1:]...)
	cmd.Stdin = bytes.NewReader(body)
	cmd.Env = append(os.Environ(), "PARLEY_EVENT="+string(m.Event), "PARLEY_HOST="+m.Host, "PARLEY_ABOUT="+variable(m.About),
		"PARLEY_TEXT="+variable(m.Line()), fmt.Sprintf("PARLEY_ENDED=%v", m.Ended))
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = nil, &bounded{to: &said, left: saidMost}
	cmd.WaitDelay = time.Second // a child of it may keep its output open
	err := cmd.Run()
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("it did not end within %v", sendWithin)
	case errors.Is(err, os.ErrNotExist), errors.Is(err, os.ErrPermission):
		return errors.Join(err, errFinal)
	}
	return fmt.Errorf("%w: %s", err, strings.TrimSpace(said.String()))
}

// variable is a text that an environment can have.
func variable(text string) string { return strings.ReplaceAll(text, "\x00", "") }

// saidMost is how much of what a receiver says about its failure is kept.
const saidMost = 400

// bounded keeps the beginning of what is written.
type bounded struct {
	to   io.Writer
	left int
}

func (b *bounded) Write(data []byte) (int, error) {
	n := min(len(data), b.left)
	b.left -= n
	_, err := b.to.Write(data[:n])
	return len(data), err
}

func post(ctx context.Context, url string, body []byte) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return errors.Join(err, errFinal)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return withoutURL(err)
	}
	defer response.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(response.Body, saidMost)) // what there is of it
	code := response.StatusCode
	switch {
	case code < 300:
		return nil
	case code >= 500, code == http.StatusTooManyRequests, code == http.StatusRequestTimeout:
		return fmt.Errorf("it answers %s: %s", response.Status, strings.TrimSpace(string(said)))
	}
	return errors.Join(fmt.Errorf("it answers %s: %s", response.Status, strings.TrimSpace(string(said))), errFinal)
}

// client follows no redirect: the receiver is the one that the operator has written down.
var client = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
