// Package api is the interface between an agent and its operator: JSON over HTTP on the
// agent's local socket, its paths, and a client. Access is granted by the permissions
// of the socket, whose mode is 0660.
//
// A response with the status 200 is the JSON of the type listed with its path, one with
// the status 409 the JSON of a Refusal. Any other response is text for people: 400 if the
// agent cannot parse the request, 503 if it cannot answer.
package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/hostagent/audit"
	"parley/hostagent/site"
)

// Client sends requests to the agent that listens on a socket.
type Client struct{ Socket string }

// askTimeout bounds a query; an order has no timeout.
const askTimeout = 10 * time.Second

// Status requests the agent's status.
func (c Client) Status(ctx context.Context) (status Status, err error) {
	err = c.ask(ctx, http.MethodGet, PathStatus, nil, &status)
	return status, err
}

// Site requests what all hosts of the site see and do, and waits so long for them.
func (c Client) Site(ctx context.Context, within time.Duration) (report site.Report, err error) {
	ctx, cancel := context.WithTimeout(ctx, within+askTimeout)
	defer cancel()
	path := PathSite + "?within=" + strconv.Itoa(int(within.Round(time.Second)/time.Second))
	err = c.send(ctx, http.MethodGet, path, http.NoBody, &report)
	return report, err
}

// Deal asks what the ends of a deal know of it. The id may be shortened.
func (c Client) Deal(ctx context.Context, deal string) (story site.Story, err error) {
	err = c.ask(ctx, http.MethodGet, PathDeal+"?deal="+url.QueryEscape(deal), nil, &story)
	return story, err
}

// Talk requests the last messages of the models of a host, or of those between two hosts.
func (c Client) Talk(ctx context.Context, host, with string) (story site.Story, err error) {
	err = c.ask(ctx, http.MethodGet, PathTalk+"?"+url.Values{"host": {host}, "with": {with}}.Encode(), nil, &story)
	return story, err
}

// Place asks all hosts whether a guest may be started there.
func (c Client) Place(ctx context.Context, w site.Wanted) (offers site.Offers, err error) {
	err = c.ask(ctx, http.MethodPost, PathPlace, w, &offers)
	return offers, err
}

// Survive asks who would take the guests if some hosts failed at one time, or each host alone.
func (c Client) Survive(ctx context.Context, hosts []string) (s site.Survival, err error) {
	err = c.ask(ctx, http.MethodGet, PathSurvive+"?"+url.Values{"host": hosts}.Encode(), nil, &s)
	return s, err
}

// Halt pauses or resumes the policies of all hosts.
func (c Client) Halt(ctx context.Context, h site.Halt) (halts site.Halts, err error) {
	err = c.ask(ctx, http.MethodPost, PathHalt, h, &halts)
	return halts, err
}

// Past requests a part of the past of a host.
func (c Client) Past(ctx context.Context, host string, q site.PastQuestion) (a site.PastAnswer, err error) {
	query := url.Values{
		"host": {host}, "of": {q.Of}, "since": {q.Since.Format(time.RFC3339Nano)}, "until": {q.Until.Format(time.RFC3339Nano)},
		"skip": {strconv.Itoa(q.Skip)},
	}
	err = c.ask(ctx, http.MethodGet, PathPast+"?"+query.Encode(), nil, &a)
	return a, err
}

// Explain requests an explanation about a guest, a host or a policy.
func (c Client) Explain(ctx context.Context, name string) (why Explanation, err error) {
	err = c.ask(ctx, http.MethodGet, PathExplain+"?name="+url.QueryEscape(name), nil, &why)
	return why, err
}

// ExplainAgent requests what an agent of a policy waits for; 0: which agents there are.
func (c Client) ExplainAgent(ctx context.Context, policy string, agent uint64) (why Explanation, err error) {
	q := url.Values{"name": {policy}, "agent": {strconv.FormatUint(agent, 10)}}
	err = c.ask(ctx, http.MethodGet, PathExplain+"?"+q.Encode(), nil, &why)
	return why, err
}

// History queries the audit. The latest entry comes first.
func (c Client) History(ctx context.Context, f audit.Filter) (list []audit.Entry, err error) {
	q := url.Values{}
	for key, value := range map[string]string{"guest": f.Guest, "host": f.Host, "deal": f.Deal, "state": f.State, "kind": f.Kind} {
		if value != "" {
			q.Set(key, value)
		}
	}
	if f.Ended {
		q.Set("ended", "yes")
	}
	if !f.Since.IsZero() {
		q.Set("since", f.Since.Format(time.RFC3339))
	}
	if !f.Until.IsZero() {
		q.Set("until", f.Until.Format(time.RFC3339))
	}
	if f.Limit > 0 {
		q.Set("limit", strconv.Itoa(f.Limit))
	}
	err = c.ask(ctx, http.MethodGet, PathHistory+"?"+q.Encode(), nil, &list)
	return list, err
}

// VerifyAudit has the agent verify its audit.
func (c Client) VerifyAudit(ctx context.Context) (r audit.Report, err error) {
	err = c.send(ctx, http.MethodGet, PathAudit, http.NoBody, &r)
	return r, err
}

// Order sends an order, and waits until it is carried out or refused.
func (c Client) Order(ctx context.Context, o Order) error {
	var done Order
	err := c.ask(ctx, http.MethodPost, PathOrders, o, &done)
	var refused *Refused
	if errors.As(err, &refused) {
		refused.Guest = o.Guest
	}
	return err
}

func (c Client) ask(ctx context.Context, method, path string, body, into any) error {
	var text bytes.Buffer
	if body == nil {
		bounded, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		ctx = bounded
	} else if err := json.NewEncoder(&text).Encode(body); err != nil {
		return err
	}
	return c.send(ctx, method, path, &text, into)
}

// Metrics requests the metrics, in Prometheus' text format.
func (c Client) Metrics(ctx context.Context) (text string, err error) {
	err = c.exchange(ctx, http.MethodGet, PathMetrics, http.NoBody, func(body io.Reader) error {
		data, err := io.ReadAll(body)
		text = string(data)
		return err
	})
	return text, err
}

func (c Client) send(ctx context.Context, method, path string, body io.Reader, into any) error {
	return c.exchange(ctx, method, path, body, func(body io.Reader) error {
		return json.NewDecoder(body).Decode(into)
	})
}

// exchange sends a request and passes the body of a successful response to read.
func (c Client) exchange(ctx context.Context, method, path string, body io.Reader, read func(io.Reader) error) error {
	client := &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", c.Socket)
		},
		DisableKeepAlives: true,
	}}
	request, err := http.NewRequestWithContext(ctx, method, "http://parley"+path, body)
	if err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return c.explain(method, path, err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(response.Body, RequestBytes)) // on an error, the text so far is shown
		return answered{failure(response.StatusCode, text)}
	}
	if err := read(response.Body); err != nil && cutOff(err) {
		return c.explain(method, path, err)
	} else if err != nil {
		return fmt.Errorf("the answer of the agent on %s: %w", c.Socket, err)
	}
	return nil
}

// failure returns the error in a response: a *Refused, or the text.
func failure(status int, text []byte) error {
	var why Refusal
	if status == http.StatusConflict && json.Unmarshal(text, &why) == nil && why.Is() {
		return &Refused{Why: why}
	}
	return errors.New(strings.TrimSpace(string(text)))
}

// answered is an error that the agent itself returned.
type answered struct{ err error }

func (a answered) Error() string { return "the agent of this host: " + a.err.Error() }
func (a answered) Unwrap() error { return a.err }

// IsAnswer says whether an error was returned by an agent, rather than by a failure to
// reach one.
func IsAnswer(err error) bool {
	var a answered
	return errors.As(err, &a)
}

// cutOff says whether a connection ended before its answer was complete.
func cutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// explain says what kept the agent from answering, and what to do.
func (c Client) explain(method, path string, err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		err = request.Err // the URL is none that a person knows
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("no agent listens on %s, which an agent has left there when it ended: start `parley agent`, or name its socket with "+
			"--socket", c.Socket)
	case cutOff(err) && method != http.MethodGet && path != PathDryRun && path != PathPlace && path != PathHalt:
		shows := "`parley history`"
		if path == PathPublish || path == PathNotice {
			shows = "`parley policy status`"
		}
		return fmt.Errorf("the agent on %s has ended before it answered: the outcome is not known; start it, and see %s", c.Socket, shows)
	case cutOff(err):
		return fmt.Errorf("the agent on %s has ended before it answered: start `parley agent`", c.Socket)
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("no agent listens on %s: start `parley agent`, or name its socket with --socket", c.Socket)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%s: permission denied: ask as the user of the agent or as a member of the socket's group", c.Socket)
	}
	return fmt.Errorf("ask the agent on %s (does it run?): %w", c.Socket, err)
}

// Publish sends a bundle to the agent, and waits until its last release is in force
// there or refused.
func (c Client) Publish(ctx context.Context, archive []byte) (p Published, err error) {
	err = c.send(ctx, http.MethodPost, PathPublish, bytes.NewReader(archive), &p)
	return p, err
}

// Notify sends a publisher's notice to the agent: a heartbeat.
func (c Client) Notify(ctx context.Context, notice []byte) error {
	return c.send(ctx, http.MethodPost, PathNotice, bytes.NewReader(notice), &struct{}{})
}

// Policies requests which policies are in force: on the agent's host, or on all hosts
// of its site.
func (c Client) Policies(ctx context.Context, site bool) (report PolicyReport, err error) {
	path := PathPolicies
	if site {
		path += "?site=1"
	}
	err = c.send(ctx, http.MethodGet, path, http.NoBody, &report)
	return report, err
}
