package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/correction"
	"hajir/internal/hajir"
)

// team is a company with asha, who reports to mona, and bina, who reports to
// nobody; asha came on 2 March at 10:00 and on 3 March at 10:00 and 17:00, and it
// is noon on the 4th. Her shift is from 10:00 to 17:00.
type team struct{ *world }

func newTeam(t *testing.T) team {
	w := team{newWorld(t)}
	admin := w.company("acme")
	w.add(hajir.Employee{Username: "mona", Company: "acme", Role: hajir.RoleManager, Email: "mona@example.com"})
	w.add(hajir.Employee{Username: "lena", Company: "acme", Role: hajir.RoleManager})
	w.add(hajir.Employee{Username: "asha", Company: "acme", Manager: "mona", Email: "asha@example.com"})
	w.add(hajir.Employee{Username: "bina", Company: "acme"})
	w.want(w.roster(admin, "asha", "2026-03-01", "2026-03-20", w.shift(admin, "Day", "10:00", "17:00")), http.StatusOK, "")
	for _, at := range []string{"2026-03-02 10:00", "2026-03-03 10:00", "2026-03-03 17:00"} {
		w.punched("asha", at)
	}
	w.set("2026-03-04 12:00")
	return w
}

// punched records a punch as a kiosk's would be, at a time in Kathmandu.
func (w team) punched(username, at string) string {
	w.t.Helper()
	w.set(at)
	c, err1 := w.db.Company(w.t.Context(), "acme")
	e, err2 := w.db.Employee(w.t.Context(), username)
	around, err3 := w.closing.Book.Around(w.t.Context(), c, e, w.clock.Now())
	if err := errors.Join(err1, err2, err3); err != nil {
		w.t.Fatal(err)
	}
	days, err := around.Days(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	p := hajir.Punch{ID: username + " " + at, At: w.clock.Now().UTC(), Source: hajir.SourceKiosk, By: "k", Place: "Front door", Key: at}
	changed, _, _ := around.Place(days, p)
	if err := around.Save(w.t.Context(), changed); err != nil {
		w.t.Fatal(err)
	}
	return p.ID
}

// at is a time in Kathmandu as the API takes it.
func at(local string) string { return strings.Replace(local, " ", "T", 1) + ":00+05:45" }

type changes []map[string]any

func add(direction, local string) map[string]any {
	return map[string]any{"direction": direction, "at": at(local)}
}

func move(id, local string) map[string]any { return map[string]any{"punch_id": id, "at": at(local)} }

func remove(id string) map[string]any { return map[string]any{"punch_id": id} }

func (w team) ask(who, date string, c ...map[string]any) reply {
	w.t.Helper()
	return w.call("POST", "/companies/acme/employees/"+who+"/days/"+date+"/corrections", w.token(who), map[string]any{"reason": "I forgot", "changes": changes(c)})
}

func (w team) asked(who, date string, c ...map[string]any) string {
	w.t.Helper()
	return fmt.Sprint(w.want(w.ask(who, date, c...), http.StatusCreated, "").json["id"])
}

func (w team) edit(date string, c ...map[string]any) reply {
	w.t.Helper()
	return w.call("POST", "/companies/acme/employees/asha/days/"+date+"/edits", w.token("acme"), map[string]any{"reason": "she told me", "changes": changes(c)})
}

func (w team) rule(by, who, date, id string, approve bool, note string) reply {
	w.t.Helper()
	return w.call("POST", "/companies/acme/employees/"+who+"/days/"+date+"/corrections/"+id+"/decision", w.token(by),
		map[string]any{"approve": approve, "note": note})
}

// of describes a day as its person sees it: its punches and what it comes to.
func (w team) of(who, date string) string {
	w.t.Helper()
	d := w.full(who, date)
	var parts []string
	for _, p := range d.Punches {
		parts = append(parts, p.At[11:16]+" "+p.Source)
	}
	parts = append(parts, d.DayStatus)
	if d.Overtime > 0 {
		parts = append(parts, "overtime "+(time.Duration(d.Overtime)*time.Second).String())
	}
	parts = append(parts, d.Flags...)
	for _, p := range d.Removed {
		parts = append(parts, "not "+p.Punch.At[11:16])
	}
	return strings.Join(parts, ", ")
}

type fullDay struct {
	Date      string
	DayStatus string `json:"day_status"`
	Overtime  int    `json:"overtime_seconds"`
	Flags     []string
	Punches   []struct {
		ID, At, Direction, Source, By string
		CorrectionID                  string `json:"correction_id"`
	}
	Removed []struct {
		Punch struct {
			ID, At, Source, Place string
			PictureURL            string `json:"picture_url"`
			PictureErased         bool   `json:"picture_erased"`
		}
		RemovedBy string `json:"removed_by"`
	}
	Corrections []struct {
		ID, State, Reason string
		Edit              bool
		Before, After     []struct{ At, Source string }
		History           []struct {
			Action, Note string
			ByName       string `json:"by_name"`
			ForName      string `json:"for_name"`
		}
	}
}

func (w team) full(who, date string, by ...string) fullDay {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/employees/"+who+"/days?month="+date[:7], w.token(append(by, who)[0]), nil), http.StatusOK, "")
	var got struct{ Days []fullDay }
	if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
		w.t.Fatal(err)
	}
	for _, d := range got.Days {
		if d.Date == date {
			return d
		}
	}
	w.t.Fatalf("there is no %s", date)
	return fullDay{}
}

func (w team) waiting(who string) []map[string]any {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/corrections/waiting", w.token(who), nil), http.StatusOK, "")
	var all []map[string]any
	for _, c := range r.json["corrections"].([]any) {
		all = append(all, c.(map[string]any))
	}
	return all
}

// Case 11, by the employee's way: they ask, their manager sees the day now and
// after, approves, and overtime and status are derived anew; who, when, why,
// before and after stay with the day.
func TestCase11CorrectionFromRequestToDay(t *testing.T) {
	w := newTeam(t)
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, present, missing_exit" {
		t.Fatalf("before: %s", got)
	}
	id := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:50"))
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, present, missing_exit" {
		t.Errorf("while it waits: %s", got)
	}
	w.want(w.ask("asha", "2026-03-02", add("exit", "2026-03-02 17:51")), http.StatusConflict, "conflict")
	for who, want := range map[string]int{"mona": 1, "lena": 0, "acme": 0, "bina": 0} {
		if n := len(w.waiting(who)); n != want {
			t.Errorf("%d wait for %s, want %d", n, who, want)
		}
	}
	waits := w.waiting("mona")[0]
	if before, after := waits["before"].([]any), waits["after"].([]any); len(before) != 1 || len(after) != 2 || waits["problem"] != nil || waits["name"] != "Asha" {
		t.Errorf("mona sees %v", waits)
	}
	for who, status := range map[string]int{"lena": http.StatusNotFound, "bina": http.StatusNotFound, "asha": http.StatusForbidden} {
		if r := w.rule(who, "asha", "2026-03-02", id, true, ""); r.Code != status {
			t.Errorf("%s decides: %d %s", who, r.Code, r.Body)
		}
	}
	if err := w.notify.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want(w.rule("mona", "asha", "2026-03-02", id, false, " "), http.StatusUnprocessableEntity, "invalid")
	w.want(w.rule("mona", "asha", "2026-03-02", id, true, ""), http.StatusOK, "")
	w.want(w.rule("mona", "asha", "2026-03-02", id, true, ""), http.StatusConflict, "conflict")
	w.want(w.rule("acme", "asha", "2026-03-02", id, false, "no"), http.StatusConflict, "conflict")
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, 17:50 correction, present, overtime 45m0s, corrected" {
		t.Errorf("after: %s", got)
	}
	d := w.full("asha", "2026-03-02", "mona")
	c := d.Corrections[0]
	if p := d.Punches[1]; p.By != "mona" || p.CorrectionID != id || p.Direction != "exit" {
		t.Errorf("the punch: %+v", p)
	}
	if c.State != "approved" || c.Reason != "I forgot" || len(c.Before) != 1 || len(c.After) != 2 || c.After[1].At != at("2026-03-02 17:50") ||
		len(c.History) != 2 || c.History[0].ByName != "Asha" || c.History[1].Action != "approved" || c.History[1].ByName != "Mona" {
		t.Errorf("the history: %+v", c)
	}
	if len(w.waiting("mona")) != 0 {
		t.Error("it waits still")
	}
	if err := w.notify.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	mails := w.mails()
	monas, ashas := strings.Join(mails["mona@example.com"], ""), strings.Join(mails["asha@example.com"], "")
	if !strings.Contains(monas, "Asha asks for a correction of Monday, 18 Falgun 2082 (2 March 2026)") ||
		!strings.Contains(monas, "add an exit at 17:50") || !strings.Contains(ashas, "is approved, by Mona") {
		t.Errorf("mails: %v", mails)
	}
}

// Case 11, by the admin's way: punches are added, moved and removed at once;
// what was is readable as removed, and the log tells of it.
func TestCase11AdminEditsADay(t *testing.T) {
	w := newTeam(t)
	w.admin = "" // the log is read with a token of its own
	begun := len(w.auditOf(""))
	w.want(w.edit("2026-03-03", move("asha 2026-03-03 17:00", "2026-03-03 18:10")), http.StatusCreated, "")
	if got := w.of("asha", "2026-03-03"); got != "10:00 kiosk, 18:10 manual, present, overtime 1h0m0s, corrected, not 17:00" {
		t.Errorf("moved: %s", got)
	}
	w.want(w.edit("2026-03-03", remove("asha 2026-03-03 10:00"), add("entry", "2026-03-03 11:00")), http.StatusCreated, "")
	if got := w.of("asha", "2026-03-03"); got != "11:00 manual, 18:10 manual, late, overtime 1h0m0s, corrected, not 17:00, not 10:00" {
		t.Errorf("replaced: %s", got)
	}
	w.want(w.edit("2026-03-02", remove("asha 2026-03-02 10:00")), http.StatusCreated, "")
	if got := w.of("asha", "2026-03-02"); got != "absent, corrected, not 10:00" {
		t.Errorf("emptied: %s", got)
	}
	d := w.full("asha", "2026-03-02", "acme")
	if p := d.Removed[0]; p.Punch.Place != "Front door" || p.Punch.Source != "kiosk" || p.RemovedBy != d.Corrections[0].ID || !d.Corrections[0].Edit ||
		len(d.Corrections[0].Before) != 1 || len(d.Corrections[0].After) != 0 || d.Corrections[0].History[0].ByName != "ACME" {
		t.Errorf("removed: %+v", d)
	}
	if days := w.full("asha", "2026-03-03").Corrections; len(days) != 2 || days[1].Before[0].At != at("2026-03-03 10:00") {
		t.Errorf("the history: %+v", days)
	}
	edits := 0
	for _, e := range w.auditOf("")[:len(w.auditOf(""))-begun] {
		if e["operation"] == "edit-day" {
			edits++
		}
	}
	if edits != 3*3 { // made, the day that loses a punch, and applied
		t.Errorf("%d entries of the edits", edits)
	}
	// A device that sends a removed punch again does not bring it back.
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := day.Recorded(hajir.Punch{ID: "again", At: w.clock.Now(), By: "k", Key: "2026-03-02 10:00"}, 0); !ok || p.ID != "asha 2026-03-02 10:00" {
		t.Errorf("sent again: %+v %v", p, ok)
	}
}

func TestWithdrawAndRefuse(t *testing.T) {
	w := newTeam(t)
	path := "/companies/acme/employees/asha/days/2026-03-02/corrections/"
	first := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:00"))
	w.want(w.call("POST", path+first+"/withdraw", w.token("mona"), nil), http.StatusForbidden, "forbidden")
	w.want(w.call("POST", path+"nothing/withdraw", w.token("asha"), nil), http.StatusNotFound, "not_found")
	w.want(w.call("POST", path+first+"/withdraw", w.token("asha"), nil), http.StatusOK, "")
	w.want(w.call("POST", path+first+"/withdraw", w.token("asha"), nil), http.StatusConflict, "conflict")
	w.want(w.rule("mona", "asha", "2026-03-02", first, true, ""), http.StatusConflict, "conflict")
	second := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:00"))
	w.want(w.rule("mona", "asha", "2026-03-02", second, false, "you left at noon"), http.StatusOK, "")
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, present, missing_exit" {
		t.Errorf("the day: %s", got)
	}
	if c := w.full("asha", "2026-03-02").Corrections; len(c) != 2 || c[0].State != "withdrawn" || c[1].State != "refused" || c[1].History[1].Note != "you left at noon" {
		t.Errorf("the corrections: %+v", c)
	}
	// Of the admin's people without a manager, the admin decides.
	w.punched("bina", "2026-03-04 09:00")
	w.set("2026-03-04 12:00")
	third := w.asked("bina", "2026-03-04", remove("bina 2026-03-04 09:00"))
	if len(w.waiting("acme")) != 1 {
		t.Error("nothing waits for the admin")
	}
	w.want(w.rule("mona", "bina", "2026-03-04", third, true, ""), http.StatusNotFound, "not_found")
	w.want(w.rule("acme", "bina", "2026-03-04", third, true, ""), http.StatusOK, "")
}

// What cannot be is refused with what to do, and nothing is stored.
func TestCorrectionsThatAreRefused(t *testing.T) {
	w := newTeam(t)
	w.punched("asha", "2026-03-04 10:00")
	w.set("2026-03-04 12:00")
	for _, tt := range []struct {
		name, date string
		change     []map[string]any
		status     int
		says       string
	}{
		{"nothing", "2026-03-02", []map[string]any{}, 422, "name 1 to 10 punches"},
		{"no date", "yesterday", []map[string]any{add("exit", "2026-03-02 17:00")}, 422, "YYYY-MM-DD"},
		{"a date to come", "2026-03-05", []map[string]any{add("exit", "2026-03-05 17:00")}, 422, "still to come"},
		{"a time to come", "2026-03-04", []map[string]any{add("exit", "2026-03-04 12:30")}, 422, "12:30 is still to come"},
		{"too long ago", "2026-01-31", []map[string]any{add("entry", "2026-01-31 10:00")}, 422, "up to 31 days"},
		{"far from the date", "2026-03-02", []map[string]any{add("exit", "2026-03-04 00:01")}, 422, "within 24 hours"},
		{"an exit without an entry", "2026-03-01", []map[string]any{add("exit", "2026-03-01 17:00")}, 422, "17:00 would come out as an entry"},
		{"within the repeat window", "2026-03-02", []map[string]any{add("exit", "2026-03-02 10:01")}, 422, "there is a punch at 10:00 already"},
		{"two that are one", "2026-03-02", []map[string]any{add("exit", "2026-03-02 17:00"), add("entry", "2026-03-02 17:01")}, 422, "so near that they are one"},
		{"another day's", "2026-03-02", []map[string]any{add("entry", "2026-03-01 10:00")}, 422, "belongs to 2026-03-01"},
		{"where it was", "2026-03-02", []map[string]any{move("asha 2026-03-02 10:00", "2026-03-02 10:00")}, 422, "already"},
		{"twice the same", "2026-03-02", []map[string]any{remove("asha 2026-03-02 10:00"), remove("asha 2026-03-02 10:00")}, 422, "named twice"},
		{"a punch that is not there", "2026-03-02", []map[string]any{remove("none")}, 409, "not on this day any more"},
		{"a punch of another day", "2026-03-02", []map[string]any{remove("asha 2026-03-03 10:00")}, 409, "not on this day any more"},
		{"no direction", "2026-03-02", []map[string]any{{"at": at("2026-03-02 17:00")}}, 422, "entry or an exit"},
		{"no time", "2026-03-02", []map[string]any{{"direction": "exit"}}, 422, "say when"},
	} {
		r := w.ask("asha", tt.date, tt.change...)
		if r.Code != tt.status || !strings.Contains(strings.ToLower(r.Body.String()), strings.ToLower(tt.says)) {
			t.Errorf("%s: %d %s", tt.name, r.Code, r.Body)
		}
	}
	r := w.call("POST", "/companies/acme/employees/asha/days/2026-03-02/corrections", w.token("asha"),
		map[string]any{"reason": " ", "changes": changes{add("exit", "2026-03-02 17:00")}})
	w.want(r, http.StatusUnprocessableEntity, "invalid")
	if all, err := w.db.CorrectionsBetween(t.Context(), "asha", "2000-01-01", "2999-01-01"); err != nil || len(all) > 0 {
		t.Errorf("stored: %+v %v", all, err)
	}
	// The admin is not held to the bound, but to all else.
	w.want(w.edit("2025-06-02", add("entry", "2025-06-02 10:00"), add("exit", "2025-06-02 17:00")), http.StatusCreated, "")
	w.want(w.edit("2026-03-04", add("exit", "2026-03-04 12:30")), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PATCH", "/companies/acme", w.token("acme"), map[string]any{"correction_days": 0}), http.StatusOK, "")
	w.want(w.ask("asha", "2026-03-02", add("exit", "2026-03-02 17:00")), http.StatusForbidden, "forbidden")
}

// The day changes while a correction waits: it is applied to the day as it has
// become, or is a conflict and waits on.
func TestStaleDecisions(t *testing.T) {
	w := newTeam(t)
	w.set("2026-03-04 11:00")
	today := w.punched("asha", "2026-03-04 11:00")
	w.set("2026-03-04 12:00")
	early := w.asked("asha", "2026-03-04", move(today, "2026-03-04 10:05"))
	w.want(w.ask("asha", "2026-03-04", remove(today)), http.StatusConflict, "conflict")
	w.punched("asha", "2026-03-04 13:00") // she goes to lunch meanwhile
	w.want(w.rule("mona", "asha", "2026-03-04", early, true, ""), http.StatusOK, "")
	if got := w.of("asha", "2026-03-04"); got != "10:05 correction, 13:00 kiosk, expected, corrected, not 11:00" && !strings.HasPrefix(got, "10:05 correction, 13:00 kiosk") {
		t.Errorf("after lunch: %s", got)
	}
	gone := w.asked("asha", "2026-03-03", remove("asha 2026-03-03 17:00"), add("exit", "2026-03-03 16:00"))
	w.want(w.edit("2026-03-03", remove("asha 2026-03-03 17:00")), http.StatusCreated, "")
	w.want(w.rule("mona", "asha", "2026-03-03", gone, true, ""), http.StatusConflict, "conflict")
	if problem := w.waiting("mona")[0]["problem"]; !strings.Contains(fmt.Sprint(problem), "not on this day any more") {
		t.Errorf("mona is told %v", problem)
	}
	w.want(w.rule("mona", "asha", "2026-03-03", gone, false, "the administrator did so"), http.StatusOK, "")
	// The exit that is asked for came by itself.
	came := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:00"))
	w.want(w.edit("2026-03-02", add("exit", "2026-03-02 17:01")), http.StatusCreated, "")
	r := w.want(w.rule("mona", "asha", "2026-03-02", came, true, ""), http.StatusConflict, "conflict")
	if !strings.Contains(r.Body.String(), "he day was changed meanwhile: there is a punch at 17:01 already") {
		t.Errorf("%s", r.Body)
	}
}

// Of many who decide at once one does, and of many who ask for the same at once
// one is heard.
func TestCorrectionsAtOnce(t *testing.T) {
	w := newTeam(t)
	wish := correction.Wish{
		Company: "acme", Username: "asha", Date: "2026-03-02", Reason: "I forgot", By: "asha",
		Changes: []hajir.Change{{Direction: hajir.Exit, At: time.Date(2026, 3, 2, 11, 15, 0, 0, time.UTC)}},
	}
	codes := func(f func(i int) error) map[hajir.Code]int {
		var wg sync.WaitGroup
		var mu sync.Mutex
		all := map[hajir.Code]int{}
		for i := range 8 {
			wg.Go(func() {
				err := f(i)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					all["done"]++
				} else {
					all[hajir.CodeOf(err)]++
				}
			})
		}
		wg.Wait()
		return all
	}
	if got := codes(func(int) error { _, _, err := w.correction.Ask(t.Context(), wish); return err }); got["done"] != 1 || got["conflict"] != 7 {
		t.Errorf("asked at once: %v", got)
	}
	id := fmt.Sprint(w.waiting("mona")[0]["id"])
	got := codes(func(i int) error {
		_, _, err := w.correction.Decide(t.Context(), "acme", "asha", "2026-03-02", id, correction.Caller{Username: "mona"}, correction.Decision{Approve: i%2 == 0, Note: "no"})
		return err
	})
	if got["done"] != 1 || got["conflict"] != 7 {
		t.Errorf("decided at once: %v", got)
	}
	d := w.full("asha", "2026-03-02")
	if want := map[string]int{"approved": 2, "refused": 1}[d.Corrections[0].State]; len(d.Punches) != want {
		t.Errorf("%s, and %d punches", d.Corrections[0].State, len(d.Punches))
	}
}

// cutCorrections is a store that fails at a step, as a program that ends does.
type cutCorrections struct {
	correction.Store
	after int
}

func (c *cutCorrections) step() error {
	c.after--
	if c.after < 0 {
		return errCut
	}
	return nil
}

func (c *cutCorrections) SaveCorrections(ctx context.Context, x hajir.DayCorrections) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Store.SaveCorrections(ctx, x)
}

// An approval that the end of the program cut off anywhere has happened, or has
// not; the job finishes it, once.
func TestApprovalIsCutOffAnywhere(t *testing.T) {
	w := newTeam(t)
	for n := range 4 {
		at := time.Date(2026, 3, 2, 11, 15+5*n, 0, 0, time.UTC)
		x, c, err := w.correction.Ask(t.Context(), correction.Wish{
			Company: "acme", Username: "asha", Date: "2026-03-02", Reason: "I forgot", By: "asha",
			Changes: []hajir.Change{{Direction: []hajir.Direction{hajir.Exit, hajir.Entry}[n%2], At: at}},
		})
		if err != nil {
			t.Fatal(err)
		}
		broken := &cutCorrections{Store: w.db, after: n % 2}
		desk := &correction.Desk{
			Store: broken, Book: w.correction.Book, Deciders: w.leave, Changed: w.hub.Publish, Now: w.now, Log: w.log,
		}
		_, _, err = desk.Decide(t.Context(), "acme", "asha", x.Date, c.ID, correction.Caller{Username: "mona"}, correction.Decision{Approve: true})
		if !errors.Is(err, errCut) {
			t.Fatalf("%d: %v", n, err)
		}
		for range 2 {
			if err := w.correction.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		is := w.full("asha", "2026-03-02")
		approved := n%2 == 1
		if got := is.Corrections[n].State; (got == "approved") != approved {
			t.Errorf("%d: it is %s", n, got)
		}
		if !approved {
			if _, _, err := w.correction.Decide(t.Context(), "acme", "asha", x.Date, c.ID, correction.Caller{Username: "mona"}, correction.Decision{Approve: true}); err != nil {
				t.Fatal(err)
			}
			is = w.full("asha", "2026-03-02")
		}
		if c := is.Corrections[n]; len(is.Punches) != n+2 || len(c.Before) != n+1 || len(c.After) != n+2 {
			t.Errorf("%d: %+v", n, is)
		}
	}
}

// A change of manager passes what waits on; a delegate decides in a manager's
// place, but not about their own days.
func TestCorrectionsFollowThePerson(t *testing.T) {
	w := newTeam(t)
	w.want(w.call("PUT", "/companies/acme/employees/mona/leave/delegate", w.token("mona"),
		map[string]any{"delegate": "bina", "from": "2026-03-01", "to": "2026-03-10"}), http.StatusOK, "")
	id := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:00"))
	if all := w.waiting("bina"); len(all) != 1 || all[0]["for_name"] != "Mona" {
		t.Errorf("bina sees %v", all)
	}
	w.want(w.call("PATCH", "/companies/acme/employees/asha", w.token("acme"), map[string]any{"manager": "lena"}), http.StatusOK, "")
	w.want(w.rule("bina", "asha", "2026-03-02", id, true, ""), http.StatusNotFound, "not_found")
	if err := w.sweep(t.Context(), w.now()); err != nil {
		t.Fatal(err)
	}
	if len(w.waiting("lena")) != 1 || len(w.waiting("mona")) != 0 {
		t.Error("it was not passed on")
	}
	w.want(w.rule("lena", "asha", "2026-03-02", id, true, ""), http.StatusOK, "")
	w.want(w.call("PATCH", "/companies/acme/employees/bina", w.token("acme"), map[string]any{"manager": "mona"}), http.StatusOK, "")
	own := w.asked("bina", "2026-03-02", add("entry", "2026-03-02 10:00"), add("exit", "2026-03-02 17:00"))
	if len(w.waiting("bina")) != 0 {
		t.Error("bina is asked about her own day")
	}
	w.want(w.rule("bina", "bina", "2026-03-02", own, true, ""), http.StatusForbidden, "forbidden")
	// Nor does a manager decide about their own: whoever is above them does.
	monas := w.asked("mona", "2026-03-02", add("entry", "2026-03-02 10:00"))
	w.want(w.rule("mona", "mona", "2026-03-02", monas, true, ""), http.StatusForbidden, "forbidden")
	w.want(w.rule("acme", "mona", "2026-03-02", monas, true, ""), http.StatusOK, "")
}

// The picture of a removed punch stays, for the admin alone, and goes with the
// rest; a download of one's data has what was removed and why.
func TestPictureOfARemovedPunch(t *testing.T) {
	w := team{newWorld(t)}
	w.company("acme")
	w.person("acme", "asha")
	id := fmt.Sprint(w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "").json["punch_id"])
	if id == "<nil>" {
		id = w.full("asha", "2026-03-02").Punches[0].ID
	}
	w.want(w.edit("2026-03-02", remove(id)), http.StatusCreated, "")
	if p := w.full("asha", "2026-03-02", "acme").Removed[0].Punch; p.PictureURL == "" {
		t.Errorf("the admin sees no picture: %+v", p)
	}
	if p := w.full("asha", "2026-03-02").Removed[0].Punch; p.PictureURL != "" {
		t.Errorf("others see the picture: %+v", p)
	}
	zip := w.want(w.call("GET", "/companies/acme/employees/asha/data", w.token("asha"), nil), http.StatusOK, "")
	files := unpack(t, zip.Body.Bytes())
	var data struct {
		Days []struct {
			Removed []struct{ ID, Picture string }
		}
		Corrections []struct {
			Reason string
			Own    bool `json:"requested_by_you"`
		}
	}
	if err := json.Unmarshal(files["data.json"], &data); err != nil {
		t.Fatal(err)
	}
	if len(data.Corrections) != 1 || data.Corrections[0].Own || data.Corrections[0].Reason != "she told me" || data.Days[0].Removed[0].ID != id ||
		files[data.Days[0].Removed[0].Picture] == nil {
		t.Errorf("the download: %+v, files %v", data, slices.Sorted(maps.Keys(files)))
	}
	w.want(w.call("POST", "/companies/acme/employees/asha/consent/paper", w.token("acme"), map[string]any{"state": "withdrawn"}), http.StatusOK, "")
	w.clock.Advance(40 * 24 * time.Hour)
	w.run()
	if p := w.full("asha", "2026-03-02", "acme").Removed[0].Punch; p.PictureURL != "" || !p.PictureErased {
		t.Errorf("after the erasure: %+v", p)
	}
}
