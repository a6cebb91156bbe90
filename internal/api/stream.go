package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// streamPatience is how long a client may take to receive a piece of a file.
const streamPatience = time.Minute

// File is an answer that is written piece by piece, so that it may be larger
// than memory.
type File struct {
	Name        string // what a browser saves it as; of letters, digits, dots and dashes
	ContentType string
	// Write writes the content. After a failure the connection is cut off, so
	// that nobody takes a part for the whole.
	Write func(ctx context.Context, w io.Writer) error
}

// RegisterFile adds an operation that answers with a file.
func RegisterFile[I any](a *API, op huma.Operation, access Access, contentType string, handler func(context.Context, *I) (File, error)) {
	op.Responses = map[string]*huma.Response{"200": {
		Description: "The file",
		Content:     map[string]*huma.MediaType{contentType: {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	}}
	a.Download(&op)
	Register(a, op, access, func(ctx context.Context, in *I) (*huma.StreamResponse, error) {
		f, err := handler(ctx, in)
		if err != nil {
			return nil, err
		}
		return &huma.StreamResponse{Body: func(hc huma.Context) { //nolint:contextcheck // it is the request's, in hc
			a.stream(hc, op.OperationID, f)
		}}, nil
	})
}

// Download has op, which answers piece by piece, hold a place among the files that
// are fetched at once, all together and by one account.
func (a *API) Download(op *huma.Operation) {
	queued(op, a.downloads.name)
	op.Middlewares = append(huma.Middlewares{a.within(a.downloads, account)}, op.Middlewares...)
}

func (a *API) stream(hc huma.Context, operation string, f File) {
	ctx := hc.Context()
	hc.SetHeader("Content-Type", f.ContentType)
	hc.SetHeader("Content-Disposition", fmt.Sprintf("attachment; filename=%q", f.Name))
	hc.SetStatus(http.StatusOK)
	_, w := humago.Unwrap(hc)
	control := http.NewResponseController(w)
	// The server's bounds are for ordinary requests; not every writer has any.
	_ = control.SetReadDeadline(time.Time{})
	if err := f.Write(ctx, patient{w: hc.BodyWriter(), control: control}); err != nil {
		_ = a.problem(ctx, operation, err) // which logs it; the answer has begun
		panic(http.ErrAbortHandler)
	}
}

// patient gives the client time anew for each piece.
type patient struct {
	w       io.Writer
	control *http.ResponseController
}

func (p patient) Write(b []byte) (int, error) {
	_ = p.control.SetWriteDeadline(time.Now().Add(streamPatience)) //nolint:forbidigo // a connection's bounds are in real time
	return p.w.Write(b)
}

// unhurriedTime is how long an operation may take that is Unhurried.
const unhurriedTime = 20 * time.Minute

// Unhurried is middleware of an operation that takes longer than the server's
// bounds for ordinary requests let it.
func Unhurried(hc huma.Context, next func(huma.Context)) {
	_, w := humago.Unwrap(hc)
	control := http.NewResponseController(w)
	end := time.Now().Add(unhurriedTime) //nolint:forbidigo // a connection's bounds are in real time
	// Not every writer has any.
	_ = control.SetReadDeadline(end)
	_ = control.SetWriteDeadline(end)
	next(hc)
}
