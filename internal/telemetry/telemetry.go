// Package telemetry tells an operator how the program does. Read this file
// first: it counts what the functions do, under their names, as CloudWatch does
// of a Lambda function, in the format of Prometheus; and deliveries.
//
//	http.go     requests by route
//	parts.go    store, face engine, mails, queues, disks
//	log.go      log lines that name their request
//	trace.go    traces, where an operator wants them
//	emf.go      the same metrics as lines for CloudWatch, on Lambda
//
// No label names a person or a company, and each has few values: those that the
// program has, never those that a client sends.
package telemetry

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"
)

// Metrics counts the functions' calls. It is safe for concurrent use.
type Metrics struct {
	registry    *prometheus.Registry
	invocations *prometheus.CounterVec
	errors      *prometheus.CounterVec
	throttles   *prometheus.CounterVec
	duration    *prometheus.HistogramVec
	deliveries  *prometheus.CounterVec
	attended    *prometheus.CounterVec
	parts
	routes
}

// functions are the names of all seven. One whose operations do not exist yet
// stands at zero.
var functions = []string{
	"AdminPreSignUpLambdaFunction", "CompanyRequestHandler", "EmployeeRequestLambdaFunction", "InternAttendance",
	"UploadPicture", "SlackIntegrationLambdaFunction", "carer_genese_question_collectionLambdaFunction",
}

// Functions returns the names of the seven functions.
func Functions() []string { return slices.Clone(functions) }

// buckets are upper bounds in seconds: an ordinary answer takes milliseconds, a
// picture some tenths of a second, and a minute is given up.
var buckets = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// New returns metrics that stand at zero, with those of the process.
func New() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	counter := func(name, help string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{"function"})
		m.registry.MustRegister(c)
		return c
	}
	m.invocations = counter("hajir_function_invocations_total", "Calls that a function has worked on: those that were not throttled.")
	m.errors = counter("hajir_function_errors_total", "Calls that failed through a fault of the program (HTTP 5xx).")
	m.throttles = counter("hajir_function_throttles_total", "Calls that were refused because they came too often (HTTP 429 by --client-rate or --company-rate).")
	m.duration = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hajir_function_duration_seconds", Help: "How long a function worked on a call; event streams are left out.", Buckets: buckets,
	}, []string{"function"})
	m.deliveries = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_deliveries_total", Help: "Tries to deliver a notice, by channel, result (delivered, failed, dead: given up) and whom it is of: a company, or the installation (alarms).",
	}, []string{"channel", "result", "of"})
	m.attended = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_attendance_total", Help: "What became of whoever came: recorded (by source), doubted (by the first doubt), refused (by code).",
	}, []string{"outcome", "why"})
	m.registry.MustRegister(m.attended)
	m.parts.register(m.registry)
	m.routes.register(m.registry)
	m.registry.MustRegister(m.deliveries, m.duration, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, f := range functions {
		m.Declare(f)
	}
	return m
}

// Gauge adds a metric whose value is asked for when the metrics are read. Its name
// begins with hajir_.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// Declare has a function appear at zero before its first call.
func (m *Metrics) Declare(function string) {
	for _, c := range []*prometheus.CounterVec{m.invocations, m.errors, m.throttles} {
		c.WithLabelValues(function)
	}
	m.duration.WithLabelValues(function)
}

// Invoked counts a call that was worked on.
func (m *Metrics) Invoked(function string, failed bool) {
	m.invocations.WithLabelValues(function).Inc()
	if failed {
		m.errors.WithLabelValues(function).Inc()
	}
}

// Took notes how long a call took.
func (m *Metrics) Took(function string, d time.Duration) {
	m.duration.WithLabelValues(function).Observe(d.Seconds())
}

// Tried counts a try to deliver a notice by a channel. Those of alarms are counted
// apart, so that one that is given up raises none.
func (m *Metrics) Tried(channel, result string, alarm bool) {
	of := "company"
	if alarm {
		of = "installation"
	}
	m.deliveries.WithLabelValues(channel, result, of).Inc()
}

// Attended counts what became of whoever came, and why. Both are of the program's
// few words.
func (m *Metrics) Attended(outcome, why string) { m.attended.WithLabelValues(outcome, why).Inc() }

// Throttled counts a call that was refused because it came too often.
func (m *Metrics) Throttled(function string) { m.throttles.WithLabelValues(function).Inc() }

// Gather returns all metrics as they stand.
func (m *Metrics) Gather() ([]*dto.MetricFamily, error) { return m.registry.Gather() }

// Handler serves the metrics to whoever brings token as a bearer token; to
// nobody, as if there were none, when token is empty.
func (m *Metrics) Handler(token string) http.Handler {
	metrics := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	want := sha256.Sum256([]byte(token)) // so that comparing tells nothing of its length
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token == "" {
			http.NotFound(w, r)
			return
		}
		scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		got := sha256.Sum256([]byte(strings.TrimSpace(given)))
		if !strings.EqualFold(scheme, "Bearer") || subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the metrics are for who brings the token of --metrics-token: Authorization: Bearer TOKEN", http.StatusUnauthorized)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		metrics.ServeHTTP(w, r)
	})
}
