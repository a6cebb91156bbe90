package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"hajir/internal/hajir"
	"hajir/models"
)

// killEvents says how many events the long proof makes; without it there are a
// few, and two kills. See make test-kill.
const killEvents = "HAJIR_KILL_EVENTS"

// sink is a receiver that keeps under which IDs it was told of each thing, and
// now and then has the program killed before it answers.
type sink struct {
	*httptest.Server
	verify *standard.Webhook
	mu     sync.Mutex
	ids    map[string]map[string]int // by what it is about: how often under which webhook-id
	wrong  int
	kill   atomic.Pointer[func()] // what to do before the next answer
	came   chan struct{}
}

func newSink(t *testing.T) *sink {
	t.Helper()
	s := &sink{ids: map[string]map[string]int{}, came: make(chan struct{}, 1)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil { // cut off with the program
			return
		}
		var x struct {
			Data struct {
				Username string `json:"username"`
				Leave    string `json:"leave_id"`
				Question string `json:"question_id"`
			} `json:"data"`
		}
		bad := s.verify.Verify(body, r.Header) != nil || json.Unmarshal(body, &x) != nil
		s.mu.Lock()
		if bad {
			s.wrong++
		}
		about := cmp.Or(x.Data.Leave, x.Data.Question, x.Data.Username)
		if s.ids[about] == nil {
			s.ids[about] = map[string]int{}
		}
		s.ids[about][r.Header.Get("webhook-id")]++
		s.mu.Unlock()
		if kill := s.kill.Swap(nil); kill != nil {
			(*kill)()
		}
		w.WriteHeader(http.StatusNoContent)
		select {
		case s.came <- struct{}{}:
		default:
		}
	}))
	t.Cleanup(s.Close)
	return s
}

// Killed at any moment, also in the midst of a delivery, the program has every
// event delivered that followed from what it stored, and each repeat has the ID
// of the first.
func TestKilledProgramDeliversEveryEvent(t *testing.T) {
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	events, kills := 24, 2
	if s := os.Getenv(killEvents); s != "" {
		var err error
		if events, err = strconv.Atoi(s); err != nil {
			t.Fatalf("%s: %v", killEvents, err)
		}
		kills = max(2, events/25)
	}
	t.Setenv("HAJIR_WEBHOOK_NETWORKS", "127.0.0.1/32")
	t.Setenv("HAJIR_DELIVERY_LEASE", "1s")
	dir := filepath.Join(t.TempDir(), "data")
	s := newSink(t)
	var token string
	inside(t, dir, func(a *app) {
		a.pool.HashMemory = 64
		c := hajir.NewCompany("demo", "Demo", "admin@example.com", "Asia/Kathmandu", time.Now())
		if _, err := a.company.Create(t.Context(), c, password); err != nil {
			t.Fatal(err)
		}
	})

	random := rand.New(rand.NewPCG(1, uint64(events)))
	next, acknowledged := 0, map[string]bool{}
	for round := range kills + 1 {
		c := start(t, dir)
		token = signInTo(t, c)
		if round == 0 {
			s.verify = addSink(t, c, token, s.URL, "invitation.sent")
		}
		last := round == kills
		until := events * (round + 1) / (kills + 1)
		kill := func() { _ = c.cmd.Process.Kill() }
		if !last && round%2 == 0 { // in the midst of a delivery
			s.kill.Store(&kill)
		}
		enough := next + 1 + random.IntN(max(1, until-next))
		for alive := true; alive && (next < until || !last && round%2 == 0); next++ {
			username := fmt.Sprintf("p%05d", next)
			if alive = invite(t.Context(), c, token, username); alive {
				acknowledged[username] = true
			}
			if !last && round%2 == 1 && next >= enough { // in the midst of whatever goes on
				go kill()
			}
		}
		s.kill.Store(nil)
		if !last {
			c.kill()
			continue
		}
		s.waitFor(t, func() bool {
			for username := range acknowledged {
				if len(s.ids[username]) == 0 {
					return false
				}
			}
			return true
		})
		c.kill()
	}

	stored := map[string]bool{}
	inside(t, dir, func(a *app) {
		for after := ""; ; {
			page, err := a.db.Invitations(t.Context(), "demo", after, 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range page {
				stored[i.Username], after = true, i.Username
			}
			if len(page) < 100 {
				break
			}
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	repeats := 0
	for username := range acknowledged {
		if !stored[username] {
			t.Errorf("%s was acknowledged and is not stored", username)
		}
	}
	for username := range stored {
		if len(s.ids[username]) != 1 {
			t.Errorf("%s was told of under %d IDs, want 1", username, len(s.ids[username]))
		}
		for _, n := range s.ids[username] {
			repeats += n - 1
		}
	}
	if s.wrong > 0 || len(stored) < events*9/10 {
		t.Errorf("%d signatures are wrong; %d are stored", s.wrong, len(stored))
	}
	t.Logf("%d events, %d kills: all were delivered, %d repeats with the ID of the first", len(stored), kills, repeats)
}

// waitFor waits until the sink has what is waited for.
func (s *sink) waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for {
		s.mu.Lock()
		ok := done()
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-s.came:
		case <-t.Context().Done():
			t.Fatal("what was stored is not delivered")
		case <-time.After(2 * time.Minute):
			t.Fatal("nothing more is delivered")
		}
	}
}

// addSink adds the sink as a webhook, and returns what verifies.
func addSink(t *testing.T, c *child, token, address string, kinds ...string) *standard.Webhook {
	t.Helper()
	body, code := post(t.Context(), c, token, "/api/v1/companies/demo/webhooks", map[string]any{"url": address, "name": "", "kinds": kinds})
	secret, _ := body["secret"].(string)
	v, err := standard.NewWebhook(secret)
	if code != http.StatusCreated || err != nil {
		t.Fatalf("%d %v, %v", code, body, err)
	}
	return v
}

// invite says whether an invitation was acknowledged.
func invite(ctx context.Context, c *child, token, username string) bool {
	_, code := post(ctx, c, token, "/api/v1/companies/demo/invitations", map[string]any{"username": username, "name": "Somebody"})
	return code == http.StatusCreated
}

func post(ctx context.Context, c *child, token, path string, body any) (map[string]any, int) {
	return c.ask(ctx, http.MethodPost, path, token, body)
}

// ask returns what the program answers, and 0 when it is gone.
func (c *child) ask(ctx context.Context, method, path, token string, body any) (map[string]any, int) {
	b, _ := json.Marshal(body)
	req, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(b))
	if err != nil {
		return nil, 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, 0
	}
	defer res.Body.Close()
	var x map[string]any
	if json.NewDecoder(res.Body).Decode(&x) != nil { // cut off: nothing was acknowledged
		return nil, 0
	}
	return x, res.StatusCode
}
