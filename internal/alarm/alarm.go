// Package alarm watches the program's own metrics, without any other system: it
// judges rules over them and keeps their state. That people have to be told
// follows from a saved state (hajir.AlarmNotices), and internal/notify does it.
// Read this file first; sample.go makes datapoints of metrics, rules.go has the
// rules, and hajir.AlarmRule judges.
package alarm

import (
	"context"
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
	Now      func() time.Time
	Log      *slog.Logger

	samplers []*sampler
	mu       sync.Mutex
	states   map[string]hajir.AlarmState // for the metric
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
	known, err := w.known(ctx)
	if err != nil {
		return err
	}
	company, err := w.Operator(ctx)
	if err != nil {
		return err
	}
	silent, err := w.silences(ctx, company)
	if err != nil {
		return err
	}
	for i, s := range w.samplers {
		if err := w.judge(ctx, s.rule, known[s.rule.Name], points[i], company, silent[s.rule.Name]); err != nil {
			return err
		}
	}
	return nil
}

// known returns the alarms by name.
func (w *Watch) known(ctx context.Context) (map[string]hajir.Alarm, error) {
	all, err := w.Store.Alarms(ctx)
	if err != nil {
		return nil, fmt.Errorf("load alarms: %w", err)
	}
	known := map[string]hajir.Alarm{}
	for _, a := range all {
		known[a.Name] = a
	}
	return known, nil
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
	if a.Version == 0 {
		a = hajir.NewAlarm(rule.Name, now)
	}
	var newest *float64
	if len(points) > 0 {
		newest = points[len(points)-1]
	}
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
	w.mu.Lock()
	if w.states == nil {
		w.states = map[string]hajir.AlarmState{}
	}
	w.states[a.Name] = a.State
	w.mu.Unlock()
	if !turned && !told {
		return nil
	}
	if err := w.Store.SaveAlarm(ctx, a, line); err != nil {
		return fmt.Errorf("save alarm %s: %w", a.Name, err)
	}
	return nil
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
	if err != nil {
		return Told{}, false, err
	}
	a, ok := known[n.Ref]
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
	return w.states[name]
}

// Sweep removes history that has had its time.
func (w *Watch) Sweep(ctx context.Context) error {
	return w.Store.DeleteAlarmHistory(ctx, w.Now().Add(-historyKept))
}
