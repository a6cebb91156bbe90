package notify_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/notify"
	"hajir/internal/store/sqlite"
)

var nine = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// clock is moved by the test.
type clock struct{ atomic.Int64 }

func (c *clock) now() time.Time          { return nine.Add(time.Duration(c.Load())) }
func (c *clock) advance(d time.Duration) { c.Add(int64(d)) }

// channel writes down what it is given.
type channel struct {
	name    string
	targets func(hajir.Notice) ([]notify.Target, error)
	deliver func(context.Context, hajir.Delivery) error
	mu      sync.Mutex
	got     map[string]int // by key
}

func (c *channel) Name() string { return c.name }

func (c *channel) Targets(_ context.Context, n hajir.Notice) ([]notify.Target, error) {
	return c.targets(n)
}

func (c *channel) Deliver(ctx context.Context, d hajir.Delivery) error {
	c.mu.Lock()
	c.got[d.Key()]++
	c.mu.Unlock()
	if c.deliver == nil {
		return nil
	}
	return c.deliver(ctx, d)
}

func (c *channel) count(key string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.got[key]
}

func newChannel(name string, targets ...string) *channel {
	return &channel{name: name, got: map[string]int{}, targets: func(hajir.Notice) ([]notify.Target, error) {
		var all []notify.Target
		for _, t := range targets {
			all = append(all, notify.Target{ID: t})
		}
		return all, nil
	}}
}

type world struct {
	*testing.T
	clock
	db     *sqlite.DB
	counts sync.Map
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t}
	db, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), nil, w.now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	w.db = db
	return w
}

func (w *world) dispatcher(channels ...notify.Channel) *notify.Dispatcher {
	return &notify.Dispatcher{
		Store: w.db, Channels: channels, Now: w.now, Log: slog.New(slog.DiscardHandler), Wake: w.db.Notices(), Lease: notify.DefaultLease,
		Jitter: func() float64 { return 0 },
		Count: func(x hajir.Delivery, r notify.Result) {
			n, _ := w.counts.LoadOrStore(x.Channel+" "+string(r), new(atomic.Int32))
			n.(*atomic.Int32).Add(1)
		},
	}
}

func (w *world) counted(what string) int32 {
	n, ok := w.counts.Load(what)
	if !ok {
		return 0
	}
	return n.(*atomic.Int32).Load()
}

func (w *world) raise(id string) {
	w.Helper()
	if err := w.db.Raise(w.Context(), hajir.Notice{ID: id, Company: "acme", Kind: hajir.NoticeLeaveAsked, At: w.now()}); err != nil {
		w.Fatal(err)
	}
}

func (w *world) run(d *notify.Dispatcher) {
	w.Helper()
	if err := d.RunDue(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) list(dead bool) []hajir.Delivery {
	w.Helper()
	all, err := w.db.Deliveries(w.Context(), "acme", dead, hajir.Delivery{}, 100)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// A notice goes to everybody who wants it, once, and then is gone.
func TestEverybodyIsToldOnce(t *testing.T) {
	w := newWorld(t)
	a, b := newChannel("mail", "asha", "bina"), newChannel("webhook", "e1")
	d := w.dispatcher(a, b)
	w.raise("n1")
	w.run(d)
	w.run(d)
	for key, c := range map[string]*channel{"n1/mail/asha": a, "n1/mail/bina": a, "n1/webhook/e1": b} {
		if n := c.count(key); n != 1 {
			t.Errorf("%s was delivered %d times", key, n)
		}
	}
	if all := w.list(false); len(all) > 0 || w.counted("mail delivered") != 2 || w.counted("webhook delivered") != 1 {
		t.Errorf("%v waits; %d and %d were counted", all, w.counted("mail delivered"), w.counted("webhook delivered"))
	}
}

// What fails is tried again on schedule; what cannot succeed, or has failed for
// days, is dead until somebody sends it again.
func TestRetriesAndDeadLetters(t *testing.T) {
	w := newWorld(t)
	c := newChannel("webhook", "down", "gone", "busy", "broken")
	c.deliver = func(_ context.Context, d hajir.Delivery) error {
		switch d.Target {
		case "gone":
			return notify.Permanent(errors.New("410 Gone"))
		case "busy":
			return notify.RetryAfter(time.Hour, errors.New("429 Too Many Requests"))
		case "broken":
			panic("a fault")
		}
		return fmt.Errorf("try %d: no route", d.Tries+1)
	}
	d := w.dispatcher(c)
	w.raise("n1")
	w.run(d)
	if dead := w.list(true); len(dead) != 1 || dead[0].Target != "gone" || dead[0].Reason != "410 Gone" {
		t.Fatalf("dead are %+v", dead)
	}
	w.advance(5 * time.Second)
	w.run(d)
	if n, m := c.count("n1/webhook/down"), c.count("n1/webhook/busy"); n != 2 || m != 1 {
		t.Errorf("after 5 seconds %d and %d tries", n, m)
	}
	for _, wait := range hajir.Retries()[1:] {
		w.advance(wait)
		w.run(d)
	}
	if n := c.count("n1/webhook/down"); n != 10 {
		t.Errorf("%d tries, want 10", n)
	}
	var down hajir.Delivery
	for _, x := range w.list(true) {
		if x.Target == "down" {
			down = x
		}
	}
	if down.Reason != "try 10: no route" || down.Tries != 10 {
		t.Fatalf("%+v", down)
	}
	if c.count("n1/webhook/broken") < 2 || w.counted("webhook dead") < 2 || w.counted("webhook failed") < 9 {
		t.Errorf("counted %d dead, %d failed", w.counted("webhook dead"), w.counted("webhook failed"))
	}
	c.deliver = nil
	if err := w.db.SaveDelivery(t.Context(), down.Again(w.now())); err != nil {
		t.Fatal(err)
	}
	w.run(d)
	if n := c.count("n1/webhook/down"); n != 11 {
		t.Errorf("sent again: %d tries", n)
	}
}

// A channel that cannot say who wants a notice is asked again; the others do not
// wait for it.
func TestAChannelThatDoesNotAnswer(t *testing.T) {
	w := newWorld(t)
	good, bad := newChannel("mail", "asha"), newChannel("slack", "general")
	answer := bad.targets
	bad.targets = func(hajir.Notice) ([]notify.Target, error) { return nil, errors.New("no answer") }
	d := w.dispatcher(bad, good)
	w.raise("n1")
	w.run(d)
	if good.count("n1/mail/asha") != 1 {
		t.Error("the other channel waits")
	}
	w.advance(5 * time.Second)
	w.run(d)
	bad.targets = answer
	w.advance(5 * time.Minute)
	w.run(d)
	if bad.count("n1/slack/general") != 1 || good.count("n1/mail/asha") != 1 {
		t.Errorf("%v, %v", bad.got, good.got)
	}
}

func TestNotBefore(t *testing.T) {
	w := newWorld(t)
	c := newChannel("mail")
	c.targets = func(n hajir.Notice) ([]notify.Target, error) {
		return []notify.Target{{ID: "asha", NotBefore: n.At.Add(time.Hour)}}, nil
	}
	d := w.dispatcher(c)
	w.raise("n1")
	w.run(d)
	if c.count("n1/mail/asha") != 0 {
		t.Error("too early")
	}
	w.advance(time.Hour)
	w.run(d)
	if c.count("n1/mail/asha") != 1 {
		t.Error("not in time")
	}
}

// Two on one store share the work: nothing is delivered twice.
func TestTwoDispatchers(t *testing.T) {
	w := newWorld(t)
	c := newChannel("webhook", "e1", "e2")
	const n = 40
	for i := range n {
		w.raise(fmt.Sprintf("n%d", i))
	}
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { w.run(w.dispatcher(c)) })
	}
	wg.Wait()
	w.run(w.dispatcher(c)) // what one left to the other
	for i := range n {
		for _, target := range []string{"e1", "e2"} {
			if key := fmt.Sprintf("n%d/webhook/%s", i, target); c.count(key) != 1 {
				t.Errorf("%s was delivered %d times", key, c.count(key))
			}
		}
	}
}

// A target that hangs keeps two of the places, and others are delivered to.
func TestATargetThatHangs(t *testing.T) {
	w := newWorld(t)
	c := newChannel("webhook", "hangs", "quick")
	hanging, quick := make(chan struct{}, 100), make(chan struct{}, 100)
	c.deliver = func(ctx context.Context, d hajir.Delivery) error {
		if d.Target == "quick" {
			quick <- struct{}{}
			return nil
		}
		hanging <- struct{}{}
		<-ctx.Done()
		return ctx.Err()
	}
	const n = 30
	for i := range n {
		w.raise(fmt.Sprintf("n%d", i))
	}
	d := w.dispatcher(c)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); d.Run(ctx) }()
	for range n {
		<-quick
	}
	if got := len(hanging); got > 2 {
		t.Errorf("%d deliveries hang at one target", got)
	}
	w.raise("late") // wakes it
	<-quick
	stop()
	<-done
	// What was cut off was no try, and is given back to be done by others.
	waiting := w.list(false)
	for _, x := range waiting {
		if x.Tries > 0 || x.Due.After(w.now()) {
			t.Errorf("%+v is not given back", x)
		}
	}
	if len(waiting) != n+1 {
		t.Errorf("%d wait, want %d", len(waiting), n+1)
	}
}

// A delivery that was claimed by a program that ended is made again when the
// lease ends, with the same key.
func TestAClaimEnds(t *testing.T) {
	w := newWorld(t)
	c := newChannel("webhook", "e1")
	w.raise("n1")
	n := w.list(false)[0]
	claimed := hajir.Delivery{Notice: n.Notice, Channel: "webhook", Target: "e1", Due: w.now().Add(notify.DefaultLease)}
	if err := w.db.SpreadDelivery(t.Context(), n, []hajir.Delivery{claimed}); err != nil {
		t.Fatal(err)
	}
	d := w.dispatcher(c)
	w.run(d)
	if c.count("n1/webhook/e1") != 0 {
		t.Error("it is delivered though another one does")
	}
	w.advance(notify.DefaultLease)
	w.run(d)
	if c.count("n1/webhook/e1") != 1 {
		t.Error("it is not made again")
	}
}
