// Package lambdatest stands in for AWS around a Lambda function. Gateway is what
// API Gateway does to a request; Runtime runs a bootstrap binary as Lambda does.
// Read gateway.go first, then runtime.go.
package lambdatest

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"hajir/internal/telemetry"
)

// Gateway is an http.Handler that has each request travel as the event of a REST
// API with proxy integration.
type Gateway struct {
	// Invoke answers the event: lambdaapi.Function's, or Runtime's.
	Invoke func(ctx context.Context, payload []byte) ([]byte, error)
	// Stage is the API's, and Binary the types that it takes for bytes; all if
	// there is none, as "*/*" in a template says.
	Stage  string
	Binary []string
}

var _ http.Handler = (*Gateway)(nil)

// ServeHTTP implements http.Handler.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	payload, err := json.Marshal(g.Event(r, body))
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	if len(payload) > maxPayload {
		fail(w, http.StatusRequestEntityTooLarge, "Request Too Long")
		return
	}
	answer, err := g.Invoke(r.Context(), payload)
	var e events.APIGatewayProxyResponse
	if err == nil {
		err = json.Unmarshal(answer, &e)
	}
	var content []byte
	if content = []byte(e.Body); err == nil && e.IsBase64Encoded {
		content, err = base64.StdEncoding.DecodeString(e.Body)
	}
	if err != nil || e.StatusCode < 100 || e.StatusCode > 599 {
		fail(w, http.StatusBadGateway, "Internal server error") // its words for what a function did wrong
		return
	}
	for k, v := range e.Headers {
		w.Header().Set(k, v)
	}
	for k, v := range e.MultiValueHeaders {
		w.Header()[http.CanonicalHeaderKey(k)] = v
	}
	w.WriteHeader(e.StatusCode)
	_, _ = w.Write(content)
}

// maxPayload is Lambda's.
const maxPayload = 6 << 20

// fail answers as API Gateway does by itself.
func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"message": message})
}

// Event is what API Gateway makes of a request.
func (g *Gateway) Event(r *http.Request, body []byte) events.APIGatewayProxyRequest {
	address, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		address = r.RemoteAddr
	}
	e := events.APIGatewayProxyRequest{
		Resource: "/{proxy+}", Path: r.URL.EscapedPath(), HTTPMethod: r.Method,
		Headers: map[string]string{}, MultiValueHeaders: map[string][]string{},
		RequestContext: events.APIGatewayProxyRequestContext{
			Stage: g.Stage, DomainName: r.Host, RequestID: telemetry.NewRequestID(), Protocol: "HTTP/1.1", HTTPMethod: r.Method,
			Path:     "/" + g.Stage + r.URL.EscapedPath(),
			Identity: events.APIGatewayRequestIdentity{SourceIP: address, UserAgent: r.UserAgent()},
		},
	}
	if q := r.URL.Query(); len(q) > 0 {
		e.MultiValueQueryStringParameters, e.QueryStringParameters = q, map[string]string{}
		for k, v := range q {
			e.QueryStringParameters[k] = v[len(v)-1]
		}
	}
	headers := r.Header.Clone()
	headers.Set("Host", r.Host)
	headers.Set("X-Forwarded-For", strings.Join(append(r.Header.Values("X-Forwarded-For"), address), ", "))
	for k, v := range headers {
		e.MultiValueHeaders[k], e.Headers[k] = v, v[len(v)-1]
	}
	if e.Body = string(body); g.binary(r.Header.Get("Content-Type"), body) {
		e.Body, e.IsBase64Encoded = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

func (g *Gateway) binary(contentType string, body []byte) bool {
	if len(body) == 0 {
		return false
	}
	t, _, err := mime.ParseMediaType(contentType)
	return len(g.Binary) == 0 || err == nil && slices.Contains(g.Binary, t) || !utf8.Valid(body)
}
