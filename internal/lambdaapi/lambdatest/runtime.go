package lambdatest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// Runtime runs a bootstrap binary as Lambda does: through the Runtime API, one
// event at a time, for a bounded time. A process that ends or is too slow is
// replaced by a new one for the next event.
type Runtime struct {
	// Timeout is how long the function may take with one event.
	Timeout time.Duration

	t       testing.TB
	binary  string
	env     []string
	address string

	turn    sync.Mutex // one event at a time
	mu      sync.Mutex
	process *process
	starts  atomic.Int64
	ids     atomic.Int64
}

// process is one run of the binary.
type process struct {
	cmd   *exec.Cmd
	ended chan struct{}
	next  chan event // taken by the binary
	out   chan outcome
	log   locked
}

type event struct {
	id      string
	payload []byte
	ends    time.Time
}

type outcome struct {
	id      string
	payload []byte
	err     error
}

// Error is what Lambda says of an event that failed.
type Error struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error implements error.
func (e *Error) Error() string { return e.Type + ": " + e.Message }

// Start makes ready to run binary with env, NAME=VALUE, and nothing else of this
// process's environment. The first event starts it.
func Start(t testing.TB, binary string, timeout time.Duration, env ...string) *Runtime {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &Runtime{Timeout: timeout, t: t, binary: binary, env: env, address: l.Addr().String()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", r.next)
	mux.HandleFunc("POST /2018-06-01/runtime/invocation/{id}/{how}", r.finish)
	mux.HandleFunc("POST /2018-06-01/runtime/init/error", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) })
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() {
		r.stop()
		_ = srv.Close()
	})
	return r
}

// Starts returns how often the binary was started.
func (r *Runtime) Starts() int { return int(r.starts.Load()) }

// Log returns what the present process has written.
func (r *Runtime) Log() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process == nil {
		return ""
	}
	return r.process.log.String()
}

// Invoke has the binary answer one event. Errors are *Error.
func (r *Runtime) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if len(payload) > maxPayload {
		return nil, &Error{"RequestEntityTooLargeException", strconv.Itoa(len(payload)) + " byte payload is too large for the RequestResponse invocation type"}
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	p, err := r.running()
	if err != nil {
		return nil, &Error{"Runtime.InvalidEntrypoint", err.Error()}
	}
	id := fmt.Sprintf("8476a536-e9f4-11e8-9739-%012x", r.ids.Add(1))
	ends := time.Now().Add(r.Timeout) //nolint:forbidigo // the program in the other process has no other clock
	late := time.NewTimer(r.Timeout)
	defer late.Stop()
	offer := p.next
	for {
		select {
		case offer <- event{id, payload, ends}:
			offer = nil
		case out := <-p.out:
			if out.id != id {
				continue
			}
			return out.payload, out.err
		case <-p.ended:
			return nil, &Error{"Runtime.ExitError", "RequestId: " + id + " Error: Runtime exited with error: " + p.cmd.ProcessState.String()}
		case <-late.C:
			r.stop()
			return nil, &Error{"Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, r.Timeout.Seconds())}
		case <-ctx.Done():
			r.stop()
			return nil, &Error{"Client.Left", ctx.Err().Error()}
		}
	}
}

// running returns the process, started if need be.
func (r *Runtime) running() (*process, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process != nil {
		select {
		case <-r.process.ended:
		default:
			return r.process, nil
		}
	}
	p := &process{ended: make(chan struct{}), next: make(chan event), out: make(chan outcome)}
	p.cmd = exec.Command(r.binary) //nolint:noctx // it outlives the event
	p.cmd.Env = append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + r.address, "AWS_LAMBDA_FUNCTION_NAME=test", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=512",
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST", "AWS_REGION=ap-south-1",
	}, r.env...)
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	r.starts.Add(1)
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	r.process = p
	return p, nil
}

// stop kills the process and waits for it.
func (r *Runtime) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.process != nil {
		_ = r.process.cmd.Process.Kill()
		<-r.process.ended
		r.process = nil
	}
}

func (r *Runtime) current() *process {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.process
}

// next hands the binary its next event, when there is one.
func (r *Runtime) next(w http.ResponseWriter, req *http.Request) {
	p := r.current()
	if p == nil {
		http.Error(w, "no process", http.StatusGone)
		return
	}
	select {
	case e := <-p.next:
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", e.id)
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(e.ends.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:ap-south-1:123456789012:function:test")
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=1")
		_, _ = w.Write(e.payload)
	case <-p.ended:
	case <-req.Context().Done():
	}
}

// finish takes what the binary made of an event.
func (r *Runtime) finish(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	out := outcome{id: req.PathValue("id"), payload: body, err: err}
	switch {
	case err != nil:
	case req.PathValue("how") == "error":
		failed := &Error{}
		out.payload, out.err = nil, errors.Join(json.Unmarshal(body, failed))
		if out.err == nil {
			out.err = failed
		}
	case len(body) > maxPayload:
		out.payload, out.err = nil, &Error{"Function.ResponseSizeTooLarge", "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}
	}
	w.WriteHeader(http.StatusAccepted)
	p := r.current()
	if p == nil {
		return
	}
	select {
	case p.out <- out:
	case <-p.ended:
	case <-req.Context().Done():
	}
}

// locked is a buffer that several write to.
type locked struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
