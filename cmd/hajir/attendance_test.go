package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/faces/facestest"
)

func TestPunchesThroughADay(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	device, _ := w.kiosk("acme")

	in := w.want(w.checkIn(w.token(device.Username), "face:asha"), http.StatusCreated, "")
	for key, want := range map[string]any{
		"username": "asha", "name": "Asha", "date": "2026-03-02", "at": "2026-03-02T09:00:00+05:45", "direction": "entry",
		"recorded": true, "repeated": false, "score": facestest.FakeSame, "threshold": facestest.FakeThreshold,
	} {
		if in.json[key] != want {
			t.Errorf("%s = %v, want %v", key, in.json[key], want)
		}
	}
	w.clock.Advance(time.Minute)
	again := w.want(w.checkIn(w.token(device.Username), "face:asha#another picture"), http.StatusOK, "")
	if again.json["repeated"] != true || again.json["at"] != in.json["at"] || again.json["direction"] != "entry" {
		t.Errorf("within the repeat window: %s", again.Body)
	}
	w.clock.Advance(8 * time.Hour)
	dry := w.want(w.send("/companies/acme/punches?dry_run=true", w.token(device.Username), facestest.Picture("face:asha")), http.StatusOK, "")
	if dry.json["recorded"] != false || dry.json["direction"] != "exit" || dry.json["picture_url"] != nil {
		t.Errorf("dry run: %s", dry.Body)
	}
	out := w.want(w.checkIn(w.token(device.Username), "face:asha"), http.StatusCreated, "")
	if out.json["direction"] != "exit" {
		t.Errorf("the second punch: %s", out.Body)
	}

	month := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-03", w.token("acme"), nil), http.StatusOK, "")
	var got struct {
		Days []struct {
			Date          string
			DayStatus     string `json:"day_status"`
			WorkedSeconds int    `json:"worked_seconds"`
			Punches       []struct {
				Direction, Source, By, Place string
				Score                        float64
				PictureURL                   string `json:"picture_url"`
			}
		}
	}
	if err := json.Unmarshal(month.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Days) != 31 {
		t.Fatalf("%d days of March: %s", len(got.Days), month.Body)
	}
	day := got.Days[1]
	if day.Date != "2026-03-02" || day.DayStatus != "present" || day.WorkedSeconds != 8*3600+60 || len(day.Punches) != 2 {
		t.Fatalf("the day: %+v", day)
	}
	if before, after := got.Days[0], got.Days[2]; before.DayStatus != "none" || after.DayStatus != "expected" || len(before.Punches)+len(after.Punches) > 0 {
		t.Errorf("the day before: %+v, and after: %+v", before, after)
	}
	if p := day.Punches[1]; p.Direction != "exit" || p.Source != "kiosk" || !strings.HasPrefix(p.By, "kiosk-") || p.Place != "Front door" || p.Score != facestest.FakeSame {
		t.Errorf("the exit: %+v", p)
	}
	board := w.want(w.call("GET", "/companies/acme/board", w.token("acme"), nil), http.StatusOK, "")
	if s := board.Body.String(); !strings.Contains(s, `"status":"out"`) || !strings.Contains(s, `"counts":{"total":1,"in":0,"out":1,"absent":0,"off":0,"late":0,"missing_exits":0}`) {
		t.Errorf("the board: %s", s)
	}

	// The picture opens by its link while that lasts; nobody but the admin is
	// given one later.
	link := day.Punches[0].PictureURL
	picture := w.do("GET", link, "", "", http.NoBody)
	if picture.Code != http.StatusOK || picture.Header().Get("Content-Type") != "image/jpeg" || !strings.HasPrefix(picture.Body.String(), "\xff\xd8") {
		t.Errorf("the picture: %d %s", picture.Code, picture.Header())
	}
	own := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-03", w.token("asha"), nil), http.StatusOK, "")
	if strings.Contains(own.Body.String(), "picture_url") {
		t.Errorf("an employee is shown daily images: %s", own.Body)
	}
}

func TestRefusalsRecordNothing(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	for script, code := range map[string]string{
		"none":                     "face_none",
		"face:asha,face:bina":      "face_several",
		"small:asha":               "face_small",
		"face:nobody":              "face_unknown",
		"lookalike:asha~bina:0.02": "face_confirm",
	} {
		w.want(w.checkIn(w.token("acme"), script), http.StatusUnprocessableEntity, code)
	}
	w.want(w.checkIn(w.token("acme"), "lookalike:asha~bina:0.06"), http.StatusCreated, "")
	w.want(w.call("PATCH", "/companies/acme/employees/bina", w.token("acme"), map[string]any{"active": false}), http.StatusOK, "")
	w.want(w.checkIn(w.token("acme"), "face:bina"), http.StatusUnprocessableEntity, "face_unknown")
	board := w.call("GET", "/companies/acme/board", w.token("acme"), nil)
	if !strings.Contains(board.Body.String(), `"counts":{"total":1,"in":1,"out":0,"absent":0,`) {
		t.Errorf("the board: %s", board.Body)
	}
	// A person who left is no look-alike any more.
	w.clock.Advance(time.Hour)
	w.want(w.checkIn(w.token("acme"), "lookalike:asha~bina:0.02"), http.StatusCreated, "")
}

func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.clock.Advance(14*time.Hour + 50*time.Minute) // 23:50 in Kathmandu
	first := w.want(w.checkIn(w.token("acme"), "face:asha", "Idempotency-Key", "k1"), http.StatusCreated, "")
	w.clock.Advance(11 * time.Hour) // another day, and too late for an exit
	again := w.want(w.checkIn(w.token("acme"), "face:asha", "Idempotency-Key", "k1"), http.StatusOK, "")
	if again.json["at"] != first.json["at"] || again.json["date"] != "2026-03-02" {
		t.Errorf("the same key: %s", again.Body)
	}
	next := w.want(w.checkIn(w.token("acme"), "face:asha", "Idempotency-Key", "k2"), http.StatusCreated, "")
	if next.json["date"] != "2026-03-03" || next.json["direction"] != "entry" {
		t.Errorf("another key: %s", next.Body)
	}
}

// The repeat window does not end at midnight.
func TestRepeatAcrossMidnight(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.clock.Advance(14*time.Hour + 59*time.Minute + 30*time.Second) // 23:59:30 in Kathmandu
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	w.clock.Advance(time.Minute)
	if again := w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusOK, ""); again.json["date"] != "2026-03-02" {
		t.Errorf("half a minute after midnight: %s", again.Body)
	}
}

// A hundred concurrent pictures of one person are one punch, and every picture
// but one is gone.
func TestHundredConcurrentPunchesAreOne(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	var wg sync.WaitGroup
	var mu sync.Mutex
	created, repeated := 0, 0
	at := map[any]bool{}
	for i := range 100 {
		wg.Go(func() {
			r := w.insist(token, fmt.Sprintf("face:asha#%d", i))
			mu.Lock()
			defer mu.Unlock()
			at[r.json["at"]] = true
			switch r.Code {
			case http.StatusCreated:
				created++
			case http.StatusOK:
				repeated++
			default:
				t.Errorf("%d: %s", r.Code, r.Body)
			}
		})
	}
	wg.Wait()
	if created != 1 || repeated != 99 || len(at) != 1 {
		t.Errorf("%d created, %d repeated at %d times", created, repeated, len(at))
	}
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil || len(day.Punches) != 1 {
		t.Errorf("%d punches, %v", len(day.Punches), err)
	}
	if n := w.countObjects(); n != 4 { // three sizes of the enrolment, one of the punch
		t.Errorf("%d pictures are kept, want 4", n)
	}
}

// The board's stream begins with the whole board and then tells each punch.
func TestBoardStream(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	srv := httptest.NewServer(w.handler)
	defer srv.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/api/v1/companies/acme/board/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	next := func() (event, data string) {
		for lines.Scan() {
			key, value, _ := strings.Cut(lines.Text(), ": ")
			switch key {
			case "event":
				event = value
			case "data":
				return event, value
			}
		}
		t.Fatalf("the stream ended: %v", lines.Err())
		return "", ""
	}
	if event, data := next(); event != "board" || !strings.Contains(data, `"absent":1`) {
		t.Fatalf("first event %s: %s", event, data)
	}
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "")
	event, data := next()
	if event != "entry" || !strings.Contains(data, `"in":1`) || !strings.Contains(data, `"username":"asha"`) || !strings.Contains(data, `"status":"in"`) {
		t.Fatalf("second event %s: %s", event, data)
	}
	w.hub.Close()
	if lines.Scan(); lines.Err() != nil {
		t.Errorf("the stream did not end in order: %v", lines.Err())
	}
}
