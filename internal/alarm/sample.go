package alarm

import (
	"math"
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"

	"hajir/internal/hajir"
)

// Step is how often metrics are looked at.
const Step = time.Minute

// reading is what a series did in one step.
type reading struct {
	n        float64 // values that a gauge had, or observations of a histogram
	sum      float64 // of them; of a counter, by how much it grew
	least    float64
	most     float64
	divisor  float64 // by how much Over grew
	bounds   []float64
	observed []float64 // by bound, cumulative
}

// sampler turns metrics into the datapoints of one rule.
type sampler struct {
	rule     hajir.AlarmRule
	last     reading // the counters' totals at the last look
	readings []reading
}

// look takes in the metrics as they stand now, and returns the newest datapoints,
// the oldest first.
func (s *sampler) look(families map[string]*dto.MetricFamily) []*float64 {
	now := total(families[s.rule.Metric], s.rule.Labels)
	if s.rule.Over != nil {
		now.divisor = total(families[s.rule.Over.Metric], s.rule.Over.Labels).sum
	}
	r := now
	if f := families[s.rule.Metric]; f.GetType() != dto.MetricType_GAUGE {
		r = now.since(s.last)
		s.last = now
	}
	each := int(s.rule.Period / Step)
	s.readings = append(s.readings, r)
	s.readings = s.readings[max(0, len(s.readings)-each*s.rule.Periods):]
	// The newest period ends now, so that nothing waits for it to be full.
	var points []*float64
	for end := len(s.readings); end > 0; end -= each {
		points = append(points, value(s.rule, s.readings[max(0, end-each):end]))
	}
	slices.Reverse(points)
	return points
}

// total adds up the series of a family that have labels.
func total(f *dto.MetricFamily, labels map[string]string) reading {
	t := reading{least: math.Inf(1), most: math.Inf(-1)}
	for _, m := range f.GetMetric() {
		if !has(m, labels) {
			continue
		}
		switch f.GetType() { //nolint:exhaustive // there are no others here
		case dto.MetricType_COUNTER:
			t.n++
			t.sum += m.GetCounter().GetValue()
		case dto.MetricType_GAUGE:
			v := m.GetGauge().GetValue()
			t.n++
			t.sum += v
			t.least, t.most = min(t.least, v), max(t.most, v)
		case dto.MetricType_HISTOGRAM:
			h := m.GetHistogram()
			t.n += float64(h.GetSampleCount())
			t.sum += h.GetSampleSum()
			for i, b := range h.GetBucket() {
				if i == len(t.bounds) {
					t.bounds, t.observed = append(t.bounds, b.GetUpperBound()), append(t.observed, 0)
				}
				t.observed[i] += float64(b.GetCumulativeCount())
			}
		default: // no rule asks for others
		}
	}
	return t
}

func has(m *dto.Metric, labels map[string]string) bool {
	for name, want := range labels {
		if !slices.ContainsFunc(m.GetLabel(), func(l *dto.LabelPair) bool { return l.GetName() == name && l.GetValue() == want }) {
			return false
		}
	}
	return true
}

// since returns by how much counters grew.
func (r reading) since(last reading) reading {
	grown := r
	grown.n, grown.sum, grown.divisor = r.n-last.n, r.sum-last.sum, r.divisor-last.divisor
	grown.observed = slices.Clone(r.observed)
	for i := range last.observed {
		grown.observed[i] -= last.observed[i]
	}
	return grown
}

// join adds up the readings of a period.
func join(all []reading) reading {
	t := reading{least: math.Inf(1), most: math.Inf(-1)}
	for _, r := range all {
		t.n, t.sum, t.divisor = t.n+r.n, t.sum+r.sum, t.divisor+r.divisor
		t.least, t.most = min(t.least, r.least), max(t.most, r.most)
		if t.bounds == nil {
			t.bounds, t.observed = r.bounds, make([]float64, len(r.bounds))
		}
		for i, n := range r.observed {
			t.observed[i] += n
		}
	}
	return t
}

// quantile returns below which value a share of the observations lies, as
// Prometheus has it: within a bucket they are taken to be spread evenly.
func (r reading) quantile(share float64) float64 {
	rank, below, from := share*r.n, 0.0, 0.0
	for i, n := range r.observed {
		if n >= rank {
			return from + (r.bounds[i]-from)*(rank-below)/max(n-below, 1)
		}
		below, from = n, r.bounds[i]
	}
	return from // above the last bound nothing is known
}

// value brings the readings of one period down to a datapoint; nil when there is
// none.
func value(rule hajir.AlarmRule, readings []reading) *float64 {
	r := join(readings)
	switch {
	case rule.Over != nil:
		if r.divisor < max(rule.Least, 1) {
			return nil
		}
		return new(r.sum / r.divisor)
	case rule.Statistic == hajir.Sum:
		return new(r.sum)
	case r.n == 0:
		return nil
	}
	switch rule.Statistic {
	case hajir.Average:
		return new(r.sum / r.n)
	case hajir.Maximum:
		return new(r.most)
	case hajir.Minimum:
		return new(r.least)
	case hajir.P95:
		return new(r.quantile(0.95))
	case hajir.Sum:
	}
	return nil
}
