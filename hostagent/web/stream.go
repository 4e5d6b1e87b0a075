package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"parley/hostagent/serve"
)

// quiet is how often a stream on which nothing happens sends a comment, so that an end of
// the connection is noticed.
const quiet = 15 * time.Second

// stream sends what changes as server-sent events, until the reader leaves.
func (p *Page) stream(w http.ResponseWriter, r *http.Request) {
	if err := serve.Within(w, 0); err != nil {
		p.log.Debug("the page is streamed under a deadline", "event", "deadline_not_set", "error", err)
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	pictures, leave := p.watch.read()
	defer leave()
	alive := time.NewTicker(quiet)
	defer alive.Stop()
	var was *picture
	for {
		var err error
		select {
		case now := <-pictures:
			var data []byte
			if data, err = json.Marshal(now.since(was)); err == nil {
				_, err = fmt.Fprintf(w, "data: %s\n\n", data)
			}
			was = now
		case <-alive.C:
			_, err = fmt.Fprint(w, ": nothing new\n\n")
		case <-r.Context().Done():
			return
		case <-p.closed:
			return
		}
		if err != nil || out.Flush() != nil {
			return // the reader has left
		}
	}
}
