// Package api is the one HTTP API: operations are declared once with huma, and
// the same mux serves the network and, one day, Lambda. Read api.go first;
// access.go decides who may call an operation, problem.go what a failure looks
// like.
package api

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/sse"
	"golang.org/x/sync/semaphore"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Prefix is where the API's operations lie.
const Prefix = "/api/v1"

// FeedPath begins the paths of calendar links. What follows is a secret.
const FeedPath = Prefix + "/feed/"

// UnsubscribePath begins the paths that end mails. What follows names somebody.
const UnsubscribePath = Prefix + "/unsubscribe/"

// LogPath returns a request's path as it may be logged: also one that leads to
// a calendar link only once it is cleaned, or that was mistyped. So is one that
// ends mails, which names whose they are.
func LogPath(path string) string {
	for _, secret := range []string{"/feed/", "/unsubscribe/"} {
		if i := strings.Index(strings.ToLower(path), secret); i >= 0 {
			return path[:min(len(path), i+len(secret))] + "…"
		}
	}
	return path
}

// API registers operations on a mux.
type API struct {
	Mux       *http.ServeMux
	huma      huma.API
	verifier  identity.Verifier
	relations Relations
	meter     Meter
	now       func() time.Time
	log       *slog.Logger
	limits    *limiter // nil: none
	lines     map[Line]*line
	requests  *crowd // that are worked on
	streams   *crowd
	downloads *crowd
	uploads   *semaphore.Weighted // bytes that pictures being received may take
}

// New returns an API that serves its OpenAPI document at /openapi.json and
// /openapi.yaml, and is measured by meter with the clock now.
func New(
	verifier identity.Verifier, relations Relations, meter Meter, now func() time.Time, log *slog.Logger, version string,
) *API {
	installProblems()
	config := huma.DefaultConfig("Hajir", version)
	config.Info.Description = "The attendance system that recognises people at the door. " +
		"Send the access token of POST " + Prefix + "/sessions as `Authorization: Bearer TOKEN`. " +
		"Failures are RFC 9457 problems; switch on their `code`."
	config.DocsPath = ""     // the site has its own, which loads nothing from elsewhere
	config.CreateHooks = nil // no $schema links in bodies
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
	}
	mux := http.NewServeMux()
	a := &API{
		Mux: mux, huma: humago.New(mux, config), verifier: verifier, relations: relations, meter: meter, now: now, log: log,
	}
	a.lines = map[Line]*line{}
	for name, t := range termsOf(runtime.GOMAXPROCS(0)) {
		a.lines[name] = newLine(t)
	}
	a.requests = newCrowd("requests", maxRequests, maxClientRequests, "too much is being asked at once; try again in a moment", time.Second)
	a.streams = newCrowd("streams", maxStreams, maxAccountStreams, "too many pages that show what happens are open; close some, or try again later", 30*time.Second)
	a.downloads = newCrowd("downloads", maxDownloads, maxAccountDownload, "too many files are being fetched at once; try again in a moment", 5*time.Second)
	a.uploads = semaphore.NewWeighted(uploadBytes)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		WriteProblem(w, http.StatusNotFound, "there is no such operation; see /docs")
	})
	return a
}

// CompanyPath is the input of an operation on a company. Inputs embed it.
type CompanyPath struct {
	Company string `path:"company" maxLength:"64"`
}

// PersonPath is the input of an operation on one account of a company.
type PersonPath struct {
	Company  string `path:"company" maxLength:"64"`
	Username string `path:"username" maxLength:"64"`
}

// OpenAPI returns the API's document.
func (a *API) OpenAPI() *huma.OpenAPI { return a.huma.OpenAPI() }

// Register adds an operation below Prefix. It panics when access states
// nothing, which the first test finds.
func Register[I, O any](a *API, op huma.Operation, access Access, handler func(context.Context, *I) (*O, error)) {
	op = a.prepare(op, access, a.measure(access.Function, true), a.within(a.requests, network))
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, op.OperationID, err)
		}
		return out, nil
	})
}

// RegisterStream adds an operation that answers with server-sent events; the
// keys of events name them.
func RegisterStream[I any](a *API, op huma.Operation, access Access, events map[string]any, handler func(context.Context, *I, sse.Sender)) {
	queued(&op, a.streams.name)
	op.Middlewares = append(huma.Middlewares{a.within(a.streams, account)}, op.Middlewares...)
	sse.Register(a.huma, a.prepare(op, access, a.measure(access.Function, false)), events, handler)
}

func (a *API) prepare(op huma.Operation, access Access, measure ...func(huma.Context, func(huma.Context))) huma.Operation {
	if !access.stated() {
		panic(fmt.Sprintf("operation %s states neither its function nor who may call it", op.OperationID))
	}
	op.Path = Prefix + op.Path
	if !slices.Contains(op.Errors, http.StatusTooManyRequests) {
		op.Errors = append(op.Errors, http.StatusTooManyRequests)
	}
	op.Tags = []string{string(access.Function)}
	op.Middlewares = slices.Concat(measure[:1], huma.Middlewares{client}, measure[1:], huma.Middlewares{
		a.limitClient(access.Function), a.authorize(access), a.limitCompany(access.Function),
	}, op.Middlewares)
	if op.Extensions == nil {
		op.Extensions = map[string]any{}
	}
	maps.Copy(op.Extensions, map[string]any{"x-hajir-function": access.Function, "x-hajir-access": access.String()})
	op.Errors = append(op.Errors, http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusInternalServerError, http.StatusServiceUnavailable)
	if access.Public == "" {
		op.Errors = append(op.Errors, http.StatusUnauthorized, http.StatusForbidden)
	}
	slices.Sort(op.Errors)
	op.Errors = slices.Compact(op.Errors)
	op.Description = fmt.Sprintf("%s\n\nWho may call it: %s.", op.Description, access)
	if access.Public == "" {
		op.Security = []map[string][]string{{"token": {}}}
	}
	return op
}

// schemaName names a type in the document: companyBody is Company.
func schemaName(t reflect.Type, hint string) string {
	return strings.TrimSuffix(huma.DefaultSchemaNamer(t, hint), "Body")
}

// WriteProblem answers a request outside of any operation.
func WriteProblem(w http.ResponseWriter, status int, detail string) {
	code, ok := codes[status]
	if !ok {
		code = hajir.Internal
	}
	p := newProblem(status, code, detail)
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(status)
	_ = huma.DefaultJSONFormat.Marshal(w, p) // the client may have left
}
