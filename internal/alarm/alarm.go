// Package alarm watches the program's own metrics, without any other system: it
// judges rules over them, keeps their state, and mails a list when it changes.
// Read this file first; sample.go makes datapoints of metrics, rules.go has the
// rules, hajir.AlarmRule judges, and unsaved.go goes on while the store fails.
package alarm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Store keeps the alarms of the installation. Saving at a stale version returns
// Conflict.
type Store interface {
	Alarms(ctx context.Context) ([]hajir.Alarm, error)
	// SaveAlarm stores a, and with it a line of history if there is one.
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
	Mail   mail.Sender
	To     []mail.Address // who is told
	// Operator returns the company whose admin looks after the installation; ""
	// for none.
	Operator func(ctx context.Context) (string, error)
	Now      func() time.Time
	Log      *slog.Logger
	SiteURL  string
	Zone     *time.Location // of the times in mails

	samplers []*sampler
	mu       sync.Mutex
	last     map[string]hajir.Alarm // as they were judged last; for the metric, too
	unsaved  unsaved
}

// historyKept is for how long changes are kept.
const historyKept = 400 * 24 * time.Hour

// Tick looks at the metrics once, and mails what is to be told.
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
	silent, err := w.silences(ctx)
	faults = append(faults, err)
	for i, s := range w.samplers {
		faults = append(faults, w.judge(ctx, s.rule, known[s.rule.Name], points[i], silent[s.rule.Name]))
	}
	return errors.Join(faults...)
}

// silences returns those in force by the name of the alarm.
func (w *Watch) silences(ctx context.Context) (map[string]hajir.Silence, error) {
	company, err := w.Operator(ctx)
	if err != nil || company == "" {
		return nil, err
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

func (w *Watch) judge(ctx context.Context, rule hajir.AlarmRule, a hajir.Alarm, points []*float64, silence hajir.Silence) error {
	now := w.Now().UTC()
	if a.Name == "" {
		a = hajir.NewAlarm(rule.Name, now)
	}
	var newest *float64
	if len(points) > 0 {
		newest = points[len(points)-1]
	}
	a, change, turned := a.Turn(rule.Judge(a.State, points), newest, now)
	var fault error
	switch {
	case turned:
		a, fault = w.save(ctx, a, &change)
		level := slog.LevelInfo
		if a.State == hajir.AlarmRaised {
			level = slog.LevelWarn
		}
		w.Log.Log(ctx, level, "an alarm changed", "alarm", a.Name, "from", change.From, "to", change.To, "value", a.Value)
	case w.isUnsaved(a.Name):
		a, fault = w.save(ctx, a, nil)
	default:
		w.note(a)
	}
	if fault != nil && !hajir.Fault(fault) || len(w.To) == 0 || silence.Silent(now) || !a.Due(now) {
		return fault
	}
	_, err := w.save(ctx, w.tell(ctx, rule, a), nil)
	return err
}

// mailTimeout bounds one mail.
const mailTimeout = 15 * time.Second

// tell mails the state to whoever was not reached yet.
func (w *Watch) tell(ctx context.Context, rule hajir.AlarmRule, a hajir.Alarm) hajir.Alarm {
	reached := slices.Clone(a.Reached)
	list := make([]string, len(w.To))
	for i, to := range w.To {
		list[i] = to.Address
		if slices.Contains(reached, to.Address) {
			continue
		}
		limited, cancel := context.WithTimeout(ctx, mailTimeout)
		err := w.Mail.Send(limited, w.letter(rule, a, to))
		cancel()
		if err != nil {
			w.Log.WarnContext(ctx, "an alarm was not mailed; it will be tried again", "alarm", a.Name, "error", err)
			continue
		}
		reached = append(reached, to.Address)
	}
	return a.Tell(reached, list, w.Now().UTC())
}

// letter writes the message. Its ID is the change's, so that one that is sent
// again after a doubtful failure is recognised.
func (w *Watch) letter(rule hajir.AlarmRule, a hajir.Alarm, to mail.Address) mail.Message {
	kind, title, what := mail.AlarmRaised, "Alarm", "was raised"
	if a.State == hajir.AlarmOK {
		kind, title, what = mail.AlarmCleared, "Cleared", "is over"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "The alarm %s of Hajir at %s %s.\n\n", a.Name, w.SiteURL, what)
	fmt.Fprintf(&text, "%s\n\nSince: %s\nRule:  %s\n", Words(a.Name), a.Since.In(w.Zone).Format("2006-01-02 15:04 MST"), Describe(rule))
	if a.HasValue {
		fmt.Fprintf(&text, "Value: %.6g\n", a.Value)
	}
	fmt.Fprintf(&text, "\n%s/health shows all alarms, and can silence this one. On the machine, hajir doctor says more.\n", w.SiteURL)
	return mail.Message{
		ID:   fmt.Sprintf("alarm-%s-%s-%d", a.Name, a.State, a.Since.Unix()),
		Kind: kind, To: to, Subject: fmt.Sprintf("[Hajir] %s: %s", title, a.Name), Text: text.String(),
	}
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
