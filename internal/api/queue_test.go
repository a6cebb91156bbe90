package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/sse"

	"hajir/internal/hajir"
	"hajir/internal/memory"
)

type csvInput struct {
	RawBody []byte `contentType:"text/csv"`
}

// Each bound lets in as many as it says; who comes then is refused at once, told
// when to come again and counted; and there is room again once they have left.
func TestEveryQueueIsBounded(t *testing.T) {
	public := Access{Function: Company, Public: "for the test"}
	op := huma.Operation{OperationID: "op", Method: http.MethodPost, Path: "/op", MaxBodyBytes: 1 << 20, SkipValidateBody: true}
	for _, c := range []struct {
		queue    string
		room     int
		register func(a *API, hold func(context.Context) error)
	}{
		{"report files", 10, func(a *API, hold func(context.Context) error) {
			RegisterWork(a, op, public, func(context.Context, *struct{}) (Work, error) {
				return func(ctx context.Context, _ func(done, total int)) (Made, error) { return Made{}, hold(ctx) }, nil
			})
		}},
		{"imports", 6, func(a *API, hold func(context.Context) error) {
			RegisterIn(a, Imports, op, public, func(ctx context.Context, _ *csvInput) (*struct{}, error) { return nil, hold(ctx) })
		}},
		{"downloads", maxAccountDownload, func(a *API, hold func(context.Context) error) {
			RegisterFile(a, op, public, "text/csv", func(ctx context.Context, _ *struct{}) (File, error) {
				return File{Name: "a.csv", ContentType: "text/csv", Write: func(context.Context, io.Writer) error { return hold(ctx) }}, nil
			})
		}},
		{"streams", maxAccountStreams, func(a *API, hold func(context.Context) error) {
			RegisterStream(a, op, public, map[string]any{"ping": struct{}{}}, func(ctx context.Context, _ *struct{}, _ sse.Sender) { _ = hold(ctx) })
		}},
		{"requests", maxClientRequests, func(a *API, hold func(context.Context) error) {
			Register(a, op, public, func(ctx context.Context, _ *struct{}) (*struct{}, error) { return nil, hold(ctx) })
		}},
	} {
		t.Run(c.queue, func(t *testing.T) {
			a := New(nil, nil, silent{}, time.Now, slog.New(slog.DiscardHandler), "test")
			release, refused := make(chan struct{}), 0
			c.register(a, func(ctx context.Context) error {
				select {
				case <-release:
					return nil
				case <-ctx.Done():
					return ctx.Err()
				}
			})
			var q Queue
			for _, one := range a.Queues() {
				if one.Name == c.queue {
					q = one
				}
			}
			q.OnRefused(func() { refused++ })
			handler := WithClient(a.Mux, nil)
			send := func() *httptest.ResponseRecorder {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, Prefix+"/op", strings.NewReader("name\nasha\n"))
				r.Header.Set("Content-Type", "text/csv")
				rec := httptest.NewRecorder()
				handler.ServeHTTP(rec, r)
				return rec
			}
			answers := make(chan int)
			for range c.room {
				go func() { answers <- send().Code }()
			}
			for q.Depth() < c.room {
				runtime.Gosched()
			}
			full := send()
			if full.Code != http.StatusServiceUnavailable || full.Header().Get("Retry-After") == "" || full.Header().Get("Retry-After") == "0" {
				t.Errorf("one too many: %d, Retry-After %q: %s", full.Code, full.Header().Get("Retry-After"), full.Body)
			}
			if refused != 1 {
				t.Errorf("%d were counted as refused", refused)
			}
			close(release)
			for range c.room {
				if code := <-answers; code >= http.StatusBadRequest {
					t.Errorf("one of those inside: %d", code)
				}
			}
			if q.Depth() != 0 {
				t.Errorf("%d are still inside", q.Depth())
			}
			if again := send(); again.Code >= http.StatusBadRequest {
				t.Errorf("afterwards: %d", again.Code)
			}
		})
	}
}

// One client, or account, cannot take all the room.
func TestCrowdLeavesRoomForOthers(t *testing.T) {
	c := newCrowd("streams", 3, 2, "full", time.Second)
	var leave []func()
	for _, who := range []string{"asha", "asha"} {
		f, err := c.enter(who)
		if err != nil {
			t.Fatal(err)
		}
		leave = append(leave, f)
	}
	if _, err := c.enter("asha"); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("a third one of hers: %v", err)
	}
	if _, err := c.enter("bikram"); err != nil {
		t.Errorf("another one's: %v", err)
	}
	if _, err := c.enter("chandra"); hajir.CodeOf(err) != hajir.Unavailable {
		t.Errorf("one too many: %v", err)
	}
	leave[0]()
	if _, err := c.enter("asha"); err != nil {
		t.Errorf("when one of hers has ended: %v", err)
	}
}

// Who leaves while they wait for their turn gives up their place.
func TestPlaceIsGivenUp(t *testing.T) {
	l := newLine(terms{atOnce: 1, waiting: 1})
	first, err := l.admit()
	if err != nil || first.wait(t.Context()) != nil {
		t.Fatal("no turn in an empty line")
	}
	second, err := l.admit()
	if err != nil {
		t.Fatal(err)
	}
	gone, leave := context.WithCancel(t.Context())
	leave()
	if err := second.wait(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	second.leave()
	second.leave() // twice is once
	first.leave()
	if n := l.depth(); n != 0 {
		t.Errorf("%d are inside", n)
	}
}

// What memory there is bounds pictures.
func TestMemoryBoundsPictures(t *testing.T) {
	a := New(nil, nil, silent{}, time.Now, slog.New(slog.DiscardHandler), "test")
	a.Bound(memory.Bound{Limit: 300 << 20})
	if l := a.lines[Pictures]; l.atOnce != 1 || l.room != 1+waitingTurns {
		t.Errorf("%d at once and room for %d", l.atOnce, l.room)
	}
	if !a.uploads.TryAcquire(75<<20) || a.uploads.TryAcquire(1) {
		t.Error("what is being received is not bounded to a quarter")
	}
}

type silent struct{}

func (silent) Declare(string)             {}
func (silent) Invoked(string, bool)       {}
func (silent) Took(string, time.Duration) {}
func (silent) Throttled(string)           {}
