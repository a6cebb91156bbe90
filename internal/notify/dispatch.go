package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hajir/internal/hajir"
)

// Result is what came of a try.
type Result string

// The results.
const (
	Delivered Result = "delivered"
	Failed    Result = "failed" // and will be tried again
	Dead      Result = "dead"   // given up
)

// The bounds of what is done at once.
const (
	atOnce        = 16
	atOnceCompany = 8 // so that one company's slow targets leave room for others
	atOnceTarget  = 2
	page          = 100
)

// DefaultLease is for how long whoever claims a delivery may try. When the program
// ends meanwhile, the delivery is due again then.
const DefaultLease = time.Minute

// DefaultGrace is for how long deliveries that have begun may go on when the
// program is asked to end.
const DefaultGrace = 10 * time.Second

// poll is how often it is asked what is due: by other processes' changes, and by
// the clock.
const poll = 2 * time.Second

// Dispatcher hands deliveries that are due to their channels. Several may work on
// one store, in one process or many.
type Dispatcher struct {
	Store    Store
	Channels []Channel
	Now      func() time.Time
	Log      *slog.Logger
	Wake     <-chan struct{} // has a value when something was stored; it is looked at besides every few seconds
	Lease    time.Duration
	Grace    time.Duration
	Jitter   func() float64 // between 0 and 1
	// Count is told what came of each try.
	Count func(x hajir.Delivery, r Result)

	mu      sync.Mutex
	busy    map[string]int // deliveries that have begun: of all (""), by company and by target
	running sync.WaitGroup
	freed   chan struct{}
}

// Run delivers until ctx ends, and returns when what it has begun is done, or
// given back to be done by others.
func (d *Dispatcher) Run(ctx context.Context) {
	work, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		if _, err := d.round(ctx, work); err != nil && ctx.Err() == nil {
			d.Log.WarnContext(ctx, "it is not known what is to be delivered, and will be asked again", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-d.Wake:
		case <-d.ended():
		case <-tick.C:
		}
	}
	timer := time.AfterFunc(d.Grace, cut)
	defer timer.Stop()
	d.running.Wait()
}

// RunDue delivers all that is due now, and what becomes due by that, once.
func (d *Dispatcher) RunDue(ctx context.Context) error {
	for {
		n, err := d.round(ctx, ctx)
		d.running.Wait()
		if err != nil || n == 0 {
			return err
		}
	}
}

// ended has a value when a delivery has ended, and there is room for another.
func (d *Dispatcher) ended() chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.freed == nil {
		d.freed = make(chan struct{}, 1)
	}
	return d.freed
}

// round begins what is due and has room, and returns how much that was. What it
// begins goes on until work ends.
func (d *Dispatcher) round(ctx, work context.Context) (begun int, err error) {
	now := d.Now()
	var last hajir.Delivery
	for ctx.Err() == nil {
		due, err := d.Store.DueDeliveries(ctx, now, last, page)
		if err != nil {
			return begun, fmt.Errorf("list what is due: %w", err)
		}
		for _, x := range due {
			if ctx.Err() != nil {
				return begun, nil //nolint:nilerr // the end of ctx is no failure
			}
			ok, err := d.begin(work, x)
			if err != nil {
				return begun, err
			}
			if ok {
				begun++
			}
		}
		if len(due) < page || d.full() {
			return begun, nil
		}
		last = due[len(due)-1]
	}
	return begun, nil
}

// begin does x, or lets it go on in the background; false when there is no room
// for it, or somebody else does it.
func (d *Dispatcher) begin(work context.Context, x hajir.Delivery) (bool, error) {
	if x.Target == "" {
		err := d.spread(work, x)
		if hajir.CodeOf(err) == hajir.Conflict {
			return false, nil
		}
		return err == nil, err
	}
	if !d.take(x) {
		return false, nil
	}
	lease := d.Lease
	x.Due = d.Now().Add(lease)
	if err := d.Store.SaveDelivery(work, x); err != nil {
		d.give(x)
		if hajir.CodeOf(err) == hajir.Conflict { // another one has it
			return false, nil
		}
		return false, fmt.Errorf("claim delivery: %w", err)
	}
	x.Version++
	d.running.Go(func() {
		defer d.give(x)
		d.deliver(work, x, lease)
	})
	return true, nil
}

// spread puts those who want a notice in its place.
func (d *Dispatcher) spread(ctx context.Context, x hajir.Delivery) error {
	now := d.Now()
	var to []hajir.Delivery
	for _, c := range d.Channels {
		if x.Channel != "" && x.Channel != c.Name() {
			continue
		}
		targets, err := c.Targets(ctx, x.Notice)
		if err != nil && x.Channel == "" { // the other channels do not wait for it
			d.Log.WarnContext(ctx, "a channel does not say who wants a notice, and will be asked again",
				"channel", c.Name(), "kind", string(x.Kind), "company", x.Company, "error", err)
			failed := hajir.Delivery{Notice: x.Notice, Channel: c.Name()}
			to = append(to, failed.Fail(hajir.Failure{Reason: "who wants it could not be found"}, d.Jitter(), now))
			continue
		}
		if err != nil {
			d.Log.WarnContext(ctx, "a channel still does not say who wants a notice",
				"channel", c.Name(), "kind", string(x.Kind), "company", x.Company, "error", err)
			return d.Store.SaveDelivery(ctx, x.Fail(hajir.Failure{Reason: "who wants it could not be found"}, d.Jitter(), now))
		}
		for _, t := range targets {
			due := now
			if t.NotBefore.After(due) {
				due = t.NotBefore
			}
			to = append(to, hajir.Delivery{Notice: x.Notice, Channel: c.Name(), Target: t.ID, Due: due})
		}
	}
	return d.Store.SpreadDelivery(ctx, x, to)
}

// deliver tries x, which is claimed, and notes what came of it.
func (d *Dispatcher) deliver(work context.Context, x hajir.Delivery, lease time.Duration) {
	limited, cancel := context.WithTimeout(work, lease*3/4) // the rest is for the note
	defer cancel()
	err := d.try(limited, x)
	note := context.WithoutCancel(work)
	switch {
	case err == nil:
		d.Count(x, Delivered)
		d.noted(note, x, d.Store.DeleteDelivery(note, x))
	case work.Err() != nil: // cut off with the program: it was no try
		x.Due = d.Now()
		d.noted(note, x, d.Store.SaveDelivery(note, x))
	default:
		after := x.Fail(failureOf(err), d.Jitter(), d.Now())
		if !after.Dead() {
			d.Count(x, Failed)
		} else {
			d.Count(x, Dead)
			d.Log.WarnContext(note, "a delivery was given up; the company's admin sees it and can send it again",
				"channel", x.Channel, "company", x.Company, "kind", string(x.Kind), "notice", x.ID, "tries", after.Tries, "error", err)
		}
		d.noted(note, x, d.Store.SaveDelivery(note, after))
	}
}

// try has x's channel deliver it. A channel that panics has failed, and takes
// nothing else down.
func (d *Dispatcher) try(ctx context.Context, x hajir.Delivery) (err error) {
	defer func() {
		if p := recover(); p != nil {
			d.Log.ErrorContext(ctx, "a channel has panicked", "channel", x.Channel, "kind", string(x.Kind), "panic", p)
			err = errors.New("the program has a fault; its log says more")
		}
	}()
	for _, c := range d.Channels {
		if c.Name() == x.Channel {
			return c.Deliver(ctx, x)
		}
	}
	return fmt.Errorf("this installation has no channel %q any more", x.Channel)
}

// noted looks at whether the outcome was noted. If it was not, the delivery is
// made again when its lease ends.
func (d *Dispatcher) noted(ctx context.Context, x hajir.Delivery, err error) {
	if err != nil && hajir.CodeOf(err) != hajir.Conflict {
		d.Log.WarnContext(ctx, "what came of a delivery was not noted, so it will be repeated", "channel", x.Channel, "notice", x.ID, "error", err)
	}
}

func (d *Dispatcher) full() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.busy[""] >= atOnce
}

// take takes the room that x needs, if there is any.
func (d *Dispatcher) take(x hajir.Delivery) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.busy == nil {
		d.busy = map[string]int{}
	}
	company, target := "company "+x.Company, "target "+x.Company+" "+x.Address()
	if d.busy[""] >= atOnce || d.busy[company] >= atOnceCompany || d.busy[target] >= atOnceTarget {
		return false
	}
	for _, k := range []string{"", company, target} {
		d.busy[k]++
	}
	return true
}

// give gives it back.
func (d *Dispatcher) give(x hajir.Delivery) {
	d.mu.Lock()
	for _, k := range []string{"", "company " + x.Company, "target " + x.Company + " " + x.Address()} {
		if d.busy[k]--; d.busy[k] == 0 {
			delete(d.busy, k)
		}
	}
	d.mu.Unlock()
	select {
	case d.ended() <- struct{}{}:
	default:
	}
}
