package api

import (
	"context"
	"runtime"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/sync/semaphore"

	"hajir/internal/hajir"
	"hajir/internal/memory"
)

// A picture that has to wait is not far from its turn: for each that is worked
// on, so many wait. With some 150 ms a picture that is about a second, and a
// kiosk waits for ten.
const waitingTurns = 4

// Line names what is done so much at once and no more, with so many who wait.
type Line string

// The lines.
const (
	Pictures Line = "pictures"
	// Files are reports that are made into files, which takes seconds to minutes.
	Files   Line = "report files"
	Reports Line = "reports" // on pages
	Imports Line = "imports"
)

// terms are a line's.
type terms struct {
	atOnce, waiting int
	full            string        // what who finds no room is told
	again           time.Duration // and when they may come again
}

// termsOf has the lines' terms on a machine with so many processors.
func termsOf(processors int) map[Line]terms {
	pictures := max(4, 2*processors)
	return map[Line]terms{
		Pictures: {pictures, waitingTurns * pictures, "too many pictures are being looked at; try again in a few seconds", 2 * time.Second},
		Files:    {2, 8, "other reports are being made; try again in a moment", 10 * time.Second},
		Reports:  {max(2, processors), 32, "other reports are being put together; try again in a moment", 3 * time.Second},
		Imports:  {2, 4, "other files are being imported; try again when they are done", 20 * time.Second},
	}
}

// line lets so many work at once and so many wait; whoever comes to a line that
// is full is refused at once.
type line struct {
	terms
	turns chan struct{} // a token for each that works
	room  int           // how many may work or wait

	mu      sync.Mutex
	inside  int
	refused func()
}

func newLine(t terms) *line {
	return &line{terms: t, turns: make(chan struct{}, t.atOnce), room: t.atOnce + t.waiting, refused: func() {}}
}

// place is room in a line that somebody has until they leave it.
type place struct {
	line *line
	once sync.Once
	turn bool
}

// admit takes room, without a wait for a turn. The caller leaves the place.
func (l *line) admit() (*place, error) {
	l.mu.Lock()
	if l.inside >= l.room {
		l.mu.Unlock()
		return nil, l.refuse()
	}
	l.inside++
	l.mu.Unlock()
	return &place{line: l}, nil
}

// wait waits for a turn.
func (p *place) wait(ctx context.Context) error {
	select {
	case p.line.turns <- struct{}{}:
		p.turn = true
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// leave gives up the place, and the turn with it.
func (p *place) leave() {
	p.once.Do(func() {
		if p.turn {
			<-p.line.turns
		}
		p.line.mu.Lock()
		p.line.inside--
		p.line.mu.Unlock()
	})
}

// enter waits for a turn. The caller calls done when its work is.
func (l *line) enter(ctx context.Context) (done func(), err error) {
	p, err := l.admit()
	if err != nil {
		return nil, err
	}
	if err := p.wait(ctx); err != nil {
		p.leave()
		return nil, err
	}
	return p.leave, nil
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
	return busy(l.terms.full, l.again)
}

func busy(why string, again time.Duration) error {
	err := hajir.Errorf(hajir.Unavailable, "%s", why)
	err.RetryAfter = again
	return err
}

// Queue is a bound of the API, to be measured.
type Queue struct {
	Name    string
	Room    int // how many may be in it
	Depth   func() int
	refused *func()
}

// OnRefused has f called for each that finds no room.
func (q Queue) OnRefused(f func()) { *q.refused = f }

// Queues returns all bounds. They are measured before the first request.
func (a *API) Queues() []Queue {
	var all []Queue
	for _, name := range []Line{Pictures, Files, Reports, Imports} {
		l := a.lines[name]
		all = append(all, Queue{string(name), l.room, l.depth, &l.refused})
	}
	for _, c := range []*crowd{a.requests, a.streams, a.downloads} {
		all = append(all, Queue{c.name, c.room, c.depth, &c.refused})
	}
	return all
}

// Bound lowers how many pictures are worked on at once, and how many bytes those
// that are being received may take, before the first request: pictures is asked
// with what they would be, and the size of the largest request.
func (a *API) Bound(m memory.Bound) {
	t := termsOf(runtime.GOMAXPROCS(0))[Pictures]
	atOnce, received := m.Pictures(t.atOnce, uploadBytes, MaxPicture+envelope)
	t.atOnce, t.waiting = atOnce, waitingTurns*atOnce
	a.lines[Pictures], a.uploads = newLine(t), semaphore.NewWeighted(received)
}

// PicturesAtOnce returns how many pictures are worked on at once on this machine
// with so much memory.
func PicturesAtOnce(m memory.Bound) int {
	atOnce, _ := m.Pictures(termsOf(runtime.GOMAXPROCS(0))[Pictures].atOnce, uploadBytes, MaxPicture+envelope)
	return atOnce
}

// RegisterIn adds an operation that has its turn in a line. Room is taken before
// the body is read, and the turn after it: a slow client has room, and nobody
// waits for it.
func RegisterIn[I, O any](a *API, name Line, op huma.Operation, access Access, handler func(context.Context, *I) (*O, error)) {
	l := a.lines[name]
	op.Middlewares = append(huma.Middlewares{func(ctx huma.Context, next func(huma.Context)) {
		p, err := l.admit()
		if err != nil {
			a.write(ctx, err)
			return
		}
		defer p.leave()
		next(huma.WithValue(ctx, placeKey{}, p))
	}}, op.Middlewares...)
	queued(&op, string(name))
	Register(a, op, access, func(ctx context.Context, in *I) (*O, error) {
		if p, ok := ctx.Value(placeKey{}).(*place); ok {
			if err := p.wait(ctx); err != nil {
				return nil, err
			}
		}
		return handler(ctx, in)
	})
}

type placeKey struct{}

// queued states in the document which bound holds an operation.
func queued(op *huma.Operation, name string) {
	op.Extensions = map[string]any{"x-hajir-queue": name}
}
