package alarm

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// unsaved holds, by the name of the alarm, the changes that the store did not
// take: the disk is full, or broken, which is when alarms matter most. An alarm
// that has a key here is to be stored, also if no change is left.
type unsaved map[string][]hajir.AlarmChange

// save stores a with what changed before and now. While the store fails, a is
// known here alone, and is stored by a later call.
func (w *Watch) save(ctx context.Context, a hajir.Alarm, c *hajir.AlarmChange) (hajir.Alarm, error) {
	w.mu.Lock()
	waiting := w.unsaved[a.Name]
	w.mu.Unlock()
	if c != nil {
		waiting = append(waiting, *c)
	}
	var err error
	for first := true; err == nil && (first || len(waiting) > 0); first = false {
		var next *hajir.AlarmChange
		if len(waiting) > 0 {
			next = &waiting[0]
		}
		if err = w.Store.SaveAlarm(ctx, a, next); err == nil {
			a.Version++
			waiting = waiting[min(1, len(waiting)):]
		}
	}
	w.note(a)
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.unsaved, a.Name)
	if err == nil {
		return a, nil
	}
	if hajir.Fault(err) { // else another process was quicker, and the store knows better
		if w.unsaved == nil {
			w.unsaved = unsaved{}
		}
		w.unsaved[a.Name] = waiting
	}
	return a, fmt.Errorf("save alarm %s: %w", a.Name, err)
}

// note remembers an alarm as it was judged.
func (w *Watch) note(a hajir.Alarm) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last == nil {
		w.last = map[string]hajir.Alarm{}
	}
	w.last[a.Name] = a
}

func (w *Watch) isUnsaved(name string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.unsaved[name]
	return ok
}

// known returns the alarms by name, as they are stored; those that could not be
// stored, or read, as they were judged last.
func (w *Watch) known(ctx context.Context) (map[string]hajir.Alarm, error) {
	all, err := w.Store.Alarms(ctx)
	if err != nil {
		err = fmt.Errorf("load alarms: %w", err)
	}
	known := map[string]hajir.Alarm{}
	for _, a := range all {
		known[a.Name] = a
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, a := range w.last {
		if _, ok := w.unsaved[name]; ok || err != nil {
			known[name] = a
		}
	}
	return known, err
}

// Alarms returns the alarms by name. Those of a store that fails are as they were
// judged last.
func (w *Watch) Alarms(ctx context.Context) map[string]hajir.Alarm {
	known, err := w.known(ctx)
	if err != nil {
		w.Log.WarnContext(ctx, "alarms are shown as they were judged last", "error", err)
	}
	return known
}
