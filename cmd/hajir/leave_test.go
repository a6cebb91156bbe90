package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// office is a company with asha, who reports to mona, who reports to hema; lena,
// who leads nobody; and a type of leave of ten days a year.
type office struct {
	*world
	admin, annual string
	tokens        map[string]string
}

func newOffice(t *testing.T, changes ...map[string]any) *office {
	o := &office{world: newWorld(t), tokens: map[string]string{}}
	o.admin = o.company("acme")
	for _, e := range []hajir.Employee{
		{Username: "hema", Role: hajir.RoleManager},
		{Username: "mona", Role: hajir.RoleManager, Manager: "hema", Email: "mona@example.com"},
		{Username: "lena", Role: hajir.RoleManager},
		{Username: "asha", Manager: "mona", Email: "asha@example.com", Department: "Sales"},
		{Username: "bina", Manager: "mona"},
		{Username: "chet", Department: "sales"},
		{Username: "anil", Role: hajir.RoleAuditor},
	} {
		e.Company = "acme"
		o.add(e)
		o.tokens[e.Username] = o.token(e.Username)
	}
	o.tokens["admin"] = o.admin
	o.want(o.call("PATCH", "/companies/acme/leave/settings", o.admin, map[string]any{
		"year": map[string]any{"calendar": "gregorian", "month": 1, "day": 1},
	}), http.StatusOK, "")
	o.annual = o.leaveType(append([]map[string]any{{}}, changes...)...)
	return o
}

// typeBody is a type of leave of ten days a year, with changes.
func typeBody(changes ...map[string]any) map[string]any {
	body := map[string]any{
		"name": "Annual leave", "paid": true, "unlimited": false, "allowance": 10, "accrual": "yearly", "prorate": false, "carry_max": 5,
		"carry_months": 0, "negative": 0, "half_days": true, "notice_days": 0, "late_days": 0, "max_days": 0, "departments": []string{}, "second_level": false,
	}
	for _, change := range changes {
		for k, v := range change {
			body[k] = v
		}
	}
	return body
}

func (o *office) leaveType(changes ...map[string]any) string {
	o.t.Helper()
	r := o.want(o.call("POST", "/companies/acme/leave/types", o.admin, typeBody(changes...)), http.StatusCreated, "")
	return r.json["id"].(string)
}

func wishOf(kind, from, to string, halves ...string) map[string]any {
	body := map[string]any{"type_id": kind, "from": from, "to": to, "start": "full", "end": "full", "reason": "a wedding"}
	if len(halves) > 0 {
		body["start"], body["end"] = halves[0], halves[len(halves)-1]
	}
	return body
}

func (o *office) ask(who string, body map[string]any) reply {
	o.t.Helper()
	return o.call("POST", "/companies/acme/employees/"+who+"/leave/requests", o.tokens[who], body)
}

func (o *office) asked(who string, body map[string]any) string {
	o.t.Helper()
	return o.want(o.ask(who, body), http.StatusCreated, "").json["id"].(string)
}

func (o *office) decide(who, id string, approve bool, note string) reply {
	o.t.Helper()
	return o.call("POST", "/companies/acme/leave/requests/"+id+"/decision", o.tokens[who], map[string]any{"approve": approve, "note": note})
}

func (o *office) cancel(who, of, id string) reply {
	o.t.Helper()
	return o.call("POST", "/companies/acme/employees/"+of+"/leave/requests/"+id+"/cancel", o.tokens[who], map[string]any{})
}

// balance describes how asha stands: balance, pending, available and taken.
func (o *office) balance() string {
	o.t.Helper()
	r := o.want(o.call("GET", "/companies/acme/employees/asha/leave", o.tokens["asha"], nil), http.StatusOK, "")
	b := r.json["balances"].([]any)[0].(map[string]any)
	return fmt.Sprint(b["balance"], " ", b["pending"], " ", b["available"], " ", b["taken"])
}

// waiting lists whose requests somebody has to decide.
func (o *office) waiting(who string) string {
	o.t.Helper()
	r := o.want(o.call("GET", "/companies/acme/leave/waiting", o.tokens[who], nil), http.StatusOK, "")
	var names []string
	for _, x := range r.json["requests"].([]any) {
		body := x.(map[string]any)
		name := body["username"].(string)
		if place, ok := body["for_name"].(string); ok {
			name += " for " + place
		}
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

func (o *office) mails() string {
	o.t.Helper()
	if err := o.notify.RunDue(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	var all strings.Builder
	files, err := filepath.Glob(filepath.Join(o.dir, "data", "outbox", "*"))
	if err != nil {
		o.t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			o.t.Fatal(err)
		}
		all.Write(b)
	}
	return all.String()
}

func TestLeaveFromRequestToReturn(t *testing.T) {
	o := newOffice(t)
	if got := o.balance(); got != "10 0 10 0" {
		t.Fatalf("before: %s", got)
	}
	// Tuesday to the next Monday, over Saturday: six days.
	body := wishOf(o.annual, "2026-03-10", "2026-03-16")
	p := o.want(o.call("POST", "/companies/acme/employees/asha/leave/preview", o.tokens["asha"], body), http.StatusOK, "")
	if p.json["days"] != 6.0 || p.json["left"] != 4.0 || p.json["allowed"] != true {
		t.Errorf("preview: %s", p.Body)
	}
	id := o.asked("asha", body)
	if got := o.balance(); got != "10 6 4 0" {
		t.Errorf("asked: %s", got)
	}
	if o.waiting("mona") != "asha" || o.waiting("hema") != "" || o.waiting("admin") != "" || o.waiting("asha") != "" {
		t.Errorf("waits for mona: %q, hema: %q, admin: %q", o.waiting("mona"), o.waiting("hema"), o.waiting("admin"))
	}
	for _, who := range []string{"asha", "bina", "lena", "hema"} {
		o.want(o.decide(who, id, true, ""), http.StatusNotFound, "not_found")
	}
	o.want(o.decide("mona", id, false, " "), http.StatusUnprocessableEntity, "invalid")
	o.mails()
	o.want(o.decide("mona", id, true, "have fun"), http.StatusOK, "")
	o.want(o.decide("mona", id, true, ""), http.StatusConflict, "conflict")
	if got := o.balance(); got != "10 0 4 6" { // today the ten are there still
		t.Errorf("approved: %s", got)
	}
	r := o.want(o.cancel("asha", "asha", id), http.StatusOK, "")
	if got := o.balance(); got != "10 0 10 0" {
		t.Errorf("cancelled: %s", got)
	}
	var history []string
	for _, x := range r.json["history"].([]any) {
		e := x.(map[string]any)
		history = append(history, fmt.Sprint(e["action"], " by ", e["by_name"]))
	}
	if got := strings.Join(history, ", "); got != "requested by Asha, approved by Mona, cancelled by Asha" {
		t.Errorf("history: %s", got)
	}
	entries := o.want(o.call("GET", "/companies/acme/employees/asha/leave/entries", o.tokens["asha"], nil), http.StatusOK, "")
	var kinds []string
	for _, x := range entries.json["entries"].([]any) {
		e := x.(map[string]any)
		kinds = append(kinds, fmt.Sprint(e["kind"], " ", e["days"], " = ", e["balance"]))
	}
	if got := strings.Join(kinds, ", "); got != "taken -6 = 10, returned 6 = 16, grant 10 = 10" {
		t.Errorf("ledger: %s", got)
	}
	mails := o.mails()
	for _, want := range []string{"To: \"Mona\" <mona@example.com>", "asks for leave", "To: \"Asha\" <asha@example.com>", "is approved"} {
		if !strings.Contains(mails, want) {
			t.Errorf("no mail has %q:\n%s", want, mails)
		}
	}
}

func TestLeaveIsRefused(t *testing.T) {
	o := newOffice(t)
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10", "first_half"))
	for name, tt := range map[string]struct {
		body map[string]any
		code int
		err  string
	}{
		"the same date": {wishOf(o.annual, "2026-03-10", "2026-03-11"), http.StatusConflict, "leave_overlap"},
		"more than ten": {wishOf(o.annual, "2026-04-01", "2026-04-20"), http.StatusConflict, "leave_balance"},
		"a Saturday":    {wishOf(o.annual, "2026-03-14", "2026-03-14"), http.StatusUnprocessableEntity, "invalid"},
		"yesterday":     {wishOf(o.annual, "2026-03-01", "2026-03-01"), http.StatusUnprocessableEntity, "invalid"},
		"backwards":     {wishOf(o.annual, "2026-03-12", "2026-03-11"), http.StatusUnprocessableEntity, "invalid"},
		"no such date":  {wishOf(o.annual, "2026-02-30", "2026-02-30"), http.StatusUnprocessableEntity, "invalid"},
		"no such leave": {wishOf("x", "2026-03-12", "2026-03-12"), http.StatusNotFound, "not_found"},
		"a third":       {wishOf(o.annual, "2026-03-12", "2026-03-12", "third"), http.StatusUnprocessableEntity, "invalid"},
	} {
		r := o.ask("asha", tt.body)
		if r.Code != tt.code || r.code() != tt.err {
			t.Errorf("%s: %d %s, want %d %s", name, r.Code, r.Body, tt.code, tt.err)
		}
		p := o.call("POST", "/companies/acme/employees/asha/leave/preview", o.tokens["asha"], tt.body)
		if p.Code == http.StatusOK && (p.json["allowed"] != false || p.json["code"] != tt.err) {
			t.Errorf("%s, as a preview: %s", name, p.Body)
		}
	}
	// Case 7: the other half of the date makes it a day.
	o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10", "second_half"))
	if got := o.balance(); got != "10 1 9 0" {
		t.Errorf("two half-days: %s", got)
	}
	r := o.want(o.decide("mona", id, false, "the audit is then"), http.StatusOK, "")
	if r.json["state"] != "refused" {
		t.Errorf("%s", r.Body)
	}
	if got := o.balance(); got != "10 0.5 9.5 0" {
		t.Errorf("refused: %s", got)
	}
	if mails := o.mails(); !strings.Contains(mails, "the audit is then") {
		t.Errorf("the reason is not mailed:\n%s", mails)
	}
}

// Case 12: leave requested, then the employee checks in: approving, refusing
// and cancelling still work.
func TestLeaveAndACheckInOnTheSameDay(t *testing.T) {
	for name, end := range map[string]func(o *office, id string) reply{
		"approve": func(o *office, id string) reply { return o.decide("mona", id, true, "") },
		"refuse":  func(o *office, id string) reply { return o.decide("mona", id, false, "you came") },
		"cancel":  func(o *office, id string) reply { return o.cancel("asha", "asha", id) },
		"cancel what was approved": func(o *office, id string) reply {
			o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
			r := o.want(o.cancel("asha", "asha", id), http.StatusOK, "")
			if r.json["state"] != "cancel_asked" || o.waiting("mona") != "asha" {
				o.t.Errorf("%s, mona decides about %q", r.Body, o.waiting("mona"))
			}
			return o.decide("mona", id, true, "")
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			id := o.asked("asha", wishOf(o.annual, "2026-03-02", "2026-03-02"))
			o.punch("asha")
			o.want(end(o, id), http.StatusOK, "")
			days := o.want(o.call("GET", "/companies/acme/employees/asha/days?month=2026-03", o.tokens["asha"], nil), http.StatusOK, "")
			day := days.json["days"].([]any)[1].(map[string]any)
			punches := day["punches"].([]any)
			shows := map[any]any{true: "full", false: nil}[name == "approve"]
			if len(punches) != 1 || day["leave"] != shows {
				t.Errorf("the day shows %v and leave %v, want a punch and leave %v", punches, day["leave"], shows)
			}
			want := map[string]string{"approve": "9 0 9 1"}[name]
			if want == "" {
				want = "10 0 10 0"
			}
			if got := o.balance(); got != want {
				t.Errorf("balance: %s, want %s", got, want)
			}
		})
	}
}

// punch checks somebody in by PIN.
func (o *office) punch(username string) {
	o.t.Helper()
	o.want(o.call("PUT", "/companies/acme/employees/"+username+"/pin", o.admin, map[string]any{"pin": "730516"}), http.StatusOK, "")
	_, tokens := o.kiosk("acme")
	o.want(o.call("POST", "/companies/acme/punches/pin", tokens.Access, map[string]any{"who": username, "pin": "730516"}), http.StatusCreated, "")
}

// Two requests at the same moment that together exceed the balance: one is
// refused.
func TestTheLastDaysAreGivenOnce(t *testing.T) {
	o := newOffice(t)
	const at = 8
	var wg sync.WaitGroup
	codes := make([]int, at)
	for i := range at {
		wg.Go(func() {
			day := fmt.Sprintf("2026-%02d-01", 4+i)
			end := fmt.Sprintf("2026-%02d-07", 4+i) // six or seven days each, of ten
			codes[i] = o.ask("asha", wishOf(o.annual, day, end)).Code
		})
	}
	wg.Wait()
	given := 0
	for _, code := range codes {
		switch code {
		case http.StatusCreated:
			given++
		case http.StatusConflict:
		default:
			t.Errorf("answered %d", code)
		}
	}
	if given != 1 {
		t.Errorf("%d of %d requests were taken", given, at)
	}
}

func TestSecondLevel(t *testing.T) {
	o := newOffice(t, map[string]any{"second_level": true})
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	if r := o.want(o.decide("mona", id, true, ""), http.StatusOK, ""); r.json["state"] != "second_level" {
		t.Errorf("%s", r.Body)
	}
	if o.waiting("mona") != "" || o.waiting("hema") != "asha" {
		t.Errorf("mona: %q, hema: %q", o.waiting("mona"), o.waiting("hema"))
	}
	o.want(o.decide("mona", id, true, ""), http.StatusNotFound, "not_found")
	if r := o.want(o.decide("hema", id, true, ""), http.StatusOK, ""); r.json["state"] != "approved" {
		t.Errorf("%s", r.Body)
	}
	// Nobody is above hema: the admin decides both times with one word.
	id = o.asked("hema", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	if o.waiting("admin") != "hema" || o.waiting("hema") != "" {
		t.Errorf("admin: %q", o.waiting("admin"))
	}
	if r := o.want(o.decide("admin", id, true, ""), http.StatusOK, ""); r.json["state"] != "approved" {
		t.Errorf("%s", r.Body)
	}
}

func TestDelegates(t *testing.T) {
	o := newOffice(t)
	path := "/companies/acme/employees/mona/leave/delegate"
	to := func(name, from, to string) map[string]any {
		return map[string]any{"delegate": name, "from": from, "to": to}
	}
	for _, bad := range []map[string]any{
		to("mona", "2026-03-02", "2026-03-03"), to("nobody", "2026-03-02", "2026-03-03"), to("anil", "2026-03-02", "2026-03-03"),
		to("lena", "2026-02-01", "2026-03-01"), to("lena", "2026-03-03", "2026-03-02"),
	} {
		o.want(o.call("PUT", path, o.tokens["mona"], bad), http.StatusUnprocessableEntity, "invalid")
	}
	o.want(o.call("PUT", path, o.tokens["lena"], to("lena", "2026-03-02", "2026-03-03")), http.StatusForbidden, "forbidden")
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	o.want(o.call("PUT", path, o.tokens["mona"], to("bina", "2026-03-03", "2026-03-04")), http.StatusOK, "")
	if o.waiting("bina") != "" {
		t.Errorf("before it begins: %q", o.waiting("bina"))
	}
	o.want(o.decide("bina", id, true, ""), http.StatusNotFound, "not_found")
	o.clock.Advance(24 * time.Hour)
	o.tokens["bina"], o.tokens["mona"] = o.token("bina"), o.token("mona")
	own := o.asked("bina", wishOf(o.annual, "2026-03-11", "2026-03-11"))
	if got := o.waiting("bina"); got != "asha for Mona" {
		t.Errorf("bina decides about %q", got)
	}
	o.want(o.decide("bina", own, true, ""), http.StatusForbidden, "forbidden") // nobody's own
	r := o.want(o.decide("bina", id, true, ""), http.StatusOK, "")
	if last := r.json["history"].([]any)[1].(map[string]any); last["by_name"] != "Bina" || last["for_name"] != "Mona" {
		t.Errorf("history: %v", last)
	}
	if got := o.waiting("mona"); got != "bina" {
		t.Errorf("mona decides about %q", got)
	}
	o.want(o.call("DELETE", path, o.tokens["mona"], nil), http.StatusNoContent, "")
	o.want(o.call("DELETE", path, o.tokens["mona"], nil), http.StatusNoContent, "")
	o.want(o.decide("bina", own, true, ""), http.StatusNotFound, "not_found")
}

// Requests follow a person to another manager, and to the admin when there is
// none any more.
func TestRequestsFollowThePerson(t *testing.T) {
	o := newOffice(t)
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	for _, tt := range []struct{ manager, decides string }{{"lena", "lena"}, {"", "admin"}, {"mona", "mona"}} {
		o.want(o.call("PATCH", "/companies/acme/employees/asha", o.admin, map[string]any{"manager": tt.manager}), http.StatusOK, "")
		if err := o.leave.PostDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, who := range []string{"mona", "lena", "admin"} {
			if got := o.waiting(who) == "asha"; got != (who == tt.decides) {
				t.Errorf("manager %q: %s decides: %v", tt.manager, who, got)
			}
		}
	}
	o.want(o.call("PATCH", "/companies/acme/employees/mona", o.admin, map[string]any{"active": false}), http.StatusOK, "")
	o.want(o.decide("admin", id, true, ""), http.StatusOK, "")
}

func TestTheJob(t *testing.T) {
	o := newOffice(t, map[string]any{"accrual": "monthly"})
	n := func() float64 {
		return o.want(o.call("POST", "/companies/acme/leave/post", o.admin, nil), http.StatusOK, "").json["entries"].(float64)
	}
	if n() != 0 { // they were all added in March, whose end it is not
		t.Error("posted at once")
	}
	o.clock.Advance(30 * 24 * time.Hour) // 1 April
	o.admin, o.tokens["asha"] = o.token("acme"), o.token("asha")
	for range 3 {
		if err := o.sweep(t.Context(), o.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	if got := n(); got != 0 {
		t.Errorf("%v were left by the sweep", got)
	}
	entries, err := o.db.LeaveEntries(t.Context(), "asha")
	if err != nil || len(entries) != 1 || entries[0].Date != "2026-03-31" || entries[0].Amount != 83 {
		t.Errorf("%+v, %v", entries, err)
	}
	// They came in January: what is due is put right.
	o.want(o.call("PUT", "/companies/acme/employees/asha/leave/dates", o.admin, map[string]any{"since": "2025-06-01"}), http.StatusNoContent, "")
	if got := o.balance(); got != "2.5 0 2.5 0" {
		t.Errorf("three twelfths of ten: %s", got)
	}
	o.want(o.call("PUT", "/companies/acme/employees/asha/leave/dates", o.admin, map[string]any{"since": "2026-02-30"}), http.StatusUnprocessableEntity, "invalid")
	adjust := func(days float64, reason, key string) reply {
		return o.call("POST", "/companies/acme/employees/asha/leave/adjustments", o.admin,
			map[string]any{"type_id": o.annual, "days": days, "reason": reason}, "Idempotency-Key", key)
	}
	o.want(adjust(1.5, "worked on a holiday", "k"), http.StatusNoContent, "")
	o.want(adjust(1.5, "worked on a holiday", "k"), http.StatusNoContent, "") // the same one
	o.want(adjust(1, "", "x"), http.StatusUnprocessableEntity, "invalid")
	o.want(adjust(0, "nothing", "x"), http.StatusUnprocessableEntity, "invalid")
	o.want(adjust(0.001, "crumbs", "x"), http.StatusUnprocessableEntity, "invalid")
	if got := o.balance(); got != "4 0 4 0" {
		t.Errorf("adjusted: %s", got)
	}
}

func TestLeaveTypesAndYears(t *testing.T) {
	o := newOffice(t)
	o.want(o.call("POST", "/companies/acme/leave/types", o.admin, typeBody(map[string]any{"name": "annual LEAVE"})), http.StatusConflict, "conflict")
	o.want(o.call("POST", "/companies/acme/leave/types", o.admin, typeBody(map[string]any{"name": "X", "allowance": 0})), http.StatusUnprocessableEntity, "invalid")
	change := typeBody(map[string]any{"allowance": 12, "version": 1, "retired": false})
	r := o.want(o.call("PUT", "/companies/acme/leave/types/"+o.annual, o.admin, change), http.StatusOK, "")
	if r.json["version"] != 2.0 || r.json["allowance"] != 12.0 {
		t.Errorf("%s", r.Body)
	}
	o.want(o.call("PUT", "/companies/acme/leave/types/"+o.annual, o.admin, change), http.StatusConflict, "conflict")
	o.want(o.call("PUT", "/companies/acme/leave/types/x", o.admin, change), http.StatusNotFound, "not_found")
	// Another leave year waits for the end of this one.
	r = o.want(o.call("PATCH", "/companies/acme/leave/settings", o.admin, map[string]any{
		"year": map[string]any{"calendar": "bs", "month": 4, "day": 1},
	}), http.StatusOK, "")
	if next := r.json["next_year"].(map[string]any); next["from"] != "2027-01-01" || r.json["year"].(map[string]any)["calendar"] != "gregorian" {
		t.Errorf("%s", r.Body)
	}
	// Retired, it cannot be asked for, and its ledger stays.
	o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	o.want(o.call("POST", "/companies/acme/leave/post", o.admin, nil), http.StatusOK, "")
	change["retired"], change["version"] = true, 2
	o.want(o.call("PUT", "/companies/acme/leave/types/"+o.annual, o.admin, change), http.StatusOK, "")
	o.want(o.ask("asha", wishOf(o.annual, "2026-03-12", "2026-03-12")), http.StatusUnprocessableEntity, "invalid")
	if got := o.balance(); got != "12 1 11 0" {
		t.Errorf("retired: %s", got)
	}
}

func TestLeaveCalendar(t *testing.T) {
	o := newOffice(t)
	for _, who := range []string{"asha", "bina", "chet", "mona", "lena"} {
		id := o.asked(who, wishOf(o.annual, "2026-03-10", "2026-03-11"))
		if who != "bina" {
			o.want(o.decide("admin", id, true, ""), http.StatusOK, "")
		}
	}
	for who, want := range map[string]string{
		"asha":  "Asha, Chet, Mona", // not bina, who is not approved, nor lena of another team
		"chet":  "Asha, Chet",
		"mona":  "Asha, Bina?, Mona",
		"lena":  "Lena",
		"anil":  "Asha, Bina?, Chet, Lena, Mona",
		"admin": "Asha, Bina?, Chet, Lena, Mona",
	} {
		r := o.want(o.call("GET", "/companies/acme/leave/calendar?from=2026-03-01&to=2026-03-31", o.tokens[who], nil), http.StatusOK, "")
		var names []string
		for _, x := range r.json["absences"].([]any) {
			a := x.(map[string]any)
			name := a["name"].(string)
			if a["pending"] == true {
				name += "?"
			}
			names = append(names, name)
		}
		if got := strings.Join(names, ", "); got != want {
			t.Errorf("%s sees %s, want %s", who, got, want)
		}
		if strings.Contains(r.Body.String(), "wedding") || strings.Contains(r.Body.String(), "Annual") {
			t.Errorf("%s learns why: %s", who, r.Body)
		}
	}
	o.want(o.call("GET", "/companies/acme/leave/calendar?from=2026-03-01&to=2027-03-31", o.admin, nil), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("GET", "/companies/acme/leave/calendar", o.admin, nil), http.StatusUnprocessableEntity, "invalid")
}

// Requests of another company do not exist.
func TestLeaveOfOtherCompanies(t *testing.T) {
	o := newOffice(t)
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	other := o.company("other")
	o.add(hajir.Employee{Username: "olga", Company: "other"})
	o.want(o.call("POST", "/companies/other/leave/requests/"+id+"/decision", other, map[string]any{"approve": true}), http.StatusNotFound, "not_found")
	o.want(o.call("POST", "/companies/other/employees/asha/leave/requests/"+id+"/cancel", other, map[string]any{}), http.StatusNotFound, "not_found")
	o.want(o.call("POST", "/companies/other/employees/olga/leave/requests/"+id+"/cancel", other, map[string]any{}), http.StatusNotFound, "not_found")
	o.want(o.cancel("bina", "bina", id), http.StatusNotFound, "not_found")
	o.want(o.call("GET", "/companies/other/employees/asha/leave", other, nil), http.StatusNotFound, "not_found")
	o.want(o.call("GET", "/companies/other/leave/requests?cursor="+id, other, nil), http.StatusUnprocessableEntity, "invalid")
	list := o.want(o.call("GET", "/companies/other/leave/requests?username=asha", other, nil), http.StatusOK, "")
	if strings.Contains(list.Body.String(), "asha") {
		t.Errorf("%s", list.Body)
	}
}

// The program ends while a change of leave is written: whoever looks next
// writes the rest, once.
func TestABrokenChangeIsFinished(t *testing.T) {
	for name, written := range map[string]func(o *office, step hajir.LeaveStep) error{
		"nothing was written":     func(*office, hajir.LeaveStep) error { return nil },
		"the request was written": func(o *office, s hajir.LeaveStep) error { return o.db.SaveLeaveRequest(o.t.Context(), *s.Request) },
		"all was written": func(o *office, s hajir.LeaveStep) error {
			if err := o.db.SaveLeaveRequest(o.t.Context(), *s.Request); err != nil {
				return err
			}
			return o.db.PostLeaveEntries(o.t.Context(), s.Entries)
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			ctx := t.Context()
			id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-11"))
			r, err := o.db.LeaveRequest(ctx, id)
			if err != nil {
				t.Fatal(err)
			}
			a, err := o.db.LeaveAccount(ctx, "asha")
			if err != nil {
				t.Fatal(err)
			}
			r, entries, err := r.Approve(hajir.LeaveActor{Username: "mona", At: o.clock.Now()}, "hema")
			if err != nil {
				t.Fatal(err)
			}
			a = a.Book(r, "2026-03-02")
			a.Step = &hajir.LeaveStep{Request: &r, Entries: entries}
			if err := o.db.SaveLeaveAccount(ctx, a); err != nil {
				t.Fatal(err)
			}
			if err := written(o, *a.Step); err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			for range 4 {
				wg.Go(func() {
					if got := o.balance(); got != "10 0 8 2" {
						t.Errorf("balance: %s", got)
					}
				})
			}
			wg.Wait()
			o.want(o.decide("mona", id, true, ""), http.StatusConflict, "conflict")
			o.want(o.cancel("asha", "asha", id), http.StatusOK, "")
			if got := o.balance(); got != "10 0 10 0" {
				t.Errorf("cancelled: %s", got)
			}
			a, err = o.db.LeaveAccount(ctx, "asha")
			if err != nil || a.Step != nil || len(a.Booked) != 0 {
				t.Errorf("%+v, %v", a, err)
			}
		})
	}
}

// Leave is in the month: on its dates nobody is absent, and half a day asks for
// half of the hours.
func TestLeaveInTheMonth(t *testing.T) {
	o := newOffice(t)
	for _, id := range []string{
		o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-11", "full", "first_half")),
		o.asked("asha", wishOf(o.annual, "2026-03-11", "2026-03-11", "second_half")),
		o.asked("asha", wishOf(o.annual, "2026-03-12", "2026-03-12", "first_half")),
	} {
		o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	}
	o.asked("asha", wishOf(o.annual, "2026-03-16", "2026-03-16")) // which nobody approved
	o.clock.Advance(20 * 24 * time.Hour)
	r := o.want(o.call("GET", "/companies/acme/employees/asha/days?month=2026-03", o.token("asha"), nil), http.StatusOK, "")
	for date, want := range map[int]string{9: "absent <nil>", 10: "on_leave full", 11: "on_leave full", 12: "absent first_half", 16: "absent <nil>"} {
		day := r.json["days"].([]any)[date-1].(map[string]any)
		if got := fmt.Sprint(day["day_status"], " ", day["leave"]); got != want {
			t.Errorf("March %d: %s, want %s", date, got, want)
		}
	}
}

// noMail is a mail server that is down.
type noMail struct{ tried atomic.Int32 }

func (n *noMail) Send(context.Context, mail.Message) error {
	n.tried.Add(1)
	return hajir.Errorf(hajir.Unavailable, "no mail today")
}

// A mail that fails neither fails what it tells of nor undoes it.
func TestLeaveWithoutMail(t *testing.T) {
	o := newOffice(t)
	down := &noMail{}
	o.letters.Mail = down
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	if err := o.notify.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	if err := o.notify.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if down.tried.Load() != 2 {
		t.Errorf("%d mails were tried", down.tried.Load())
	}
	if got := o.balance(); got != "10 0 9 1" {
		t.Errorf("balance: %s", got)
	}
}

// A manager reads their reports' leave, and an auditor everybody's; neither
// changes it.
func TestWhoReadsLeave(t *testing.T) {
	o := newOffice(t)
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	for who, want := range map[string]int{"mona": 200, "hema": 200, "anil": 200, "admin": 200, "lena": 403, "bina": 403} {
		for _, path := range []string{"", "/entries", "/requests"} {
			if r := o.call("GET", "/companies/acme/employees/asha/leave"+path, o.tokens[who], nil); r.Code != want {
				t.Errorf("%s reads %q: %d, want %d", who, path, r.Code, want)
			}
		}
		if who == "admin" {
			continue
		}
		if r := o.cancel(who, "asha", id); r.Code != http.StatusForbidden {
			t.Errorf("%s cancels: %d", who, r.Code)
		}
	}
	r := o.want(o.call("GET", "/companies/acme/employees/anil/leave", o.admin, nil), http.StatusOK, "")
	if n := len(r.json["balances"].([]any)); n != 0 {
		t.Errorf("an auditor, who has no attendance, has %d kinds of leave", n)
	}
	o.want(o.call("POST", "/companies/acme/employees/anil/leave/requests", o.admin, wishOf(o.annual, "2026-03-10", "2026-03-10")),
		http.StatusUnprocessableEntity, "invalid")
}
