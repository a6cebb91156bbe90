package webhook_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"hajir/internal/hajir"
	"hajir/internal/keyring/keyringtest"
	"hajir/internal/notify"
	"hajir/internal/store/sqlite"
	"hajir/internal/webhook"
)

// world is a desk on a real store, with a clock that begins now, since the
// library that verifies takes the time of the machine.
type world struct {
	*webhook.Desk
	*testing.T
	db     *sqlite.DB
	begun  time.Time
	moved  atomic.Int64
	notify *notify.Dispatcher
}

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func newWorld(t *testing.T, networks ...netip.Prefix) *world {
	t.Helper()
	dir := t.TempDir()
	ring := keyringtest.Open(t, dir)
	w := &world{T: t, begun: time.Now()}
	var err error
	if w.db, err = sqlite.Open(t.Context(), filepath.Join(dir, "hajir.db"), ring, w.now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	log := slog.New(slog.DiscardHandler)
	w.Desk = &webhook.Desk{Store: w.db, Client: webhook.NewClient(networks, "Hajir/test"), Now: w.now, Log: log}
	w.notify = &notify.Dispatcher{
		Store: w.db, Channels: []notify.Channel{w.Desk}, Now: w.now, Log: log, Lease: notify.DefaultLease,
		Jitter: func() float64 { return 0 }, Count: func(hajir.Delivery, notify.Result) {},
	}
	return w
}

func (w *world) now() time.Time          { return w.begun.Add(time.Duration(w.moved.Load())) }
func (w *world) advance(d time.Duration) { w.moved.Add(int64(d)) }

func (w *world) add(address string) hajir.Webhook {
	w.Helper()
	h, err := w.Add(w.Context(), hajir.Webhook{Company: "acme", URL: address, Kinds: []hajir.NoticeKind{hajir.NoticeInvitation}})
	if err != nil {
		w.Fatal(err)
	}
	return h
}

// raise stores a notice and delivers what is due.
func (w *world) raise(id string) {
	w.Helper()
	err := w.db.Raise(w.Context(), hajir.Notice{ID: id, Company: "acme", Kind: hajir.NoticeInvitation, At: w.now(), Person: "asha", By: "acme"})
	if err != nil {
		w.Fatal(err)
	}
	w.run()
}

func (w *world) run() {
	w.Helper()
	if err := w.notify.RunDue(w.Context()); err != nil {
		w.Fatal(err)
	}
}

func (w *world) attempts(h hajir.Webhook) []hajir.Attempt {
	w.Helper()
	all, err := w.Attempts(w.Context(), "acme", h.ID, "", 100)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

func (w *world) deliveries(dead bool) []hajir.Delivery {
	w.Helper()
	all, err := w.db.Deliveries(w.Context(), "acme", dead, hajir.Delivery{}, 100)
	if err != nil {
		w.Fatal(err)
	}
	return all
}

// receiver keeps what was posted, and answers as it is told.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	answer http.HandlerFunc
	got    []posted
}

type posted struct {
	header http.Header
	body   []byte
}

func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.got = append(r.got, posted{req.Header.Clone(), body})
		answer := r.answer
		r.mu.Unlock()
		answer(rw, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) all() []posted {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.got
}

func (r *receiver) answers(f http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code); fmt.Fprintf(w, "answer %d", code) }
}

// What is posted can be verified by the conventions' own library; after a
// rotation, with the old and the new secret for a day.
func TestSignatures(t *testing.T) {
	w := newWorld(t, loopback...)
	r := newReceiver(t, status(200))
	h := w.add(r.URL)
	first := webhook.Show(h.Secret)
	w.raise("n1")
	rotated, err := w.Rotate(t.Context(), "acme", h.ID)
	if err != nil {
		t.Fatal(err)
	}
	second := webhook.Show(rotated.Secret)
	w.raise("n2")
	if len(r.all()) != 2 || first == second || !strings.HasPrefix(first, "whsec_") {
		t.Fatalf("%d were posted; secrets %q and %q", len(r.all()), first, second)
	}
	for i, tt := range []struct {
		secret string
		good   []bool
	}{{first, []bool{true, true}}, {second, []bool{false, true}}} {
		v, err := standard.NewWebhook(tt.secret)
		if err != nil {
			t.Fatal(err)
		}
		for j, p := range r.all() {
			if err := v.Verify(p.body, p.header); (err == nil) != tt.good[j] {
				t.Errorf("secret %d, post %d: %v", i+1, j+1, err)
			}
			if v.Verify(append([]byte(" "), p.body...), p.header) == nil {
				t.Error("another body has the same signature")
			}
		}
	}
	w.advance(hajir.SecretOverlap)
	w.raise("n3")
	last := r.all()[2]
	old, _ := standard.NewWebhook(first)
	if err := old.VerifyIgnoringTimestamp(last.body, last.header); err == nil {
		t.Error("the old secret still signs after a day")
	}
	if id := last.header.Get("webhook-id"); id != "n3" || last.header.Get("User-Agent") != "Hajir/test" || last.header.Get("Content-Type") != "application/json" {
		t.Errorf("headers %v", last.header)
	}
	if a := w.attempts(h)[0]; a.Status != 200 || a.Problem != "" || a.Answer != "answer 200" || a.Notice != "n3" || a.Try != 1 {
		t.Errorf("logged %+v", a)
	}
}

// Receivers that do not take it: each is tried again as is right, with the same
// webhook-id.
func TestReceiversThatFail(t *testing.T) {
	elsewhere := newReceiver(t, status(200))
	for name, tt := range map[string]struct {
		answer  http.HandlerFunc
		problem string
		wait    time.Duration // until the next try; zero: there is none
	}{
		"fails":     {status(500), "it answered 500 Internal Server Error", 5 * time.Second},
		"redirects": {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, elsewhere.URL, http.StatusFound) }, "leads elsewhere", 5 * time.Second},
		"is busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "it answered 429", 2 * time.Minute},
		"hangs up": {func(w http.ResponseWriter, _ *http.Request) {
			c, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = c.Close()
			}
		}, "EOF", 5 * time.Second},
		"is gone": {status(410), "it answered 410 Gone", 0},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, loopback...)
			r := newReceiver(t, tt.answer)
			h := w.add(r.URL)
			w.raise("n1")
			if a := w.attempts(h); len(a) != 1 || !strings.Contains(a[0].Problem, tt.problem) {
				t.Fatalf("logged %+v", a)
			}
			if tt.wait == 0 {
				h, err := w.One(t.Context(), "acme", h.ID)
				if dead := w.deliveries(true); err != nil || len(dead) != 1 || h.State != hajir.WebhookGone {
					t.Errorf("dead %+v, %+v, %v", dead, h, err)
				}
				return
			}
			w.advance(tt.wait - 1)
			w.run()
			if n := len(r.all()); n != 1 {
				t.Errorf("%d posts before it was due", n)
			}
			r.answers(status(204))
			w.advance(1)
			w.run()
			got := r.all()
			if len(got) != 2 || got[0].header.Get("webhook-id") != got[1].header.Get("webhook-id") {
				t.Errorf("%d posts", len(got))
			}
			if left := w.deliveries(false); len(left) > 0 || len(elsewhere.all()) > 0 {
				t.Errorf("%+v is left; %d were posted elsewhere", left, len(elsewhere.all()))
			}
			if h, err := w.One(t.Context(), "acme", h.ID); err != nil || !h.FailingSince.IsZero() {
				t.Errorf("it fails since %v, %v", h.FailingSince, err)
			}
		})
	}
}

// A receiver that hangs is left when the time for a delivery is over; one that
// answers without end is read for a few kilobytes.
func TestReceiversThatHang(t *testing.T) {
	w := newWorld(t, loopback...)
	ended := make(chan struct{})
	r := newReceiver(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done(); close(ended) })
	h := w.add(r.URL)
	w.notify.Lease = 400 * time.Millisecond
	w.raise("n1")
	<-ended
	if a := w.attempts(h); len(a) != 1 || a[0].Status != 0 || !strings.Contains(a[0].Problem, "did not answer") {
		t.Errorf("logged %+v", a)
	}
	w.notify.Lease = notify.DefaultLease
	r.answers(func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1024)); err != nil {
				return
			}
		}
	})
	w.advance(5 * time.Second)
	w.run()
	if a := w.attempts(h)[0]; a.Problem != "" || len([]rune(a.Answer)) != 500 {
		t.Errorf("logged %+v", a)
	}
}

// Addresses that lead into a private network are not connected to, whether they
// say so or a name does.
func TestPrivateNetworks(t *testing.T) {
	w := newWorld(t)
	r := newReceiver(t, status(200))
	tls := httptest.NewTLSServer(status(200))
	defer tls.Close()
	port := tls.URL[strings.LastIndex(tls.URL, ":"):]
	if _, err := w.Add(t.Context(), hajir.Webhook{Company: "acme", URL: r.URL, Kinds: []hajir.NoticeKind{hajir.NoticePunch}}); hajir.CodeOf(err) != hajir.Invalid {
		t.Errorf("without https: %v", err)
	}
	for _, address := range []string{
		tls.URL, "https://localhost" + port, "https://127.1.2.3" + port, "https://[::1]" + port, "https://[::ffff:127.0.0.1]" + port, "https://0.0.0.0" + port,
		"https://10.0.0.1", "https://192.168.1.1", "https://172.16.0.1", "https://169.254.169.254/latest/meta-data", "https://[fe80::1]", "https://[fd00::1]",
		"https://100.64.0.1", "https://[64:ff9b::7f00:1]", "https://2130706433" + port, "https://0x7f.1" + port,
	} {
		h := w.add(address)
		a, err := w.Test(t.Context(), "acme", h.ID)
		if err != nil {
			t.Fatal(err)
		}
		private := strings.Contains(a.Problem, "private network")
		odd := strings.Contains(address, "2130706433") || strings.Contains(address, "0x7f") // which no resolver need know
		if a.Status != 0 || !private && !odd {
			t.Errorf("%s: %+v", address, a)
		}
		if err := w.Remove(t.Context(), "acme", h.ID, h.Version); err != nil {
			t.Fatal(err)
		}
	}
	// Where the operator allows one network, the others stay refused, and what is
	// public needs https.
	w = newWorld(t, netip.MustParsePrefix("127.0.0.1/32"))
	for address, want := range map[string]string{
		r.URL: "", "http://127.0.0.2" + r.URL[strings.LastIndex(r.URL, ":"):]: "private network", "http://192.0.2.1": "private network", "https://10.0.0.1": "private network",
		"http://8.8.8.8": "private network",
	} {
		h := w.add(address)
		if a, err := w.Test(t.Context(), "acme", h.ID); err != nil || !strings.Contains(a.Problem, want) || (want == "") != (a.Problem == "") {
			t.Errorf("%s: %+v, %v, want %q", address, a, err, want)
		}
	}
}

// After five days of failures a webhook is turned off, its admin is told, and
// what waits for it is kept.
func TestFailingForDays(t *testing.T) {
	w := newWorld(t, loopback...)
	r := newReceiver(t, status(503))
	h := w.add(r.URL)
	w.raise("n1")
	var told []hajir.Notice
	w.notify.Channels = append(w.notify.Channels, listener{&told})
	for range 6 {
		w.advance(24 * time.Hour)
		w.raise(fmt.Sprint("n", w.now().Unix()))
	}
	h, err := w.One(t.Context(), "acme", h.ID)
	if err != nil || h.State != hajir.WebhookFailing {
		t.Fatalf("%+v, %v", h, err)
	}
	off := 0
	for _, n := range told {
		if n.Kind == hajir.NoticeWebhookOff && n.Ref == h.ID && n.State == "failing" && !n.At.IsZero() {
			off++
		}
	}
	if off != 1 {
		t.Errorf("the admin is told %d times", off)
	}
	for range 4 {
		w.advance(24 * time.Hour)
		w.run()
	}
	before := len(r.all())
	dead := w.deliveries(true)
	if len(dead) < 5 || len(w.deliveries(false)) > 0 {
		t.Fatalf("%d dead, %d wait", len(dead), len(w.deliveries(false)))
	}
	// Turned on again, it gets what is sent again.
	r.answers(status(200))
	if _, err := w.Change(t.Context(), h, true); err != nil {
		t.Fatal(err)
	}
	for _, d := range dead {
		if err := w.db.SaveDelivery(t.Context(), d.Again(w.now())); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	if n := len(r.all()) - before; n != len(dead) || len(w.deliveries(true)) > 0 {
		t.Errorf("%d of %d came; dead are %+v", n, len(dead), w.deliveries(true))
	}
}

// listener hears of every notice.
type listener struct{ told *[]hajir.Notice }

func (listener) Name() string { return "listener" }

func (l listener) Targets(_ context.Context, n hajir.Notice) ([]notify.Target, error) {
	*l.told = append(*l.told, n)
	return nil, nil
}

func (listener) Deliver(context.Context, hajir.Delivery) error { return nil }

// docs/webhooks.md shows what is posted of every kind, as it is.
func TestDocument(t *testing.T) {
	doc, err := os.ReadFile("../../docs/webhooks.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range append(hajir.WebhookKinds(true), webhook.TestKind) {
		example, err := webhook.Example(k)
		if err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("### `%s`", k); !strings.Contains(string(doc), want) {
			t.Errorf("docs/webhooks.md has no %s", want)
		}
		if !strings.Contains(string(doc), "```json\n"+string(example)+"\n```") {
			t.Errorf("docs/webhooks.md does not show %s as it is:\n%s", k, example)
		}
	}
}
