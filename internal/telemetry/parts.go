package telemetry

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// parts are the metrics of what the program is made of.
type parts struct {
	registry prometheus.Registerer

	storeCalls     *prometheus.SummaryVec
	storeDuration  *prometheus.HistogramVec
	storeErrors    *prometheus.CounterVec
	storeThrottles prometheus.Counter
	stage          *prometheus.HistogramVec
	mails          *prometheus.CounterVec
	refused        *prometheus.CounterVec
}

// quick are the bounds for what takes microseconds to seconds, in seconds.
var quick = []float64{.0001, .0005, .001, .005, .01, .05, .1, .5, 1, 5}

func (p *parts) register(r prometheus.Registerer) {
	p.registry = r
	p.storeCalls = prometheus.NewSummaryVec(prometheus.SummaryOpts{
		Name: "hajir_store_calls_seconds", Help: "How long the store's methods took, with the wait for others; one observation a query or transaction.",
	}, []string{"method"})
	p.storeDuration = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hajir_store_duration_seconds", Help: "How long queries (read) and transactions (write) took, with the wait for others.", Buckets: quick,
	}, []string{"kind"})
	p.storeErrors = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_store_errors_total", Help: "Queries and transactions that failed through a fault of the store: of the disk, or of the database.",
	}, []string{"kind"})
	p.storeThrottles = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "hajir_store_throttles_total", Help: "Queries and transactions that failed because others kept the database locked for too long.",
	})
	p.stage = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "hajir_faces_stage_duration_seconds", Help: "How long the stages of the work on a picture took; queue is the wait for a turn.", Buckets: quick,
	}, []string{"stage"})
	p.mails = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_mails_total", Help: "Messages that were handed over (sent), or not (failed), to the mail server or the outbox.",
	}, []string{"result"})
	p.refused = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hajir_queue_refused_total", Help: "What was refused because a queue was full.",
	}, []string{"queue"})
	r.MustRegister(p.storeCalls, p.storeDuration, p.storeErrors, p.storeThrottles, p.stage, p.mails, p.refused)
	for _, kind := range []string{"read", "write"} {
		p.storeDuration.WithLabelValues(kind)
		p.storeErrors.WithLabelValues(kind)
	}
	for _, result := range []string{"sent", "failed"} {
		p.mails.WithLabelValues(result)
	}
}

// Stored notes a query or transaction of the store.
func (p *parts) Stored(method string, write bool, took time.Duration, failed, busy bool) {
	kind := "read"
	if write {
		kind = "write"
	}
	p.storeCalls.WithLabelValues(method).Observe(took.Seconds())
	p.storeDuration.WithLabelValues(kind).Observe(took.Seconds())
	if failed {
		p.storeErrors.WithLabelValues(kind).Inc()
	}
	if busy {
		p.storeThrottles.Inc()
	}
}

// Stages has stages of the face engine appear before the first picture.
func (p *parts) Stages(names ...string) {
	for _, name := range names {
		p.stage.WithLabelValues(name)
	}
}

// Staged notes how long a stage of the work on a picture took.
func (p *parts) Staged(name string, took time.Duration) {
	p.stage.WithLabelValues(name).Observe(took.Seconds())
}

// Mailed notes what became of a message.
func (p *parts) Mailed(sent bool) {
	result := "failed"
	if sent {
		result = "sent"
	}
	p.mails.WithLabelValues(result).Inc()
}

// Refused notes that something was refused because a queue was full.
func (p *parts) Refused(queue string) { p.refused.WithLabelValues(queue).Inc() }

// Queue adds a queue: how much waits in it, and how much may.
func (p *parts) Queue(name string, room int, depth func() float64) {
	labels := prometheus.Labels{"queue": name}
	p.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hajir_queue_depth", Help: "What waits in a queue, or is being worked on from it.", ConstLabels: labels,
	}, depth), prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hajir_queue_room", Help: "How much fits into a queue; 0: there is no bound but that of the requests.", ConstLabels: labels,
	}, func() float64 { return float64(room) }))
	p.refused.WithLabelValues(name)
}

// Alarm adds an alarm of the program's own: 0 without data, 1 ok, 2 raised.
func (p *parts) Alarm(name string, state func() float64) {
	p.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "hajir_alarm_state", Help: "State of the program's own alarms: 0 without data, 1 ok, 2 raised.", ConstLabels: prometheus.Labels{"alarm": name},
	}, state))
}

// Disk adds a disk, of which space tells what is free and how much there is; an
// error leaves it out.
func (p *parts) Disk(name string, space func() (free, all uint64, err error)) {
	p.registry.MustRegister(disk{space: space, free: prometheus.NewDesc(
		"hajir_disk_free_bytes", "Space that the program may still use.", nil, prometheus.Labels{"disk": name},
	), all: prometheus.NewDesc("hajir_disk_size_bytes", "Size of the disk.", nil, prometheus.Labels{"disk": name})})
}

type disk struct {
	space     func() (free, all uint64, err error)
	free, all *prometheus.Desc
}

// Describe implements prometheus.Collector.
func (d disk) Describe(to chan<- *prometheus.Desc) { to <- d.free; to <- d.all }

// Collect implements prometheus.Collector.
func (d disk) Collect(to chan<- prometheus.Metric) {
	free, all, err := d.space()
	if err != nil {
		return
	}
	to <- prometheus.MustNewConstMetric(d.free, prometheus.GaugeValue, float64(free))
	to <- prometheus.MustNewConstMetric(d.all, prometheus.GaugeValue, float64(all))
}
