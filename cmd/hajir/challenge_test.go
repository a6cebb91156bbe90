package main

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

// challenged returns the ticket of a check-in that answered face_challenge, and what is
// to be done first.
func (w *world) challenged(r reply) (ticket, step string) {
	w.t.Helper()
	w.want(r, http.StatusUnprocessableEntity, "face_challenge")
	c, _ := r.json["challenge"].(map[string]any)
	ticket, _ = c["ticket"].(string)
	step, _ = c["step"].(string)
	if ticket == "" || step == "" || c["done"] != 0.0 || c["steps"].(float64) < 2 {
		w.t.Fatalf("no challenge: %s", r.Body)
	}
	return ticket, step
}

// move sends pictures of somebody who does something.
func (w *world) move(token, ticket string, scripts ...string) reply {
	w.t.Helper()
	return w.upload("/companies/acme/punches/challenge", token, scripts, "Ticket", ticket)
}

// doing are the pictures of somebody who does a step.
func doing(step, who string) []string {
	return map[string][]string{
		"left":  {"face:" + who, "turnleft:" + who},
		"right": {"face:" + who, "turnright:" + who},
		"blink": {"face:" + who, "closed:" + who, "face:" + who},
	}[step]
}

// perform does everything that is asked for, and returns the last answer.
func (w *world) perform(token, ticket, step, who string) reply {
	w.t.Helper()
	for range 4 {
		r := w.move(token, ticket, doing(step, who)...)
		c, going := r.json["challenge"].(map[string]any)
		if r.Code != http.StatusOK || !going {
			return r
		}
		step = c["step"].(string)
	}
	w.t.Fatal("more steps than there are")
	return reply{}
}

func TestChallenge(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina"} {
		w.person("acme", name)
		w.pin(name, "2580")
	}
	device, _ := w.kiosk("acme")
	other, _ := w.kiosk("acme")
	kiosk := w.token(device.Username)
	later := func(d time.Duration) { w.clock.Advance(d); kiosk = w.token(device.Username) }

	w.settings(map[string]any{"challenge": "doubtful"})
	w.want(w.checkIn(kiosk, "face:asha"), http.StatusCreated, "") // she seems alive

	later(time.Hour)
	ticket, step := w.challenged(w.checkIn(kiosk, "live:asha:0.2"))
	queue := w.queue("open")
	if len(queue) != 1 || queue[0]["code"] != "face_challenge" || fmt.Sprint(queue[0]["doubts"]) != "[not_live]" || queue[0]["challenge"] == nil {
		t.Errorf("the queue: %v", queue)
	}
	// Nobody else's, and nobody's who has no ticket.
	w.want(w.move(kiosk, "nonsense", "face:asha"), http.StatusConflict, "confirm_expired")
	w.want(w.move(w.token(other.Username), ticket, "face:asha"), http.StatusConflict, "confirm_expired")
	w.want(w.move(w.token("acme"), ticket, "face:asha"), http.StatusConflict, "confirm_expired")
	w.want(w.move(w.token(device.Username), ticket, "face:asha"), http.StatusConflict, "confirm_expired") // another session of it
	w.want(w.move(kiosk, ticket, "damaged"), http.StatusUnprocessableEntity, "picture_invalid")
	w.want(w.move(kiosk, ticket, strings.Split(strings.Repeat("none,", 9), ",")[:9]...), http.StatusUnprocessableEntity, "invalid")
	w.want(w.do(http.MethodPost, "/api/v1/companies/acme/punches/challenge", kiosk, "image/jpeg", bytes.NewReader(facestest.Picture("none"))), http.StatusUnprocessableEntity, "invalid")

	r := w.want(w.move(kiosk, ticket, "none", "face:asha"), http.StatusOK, "") // straight, and nothing yet
	if c := r.json["challenge"].(map[string]any); c["step"] != step || c["done"] != 0.0 {
		t.Errorf("nothing was done: %s", r.Body)
	}
	in := w.want(w.perform(kiosk, ticket, step, "asha"), http.StatusCreated, "")
	punch, _ := in.json["punch"].(map[string]any)
	if punch["username"] != "asha" || punch["direction"] != "exit" || strings.Contains(in.Body.String(), "0.") {
		t.Errorf("recorded, and a score told: %s", in.Body)
	}
	w.want(w.perform(kiosk, ticket, step, "asha"), http.StatusConflict, "confirm_expired") // used
	p := w.day("asha").Punches[1]
	if d := p.Decision; d.Confirmed != hajir.ByChallenge || d.Username != "asha" || d.Challenge == nil || !d.Challenge.Passed || d.Challenge.Done < 2 ||
		*d.Liveness != 0.2 || d.MinLiveness != 0.5 || p.Source != hajir.SourceKiosk || p.Picture == "" {
		t.Errorf("the punch: %+v, %+v", p, d.Challenge)
	}
	if queue := w.queue("open"); len(queue) != 0 {
		t.Errorf("moving settles it, and the queue has %v", queue)
	}
	if left := w.objects("refusals/acme/"); len(left) != 0 {
		t.Errorf("pictures of refusals are left: %v", left)
	}
	// Who was recorded a moment ago is told so, and asked nothing.
	again := w.want(w.checkIn(kiosk, "live:asha:0.2"), http.StatusOK, "")
	if again.json["repeated"] != true {
		t.Errorf("again: %s", again.Body)
	}

	t.Run("time", func(t *testing.T) {
		later(time.Hour)
		ticket, step := w.challenged(w.checkIn(kiosk, "live:asha:0.2"))
		w.clock.Advance(hajir.ChallengeLife)
		w.want(w.move(kiosk, ticket, doing(step, "asha")...), http.StatusConflict, "confirm_expired")
		// A PIN does instead, for who cannot move so.
		w.want(w.byTicket(kiosk, "bina", "2580", ticket), http.StatusUnprocessableEntity, "confirm_other")
		w.want(w.byTicket(kiosk, "asha", "2580", ticket), http.StatusCreated, "")
		d := w.day("asha").Punches[2].Decision
		if d.Confirmed != hajir.ByPIN || d.Challenge == nil || d.Challenge.Passed {
			t.Errorf("confirmed by PIN: %+v", d)
		}
	})
	t.Run("somebody else", func(t *testing.T) {
		later(time.Hour)
		ticket, step := w.challenged(w.checkIn(kiosk, "live:asha:0.2")) // a picture of her
		r := w.want(w.move(kiosk, ticket, "face:asha", "turnleft:bina", "turnright:bina", "closed:bina", "face:asha"), http.StatusOK, "")
		if c := r.json["challenge"].(map[string]any); c["done"] != 0.0 {
			t.Errorf("somebody else did it for her: %s", r.Body)
		}
		w.want(w.move(kiosk, ticket, "face:bina", "face:bina"), http.StatusUnprocessableEntity, "face_contradicted")
		w.want(w.move(kiosk, ticket, doing(step, "asha")...), http.StatusConflict, "confirm_expired")
		seen := w.queue("open")[0]
		if c := seen["challenge"].(map[string]any); seen["code"] != "face_challenge" || c["passed"] != false || c["frames"].(float64) < 5 {
			t.Errorf("the queue: %v", seen)
		}
	})
	t.Run("the other way", func(t *testing.T) {
		for step := ""; ; { // until a turn is asked for first
			later(3 * time.Hour)
			var ticket string
			if ticket, step = w.challenged(w.checkIn(kiosk, "live:asha:0.2")); step == "blink" {
				continue
			}
			wrong := map[string]string{"left": "turnright:asha", "right": "turnleft:asha"}[step]
			r := w.want(w.move(kiosk, ticket, "face:asha", wrong), http.StatusUnprocessableEntity, "face_not_live")
			if strings.Contains(r.Body.String(), "0.") {
				t.Errorf("the refusal tells a number: %s", r.Body)
			}
			return
		}
	})
	t.Run("again and again", func(*testing.T) {
		w.settings(map[string]any{"challenge": "always"})
		later(24 * time.Hour)
		for range hajir.SlowChallenge.Free + 1 {
			w.challenged(w.checkIn(kiosk, "face:bina"))
		}
		w.want(w.checkIn(kiosk, "face:bina"), http.StatusUnprocessableEntity, "face_not_live")
		w.challenged(w.checkIn(kiosk, "face:asha")) // it slows nobody else
		w.clock.Advance(hajir.SlowChallenge.First)
		ticket, step := w.challenged(w.checkIn(kiosk, "face:bina"))
		w.want(w.perform(kiosk, ticket, step, "bina"), http.StatusCreated, "")
	})
	t.Run("not asked", func(t *testing.T) {
		later(time.Hour)
		before := len(w.queue("open"))
		dry := w.want(w.send("/companies/acme/punches?dry_run=true", kiosk, facestest.Picture("face:bina")), http.StatusOK, "")
		if dry.json["username"] != "bina" || dry.json["recorded"] != false || len(w.queue("open")) != before {
			t.Errorf("a dry run: %s", dry.Body)
		}
		w.want(w.send("/companies/acme/punches?present=bina", kiosk, facestest.Picture("face:bina")), http.StatusOK, "")
		queued := w.want(w.checkIn(kiosk, "face:bina", "Queued", "true", "Claimed-At", w.clock.Now().Add(-time.Minute).Format(time.RFC3339)), http.StatusUnprocessableEntity, "face_challenge")
		if queued.json["challenge"] != nil {
			t.Errorf("of a queued punch: %s", queued.Body)
		}
	})
	t.Run("settings", func(t *testing.T) {
		admin := w.token("acme")
		w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"challenge": "sometimes"}), http.StatusUnprocessableEntity, "invalid")
		if r := w.want(w.call("GET", "/companies/acme", admin, nil), http.StatusOK, ""); r.json["challenge"] != "always" || r.json["challenge_model"] != "fake-eyes-1" {
			t.Errorf("the company: %s", r.Body)
		}
	})
}

// Of many who send the last pictures at once, one is recorded by them.
func TestChallengeIsMetOnceConcurrently(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.settings(map[string]any{"challenge": "always"})
	token := w.token("acme")
	ticket, _ := w.challenged(w.checkIn(token, "face:asha"))
	var step string
	for {
		r := w.move(token, ticket, "face:asha")
		c := r.json["challenge"].(map[string]any)
		if step = c["step"].(string); c["done"].(float64)+1 == c["steps"].(float64) {
			break
		}
		w.want(w.move(token, ticket, doing(step, "asha")...), http.StatusOK, "")
	}
	var mu sync.Mutex
	answers := map[int]int{}
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			r := w.move(token, ticket, doing(step, "asha")...)
			mu.Lock()
			defer mu.Unlock()
			answers[r.Code]++
		})
	}
	wg.Wait()
	if answers[http.StatusCreated] != 1 || answers[http.StatusConflict] != 5 || len(w.day("asha").Punches) != 1 {
		t.Errorf("%v, %d punches", answers, len(w.day("asha").Punches))
	}
}
