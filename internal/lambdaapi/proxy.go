package lambdaapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/net/http/httpguts"

	"hajir/internal/api"
	"hajir/internal/telemetry"
)

// What strangers' requests are answered with when the handler cannot.
const (
	unreadable = "the request cannot be read"
	tooSlow    = "this took too long and was given up; it may have been done nevertheless: look before you try again"
	broken     = "something went wrong on our side; it is in the log"
	tooMuch    = "the answer is larger than what can be sent; ask for less, such as a shorter time"
)

// serve answers a request that came through API Gateway. It never fails: what
// goes wrong is a problem that the client can read.
func (f *Function) serve(ctx context.Context, payload []byte) ([]byte, error) {
	var e events.APIGatewayProxyRequest
	if err := json.Unmarshal(payload, &e); err != nil {
		return encode(problem(http.StatusBadRequest, unreadable))
	}
	r, err := f.request(ctx, e)
	if err != nil {
		f.Log.InfoContext(ctx, "a request cannot be read", "error", err)
		return encode(problem(http.StatusBadRequest, unreadable))
	}
	return encode(f.answer(r))
}

// request makes the request that the client sent of an event.
func (f *Function) request(ctx context.Context, e events.APIGatewayProxyRequest) (*http.Request, error) {
	target := url.URL{RawQuery: query(e).Encode()}
	target.Path = cutBase(cutBase(e.Path, e.RequestContext.Stage), f.BasePath)
	if decoded, err := url.PathUnescape(target.Path); err == nil { // else it is decoded already
		target.RawPath, target.Path = target.Path, decoded
	}
	body := []byte(e.Body)
	if e.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(e.Body); err != nil {
			return nil, errors.New("the body is not base64")
		}
	}
	if !httpguts.ValidHeaderFieldName(e.HTTPMethod) { // the same letters
		return nil, errors.New("the method is none")
	}
	r, err := http.NewRequestWithContext(ctx, e.HTTPMethod, "http://localhost/", bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	r.URL, r.RequestURI = &target, target.RequestURI()
	if len(body) == 0 {
		r.Body = http.NoBody
	}
	r.Header = header(e)
	r.Host = r.Header.Get("Host")
	r.Header.Del("Host")
	// These are about the connection that API Gateway ended.
	for _, h := range []string{"Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Te", "Trailer"} {
		r.Header.Del(h)
	}
	r.RemoteAddr = e.RequestContext.Identity.SourceIP
	if id := e.RequestContext.RequestID; telemetry.ValidRequestID(id) {
		r = r.WithContext(telemetry.WithRequestID(r.Context(), id)) //nolint:contextcheck // it is the request's
	}
	return r, nil
}

// cutBase cuts the folder base off a path that lies below it.
func cutBase(path, base string) string {
	base = strings.Trim(base, "/")
	rest, below := strings.CutPrefix(strings.TrimPrefix(path, "/"), base)
	if base == "" || !below || rest != "" && rest[0] != '/' {
		return "/" + strings.TrimPrefix(path, "/")
	}
	return "/" + strings.TrimPrefix(rest, "/")
}

func query(e events.APIGatewayProxyRequest) url.Values {
	all := url.Values(e.MultiValueQueryStringParameters)
	if all == nil {
		all = url.Values{}
		for k, v := range e.QueryStringParameters {
			all.Set(k, v)
		}
	}
	return all
}

// header returns the headers that a server would have let through.
func header(e events.APIGatewayProxyRequest) http.Header {
	all := e.MultiValueHeaders
	if all == nil {
		all = map[string][]string{}
		for k, v := range e.Headers {
			all[k] = []string{v}
		}
	}
	h := http.Header{}
	for k, values := range all {
		for _, v := range values {
			if httpguts.ValidHeaderFieldName(k) && httpguts.ValidHeaderFieldValue(v) {
				h.Add(k, v)
			}
		}
	}
	return h
}

// answer has the handler answer a request before the function's time is over.
func (f *Function) answer(r *http.Request) events.APIGatewayProxyResponse {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	w := newRecorder(cancel)
	done := make(chan bool, 1)
	go func() {
		defer func() {
			cause := recover()
			if cause != nil && cause != http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is
				f.Log.ErrorContext(ctx, "handler panicked", "path", api.LogPath(r.URL.Path), "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
			}
			done <- cause == nil
		}()
		f.HTTP.ServeHTTP(w, r.WithContext(ctx))
	}()
	late, stop := f.late(ctx)
	defer stop()
	select {
	case whole := <-done:
		if !whole { // what began must not be taken for the whole
			return problem(http.StatusInternalServerError, broken)
		}
		if w.overflow {
			return problem(http.StatusRequestEntityTooLarge, tooMuch)
		}
		return w.response(r.Method)
	case <-late:
		f.Log.ErrorContext(ctx, "a request took longer than the function may", "path", api.LogPath(r.URL.Path))
		return problem(http.StatusGatewayTimeout, tooSlow)
	}
}

// late returns a channel that tells when to give up.
func (f *Function) late(ctx context.Context) (<-chan struct{}, context.CancelFunc) {
	ends, bounded := ctx.Deadline()
	if !bounded {
		return nil, func() {}
	}
	margin := f.Margin
	if margin == 0 {
		margin = DefaultMargin
	}
	soon, stop := context.WithDeadline(context.WithoutCancel(ctx), ends.Add(-margin))
	return soon.Done(), stop
}
