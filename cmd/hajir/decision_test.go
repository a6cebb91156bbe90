package main

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
)

// moment sends several pictures of one moment.
func (w *world) moment(token string, scripts ...string) reply {
	w.t.Helper()
	return w.upload("/companies/acme/punches", token, scripts)
}

// upload sends several pictures in one form.
func (w *world) upload(path, token string, scripts []string, headers ...string) reply {
	w.t.Helper()
	var buf bytes.Buffer
	m := multipart.NewWriter(&buf)
	for i, script := range scripts {
		part, err := m.CreateFormFile("picture", fmt.Sprint(i, ".jpg"))
		if err != nil {
			w.t.Fatal(err)
		}
		if _, err := part.Write(facestest.Picture(script)); err != nil {
			w.t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		w.t.Fatal(err)
	}
	return w.do(http.MethodPost, "/api/v1"+path, token, m.FormDataContentType(), &buf, headers...)
}

func (w *world) settings(change map[string]any) {
	w.t.Helper()
	w.want(w.call("PATCH", "/companies/acme", w.token("acme"), change), http.StatusOK, "")
}

// ticket is what a PIN can confirm after face_confirm.
func (w *world) ticket(r reply) string {
	w.t.Helper()
	w.want(r, http.StatusUnprocessableEntity, "face_confirm")
	confirm, _ := r.json["confirm"].(map[string]any)
	ticket, _ := confirm["ticket"].(string)
	if ticket == "" {
		w.t.Fatalf("no ticket: %s", r.Body)
	}
	return ticket
}

func (w *world) byTicket(token, who, pin, ticket string) reply {
	w.t.Helper()
	return w.call("POST", "/companies/acme/punches/pin", token, map[string]any{"who": who, "pin": pin, "ticket": ticket})
}

// queue returns the reviews that are open, or done.
func (w *world) queue(state string) []map[string]any {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/reviews?state="+state, w.token("acme"), nil), http.StatusOK, "")
	var all []map[string]any
	for _, one := range r.json["reviews"].([]any) {
		all = append(all, one.(map[string]any))
	}
	return all
}

func (w *world) objects(prefix string) (keys []string) {
	w.t.Helper()
	if err := w.bucket.Each(w.t.Context(), prefix, func(key string) error { keys = append(keys, key); return nil }); err != nil {
		w.t.Fatal(err)
	}
	return keys
}

func (w *world) day(username string) hajir.Day {
	w.t.Helper()
	d, err := w.db.Day(w.t.Context(), username, "2026-03-02")
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// Several pictures of one moment must agree; one that shows nobody agrees to
// nothing.
func TestPicturesOfAMomentAgree(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	token, _ := w.kiosk("acme")
	kiosk := w.token(token.Username)
	for _, tt := range []struct {
		scripts []string
		code    string
	}{
		{[]string{"face:asha", "none"}, "face_unknown"},
		{[]string{"face:asha", "face:bina"}, "face_contradicted"},
		{[]string{"face:asha", "face:bina", "face:asha"}, "face_contradicted"},
		{[]string{"none", "none"}, "face_none"},
		{[]string{"face:asha", "face:asha", "face:asha", "face:asha"}, "invalid"},
		{[]string{"face:asha", "damaged"}, "picture_invalid"},
	} {
		w.want(w.moment(kiosk, tt.scripts...), http.StatusUnprocessableEntity, tt.code)
		w.clock.Advance(time.Second)
	}
	w.want(w.moment(kiosk, "face:asha", "lookalike:asha~bina:0.01", "face:asha"), http.StatusCreated, "")
	d := w.day("asha").Punches[0].Decision
	if d.Frames != 3 || d.Agreed != 2 || d.Settings != 1 || d.Model != "fake-1" || d.LivenessModel != "fake-live-1" {
		t.Errorf("the decision: %+v", d)
	}
	var seen []string
	for _, r := range w.queue("open") {
		seen = append(seen, fmt.Sprintf("%v %v %v %v", r["kind"], r["code"], r["doubts"], r["frames"]))
	}
	want := []string{
		"punch <nil> [disagreement] 3", "refusal face_contradicted [] 2", "refusal face_unknown [] 2",
	}
	// Two contradictions by one device within a minute are one.
	if !slices.Equal(seen, want) {
		t.Errorf("the queue: %q, want %q", seen, want)
	}

	w.settings(map[string]any{"match_frames": 2})
	w.want(w.checkIn(kiosk, "face:bina"), http.StatusUnprocessableEntity, "frames_wanted")
	w.want(w.send("/companies/acme/punches?dry_run=true", kiosk, facestest.Picture("face:bina")), http.StatusOK, "")
	w.want(w.checkIn(w.token("acme"), "face:bina"), http.StatusCreated, "") // the admin is no kiosk
	w.want(w.moment(kiosk, "face:bina", "face:bina"), http.StatusOK, "")
}

// A kiosk for groups records everybody whom it knows, each once, and cuts each
// one's picture out.
func TestGroupAtAKiosk(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	for _, name := range []string{"asha", "bina", "chet", "dipa"} {
		w.person("acme", name)
	}
	device, _ := w.kiosk("acme")
	kiosk := w.token(device.Username)
	w.want(w.checkIn(kiosk, "face:asha,face:bina"), http.StatusUnprocessableEntity, "face_several")
	r := w.want(w.call("PATCH", "/companies/acme/kiosks/"+device.Username, admin, map[string]any{"mode": "group"}), http.StatusOK, "")
	if r.json["mode"] != "group" {
		t.Errorf("the kiosk: %s", r.Body)
	}
	w.want(w.call("PATCH", "/companies/acme/kiosks/"+device.Username, admin, map[string]any{"mode": "crowd"}), http.StatusUnprocessableEntity, "invalid")

	both := w.want(w.checkIn(kiosk, "face:asha,lookalike:chet~dipa:0.01,face:bina"), http.StatusCreated, "")
	var names []string
	for _, one := range both.json["people"].([]any) {
		p := one.(map[string]any)
		names = append(names, p["username"].(string))
		if p["recorded"] != true || p["picture_url"] == nil {
			t.Errorf("recorded as %v", p)
		}
	}
	if !slices.Equal(names, []string{"asha", "bina"}) || both.json["username"] != "asha" || both.json["group"] != true || len(both.json["faces"].([]any)) != 3 {
		t.Errorf("recorded %v: %s", names, both.Body)
	}
	offers := both.json["offers"].([]any)
	if len(offers) != 1 {
		t.Fatalf("offers: %v", offers)
	}
	w.pin("dipa", "2580")
	w.pin("asha", "1357")
	ticket := offers[0].(map[string]any)["ticket"].(string)
	w.want(w.byTicket(kiosk, "asha", "1357", ticket), http.StatusUnprocessableEntity, "confirm_other")
	w.want(w.byTicket(kiosk, "dipa", "2580", ticket), http.StatusCreated, "")
	// Who still stands there while others come is told, and not recorded again.
	w.clock.Advance(10 * time.Minute)
	kiosk = w.token(device.Username)
	w.person("acme", "esha")
	more := w.want(w.send("/companies/acme/punches?present=asha,bina", kiosk, facestest.Picture("face:asha,face:esha")), http.StatusCreated, "")
	if people := more.json["people"].([]any); len(people) != 2 || people[0].(map[string]any)["recorded"] != false || people[1].(map[string]any)["recorded"] != true {
		t.Errorf("asha lingers, esha comes: %s", more.Body)
	}
	if n := len(w.day("asha").Punches); n != 1 {
		t.Errorf("asha, who lingers, has %d punches", n)
	}
	// The admin's own page is for one at a time.
	w.want(w.checkIn(w.token("acme"), "face:asha,face:bina"), http.StatusUnprocessableEntity, "face_several")
	// Two faces like one person: neither is guessed, and neither is recorded twice.
	w.clock.Advance(time.Hour)
	w.ticket(w.checkIn(w.token(device.Username), "face:asha,face:asha"))
	if n := len(w.day("asha").Punches); n != 1 {
		t.Errorf("asha has %d punches", n)
	}
}

// A look-alike is asked for a PIN, and the punch keeps both.
func TestConfirmByPIN(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina", "chet"} {
		w.person("acme", name)
		w.pin(name, map[string]string{"asha": "2580", "bina": "1357", "chet": "8642"}[name])
	}
	device, _ := w.kiosk("acme")
	other, _ := w.kiosk("acme")
	kiosk := w.token(device.Username)
	look := func() string { return w.ticket(w.checkIn(kiosk, "lookalike:asha~bina:0.02")) }

	first := look()
	second := look() // half a second later: the same refusal, and its ticket is the newer
	if n := len(w.queue("open")); n != 1 {
		t.Errorf("%d reviews of one who stands there", n)
	}
	if n := len(w.objects("refusals/acme/")); n != 1 {
		t.Errorf("%d pictures of one who stands there", n)
	}
	w.want(w.byTicket(kiosk, "bina", "1357", first), http.StatusConflict, "confirm_expired")
	w.want(w.byTicket(w.token(other.Username), "bina", "1357", second), http.StatusConflict, "confirm_expired")
	w.want(w.byTicket(kiosk, "bina", "1357", "nonsense"), http.StatusConflict, "confirm_expired")
	w.want(w.byTicket(kiosk, "bina", "9753", second), http.StatusUnprocessableEntity, "pin_wrong")
	w.want(w.byTicket(kiosk, "chet", "8642", second), http.StatusUnprocessableEntity, "confirm_other")
	in := w.want(w.byTicket(kiosk, "bina", "1357", second), http.StatusCreated, "")
	if in.json["username"] != "bina" || in.json["direction"] != "entry" {
		t.Errorf("confirmed: %s", in.Body)
	}
	w.want(w.byTicket(kiosk, "bina", "1357", second), http.StatusConflict, "confirm_expired")

	p := w.day("bina").Punches[0]
	if d := p.Decision; p.Source != hajir.SourceKiosk || d.Confirmed != hajir.ByPIN || d.Username != "bina" || d.Score < 0.87 || d.Margin > 0 ||
		len(d.Candidates) != 3 || p.Picture == "" {
		t.Errorf("the punch: %+v", p)
	}
	if _, err := w.bucket.Get(t.Context(), p.Picture); err != nil || !strings.HasPrefix(p.Picture, "daily/acme/bina/") {
		t.Errorf("its picture %s: %v", p.Picture, err)
	}
	if n := len(w.objects("refusals/acme/")); n != 0 {
		t.Errorf("%d pictures of refusals are left", n)
	}
	queue := w.queue("open")
	if len(queue) != 1 || queue[0]["kind"] != "punch" || fmt.Sprint(queue[0]["doubts"]) != "[pin_confirmed]" || queue[0]["username"] != "bina" {
		t.Errorf("the queue: %v", queue)
	}
	month := w.call("GET", "/companies/acme/employees/bina/days?month=2026-03", w.token("acme"), nil)
	if !strings.Contains(month.Body.String(), `"confirmed":"pin"`) {
		t.Errorf("the month does not say so: %s", month.Body)
	}

	w.clock.Advance(time.Hour)
	kiosk = w.token(device.Username)
	late := look()
	w.clock.Advance(hajir.TicketLife)
	w.want(w.byTicket(kiosk, "asha", "2580", late), http.StatusConflict, "confirm_expired")
	// Guessing with tickets is slowed as without.
	for i := range hajir.SlowPerson.Free + 1 {
		w.want(w.byTicket(kiosk, "asha", strconv.Itoa(7530+i), look()), http.StatusUnprocessableEntity, "pin_wrong")
	}
	w.want(w.byTicket(kiosk, "asha", "2580", look()), http.StatusTooManyRequests, "rate_limited")
	// A dry run offers nothing, and keeps nothing.
	before := len(w.queue("open"))
	w.clock.Advance(time.Hour)
	dry := w.want(w.send("/companies/acme/punches?dry_run=true", w.token(device.Username), facestest.Picture("lookalike:asha~bina:0.02")),
		http.StatusUnprocessableEntity, "face_ambiguous")
	if dry.json["confirm"] != nil || len(w.queue("open")) != before {
		t.Errorf("a dry run: %s", dry.Body)
	}
}

// Of many who confirm with one ticket at once, one is recorded by it.
func TestTicketIsUsedOnceConcurrently(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina"} {
		w.person("acme", name)
		w.pin(name, "2580")
	}
	ticket := w.ticket(w.checkIn(w.token("acme"), "lookalike:asha~bina:0.02"))
	var mu sync.Mutex
	answers := map[int]int{}
	var wg sync.WaitGroup
	token := w.token("acme")
	for i := range 8 {
		wg.Go(func() {
			r := w.byTicket(token, []string{"asha", "bina"}[i%2], "2580", ticket)
			mu.Lock()
			defer mu.Unlock()
			answers[r.Code]++
		})
	}
	wg.Wait()
	punches := len(w.day("asha").Punches) + len(w.day("bina").Punches)
	if answers[http.StatusCreated] != 1 || punches != 1 {
		t.Errorf("%v, %d punches", answers, punches)
	}
}

// Liveness is off until it is measured and asked for; then it warns, or refuses
// without telling how near it was.
func TestLivenessPolicy(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	token := w.token("acme")
	r := w.want(w.checkIn(token, "live:asha:0.2"), http.StatusCreated, "")
	if _, told := r.json["liveness"]; told || len(w.queue("open")) != 0 { // nobody asked, and it costs time
		t.Errorf("off: %s", r.Body)
	}
	w.settings(map[string]any{"liveness": "warn", "min_liveness": 0.7})
	w.clock.Advance(time.Hour)
	token = w.token("acme")
	w.want(w.checkIn(token, "live:asha:0.6"), http.StatusCreated, "")
	queue := w.queue("open")
	if len(queue) != 1 || fmt.Sprint(queue[0]["doubts"]) != "[not_live]" || queue[0]["liveness"] != 0.6 || queue[0]["min_liveness"] != 0.7 || queue[0]["quality"] == nil {
		t.Errorf("warn: %v", queue)
	}
	w.settings(map[string]any{"liveness": "require"})
	w.clock.Advance(time.Hour)
	token = w.token("acme")
	r = w.want(w.checkIn(token, "live:asha:0.6"), http.StatusUnprocessableEntity, "face_not_live")
	if strings.Contains(r.Body.String(), "0.") {
		t.Errorf("the refusal tells a score: %s", r.Body)
	}
	w.want(w.checkIn(token, "photo:asha"), http.StatusUnprocessableEntity, "face_not_live")
	w.want(w.checkIn(token, "live:asha:0.7"), http.StatusCreated, "")
	for _, bad := range []map[string]any{{"liveness": "maybe"}, {"min_liveness": 0}, {"match_doubt": 1}, {"match_frames": 4}, {"refusal_days": 31}} {
		w.want(w.call("PATCH", "/companies/acme", token, bad), http.StatusUnprocessableEntity, "invalid")
	}
}

// What was refused is kept for a while, once for somebody who stands there, and
// not what is noise.
func TestRefusalsAreKept(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	device, _ := w.kiosk("acme")
	kiosk := w.token(device.Username)
	for _, noise := range []string{"none", "small:asha", "face:asha,face:nobody", "damaged"} {
		w.checkIn(kiosk, noise)
	}
	w.send("/companies/acme/punches?dry_run=true", kiosk, facestest.Picture("face:nobody"))
	if queue := w.queue("open"); len(queue) != 0 {
		t.Fatalf("noise is kept: %v", queue)
	}
	for range 30 { // for a quarter of a minute
		w.want(w.checkIn(kiosk, "face:nobody"), http.StatusUnprocessableEntity, "face_unknown")
		w.clock.Advance(500 * time.Millisecond)
	}
	queue := w.queue("open")
	if len(queue) != 1 || queue[0]["count"] != 30.0 || queue[0]["code"] != "face_unknown" || queue[0]["place"] != "Front door" || queue[0]["picture_url"] == nil {
		t.Fatalf("the queue: %v", queue)
	}
	if n := len(w.objects("refusals/acme/")); n != 1 {
		t.Errorf("%d pictures", n)
	}
	picture := w.do("GET", queue[0]["picture_url"].(string), "", "", http.NoBody)
	if picture.Code != http.StatusOK || !strings.HasPrefix(picture.Body.String(), "\xff\xd8") {
		t.Errorf("the picture: %d", picture.Code)
	}
	w.clock.Advance(2 * time.Minute)
	w.checkIn(kiosk, "face:nobody") // comes back
	if n := len(w.queue("open")); n != 2 {
		t.Errorf("%d reviews after they came back", n)
	}
	// After two weeks they are forgotten.
	for _, tt := range []struct{ days, want int }{{13, 2}, {2, 0}} {
		w.clock.Advance(time.Duration(tt.days) * 24 * time.Hour)
		if err := w.reviews.Forget(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n, pictures := len(w.queue("open")), len(w.objects("refusals/acme/")); n != tt.want || pictures != tt.want {
			t.Errorf("%d more days: %d reviews, %d pictures, want %d", tt.days, n, pictures, tt.want)
		}
	}
	w.settings(map[string]any{"refusal_days": 0})
	w.checkIn(w.token("acme"), "face:nobody")
	if n := len(w.queue("open")); n != 0 {
		t.Errorf("%d refusals are kept although the company wants none", n)
	}
}

// Who may not be recognised and uses a PIN leaves no refused face behind.
func TestRefusedFaceOfWhoDeclined(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.add(hajir.Employee{Username: "bina", Company: "acme"})
	w.pin("asha", "2580")
	w.pin("bina", "1357")
	device, _ := w.kiosk("acme")
	other, _ := w.kiosk("acme")
	kiosk := w.token(device.Username)
	w.checkIn(w.token(other.Username), "face:somebody")
	w.checkIn(kiosk, "face:bina") // before the camera, on her way to the PIN pad
	w.want(w.byPIN(kiosk, "asha", "2580"), http.StatusCreated, "")
	if n := len(w.queue("open")); n != 2 {
		t.Fatalf("%d reviews after somebody else's PIN", n)
	}
	w.want(w.byPIN(kiosk, "bina", "1357"), http.StatusCreated, "")
	if n, pictures := len(w.queue("open")), len(w.objects("refusals/acme/")); n != 1 || pictures != 1 {
		t.Errorf("%d reviews and %d pictures, want the other kiosk's", n, pictures)
	}
}
