package telemetry

import (
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// routes are the metrics of requests.
type routes struct {
	requests *prometheus.CounterVec
	latency  prometheus.Histogram
	streams  prometheus.Gauge
}

func (m *routes) register(r prometheus.Registerer) {
	m.requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_api_requests_total", Help: "Requests by the route that answered them and the class of the status, such as 2xx.",
	}, []string{"method", "route", "class"})
	m.latency = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "hajir_api_duration_seconds", Help: "How long requests to the API took; event streams are left out.", Buckets: buckets,
	})
	m.streams = prometheus.NewGauge(prometheus.GaugeOpts{Name: "hajir_api_requests_in_flight", Help: "Requests that are being answered, event streams included."})
	r.MustRegister(m.requests, m.latency, m.streams)
}

// apiPrefix begins the API's paths.
const apiPrefix = "/api/"

// other stands for what no route answers, and for methods of a client's own.
const other = "other"

// Route returns a request's method and route as few values: those of the mux's
// patterns. It is known after the mux has answered.
func Route(r *http.Request) (method, route string) {
	method, route, ok := strings.Cut(r.Pattern, " ")
	if !ok { // a pattern for all methods
		method, route = r.Method, r.Pattern
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
	default:
		method = other
	}
	if route == "" {
		route = other
	}
	return method, route
}

// Watch counts the requests that next, a mux, answers, by the clock now.
func (m *Metrics) Watch(next http.Handler, now func() time.Time) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		done := false
		m.streams.Inc()
		defer func() {
			m.streams.Dec()
			if !done { // the handler panicked, and the answer is made outside
				rec.status = http.StatusInternalServerError
			}
			method, route := Route(r)
			m.requests.WithLabelValues(method, route, class(rec.status)).Inc()
			if strings.HasPrefix(r.URL.Path, apiPrefix) && !strings.HasPrefix(rec.Header().Get("Content-Type"), "text/event-stream") {
				m.latency.Observe(now().Sub(start).Seconds())
			}
		}()
		next.ServeHTTP(rec, r)
		done = true
	})
}

func class(status int) string {
	switch {
	case status < 200:
		return "1xx"
	case status < 300:
		return "2xx"
	case status < 400:
		return "3xx"
	case status < 500:
		return "4xx"
	}
	return "5xx"
}

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
