package telemetry

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// EMF writes metrics as lines of JSON in CloudWatch's embedded metric format,
// which Lambda's log brings to CloudWatch: the four of each function, under their
// names, and what becomes of those who come to a camera. It stands where Metrics
// does where nobody reads /metrics. It is safe for concurrent use.
type EMF struct {
	// Namespace is CloudWatch's, such as "Hajir/dev".
	Namespace string
	Now       func() time.Time

	mu  sync.Mutex
	out io.Writer
}

// NewEMF returns metrics that are written to out.
func NewEMF(out io.Writer, namespace string, now func() time.Time) *EMF {
	return &EMF{Namespace: namespace, Now: now, out: out}
}

// The metrics' names. The first four are CloudWatch's own of a Lambda function.
const (
	emfInvocations = "Invocations"
	emfErrors      = "Errors"
	emfDuration    = "Duration"
	emfThrottles   = "Throttles"
	emfFunction    = "Function"
)

// metric is one value with its unit.
type metric struct {
	Name  string
	Unit  string
	value float64
}

// Declare does nothing: CloudWatch knows no metric before its first value.
func (e *EMF) Declare(string) {}

// Invoked counts a call that was worked on.
func (e *EMF) Invoked(function string, failed bool) {
	errors := metric{emfErrors, "Count", 0}
	if failed {
		errors.value = 1
	}
	e.write(map[string]string{emfFunction: function}, metric{emfInvocations, "Count", 1}, errors)
}

// Took notes how long a call took.
func (e *EMF) Took(function string, d time.Duration) {
	e.write(map[string]string{emfFunction: function}, metric{emfDuration, "Milliseconds", float64(d) / float64(time.Millisecond)})
}

// Throttled counts a call that was refused because it came too often.
func (e *EMF) Throttled(function string) {
	e.write(map[string]string{emfFunction: function}, metric{emfThrottles, "Count", 1})
}

// attended names CloudWatch's metric of an outcome that Attended counts, and of
// what it tells why.
var attended = map[string][2]string{
	"recorded": {"CheckIns", "Source"},
	"doubted":  {"DoubtfulMatches", "Doubt"},
	"refused":  {"Refusals", "Reason"},
}

// Attended counts what became of whoever came, and why. Both are of the program's
// few words.
func (e *EMF) Attended(outcome, why string) {
	if names, ok := attended[outcome]; ok {
		e.write(map[string]string{names[1]: why}, metric{names[0], "Count", 1})
	}
}

// write writes one line. It has each metric whole and by its dimensions, which
// CloudWatch does not add up by itself.
func (e *EMF) write(dimensions map[string]string, metrics ...metric) {
	names := []string{}
	line := map[string]any{}
	for name, value := range dimensions {
		names = append(names, name)
		line[name] = value
	}
	for _, m := range metrics {
		line[m.Name] = m.value
	}
	line["_aws"] = map[string]any{
		"Timestamp": e.Now().UnixMilli(),
		"CloudWatchMetrics": []map[string]any{{
			"Namespace": e.Namespace, "Dimensions": [][]string{{}, names}, "Metrics": metrics,
		}},
	}
	b, err := json.Marshal(line)
	if err != nil {
		return // of numbers and words: it cannot be
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	_, _ = e.out.Write(append(b, '\n')) // a log that is full has nowhere to say so
}
