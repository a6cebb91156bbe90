package lambdaapi

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"hajir/internal/api"
)

// recorder keeps an answer, of which Lambda takes the whole at once.
type recorder struct {
	head     http.Header
	sent     http.Header // as it was when the answer began
	status   int
	body     bytes.Buffer
	overflow bool
	// enough ends the request.
	enough context.CancelFunc
}

func newRecorder(enough context.CancelFunc) *recorder {
	return &recorder{head: http.Header{}, enough: enough}
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.head }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) {
	if w.status != 0 || status < http.StatusOK { // interim answers are not carried
		return
	}
	w.status, w.sent = status, w.head.Clone()
}

var errTooMuch = errors.New("the answer is larger than Lambda carries")

// Write implements http.ResponseWriter.
func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		if w.head.Get("Content-Type") == "" {
			w.head.Set("Content-Type", http.DetectContentType(b))
		}
		w.WriteHeader(http.StatusOK)
	}
	if w.body.Len()+len(b) > MaxPayload {
		w.overflow = true
		return 0, errTooMuch
	}
	return w.body.Write(b)
}

// Flush implements http.Flusher. An event stream ends with its first events,
// since none of it is carried before it ends; the client comes again for more.
func (w *recorder) Flush() {
	if strings.HasPrefix(w.head.Get("Content-Type"), "text/event-stream") {
		w.enough()
	}
}

// SetReadDeadline implements what http.ResponseController asks for; the
// function's own deadline holds.
func (w *recorder) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is like SetReadDeadline.
func (w *recorder) SetWriteDeadline(time.Time) error { return nil }

// response makes the event of the answer.
func (w *recorder) response(method string) events.APIGatewayProxyResponse {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.sent.Del("Content-Length") // API Gateway's to say
	e := events.APIGatewayProxyResponse{StatusCode: w.status, MultiValueHeaders: w.sent}
	body := w.body.Bytes()
	switch {
	case len(body) == 0 || method == http.MethodHead || w.status == http.StatusNoContent || w.status == http.StatusNotModified:
	case w.sent.Get("Content-Encoding") == "" && text(w.sent.Get("Content-Type")) && utf8.Valid(body):
		e.Body = string(body)
	default:
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// text says whether a type is of letters, which need no base64.
func text(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasPrefix(t, "text/") || t == "application/json" || t == "application/javascript" ||
		strings.HasSuffix(t, "+json") || strings.HasSuffix(t, "+xml"))
}

// problem is an answer that the handler could not give.
func problem(status int, detail string) events.APIGatewayProxyResponse {
	w := newRecorder(nil)
	w.head.Set("Cache-Control", "no-store")
	api.WriteProblem(w, status, detail)
	return w.response("")
}

// encode writes the event of an answer, or of a problem where that is too large.
func encode(e events.APIGatewayProxyResponse) ([]byte, error) {
	b, err := json.Marshal(e)
	if err == nil && len(b) > MaxPayload {
		b, err = json.Marshal(problem(http.StatusRequestEntityTooLarge, tooMuch))
	}
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return b, nil
}
