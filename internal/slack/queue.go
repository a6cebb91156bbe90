package slack

import (
	"context"
	"errors"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/hajir"
)

// queue does work that nobody waits for, so much at once and no more, and what
// it has taken before it ends.
type queue struct {
	jobs    chan func()
	running sync.WaitGroup

	mu     sync.Mutex
	closed bool
}

func newQueue(length, workers int) *queue {
	q := &queue{jobs: make(chan func(), length)}
	for range workers {
		q.running.Go(func() {
			for job := range q.jobs {
				job()
			}
		})
	}
	return q
}

// add takes a job, or says that it does not: too much waits already, or it ends.
func (q *queue) add(job func()) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return false
	}
	select {
	case q.jobs <- job:
		return true
	default:
		return false
	}
}

func (q *queue) close() {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.jobs)
	}
	q.mu.Unlock()
	q.running.Wait()
}

// later has work done after the request was acknowledged; false says that there
// is too much of it.
func (s *Service) later(ctx context.Context, what string, f func(context.Context) error) bool {
	ctx = context.WithoutCancel(ctx)
	return s.work().add(func() {
		ctx, cancel := context.WithTimeout(ctx, workTime)
		defer cancel()
		defer func() {
			if r := recover(); r != nil { // as the server does with a request
				s.Log.ErrorContext(ctx, "work for Slack panicked", "what", what, "panic", r)
			}
		}()
		if err := f(ctx); err != nil {
			s.Log.WarnContext(ctx, "work for Slack was not done", "what", what, "error", err)
		}
	})
}

// maxWait bounds for how long a piece of work waits because Slack says so.
const maxWait = time.Minute

// hurried marks a context in which nobody waits as Slack says: whoever began it
// tries again.
type hurried struct{}

// patiently asks Slack, and again when it said when to.
func (s *Service) patiently(ctx context.Context, ask func() error) error {
	waited := time.Duration(0)
	for {
		err := ask()
		limited, ok := errors.AsType[*slackgo.RateLimitedError](err)
		if !ok || ctx.Value(hurried{}) != nil {
			return err
		}
		wait := max(limited.RetryAfter, time.Second)
		if waited += wait; waited > maxWait {
			return &hajir.Error{Code: hajir.RateLimited, Message: "Slack takes no more for now", Cause: err, RetryAfter: limited.RetryAfter}
		}
		select {
		case <-s.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
