// Package alarm watches the program's own metrics, without any other system: it
// judges rules over them and keeps their state. That people have to be told
// follows from a saved state (hajir.AlarmNotices), and internal/notify does it.
// Read this file first; sample.go makes datapoints of metrics, rules.go has the
// rules, hajir.AlarmRule judges, and unsaved.go goes on while the store fails.
package alarm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"

	"hajir/internal/hajir"
)

// Store keeps the alarms of the installation. Saving at a stale version returns
// Conflict.
type Store interface {
	Alarms(ctx context.Context) ([]hajir.Alarm, error)
	// SaveAlarm stores a, and with it a line of history if there is one, and the
	// notices of hajir.AlarmNotices.
	SaveAlarm(ctx context.Context, a hajir.Alarm, c *hajir.AlarmChange) error
	// AlarmHistory returns at most limit changes, the newest first.
	AlarmHistory(ctx context.Context, limit int) ([]hajir.AlarmChange, error)
	DeleteAlarmHistory(ctx context.Context, before time.Time) error
	Silences(ctx context.Context, company string) ([]hajir.Silence, error)
	SaveSilence(ctx context.Context, s hajir.Silence) error
	DeleteSilence(ctx context.Context, company, name string) error
}

// Watch is the watch over the alarms. Tick is called every Step by one goroutine;
// everything else may be called meanwhile.
type Watch struct {
	Store  Store
	Rules  []hajir.AlarmRule
	Gather func() ([]*dto.MetricFamily, error)
	// Operator returns the company whose admin looks after the installation; ""
	// for none.
	Operator func(ctx context.Context) (string, error)
	// AtOnce tells people without the store, when it is that which fails.
	AtOnce func(ctx context.Context, n hajir.Notice) error
	Now    func() time.Time
	Log    *slog.Logger

	samplers []*sampler
	mu       sync.Mutex
	last     map[string]hajir.Alarm // as they were judged last; for the metric, too
	unsaved  unsaved
}

// historyKept is for how long changes are kept.
const historyKept = 400 * 24 * time.Hour

// Tick looks at the metrics once.
func (w *Watch) Tick(ctx context.Context) error {
	gathered, err := w.Gather()
	if err != nil && len(gathered) == 0 {
		return fmt.Errorf("read metrics: %w", err)
	}
	families := map[string]*dto.MetricFamily{}
	for _, f := range gathered {
		families[f.GetName()] = f
	}
	if w.samplers == nil {
		for _, r := range w.Rules {
			w.samplers = append(w.samplers, &sampler{rule: r})
		}
	}
	points := make([][]*float64, len(w.samplers))
	for i, s := range w.samplers { // all of them, whatever fails later
		points[i] = s.look(families)
	}
	// Where the store fails, that is what people have to be told: so nothing ends
	// here, and what could not be read is taken as it was known last.
	known, err := w.known(ctx)
	faults := []error{err}
	company, err := w.Operator(ctx)
	faults = append(faults, err)
	silent, err := w.silences(ctx, company)
	faults = append(faults, err)
	for i, s := range w.samplers {
		faults = append(faults, w.judge(ctx, s.rule, known[s.rule.Name], points[i], company, silent[s.rule.Name]))
	}
	return errors.Join(faults...)
}

// silences returns those in force by the name of the alarm.
func (w *Watch) silences(ctx context.Context, company string) (map[string]hajir.Silence, error) {
	if company == "" {
		return nil, nil
	}
	all, err := w.Store.Silences(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load silences: %w", err)
	}
	silent := map[string]hajir.Silence{}
	for _, s := range all {
		if s.Silent(w.Now()) {
			silent[s.Name] = s
		}
	}
	return silent, nil
}

func (w *Watch) judge(ctx context.Context, rule hajir.AlarmRule, a hajir.Alarm, points []*float64, company string, silence hajir.Silence) error {
	now := w.Now().UTC()
	if a.Name == "" {
		a = hajir.NewAlarm(rule.Name, now)
	}
	var newest *float64
	if len(points) > 0 {
		newest = points[len(points)-1]
	}
	before := a
	a, change, turned := a.Turn(rule.Judge(a.State, points), newest, now)
	told := false
	if !silence.Silent(now) {
		a, told = a.Tell(company)
	}
	var line *hajir.AlarmChange
	if turned {
		line = &change
		level := slog.LevelInfo
		if a.State == hajir.AlarmRaised {
			level = slog.LevelWarn
		}
		// Also where it cannot be told or even kept.
		w.Log.Log(ctx, level, "an alarm changed", "alarm", a.Name, "from", change.From, "to", change.To, "value", a.Value)
	}
	if !turned && !told && !w.isUnsaved(a.Name) {
		w.note(a)
		return nil
	}
	_, err := w.save(ctx, a, line)
	if err != nil && hajir.Fault(err) && told {
		for _, n := range hajir.AlarmNotices(before, a) {
			err = errors.Join(err, w.AtOnce(ctx, n))
		}
	}
	return err
}

// Told is what people read of an alarm.
type Told struct {
	hajir.Alarm
	Rule string // in words, in English
}

// About returns what a notice tells; false when the alarm has changed since, of
// which another notice tells, or when the rule is gone.
func (w *Watch) About(ctx context.Context, n hajir.Notice) (Told, bool, error) {
	known, err := w.known(ctx)
	a, ok := known[n.Ref]
	if err != nil && !ok {
		return Told{}, false, err
	}
	if !ok || string(a.State) != n.State || !a.Since.Equal(n.At) {
		return Told{}, false, nil
	}
	for _, r := range w.Rules {
		if r.Name == n.Ref {
			return Told{Alarm: a, Rule: Describe(r)}, true, nil
		}
	}
	return Told{}, false, nil
}

// State returns an alarm's state as it was judged last; "" before that.
func (w *Watch) State(name string) hajir.AlarmState {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last[name].State
}

// Sweep removes history that has had its time.
func (w *Watch) Sweep(ctx context.Context) error {
	return w.Store.DeleteAlarmHistory(ctx, w.Now().Add(-historyKept))
}
