package api

import (
	"context"
	"sync"
	"time"

	"hajir/internal/hajir"
)

// A picture that has to wait is not far from its turn: for each that is worked
// on, so many wait. With some 150 ms a picture that is about a second, and a
// kiosk waits for ten.
const waitingTurns = 4

// comeAgain is after how long who was refused may come again.
const comeAgain = 2 * time.Second

// line lets so many work at once and so many wait; whoever comes to a line that
// is full is refused at once.
type line struct {
	turns chan struct{} // a token for each that works
	room  int           // how many may work or wait

	mu      sync.Mutex
	inside  int
	refused func()
}

func newLine(atOnce, waiting int) *line {
	return &line{turns: make(chan struct{}, atOnce), room: atOnce + waiting, refused: func() {}}
}

// enter waits for a turn. The caller calls done when its work is.
func (l *line) enter(ctx context.Context) (done func(), err error) {
	l.mu.Lock()
	if l.inside >= l.room {
		l.mu.Unlock()
		return nil, l.refuse()
	}
	l.inside++
	l.mu.Unlock()
	leave := func() {
		l.mu.Lock()
		l.inside--
		l.mu.Unlock()
	}
	select {
	case l.turns <- struct{}{}:
		return func() { <-l.turns; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// full says whether the next one would be refused.
func (l *line) full() bool { return l.depth() >= l.room }

// depth returns how many work or wait.
func (l *line) depth() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inside
}

// refuse counts one that is refused, and says why.
func (l *line) refuse() error {
	l.refused()
	err := hajir.Errorf(hajir.Unavailable, "too many pictures are being looked at; try again in a few seconds")
	err.RetryAfter = comeAgain
	return err
}

// Pictures tells how many pictures are worked on or wait, and how many may; and
// has refused called for each that found no room. It is called before the first
// request.
func (a *API) Pictures(refused func()) (depth func() int, room int) {
	a.turns.refused = refused
	return a.turns.depth, a.turns.room
}
