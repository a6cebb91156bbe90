package telemetry_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"hajir/internal/faces/facestest"
	"hajir/internal/telemetry"
)

// A request, its picture and what it stored are one trace that names nobody.
func TestTraces(t *testing.T) {
	var mu sync.Mutex
	var bodies [][]byte
	stand := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if r.URL.Path != "/v1/traces" || r.Method != http.MethodPost {
			t.Errorf("%s %s", r.Method, r.URL.Path)
		}
		bodies = append(bodies, b)
	}))
	defer stand.Close()
	tracer, err := telemetry.OpenTracer(t.Context(), stand.URL, "test", func(err error) { t.Error(err) })
	if err != nil {
		t.Fatal(err)
	}
	people := tracer.Faces(facestest.NewFake(time.Now))
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/companies/{company}/punches", func(w http.ResponseWriter, r *http.Request) {
		if _, err := people.Identify(r.Context(), "acme", facestest.Picture("none")); err != nil {
			t.Error(err)
		}
		tracer.Stored(r.Context(), "SaveDay", time.Millisecond, time.Now(), false)
		w.WriteHeader(http.StatusInternalServerError)
	})
	tracer.Stored(t.Context(), "Sweep", time.Millisecond, time.Now(), false) // outside of a request
	believed := false
	handler := tracer.Watch(mux, func(*http.Request) bool { return believed })
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for _, believed = range []bool{false, true} {
		r := httptest.NewRequest(http.MethodPost, "/api/v1/companies/acme/punches?secret=1", http.NoBody)
		r.Header.Set("Traceparent", parent)
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
	if err := tracer.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	names, traces := []string{}, map[string]int{}
	for _, b := range bodies {
		if bytes.Contains(b, []byte("acme")) || bytes.Contains(b, []byte("secret")) {
			t.Error("a trace has a path")
		}
		var request collector.ExportTraceServiceRequest
		if err := proto.Unmarshal(b, &request); err != nil {
			t.Fatal(err)
		}
		for _, resource := range request.GetResourceSpans() {
			for _, scope := range resource.GetScopeSpans() {
				for _, span := range scope.GetSpans() {
					names = append(names, span.GetName())
					traces[string(span.GetTraceId())]++
				}
			}
		}
	}
	slices.Sort(names)
	const route = "POST /api/v1/companies/{company}/punches"
	if want := []string{route, route, "faces Identify", "faces Identify", "store SaveDay", "store SaveDay"}; !slices.Equal(names, want) {
		t.Errorf("spans %q, want %q", names, want)
	}
	if given := "\x0a\xf7\x65\x19\x16\xcd\x43\xdd\x84\x48\xeb\x21\x1c\x80\x31\x9c"; len(traces) != 2 || traces[given] != 3 {
		t.Errorf("%d traces, %d spans in the one that a trusted proxy began; want 2 and 3", len(traces), traces[given])
	}
}

func TestEndpointOfTraces(t *testing.T) {
	for _, bad := range []string{"127.0.0.1:4318", "ftp://x", "http://"} {
		if _, err := telemetry.OpenTracer(t.Context(), bad, "test", func(error) {}); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
	var none *telemetry.Tracer
	mux := http.NewServeMux()
	if h := none.Watch(mux, nil); h != http.Handler(mux) || none.On() || none.Close(t.Context()) != nil {
		t.Error("without an endpoint there are no traces")
	}
}
