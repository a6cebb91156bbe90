package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/roster"
)

func (w *world) judge(review map[string]any, decision, username string) reply {
	w.t.Helper()
	body := map[string]any{"decision": decision, "version": review["version"]}
	if username != "" {
		body["username"] = username
	}
	return w.call("POST", "/companies/acme/reviews/"+review["id"].(string)+"/decision", w.token("acme"), body)
}

// openReview is the only one that waits.
func (w *world) openReview() map[string]any {
	w.t.Helper()
	queue := w.queue("open")
	if len(queue) != 1 {
		w.t.Fatalf("%d reviews wait: %v", len(queue), queue)
	}
	return queue[0]
}

// doubtful records asha with a score just above the threshold.
func (w *world) doubtful() map[string]any {
	w.t.Helper()
	w.want(w.checkIn(w.token("acme"), "score:asha:0.52"), http.StatusCreated, "")
	return w.openReview()
}

func TestQueueShowsWhatThereIsToSee(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	w.add(hajir.Employee{Username: "anil", Company: "acme", Role: hajir.RoleAuditor})
	r := w.doubtful()
	for key, want := range map[string]any{
		"kind": "punch", "username": "asha", "name": "Asha", "date": "2026-03-02", "direction": "entry", "score": 0.52, "threshold": 0.5,
		"at": "2026-03-02T09:00:00+05:45", "state": "open", "frames": 1.0, "agreed": 1.0,
	} {
		if r[key] != want {
			t.Errorf("%s = %v, want %v", key, r[key], want)
		}
	}
	if fmt.Sprint(r["doubts"]) != "[low_score]" {
		t.Errorf("doubts: %v", r["doubts"])
	}
	first := r["candidates"].([]any)[0].(map[string]any)
	for what, link := range map[string]any{"punch": r["picture_url"], "enrolled": first["face_url"]} {
		picture := w.do("GET", fmt.Sprint(link), "", "", http.NoBody)
		if picture.Code != http.StatusOK || !strings.HasPrefix(picture.Body.String(), "\xff\xd8") {
			t.Errorf("the %s picture: %d", what, picture.Code)
		}
	}
	// An auditor reads without pictures, and decides nothing.
	read := w.want(w.call("GET", "/companies/acme/reviews", w.token("anil"), nil), http.StatusOK, "")
	if s := read.Body.String(); strings.Contains(s, "_url") || !strings.Contains(s, `"name":"Asha"`) {
		t.Errorf("an auditor reads %s", s)
	}
	// Who has withdrawn has no name and no face here any more.
	w.want(w.call("POST", "/companies/acme/employees/bina/consent/paper", w.token("acme"), map[string]any{"state": "withdrawn"}), http.StatusOK, "")
	if s := fmt.Sprint(w.openReview()["candidates"]); strings.Contains(s, "bina") || strings.Contains(s, "Bina") {
		t.Errorf("bina is named: %s", s)
	}
	w.want(w.call("GET", "/companies/acme/reviews?cursor=~&limit=1", w.token("acme"), nil), http.StatusOK, "")
}

func TestReviewPages(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	for range 5 {
		w.want(w.checkIn(w.token("acme"), "score:asha:0.52"), http.StatusCreated, "")
		w.clock.Advance(time.Hour)
	}
	seen, cursor := 0, ""
	for {
		r := w.want(w.call("GET", "/companies/acme/reviews?limit=2&cursor="+cursor, w.token("acme"), nil), http.StatusOK, "")
		seen += len(r.json["reviews"].([]any))
		if r.json["open"] != 5.0 {
			t.Errorf("open: %v", r.json["open"])
		}
		if cursor, _ = r.json["next_cursor"].(string); cursor == "" {
			break
		}
	}
	if seen != 5 {
		t.Errorf("%d reviews in pages of two", seen)
	}
}

func TestConfirmAndReject(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	r := w.doubtful()
	w.want(w.judge(r, "confirm", "asha"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.judge(r, "perhaps", ""), http.StatusUnprocessableEntity, "invalid")
	w.want(w.judge(map[string]any{"id": r["id"], "version": 7}, "confirm", ""), http.StatusConflict, "conflict")
	w.want(w.judge(map[string]any{"id": "none", "version": 1}, "confirm", ""), http.StatusNotFound, "not_found")
	w.want(w.judge(r, "confirm", ""), http.StatusOK, "")
	done := w.queue("done")
	if len(w.queue("open")) != 0 || len(done) != 1 || done[0]["state"] != "confirmed" || done[0]["done_by"] != "acme" || done[0]["done_at"] != "2026-03-02T09:00:00+05:45" {
		t.Errorf("done: %v", done)
	}
	w.want(w.judge(done[0], "reject", ""), http.StatusConflict, "conflict")
	if d := w.day("asha"); len(d.Punches) != 1 || len(d.Rejected) != 0 {
		t.Errorf("confirmed: %+v", d)
	}

	w.clock.Advance(8 * time.Hour)
	w.want(w.judge(w.doubtful(), "reject", ""), http.StatusOK, "")
	w.clock.Advance(30 * time.Second) // the repeat window does not hold for what was rejected
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	d := w.day("asha")
	if len(d.Punches) != 2 || len(d.Rejected) != 1 || d.Punches[1].Direction != hajir.Exit {
		t.Fatalf("rejected: %+v", d)
	}
	if out := d.Rejected[0]; out.Rejected.By != "acme" || out.Rejected.To != "" || out.Picture == "" {
		t.Errorf("the rejected punch: %+v", out)
	}
	month := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-03", w.token("acme"), nil), http.StatusOK, "")
	if s := month.Body.String(); !strings.Contains(s, `"rejected_by":"acme"`) || !strings.Contains(s, fmt.Sprintf(`"worked_seconds":%d`, 8*3600+30)) {
		t.Errorf("the month: %s", s)
	}
	audit := w.want(w.call("GET", "/companies/acme/audit?operation=decide-review", w.token("acme"), nil), http.StatusOK, "")
	for _, want := range []string{`"table":"Recognition_reviews"`, `"table":"Employee"`, `"state":"rejected"`, `"state":"confirmed"`, `"person":"asha"`} {
		if !strings.Contains(audit.Body.String(), want) {
			t.Errorf("the audit log has no %s", want)
		}
	}
}

// A punch that is somebody else's moves to their day with its picture, as of then,
// and both days come out as if it had been so from the start.
func TestReassign(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina"} {
		w.person("acme", name)
	}
	w.add(hajir.Employee{Username: "anil", Company: "acme", Role: hajir.RoleAuditor})
	w.company("other")
	w.person("other", "olga")
	r := w.doubtful() // 09:00, and it is bina
	w.clock.Advance(time.Hour)
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "") // asha comes, and goes, as it seems
	w.clock.Advance(8 * time.Hour)
	w.want(w.checkIn(w.token("acme"), "face:bina"), http.StatusCreated, "") // bina goes, and comes, as it seems
	for who, code := range map[string]string{"asha": "invalid", "": "invalid", "nobody": "not_found", "olga": "not_found", "anil": "conflict"} {
		status := map[string]int{"invalid": 422, "not_found": 404, "conflict": 409}[code]
		w.want(w.judge(r, "reassign", who), status, code)
	}
	was := w.day("asha").Punches[0].Picture
	w.want(w.judge(r, "reassign", "bina"), http.StatusOK, "")

	asha, bina := w.day("asha"), w.day("bina")
	if len(asha.Punches) != 1 || asha.Punches[0].Direction != hajir.Entry || len(asha.Rejected) != 1 || asha.Rejected[0].Rejected.To != "bina" || asha.Rejected[0].Picture != "" {
		t.Errorf("asha: %+v", asha)
	}
	if len(bina.Punches) != 2 || bina.Punches[0].Direction != hajir.Entry || bina.Punches[1].Direction != hajir.Exit {
		t.Fatalf("bina: %+v", bina)
	}
	p := bina.Punches[0]
	if d := p.Decision; d.Username != "bina" || d.Confirmed != hajir.ByReview || p.At.Format("15:04") != "03:15" || !strings.HasPrefix(p.Picture, "daily/acme/bina/") {
		t.Errorf("bina's punch: %+v", p)
	}
	if _, err := w.bucket.Get(t.Context(), p.Picture); err != nil {
		t.Errorf("its picture: %v", err)
	}
	if _, err := w.bucket.Get(t.Context(), was); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("asha's picture of bina: %v", err)
	}
	done := w.queue("done")[0]
	if done["state"] != "reassigned" || done["to"] != "bina" || done["to_name"] != "Bina" || done["username"] != "asha" {
		t.Errorf("done: %v", done)
	}
}

// savesOne saves one day, and then breaks.
type savesOne struct {
	roster.Store
	saved bool
}

func (s *savesOne) SaveDay(ctx context.Context, d hajir.Day) error {
	if s.saved {
		return errors.New("the disk is full")
	}
	s.saved = true
	return s.Store.SaveDay(ctx, d)
}

// What was cut off between two records is finished by deciding the same again,
// and by nothing else.
func TestDecisionThatWasCutOff(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	r := w.doubtful()
	w.reviews.Book.Store = &savesOne{Store: w.db} // bina's day, and not asha's
	if again := w.judge(r, "reassign", "bina"); again.Code != http.StatusInternalServerError {
		t.Fatalf("%d: %s", again.Code, again.Body)
	}
	w.reviews.Book.Store = w.db
	r = w.openReview()
	w.want(w.judge(r, "reject", ""), http.StatusConflict, "conflict")
	w.want(w.judge(r, "reassign", "bina"), http.StatusOK, "")
	if asha, bina := w.day("asha"), w.day("bina"); len(asha.Punches) != 0 || len(asha.Rejected) != 1 || len(bina.Punches) != 1 {
		t.Errorf("asha %+v\nbina %+v", asha, bina)
	}
	if n := len(w.objects("daily/acme/")); n != 1 {
		t.Errorf("%d daily pictures", n)
	}
}

// A refusal becomes the punch of whom the admin knows, or is dismissed.
func TestRefusalsAreGivenOrDismissed(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.add(hajir.Employee{Username: "bina", Company: "acme"}) // who was never asked about her face
	device, _ := w.kiosk("acme")
	w.checkIn(w.token(device.Username), "face:asha in a mask")
	r := w.openReview()
	w.want(w.judge(r, "confirm", ""), http.StatusUnprocessableEntity, "invalid")
	w.clock.Advance(time.Hour)
	w.want(w.judge(r, "reassign", "asha"), http.StatusOK, "")
	p := w.day("asha").Punches[0]
	if p.At.Format("15:04") != "03:15" || p.Source != hajir.SourceKiosk || p.Place != "Front door" || p.Decision.Confirmed != hajir.ByReview || p.Picture == "" {
		t.Errorf("asha's punch: %+v", p)
	}
	w.checkIn(w.token(device.Username), "face:somebody")
	w.want(w.judge(w.openReview(), "reassign", "bina"), http.StatusOK, "")
	if p := w.day("bina").Punches[0]; p.Picture != "" {
		t.Errorf("a picture of bina is kept: %+v", p)
	}
	if n := len(w.objects("refusals/acme/")); n != 0 {
		t.Errorf("%d pictures of refusals", n)
	}
	w.clock.Advance(time.Hour)
	w.checkIn(w.token(device.Username), "face:a stranger")
	w.want(w.judge(w.openReview(), "reject", ""), http.StatusOK, "")
	if n := len(w.objects("refusals/acme/")); n != 1 {
		t.Errorf("%d pictures: that of who was refused stays until it expires", n)
	}
}

// Erasure takes a person's name out of refusals, and the pictures that were taken
// for theirs.
func TestErasureReachesReviews(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	for _, name := range []string{"asha", "bina", "chet"} {
		w.person("acme", name)
	}
	w.settings(map[string]any{"retention_days": 0, "refusal_days": 30})
	w.checkIn(w.token("acme"), "lookalike:asha~bina:0.01") // may be asha
	w.clock.Advance(time.Hour)
	w.checkIn(w.token("acme"), "face:a stranger") // may be nobody of them
	w.clock.Advance(time.Hour)
	w.want(w.checkIn(w.token("acme"), "score:asha:0.52"), http.StatusCreated, "")
	rejected := w.queue("open")[0]
	w.want(w.judge(rejected, "reject", ""), http.StatusOK, "")
	w.want(w.call("POST", "/companies/acme/employees/asha/consent/paper", w.token("acme"), map[string]any{"state": "withdrawn"}), http.StatusOK, "")
	w.clock.Advance(24 * time.Hour)
	if err := w.sweep(t.Context(), w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if n := len(w.objects("refusals/acme/")); n != 1 {
		t.Errorf("%d pictures of refusals, want the stranger's", n)
	}
	if n := len(w.objects("daily/acme/asha/")); n != 0 {
		t.Errorf("%d daily pictures of asha", n)
	}
	for _, open := range []bool{true, false} {
		all, err := w.db.Reviews(t.Context(), "acme", open, "", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if s := fmt.Sprint(r.Decision.Candidates, r.Ask); strings.Contains(s, "asha") {
				t.Errorf("a refusal names asha: %s", s)
			}
		}
	}
	if out := w.day("asha").Rejected[0]; out.Picture != "" || !out.PictureErased {
		t.Errorf("the rejected punch: %+v", out)
	}
	x, err := w.db.Erasure(t.Context(), "asha", 1)
	if err != nil || x.DailyPictures != 2 {
		t.Errorf("the receipt counts %d pictures, want that of the punch and that of the refusal (%v)", x.DailyPictures, err)
	}
}

// What is told to a person of themselves has the looks at their punches, and those
// that do not count.
func TestDownloadHasReviews(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	w.want(w.judge(w.doubtful(), "reject", ""), http.StatusOK, "")
	data := string(unpack(t, w.call("GET", ashasData, w.token("asha"), nil).Body.Bytes())["data.json"])
	for _, want := range []string{`"reviews"`, `"low_score"`, `"state": "rejected"`, `"rejected_by": "acme"`} {
		if !strings.Contains(data, want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	if strings.Contains(data, "bina") {
		t.Errorf("it names bina: %s", data)
	}
}
