package main

import (
	"net/http"
	"testing"

	"hajir/internal/hajir"
)

// dates says how /me tells a client to write dates.
func (w *world) dates(token string) string {
	w.t.Helper()
	r := w.want(w.call("GET", "/me", token, nil), http.StatusOK, "")
	return styleOf(r)
}

func styleOf(r reply) string {
	s, _ := r.json["calendar"].(string)
	if r.json["both_calendars"] == true {
		s += " both"
	}
	return s
}

func TestCalendarIsChosen(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	for username, role := range map[string]hajir.Role{"asha": "", "bina": "", "mona": hajir.RoleManager, "anil": hajir.RoleAuditor} {
		w.add(hajir.Employee{Username: username, Company: "acme", Role: role})
	}
	const people = "/companies/acme/employees"
	asha := w.token("asha")
	choose := func(token, username, calendar string, both bool) reply {
		return w.call("PUT", people+"/"+username+"/calendar", token, map[string]any{"calendar": calendar, "both_calendars": both})
	}

	if got := w.dates(admin) + ", " + w.dates(asha); got != "bs both, bs both" {
		t.Errorf("a new company in Nepal: %s", got)
	}
	if r := w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"calendar": "gregorian"}), http.StatusOK, ""); styleOf(r) != "gregorian both" {
		t.Errorf("%s", r.Body)
	}
	w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"calendar": "julian"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"calendar": ""}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PATCH", "/companies/acme", asha, map[string]any{"calendar": "bs"}), http.StatusForbidden, "forbidden")

	if r := w.want(choose(asha, "asha", "bs", false), http.StatusOK, ""); styleOf(r) != "bs" {
		t.Errorf("%s", r.Body)
	}
	if got := w.dates(admin) + ", " + w.dates(asha) + ", " + w.dates(w.token("bina")); got != "gregorian both, bs, gregorian both" {
		t.Errorf("asha chose: %s", got)
	}
	if r := w.want(w.call("GET", people+"/asha", admin, nil), http.StatusOK, ""); styleOf(r) != "bs" {
		t.Errorf("%s", r.Body)
	}
	// A session tells it, too, or the site would write the first page otherwise.
	w.want(w.call("PATCH", people+"/asha", admin, map[string]any{"password": password}), http.StatusOK, "")
	in := w.want(w.call("POST", "/sessions", "", map[string]any{"username": "asha", "password": password}), http.StatusCreated, "")
	if user := in.json["user"].(map[string]any); user["calendar"] != "bs" || user["both_calendars"] != false {
		t.Errorf("%v", user)
	}
	w.want(choose(w.token("anil"), "anil", "bs", true), http.StatusOK, "") // auditors read, by their own calendar
	w.want(choose(w.token("bina"), "asha", "gregorian", false), http.StatusForbidden, "forbidden")
	w.want(choose(w.token("mona"), "asha", "gregorian", false), http.StatusForbidden, "forbidden")
	w.want(choose(w.token("asha"), "asha", "julian", false), http.StatusUnprocessableEntity, "invalid")
	w.want(choose(admin, "nobody", "bs", false), http.StatusNotFound, "not_found")

	if r := w.want(choose(admin, "asha", "", true), http.StatusOK, ""); styleOf(r) != "gregorian both" {
		t.Errorf("who follows the company: %s", r.Body)
	}
	if r := w.want(w.call("PATCH", people+"/bina", admin, map[string]any{"calendar": "bs", "both_calendars": true}), http.StatusOK, ""); styleOf(r) != "bs both" {
		t.Errorf("%s", r.Body)
	}
	r := w.want(w.call("POST", people, admin, map[string]any{"username": "chet", "name": "Chet", "calendar": "gregorian"}), http.StatusCreated, "")
	if styleOf(r) != "gregorian" {
		t.Errorf("%s", r.Body)
	}
}

// A month of Bikram Sambat has its own dates and sums, of two Gregorian months.
func TestMonthOfBikramSambat(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	// 2 March 2026 is 18 Falgun 2082; 1 Chaitra is 15 March.
	for _, local := range []string{"2026-03-02 09:00", "2026-03-02 17:00", "2026-03-16 10:00", "2026-03-16 15:00"} {
		w.set(local)
		w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	}
	admin := w.token("acme")
	month := func(month string, status int, code string) reply {
		return w.want(w.call("GET", "/companies/acme/employees/asha/days?month="+month, admin, nil), status, code)
	}
	for _, tt := range []struct {
		month, from, to string
		days            int
		worked          float64
	}{
		{"bs-2082-11", "2026-02-13", "2026-03-14", 30, 8 * 3600},
		{"bs-2082-12", "2026-03-15", "2026-04-13", 30, 5 * 3600},
		{"bs-2083-01", "2026-04-14", "2026-05-14", 31, 0},
		{"2026-03", "2026-03-01", "2026-03-31", 31, 13 * 3600},
	} {
		r := month(tt.month, http.StatusOK, "")
		days := r.json["days"].([]any)
		first, last := days[0].(map[string]any)["date"], days[len(days)-1].(map[string]any)["date"]
		if r.json["month"] != tt.month || r.json["from"] != tt.from || r.json["to"] != tt.to || first != tt.from || last != tt.to || len(days) != tt.days {
			t.Errorf("%s: %v from %v to %v, %d days from %v to %v", tt.month, r.json["month"], r.json["from"], r.json["to"], len(days), first, last)
		}
		if got := r.json["totals"].(map[string]any)["worked_seconds"]; got != tt.worked {
			t.Errorf("%s: %v s worked, want %v", tt.month, got, tt.worked)
		}
	}
	for _, bad := range []string{"bs-2083-13", "bs-1999-12", "bs-2091-01", "bs-2083", "2083-8", "bs-2083-1"} {
		month(bad, http.StatusUnprocessableEntity, "invalid")
	}
}
