package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// Made is a file that was made for the caller, and waits to be fetched.
type Made struct {
	ID        string    `json:"id" doc:"Fetch it with get-report-file"`
	Name      string    `json:"name" example:"muster-acme-2026-03.xlsx"`
	Bytes     int       `json:"bytes"`
	Rows      int       `json:"rows"`
	ExpiresAt time.Time `json:"expires_at" doc:"It is deleted then"`
}

// WorkLine is a line of an answer to work: how far it is, and at the end either
// what was made or why it was not.
type WorkLine struct {
	Done    int      `json:"done"`
	Total   int      `json:"total"`
	Made    *Made    `json:"made,omitempty"`
	Problem *Problem `json:"problem,omitempty"`
}

// Work makes a file. It says how far it is, and ends with its context.
type Work func(ctx context.Context, progress func(done, total int)) (Made, error)

const jsonLines = "application/jsonl"

// RegisterWork adds an operation that takes a while. What can be refused is
// refused by the handler; then the answer tells line by line how far the work
// is, once it is its turn. A client that leaves ends it.
func RegisterWork[I any](a *API, op huma.Operation, access Access, handler func(context.Context, *I) (Work, error)) {
	schema := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[WorkLine](), true, "WorkLine")
	op.Responses = map[string]*huma.Response{"200": {
		Description: "Lines of JSON: how far the work is, and at the end what was made, or a problem",
		Content:     map[string]*huma.MediaType{jsonLines: {Schema: schema}},
	}}
	queued(&op, string(Files))
	l := a.lines[Files]
	Register(a, op, access, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		p, err := l.admit()
		if err != nil {
			return nil, err
		}
		work, err := handler(ctx, in)
		if err != nil {
			p.leave()
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) { //nolint:contextcheck // it is the request's, in hc
			defer p.leave()
			a.work(hc, op.OperationID, func(ctx context.Context, progress func(done, total int)) (Made, error) {
				if err := p.wait(ctx); err != nil {
					return Made{}, err
				}
				return work(ctx, progress)
			})
		}}, nil
	})
}

func (a *API) work(hc huma.Context, operation string, work Work) {
	ctx, cancel := context.WithCancel(hc.Context())
	defer cancel()
	hc.SetHeader("Content-Type", jsonLines)
	hc.SetHeader("Cache-Control", "no-store")
	hc.SetHeader("X-Accel-Buffering", "no") // or nginx keeps the lines to itself
	hc.SetStatus(http.StatusOK)
	_, w := humago.Unwrap(hc)
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(time.Time{}) // not every writer has any
	lines := json.NewEncoder(patient{w: hc.BodyWriter(), control: control})
	var last WorkLine
	tell := func(line WorkLine) {
		err := lines.Encode(line)
		if err == nil {
			err = control.Flush()
		}
		if err != nil && !errors.Is(err, http.ErrNotSupported) {
			cancel() // nobody listens any more
		}
	}
	made, err := work(ctx, func(done, total int) {
		last = WorkLine{Done: done, Total: total}
		tell(last)
	})
	if err != nil {
		last.Problem = a.problem(ctx, operation, err)
	} else {
		last.Made = &made
	}
	tell(last)
}
