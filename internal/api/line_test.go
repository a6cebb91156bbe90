package api

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// Those who work and wait are bounded, and whoever comes then is refused at once
// and told when to come again.
func TestLine(t *testing.T) {
	l, refused := newLine(terms{atOnce: 2, waiting: 1, full: "full", again: time.Second}), 0
	l.refused = func() { refused++ }
	first, err := l.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.enter(t.Context()); err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := l.enter(gone)
		left <- err
	}()
	for l.depth() < 3 { // until it waits
		runtime.Gosched()
	}
	_, err = l.enter(t.Context())
	e, ok := errors.AsType[*hajir.Error](err)
	if !ok || e.Code != hajir.Unavailable || e.RetryAfter <= 0 || refused != 1 || !l.full() {
		t.Fatalf("a full line: %v, %d refused", err, refused)
	}
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) || l.depth() != 2 || l.full() {
		t.Fatalf("who left: %v, %d inside", err, l.depth())
	}
	waited := make(chan func())
	go func() {
		done, err := l.enter(t.Context())
		if err != nil {
			t.Error(err)
		}
		waited <- done
	}()
	for l.depth() < 3 {
		runtime.Gosched()
	}
	first()
	(<-waited)()
	if l.depth() != 1 {
		t.Errorf("%d inside", l.depth())
	}
}
