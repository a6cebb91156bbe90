package telemetry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"hajir/internal/faces"
)

// Tracer writes traces. The zero Tracer writes none. No span names a person, a
// company or a path: routes, methods and statuses are all they have.
type Tracer struct {
	tracer   trace.Tracer
	shutdown func(context.Context) error
}

// OpenTracer returns a tracer that sends traces to a collector by OTLP over
// HTTP, in the background: one that cannot be reached keeps nobody waiting.
// Headers and sampling are those of the variables OTEL_EXPORTER_OTLP_HEADERS and
// OTEL_TRACES_SAMPLER; failed is told when the collector is.
func OpenTracer(ctx context.Context, endpoint, version string, failed func(error)) (*Tracer, error) {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("the traces' endpoint must be http:// or https:// and a host, such as http://127.0.0.1:4318")
	}
	// As OpenTelemetry's own variable has it: the path of traces follows.
	endpoint = u.JoinPath("v1", "traces").String()
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(endpoint))
	if err != nil {
		return nil, fmt.Errorf("open traces: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(failed)) // there is no other hook for what fails in the background
	provider := sdk.NewTracerProvider(sdk.WithBatcher(exporter), sdk.WithResource(resource.NewSchemaless(
		attribute.String("service.name", "hajir"), attribute.String("service.version", version),
	)))
	return &Tracer{tracer: provider.Tracer("hajir"), shutdown: provider.Shutdown}, nil
}

// On says whether traces are written.
func (t *Tracer) On() bool { return t != nil && t.tracer != nil }

// Close sends what is left.
func (t *Tracer) Close(ctx context.Context) error {
	if !t.On() {
		return nil
	}
	if err := t.shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

func (t *Tracer) start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if !t.On() {
		return ctx, noop.Span{}
	}
	return t.tracer.Start(ctx, name, options...)
}

// Watch has each request that next, a mux, answers be a span. The header
// traceparent counts where believe says so: strangers could have everything
// traced.
func (t *Tracer) Watch(next http.Handler, believe func(*http.Request) bool) http.Handler {
	if !t.On() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if believe(r) {
			ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
		}
		ctx, span := t.start(ctx, r.Method, trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		r = r.WithContext(ctx)
		next.ServeHTTP(rec, r)
		method, route := Route(r)
		span.SetName(method + " " + route)
		span.SetAttributes(
			attribute.String("http.request.method", method), attribute.String("http.route", route), attribute.Int("http.response.status_code", rec.status),
		)
		if rec.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	})
}

// Stored adds a query or transaction that has just ended to ctx's trace, if
// there is one.
func (t *Tracer) Stored(ctx context.Context, method string, took time.Duration, now time.Time, failed bool) {
	if !t.On() || !trace.SpanContextFromContext(ctx).IsValid() {
		return
	}
	_, span := t.start(ctx, "store "+method, trace.WithTimestamp(now.Add(-took)), trace.WithSpanKind(trace.SpanKindClient))
	if failed {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(now))
}

// Faces returns r with a span for each picture.
func (t *Tracer) Faces(r faces.Recognizer) faces.Recognizer { return tracedFaces{r, t} }

type tracedFaces struct {
	faces.Recognizer
	tracer *Tracer
}

// Detect implements faces.Recognizer.
func (f tracedFaces) Detect(ctx context.Context, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	ctx, span := f.tracer.start(ctx, "faces Detect")
	defer span.End()
	return f.Recognizer.Detect(ctx, picture, what...)
}

// Identify implements faces.Recognizer.
func (f tracedFaces) Identify(ctx context.Context, company string, picture []byte, what ...faces.Measure) (faces.Frame, error) {
	ctx, span := f.tracer.start(ctx, "faces Identify")
	defer span.End()
	frame, err := f.Recognizer.Identify(ctx, company, picture, what...)
	span.SetAttributes(attribute.Int("hajir.faces", len(frame.Faces)))
	return frame, err
}

// Index implements faces.Recognizer.
func (f tracedFaces) Index(ctx context.Context, company, username, faceID string, picture []byte, accept func(faces.Frame) error, what ...faces.Measure) (faces.Indexed, error) {
	ctx, span := f.tracer.start(ctx, "faces Index")
	defer span.End()
	return f.Recognizer.Index(ctx, company, username, faceID, picture, accept, what...)
}
