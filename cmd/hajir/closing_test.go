package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/closing"
	"hajir/internal/hajir"
)

// closings describes how dates were closed.
func (w team) closings(from, to string) string {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/closings?from="+from+"&to="+to, w.token("acme"), nil), http.StatusOK, "")
	return toldClosings(r)
}

func toldClosings(r reply) string {
	var all []string
	for _, c := range r.json["closings"].([]any) {
		c := c.(map[string]any)
		all = append(all, fmt.Sprintf("%s absent %v missing %v guessed %v waiting %v", c["date"], c["absent"], c["missing_exits"], c["auto_exits"], c["waiting"]))
	}
	return strings.Join(all, "\n")
}

func (w team) runDue() {
	w.t.Helper()
	if err := w.closing.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w team) setClose(c map[string]any) {
	w.t.Helper()
	body := map[string]any{
		"at": "04:00", "auto_exit": true, "lunch_minutes": 60,
		"hours_minutes": map[string]any{"sunday": 480, "monday": 420, "tuesday": 480, "wednesday": 480, "thursday": 480, "friday": 480, "saturday": 0},
	}
	for k, v := range c {
		body[k] = v
	}
	w.want(w.call("PATCH", "/companies/acme", w.token("acme"), map[string]any{"close": body}), http.StatusOK, "")
}

// Days are closed at the company's time, each once, those of a downtime too; who
// is late to be over is waited for.
func TestDaysAreClosedAtTheCompanysTime(t *testing.T) {
	w := newTeam(t) // it is the 4th, noon
	admin := w.token("acme")
	w.want(w.roster(admin, "lena", "2026-03-03", "2026-03-04", w.shift(admin, "Night", "22:00", "06:00")), http.StatusOK, "")
	w.add(hajir.Employee{Username: "chet", Company: "acme", TimeZone: "America/New_York"})
	w.runDue()
	// A company that never closed a date begins with yesterday; chet is there from today on.
	if got := w.closings("2026-03-01", "2026-03-04"); got != "2026-03-03 absent [bina lena mona] missing [] guessed [] waiting []" {
		t.Errorf("at noon:\n%s", got)
	}
	w.set("2026-03-05 03:59")
	w.runDue()
	if got := w.closings("2026-03-04", "2026-03-04"); got != "" {
		t.Errorf("a minute before four: %s", got)
	}
	w.set("2026-03-05 04:00")
	w.runDue()
	if got := w.closings("2026-03-04", "2026-03-04"); got != "2026-03-04 absent [asha bina mona] missing [] guessed [] waiting [chet lena]" {
		t.Errorf("at four: %s", got)
	}
	w.set("2026-03-05 10:01") // lena's window has closed; in New York it is the 4th, 23:16
	w.runDue()
	if got := w.closings("2026-03-04", "2026-03-04"); got != "2026-03-04 absent [asha bina lena mona] missing [] guessed [] waiting [chet]" {
		t.Errorf("after the night: %s", got)
	}
	w.set("2026-03-05 10:46")
	w.runDue()
	if got := w.closings("2026-03-04", "2026-03-04"); got != "2026-03-04 absent [asha bina chet lena mona] missing [] guessed [] waiting []" {
		t.Errorf("after midnight in New York: %s", got)
	}
	// Down for days: each is closed, and nothing is done twice.
	w.set("2026-03-09 05:00")
	w.runDue()
	if got := strings.Count(w.closings("2026-03-01", "2026-03-31"), "absent"); got != 6 { // 3 to 8
		t.Errorf("%d dates are closed", got)
	}
	before, err1 := w.db.Closings(t.Context(), "acme", "2026-03-01", "2026-03-31")
	w.runDue()
	after, err2 := w.db.Closings(t.Context(), "acme", "2026-03-01", "2026-03-31")
	if fmt.Sprint(before) != fmt.Sprint(after) || err1 != nil || err2 != nil {
		t.Errorf("again:\n%v\n%v", before, after)
	}
}

// Case 4: an automatic exit uses hours as hours, the local weekday, leave and
// lunch; it is a guess, says so, and a real exit or a correction takes its place.
func TestCase4AutomaticExit(t *testing.T) {
	w := newTeam(t)
	w.setClose(nil)
	w.punched("bina", "2026-03-02 09:00") // a Monday: seven hours, and lunch
	w.set("2026-03-03 09:00")
	w.runDue()
	for who, want := range map[string]string{
		"asha": "10:00 kiosk, 17:00 auto, present, auto_exit",
		"bina": "09:00 kiosk, 17:00 auto, present, auto_exit",
	} {
		if got := w.of(who, "2026-03-02"); got != want {
			t.Errorf("%s: %s", who, got)
		}
	}
	if got := w.closings("2026-03-02", "2026-03-02"); got != "2026-03-02 absent [lena mona] missing [] guessed [asha bina] waiting []" {
		t.Errorf("%s", got)
	}
	open := func(by string) string {
		t.Helper()
		var all []string
		for _, d := range w.want(w.call("GET", "/companies/acme/open-days", w.token(by), nil), http.StatusOK, "").json["days"].([]any) {
			d := d.(map[string]any)
			all = append(all, fmt.Sprint(d["username"], " ", d["date"], " ", d["auto_exit"] != nil))
		}
		return strings.Join(all, ", ")
	}
	if got := open("acme"); got != "asha 2026-03-02 true, bina 2026-03-02 true" {
		t.Errorf("to look at: %s", got)
	}
	if got := open("mona"); got != "asha 2026-03-02 true" {
		t.Errorf("mona looks at: %s", got)
	}
	// A correction, and a punch that waited in a queue.
	id := w.asked("asha", "2026-03-02", add("exit", "2026-03-02 17:30"))
	w.want(w.rule("mona", "asha", "2026-03-02", id, true, ""), http.StatusOK, "")
	w.placed("bina", "2026-03-02 18:20")
	for who, want := range map[string]string{
		"asha": "10:00 kiosk, 17:30 correction, present, overtime 30m0s, corrected",
		"bina": "09:00 kiosk, 18:20 kiosk, present",
	} {
		if got := w.of(who, "2026-03-02"); got != want {
			t.Errorf("%s: %s", who, got)
		}
	}
	if before := w.full("asha", "2026-03-02").Corrections[0].Before; len(before) != 2 || before[1].Source != "auto" {
		t.Errorf("the guess is not told: %+v", before)
	}
	if got := open("acme"); got != "" {
		t.Errorf("to look at still: %s", got)
	}
	// What is wrong with the correction is removed, and the guess counts again.
	w.want(w.edit("2026-03-02", remove(w.full("asha", "2026-03-02").Punches[1].ID)), http.StatusCreated, "")
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, 17:00 auto, present, auto_exit, corrected, not 17:30" {
		t.Errorf("without the correction: %s", got)
	}
	// Without the rule, closing again takes guesses back.
	w.setClose(map[string]any{"auto_exit": false})
	again := w.want(w.call("POST", "/companies/acme/closings", w.token("acme"), map[string]any{"from": "2026-03-02", "to": "2026-03-02"}), http.StatusOK, "")
	if got := toldClosings(again); got != "2026-03-02 absent [lena mona] missing [asha] guessed [] waiting []" {
		t.Errorf("without the rule: %s", got)
	}
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, present, corrected, missing_exit, not 17:30" {
		t.Errorf("without the rule: %s", got)
	}
}

// placed records a punch of a time that has passed, as a queue's would be.
func (w team) placed(username, at string) {
	w.t.Helper()
	now := w.clock.Now()
	w.punched(username, at)
	w.clock.Advance(now.Sub(w.clock.Now()))
}

// Case 5: a forgotten exit without a rule is flagged and never guessed.
func TestCase5AMissingExitIsFlagged(t *testing.T) {
	w := newTeam(t)
	w.set("2026-03-03 09:00")
	w.runDue()
	if got := w.of("asha", "2026-03-02"); got != "10:00 kiosk, present, missing_exit" {
		t.Errorf("%s", got)
	}
	if got := w.closings("2026-03-02", "2026-03-02"); got != "2026-03-02 absent [bina lena mona] missing [asha] guessed [] waiting []" {
		t.Errorf("%s", got)
	}
}

func TestClosingByHand(t *testing.T) {
	w := newTeam(t)
	run := func(from, to string) reply {
		t.Helper()
		return w.call("POST", "/companies/acme/closings", w.token("acme"), map[string]any{"from": from, "to": to})
	}
	first := w.want(run("2026-03-01", "2026-03-03"), http.StatusOK, "")
	if got := toldClosings(first); strings.Count(got, "\n") != 2 {
		t.Errorf("%s", got)
	}
	if second := w.want(run("2026-03-01", "2026-03-03"), http.StatusOK, ""); second.Body.String() != first.Body.String() {
		t.Errorf("again:\n%s\n%s", first.Body, second.Body)
	}
	for _, bad := range [][2]string{{"2026-03-03", "2026-03-04"}, {"2026-03-03", "2026-03-01"}, {"2024-01-01", "2026-03-01"}, {"x", "2026-03-01"}} {
		w.want(run(bad[0], bad[1]), http.StatusUnprocessableEntity, "invalid")
	}
	for _, bad := range []map[string]any{{"at": "24:00"}, {"at": "4"}, {"lunch_minutes": 500}} {
		body := map[string]any{"at": "04:00", "auto_exit": true, "lunch_minutes": 60, "hours_minutes": map[string]any{
			"sunday": 480, "monday": 420, "tuesday": 480, "wednesday": 480, "thursday": 480, "friday": 480, "saturday": 0,
		}}
		for k, v := range bad {
			body[k] = v
		}
		w.want(w.call("PATCH", "/companies/acme", w.token("acme"), map[string]any{"close": body}), http.StatusUnprocessableEntity, "invalid")
	}
}

// failing is a store that fails once days were written.
type failing struct {
	closing.Store
	err error
}

func (f failing) SaveClosing(context.Context, hajir.ClosedDate) error { return f.err }

// A run that ends in the middle is done anew, and comes to the same.
func TestClosingIsCutOff(t *testing.T) {
	w := newTeam(t)
	w.setClose(nil)
	w.set("2026-03-03 09:00")
	broken := &closing.Service{Store: failing{w.db, errors.New("the program ended")}, Book: w.closing.Book, Changed: w.hub.Publish, Now: w.now, Log: w.log}
	if err := broken.RunDue(t.Context()); err == nil {
		t.Fatal("it was not cut off")
	}
	if got := w.of("asha", "2026-03-02"); !strings.Contains(got, "17:00 auto") {
		t.Fatalf("nothing was written before it ended: %s", got)
	}
	version := func() int {
		t.Helper()
		d, err := w.db.Day(t.Context(), "asha", "2026-03-02")
		if err != nil {
			t.Fatal(err)
		}
		return d.Version
	}
	before := version()
	w.runDue()
	if got := w.closings("2026-03-02", "2026-03-02"); got != "2026-03-02 absent [bina lena mona] missing [] guessed [asha] waiting []" {
		t.Errorf("%s", got)
	}
	if version() != before {
		t.Error("the day was written twice")
	}
	// Two processes at once, as the command beside the server: one record.
	w.clock.Advance(24 * time.Hour)
	done := make(chan error)
	for range 4 {
		other := &closing.Service{Store: w.db, Book: w.closing.Book, Changed: w.hub.Publish, Now: w.now, Log: w.log}
		go func() { done <- other.RunDue(t.Context()) }()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if c, err := w.db.Closing(t.Context(), "acme", "2026-03-03"); err != nil || c.Version != 1 {
		t.Errorf("%+v %v", c, err)
	}
}
