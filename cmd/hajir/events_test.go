package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"hajir/internal/hajir"
)

// event adds an event and returns its path.
func (o *office) event(title, kind, date string, changes ...map[string]any) string {
	o.t.Helper()
	body := map[string]any{"title": title, "kind": kind, "date": date, "scope": "company"}
	for _, c := range changes {
		for k, v := range c {
			body[k] = v
		}
	}
	r := o.want(o.call("POST", "/companies/acme/events", o.admin, body), http.StatusCreated, "")
	return fmt.Sprintf("/%s/%s", date, r.json["id"])
}

func (o *office) remove(path string, version int) {
	o.t.Helper()
	o.want(o.call("DELETE", fmt.Sprintf("/companies/acme/events%s?version=%d", path, version), o.admin, nil), http.StatusNoContent, "")
}

// titles lists the events of March that somebody sees.
func (o *office) titles(who string) string {
	o.t.Helper()
	r := o.want(o.call("GET", "/companies/acme/events?from=2026-03-01&to=2026-03-31", o.tokens[who], nil), http.StatusOK, "")
	var all []string
	for _, x := range r.json["events"].([]any) {
		all = append(all, x.(map[string]any)["title"].(string))
	}
	return strings.Join(all, ", ")
}

// Days, board, month and overtime follow a holiday, and no punch moves.
func TestHolidaysAreDays(t *testing.T) {
	o := newOffice(t)
	o.punch("asha") // on the 2nd
	before, _ := o.march(o.tokens["asha"], "asha")
	path := o.event("Phagu Purnima", "holiday", "2026-03-02", map[string]any{"to": "2026-03-03"})
	days, totals := o.march(o.tokens["asha"], "asha")
	if d := days["2026-03-02"]; d.DayStatus != "holiday" || len(d.Punches) != 1 || d.Punches[0] != before["2026-03-02"].Punches[0] || strings.Join(d.Flags, "") != "worked_off" {
		t.Errorf("the 2nd: %+v", d)
	}
	if days["2026-03-03"].DayStatus != "holiday" || days["2026-03-04"].DayStatus != "expected" || totals["holidays"] != 2 {
		t.Errorf("the 3rd: %s, the 4th: %s, holidays: %d", days["2026-03-03"].DayStatus, days["2026-03-04"].DayStatus, totals["holidays"])
	}
	board := o.want(o.call("GET", "/companies/acme/board", o.admin, nil), http.StatusOK, "")
	if !strings.Contains(board.Body.String(), `"day_status":"holiday"`) || board.json["counts"].(map[string]any)["absent"] != 0.0 {
		t.Errorf("the board: %s", board.Body)
	}
	r := o.call("GET", "/companies/acme/employees/asha/days?month=2026-03", o.tokens["mona"], nil)
	if d := r.json["days"].([]any)[2].(map[string]any); d["holiday"] != "Phagu Purnima" || len(d["events"].([]any)) != 1 {
		t.Errorf("the month page: %v", d)
	}
	o.remove(path, 1)
	if days, _ := o.march(o.tokens["asha"], "asha"); days["2026-03-02"].DayStatus == "holiday" {
		t.Error("a removed holiday is still one")
	}
}

// Case 7 with real events: a half-day on a holiday costs nothing. And leave that
// was approved before follows what becomes of the calendar.
func TestLeaveFollowsHolidays(t *testing.T) {
	o := newOffice(t)
	holi := o.event("Holi", "holiday", "2026-03-10")
	for _, half := range []string{"first_half", "full"} {
		r := o.ask("asha", wishOf(o.annual, "2026-03-10", "2026-03-10", half))
		if r.Code != http.StatusUnprocessableEntity || !strings.Contains(r.Body.String(), "no leave is needed") {
			t.Errorf("%s on a holiday: %d %s", half, r.Code, r.Body)
		}
	}
	// Tuesday the 10th to Friday: the holiday is free.
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-13"))
	if got := o.balance(); got != "10 3 7 0" {
		t.Errorf("asked: %s", got)
	}
	more := o.event("Another", "holiday", "2026-03-12") // while it waits
	if got := o.balance(); got != "10 2 8 0" {
		t.Errorf("a holiday while it waits: %s", got)
	}
	o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	sales := o.event("Sales day", "holiday", "2026-03-13", map[string]any{"scope": "department", "subject": "SALES"})
	if got := o.balance(); got != "10 0 9 1" {
		t.Errorf("a holiday of the department after approval: %s", got)
	}
	o.event("Not hers", "holiday", "2026-03-11", map[string]any{"scope": "person", "subject": "bina"})
	o.event("Meeting", "event", "2026-03-11")
	if got := o.balance(); got != "10 0 9 1" {
		t.Errorf("others' holidays, and meetings: %s", got)
	}
	if err := o.leave.PostDue(t.Context()); err != nil || o.balance() != "10 0 9 1" {
		t.Errorf("once more changes something: %s, %v", o.balance(), err)
	}
	// Moved to the 11th: what was free on the 12th costs, and the 11th is free.
	r := o.want(o.call("PUT", "/companies/acme/events"+more, o.admin, map[string]any{
		"title": "Another", "kind": "holiday", "date": "2026-03-11", "scope": "company", "version": 1,
	}), http.StatusOK, "")
	if got := o.balance(); got != "10 0 9 1" {
		t.Errorf("moved: %s", got)
	}
	moved := fmt.Sprintf("/2026-03-11/%s", r.json["id"])
	o.remove(moved, 2)
	o.remove(holi, 1)
	o.remove(sales, 1)
	if got := o.balance(); got != "10 0 6 4" {
		t.Errorf("all are removed: %s", got)
	}
	r = o.want(o.cancel("asha", "asha", id), http.StatusOK, "")
	if got := o.balance(); got != "10 0 10 0" {
		t.Errorf("cancelled: %s", got)
	}
	if h := fmt.Sprint(r.json["history"]); !strings.Contains(h, "recosted") || !strings.Contains(h, "holiday: 2026-03-12") {
		t.Errorf("history: %s", h)
	}
	entries := o.want(o.call("GET", "/companies/acme/employees/asha/leave/entries", o.tokens["asha"], nil), http.StatusOK, "")
	if n := len(entries.json["entries"].([]any)); n != 7 { // given, taken, given back once; three times taken again; and all returned
		t.Errorf("%d lines", n)
	}
}

// What was left undone, the hourly job does.
func TestLeaveFollowsHolidaysWithinTheHour(t *testing.T) {
	o := newOffice(t)
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-12"))
	o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	holiday := hajir.Occasion{
		ID: "x", Company: "acme", Title: "Holi", Kind: hajir.OccasionHoliday, From: "2026-03-11", To: "2026-03-11", Scope: hajir.ScopeCompany,
	}
	if err := o.db.SaveOccasion(t.Context(), holiday, holiday.From); err != nil { // and the program ends here
		t.Fatal(err)
	}
	for range 2 {
		if err := o.leave.PostDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := o.balance(); got != "10 0 8 2" {
			t.Errorf("%s", got)
		}
	}
}

func TestOptionalHolidays(t *testing.T) {
	o := newOffice(t)
	path := func(who, event string) string {
		return "/companies/acme/employees/" + who + "/optional-holidays" + event
	}
	first, second, third := o.event("Teej", "optional", "2026-03-10"), o.event("Eid", "optional", "2026-03-20"), o.event("Christmas", "optional", "2026-12-25")
	next := o.event("Losar", "optional", "2027-01-05")
	asha := o.tokens["asha"]
	if r := o.want(o.call("PUT", path("asha", first), asha, nil), http.StatusConflict, "conflict"); !strings.Contains(r.Body.String(), "gives no optional holidays") {
		t.Errorf("%s", r.Body)
	}
	o.want(o.call("PATCH", "/companies/acme", o.admin, map[string]any{"optional_holidays": 2}), http.StatusOK, "")
	r := o.want(o.call("PUT", path("asha", first), asha, nil), http.StatusOK, "")
	o.want(o.call("PUT", path("asha", first), asha, nil), http.StatusOK, "") // once more is nothing
	if r.json["taken"] != 1.0 || r.json["most"] != 2.0 || len(r.json["holidays"].([]any)) != 3 {
		t.Errorf("%s", r.Body)
	}
	days, _ := o.march(asha, "asha")
	others, _ := o.march(o.tokens["bina"], "bina")
	if days["2026-03-10"].DayStatus != "holiday" || others["2026-03-10"].DayStatus != "expected" {
		t.Errorf("asha's 10th: %s, bina's: %s", days["2026-03-10"].DayStatus, others["2026-03-10"].DayStatus)
	}
	// Of two at once, one is the last.
	var wg sync.WaitGroup
	codes := make([]int, 2)
	for i, event := range []string{second, third} {
		wg.Go(func() { codes[i] = o.call("PUT", path("asha", event), asha, nil).Code })
	}
	wg.Wait()
	if codes[0]+codes[1] != http.StatusOK+http.StatusConflict {
		t.Errorf("two at once: %v", codes)
	}
	o.want(o.call("PUT", path("asha", next), asha, nil), http.StatusOK, "") // of the next leave year
	// Leave over a chosen one is free, and costs again when it is taken back.
	id := o.asked("asha", wishOf(o.annual, "2026-03-09", "2026-03-11"))
	o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	if got := o.balance(); got != "10 0 8 2" {
		t.Errorf("leave over a chosen holiday: %s", got)
	}
	o.want(o.call("DELETE", path("asha", first), asha, nil), http.StatusOK, "")
	if got := o.balance(); got != "10 0 7 3" {
		t.Errorf("taken back: %s", got)
	}
	o.want(o.call("PUT", path("asha", "/2026-03-10/none"), asha, nil), http.StatusNotFound, "not_found")
	o.want(o.call("PUT", path("bina", o.event("Not hers", "optional", "2026-03-17", map[string]any{"scope": "department", "subject": "Sales"})), o.tokens["bina"], nil), http.StatusNotFound, "not_found")
	o.want(o.call("PUT", path("asha", o.event("A full one", "holiday", "2026-03-18")), asha, nil), http.StatusNotFound, "not_found")
	o.want(o.call("PUT", path("bina", first), asha, nil), http.StatusForbidden, "forbidden")
	o.set("2026-03-11 09:00")
	o.want(o.call("PUT", path("bina", first), o.token("bina"), nil), http.StatusConflict, "conflict")
	r = o.want(o.call("PUT", path("bina", first), o.token("acme"), nil), http.StatusOK, "") // the admin corrects
	if h := r.json["holidays"].([]any)[0].(map[string]any); h["by_admin"] != true || h["passed"] != true {
		t.Errorf("%v", h)
	}
	o.want(o.call("DELETE", path("bina", first), o.token("bina"), nil), http.StatusConflict, "conflict")
	o.want(o.call("DELETE", path("bina", first), o.token("acme"), nil), http.StatusOK, "")
	for _, operation := range []string{"choose-holiday", "drop-holiday"} {
		log := o.auditOf("&person=bina&operation=" + operation)
		if len(log) != 1 || !strings.HasPrefix(told(log[0]), "acme "+operation) || !strings.HasSuffix(told(log[0]), "Holiday_choices of bina") {
			t.Errorf("the log tells of %s: %v", operation, log)
		}
	}
}

// Who sees which event, and what is refused.
func TestEventsConcernPeople(t *testing.T) {
	o := newOffice(t)
	o.event("All hands", "event", "2026-03-04", map[string]any{"start": "15:00", "end": "16:00", "note": "Hall B"})
	o.event("Sales", "holiday", "2026-03-05", map[string]any{"scope": "department", "subject": "sales"})
	o.event("Bina's jubilee", "event", "2026-02-25", map[string]any{"to": "2026-03-06", "scope": "person", "subject": "BINA"})
	for who, want := range map[string]string{
		"admin": "Bina's jubilee, All hands, Sales", "anil": "Bina's jubilee, All hands, Sales",
		"mona": "Bina's jubilee, All hands, Sales", "hema": "Bina's jubilee, All hands, Sales", "lena": "All hands",
		"asha": "All hands, Sales", "chet": "All hands, Sales", "bina": "Bina's jubilee, All hands",
	} {
		if got := o.titles(who); got != want {
			t.Errorf("%s sees %s, want %s", who, got, want)
		}
	}
	for name, change := range map[string]map[string]any{
		"no title":                   {"title": " "},
		"no such kind":               {"kind": "party"},
		"no such date":               {"date": "2026-02-30"},
		"backwards":                  {"to": "2026-03-01"},
		"too long":                   {"to": "2026-06-30"},
		"times of a holiday":         {"kind": "holiday", "start": "10:00", "end": "11:00"},
		"a time alone":               {"start": "10:00"},
		"ends before it begins":      {"start": "11:00", "end": "10:00"},
		"no time":                    {"start": "25:00", "end": "26:00"},
		"an optional one of days":    {"kind": "optional", "to": "2026-03-06"},
		"nobody":                     {"scope": "person", "subject": "zara"},
		"somebody of the whole firm": {"subject": "asha"},
		"a hidden direction":         {"title": "a\u202eb"},
	} {
		body := map[string]any{"title": "A", "kind": "event", "date": "2026-03-05", "scope": "company"}
		for k, v := range change {
			body[k] = v
		}
		if r := o.call("POST", "/companies/acme/events", o.admin, body); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	o.want(o.call("GET", "/companies/acme/events?from=2026-01-01&to=2028-01-01", o.admin, nil), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("DELETE", "/companies/acme/events/2026-03-04/none?version=1", o.admin, nil), http.StatusNotFound, "not_found")
	at := o.event("Once", "event", "2026-03-07")
	change := map[string]any{"title": "Twice", "kind": "event", "date": "2026-03-07", "scope": "company", "version": 1}
	o.want(o.call("PUT", "/companies/acme/events"+at, o.admin, change), http.StatusOK, "")
	o.want(o.call("PUT", "/companies/acme/events"+at, o.admin, change), http.StatusConflict, "conflict")
	o.want(o.call("DELETE", "/companies/acme/events"+at+"?version=1", o.admin, nil), http.StatusConflict, "conflict")
}

const calendarOfHolidays = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n" +
	"BEGIN:VEVENT\r\nUID:dashain\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20261018\r\nDTEND;VALUE=DATE:20261025\r\nSUMMARY:Dashain\\, the great\r\n  festival\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:labour\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:श्रमिक दिवस\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260302T091500Z\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Stand-up\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nUID:meeting\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260304T091500Z\r\nDURATION:PT1H\r\nSUMMARY:Review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestImportOfEvents(t *testing.T) {
	o := newOffice(t)
	bring := func(query, kind, file string) string {
		t.Helper()
		r := o.want(o.do("POST", "/api/v1/companies/acme/events/import"+query, o.admin, kind, strings.NewReader(file)), http.StatusOK, "")
		return fmt.Sprint(r.json["added"], " ", r.json["known"], " ", r.json["refused"])
	}
	for _, file := range []struct{ kind, content, first, again string }{
		{"text/calendar", calendarOfHolidays, "7 0 1", "0 7 1"},
		{"text/csv", "date,title,kind,department,person,start,end\n2026-03-17,Picnic,event,Sales,,10:00,15:00\n2026-10-18,\"DASHAIN, the great festival\",,,,,\n2026-03-19,X,optional,,zara,,\n2026-03-17,Picnic,event,sales,,,\n", "1 1 2", "0 3 1"},
	} {
		if got := bring("?dry_run=true", file.kind, file.content); got != file.first {
			t.Errorf("dry run: %s, want %s", got, file.first)
		}
		if got := bring("", file.kind, file.content); got != file.first {
			t.Errorf("import: %s, want %s", got, file.first)
		}
		if got := bring("", file.kind, file.content); got != file.again {
			t.Errorf("again: %s, want %s", got, file.again)
		}
	}
	if got := o.titles("asha"); got != "Review, Picnic" {
		t.Errorf("asha sees %s", got)
	}
	r := o.want(o.call("GET", "/companies/acme/events?from=2026-10-24&to=2027-05-01", o.admin, nil), http.StatusOK, "")
	var got []string
	for _, x := range r.json["events"].([]any) {
		e := x.(map[string]any)
		got = append(got, fmt.Sprint(e["title"], " ", e["kind"], " ", e["date"], " ", e["to"]))
	}
	if want := "Dashain, the great festival holiday 2026-10-18 2026-10-24; श्रमिक दिवस holiday 2027-05-01 2027-05-01"; strings.Join(got, "; ") != want {
		t.Errorf("%s\nwant %s", strings.Join(got, "; "), want)
	}
	o.want(o.do("POST", "/api/v1/companies/acme/events/import", o.admin, "text/csv", strings.NewReader("PK\x03\x04")), http.StatusUnprocessableEntity, "invalid")
	o.want(o.do("POST", "/api/v1/companies/acme/events/import", o.admin, "text/csv", strings.NewReader("date,title\n"+strings.Repeat("x", 1<<20))), http.StatusRequestEntityTooLarge, "too_large")
}

// feed reads a calendar by its link, without signing in.
func (o *office) feed(link string, headers ...string) *httptest.ResponseRecorder {
	o.t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		o.t.Fatal(err)
	}
	req := httptest.NewRequestWithContext(o.t.Context(), http.MethodGet, u.Path, http.NoBody)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	rec := httptest.NewRecorder()
	o.handler.ServeHTTP(rec, req)
	return rec
}

func (o *office) link(who, kind string) string {
	o.t.Helper()
	return o.want(o.call("POST", "/me/feeds/"+kind, o.tokens[who], nil), http.StatusCreated, "").json["link"].(string)
}

// entries reads a calendar back: what, when, and how it is called for machines.
func (o *office) entries(link string) map[string]string {
	o.t.Helper()
	r := o.feed(link)
	if r.Code != http.StatusOK || r.Header().Get("Content-Type") != "text/calendar; charset=utf-8" || len(r.Result().Cookies()) > 0 ||
		r.Header().Get("Cache-Control") != "private, no-cache" {
		o.t.Fatalf("%d %v %s", r.Code, r.Header(), r.Body)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(r.Body.String(), "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			o.t.Errorf("a line is not folded, or broken: %q", line)
		}
	}
	cal, err := ics.ParseCalendar(bytes.NewReader(r.Body.Bytes()))
	if err != nil {
		o.t.Fatal(err)
	}
	all := map[string]string{}
	for _, e := range cal.Events() {
		value := func(p ics.ComponentProperty) string {
			if x := e.GetProperty(p); x != nil {
				return x.Value
			}
			return "-"
		}
		if !e.HasProperty(ics.ComponentPropertyDtstamp) || value(ics.ComponentPropertyUniqueId) == "-" {
			o.t.Errorf("%s lacks what every event has", e.Serialize(nil))
		}
		all[value(ics.ComponentPropertyUniqueId)] = fmt.Sprint(value(ics.ComponentPropertySummary), " ", value(ics.ComponentPropertyDtStart), " ", value(ics.ComponentPropertyDtEnd))
	}
	if len(all) != len(cal.Events()) {
		o.t.Errorf("%d names for %d events", len(all), len(cal.Events()))
	}
	return all
}

func TestFeeds(t *testing.T) {
	o := newOffice(t)
	day := o.shift(o.admin, "Day; early, and \\ late", "10:00", "17:00")
	o.want(o.roster(o.admin, "asha", "2026-03-03", "2026-03-06", day), http.StatusOK, "")
	meeting := strings.Split(o.event(strings.Repeat("बैठक ", 12), "event", "2026-03-04", map[string]any{"start": "15:00", "end": "16:00", "note": "Hall B;\nbring, a pen"}), "/")[2]
	holi := strings.Split(o.event("Holi", "holiday", "2026-03-05"), "/")[2]
	id := o.asked("asha", wishOf(o.annual, "2026-03-06", "2026-03-08"))
	o.want(o.decide("mona", id, true, ""), http.StatusOK, "")
	waits := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10", "first_half"))

	own := o.link("asha", "own")
	want := map[string]string{
		"shift-asha-2026-03-03@hajir": "Day; early, and \\ late 20260303T041500Z 20260303T111500Z",
		"shift-asha-2026-03-04@hajir": "Day; early, and \\ late 20260304T041500Z 20260304T111500Z",
		"event-" + meeting + "@hajir": strings.TrimSpace(strings.Repeat("बैठक ", 12)) + " 20260304T091500Z 20260304T101500Z",
		"event-" + holi + "@hajir":    "Holi 20260305 20260306",
		"leave-" + id + "@hajir":      "Annual leave 20260306 20260309",
		"leave-" + waits + "@hajir":   "Annual leave, waits for a decision (first half) 20260310 20260311",
	}
	if got := o.entries(own); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("asha's own\n%v\nwant\n%v", got, want)
	}
	first := o.feed(own)
	if !strings.Contains(first.Body.String(), `Hall B\;\nbring\, a pen`) {
		t.Errorf("the note is not escaped: %s", first.Body)
	}
	if r := o.feed(own, "If-None-Match", first.Header().Get("ETag")); r.Code != http.StatusNotModified || r.Body.Len() > 0 {
		t.Errorf("unchanged: %d with %d bytes", r.Code, r.Body.Len())
	}
	team := o.entries(o.link("mona", "team"))
	if fmt.Sprint(team) != fmt.Sprint(map[string]string{
		"leave-" + id + "@hajir": "Asha: leave 20260306 20260309", "leave-" + waits + "@hajir": "Asha: leave asked for (first half) 20260310 20260311",
	}) {
		t.Errorf("mona's team: %v", team)
	}
	if got := o.entries(o.link("lena", "team")); len(got) != 0 {
		t.Errorf("lena's team: %v", got)
	}
	if got := o.entries(o.link("admin", "team")); len(got) != 2 {
		t.Errorf("everybody: %v", got)
	}
	o.event("Bina's", "event", "2026-03-09", map[string]any{"scope": "person", "subject": "bina"})
	for who, n := range map[string]int{"admin": 3, "anil": 3, "mona": 3, "asha": 2, "lena": 2} {
		if got := o.entries(o.link(who, "events")); len(got) != n {
			t.Errorf("%s sees %v", who, got)
		}
	}
	o.want(o.call("POST", "/me/feeds/team", o.tokens["asha"], nil), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("POST", "/me/feeds/own", o.admin, nil), http.StatusUnprocessableEntity, "invalid")

	// A new link kills the one before; switching off kills that.
	renewed := o.link("asha", "own")
	if o.feed(own).Code != http.StatusNotFound || o.feed(renewed).Code != http.StatusOK {
		t.Error("the link before is alive, or the new one is dead")
	}
	o.want(o.call("DELETE", "/me/feeds/own", o.tokens["asha"], nil), http.StatusNoContent, "")
	if o.feed(renewed).Code != http.StatusNotFound {
		t.Error("a link that was switched off is alive")
	}
	// It dies with the account, and does not come back with it.
	last := o.link("asha", "own")
	for _, active := range []bool{false, true} {
		o.want(o.call("PATCH", "/companies/acme/employees/asha", o.token("acme"), map[string]any{"active": active}), http.StatusOK, "")
		if r := o.feed(last); r.Code != http.StatusNotFound {
			t.Errorf("active %v: %d", active, r.Code)
		}
	}
	// A manager who is none any more has no team's calendar.
	monas := o.link("mona", "team")
	o.want(o.call("PATCH", "/companies/acme/employees/mona", o.token("acme"), map[string]any{"role": "employee"}), http.StatusOK, "")
	if r := o.feed(monas); r.Code != http.StatusNotFound {
		t.Errorf("a former manager's: %d", r.Code)
	}
	r := o.want(o.call("GET", "/me/feeds", o.token("mona"), nil), http.StatusOK, "")
	if got := fmt.Sprint(r.json["feeds"]); strings.Contains(got, "team") || !strings.Contains(got, "own") {
		t.Errorf("a former manager may have %s", got)
	}
}

// The secret of a link is in no record, no log, and nobody's list.
func TestTheSecretOfAFeedIsKeptNowhere(t *testing.T) {
	o := newOffice(t)
	var log bytes.Buffer
	link := o.link("asha", "own")
	secret := strings.TrimSuffix(link[strings.LastIndex(link, "/")+1:], ".ics")
	if len(secret) < 43 {
		t.Fatalf("the secret has %d characters", len(secret))
	}
	handler := serverWith(o.app, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	for _, path := range []string{"/api/v1/feed/" + secret + ".ics", "//api/v1//feed/" + secret, "/api/v1/feed/x" + secret, "/api/v1/FEED/" + secret} {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://hajir.test/", http.NoBody)
		req.URL.Path = path
		handler.ServeHTTP(httptest.NewRecorder(), req)
	}
	if strings.Contains(log.String(), secret) || strings.Count(log.String(), "msg=request") != 4 {
		t.Errorf("the log has the secret, or not the requests:\n%s", log.String())
	}
	if found := o.onDisk([]byte(secret)); len(found) > 0 {
		t.Errorf("the secret is in %v", found)
	}
	all, err := json.Marshal(o.auditOf("&person=asha"))
	if err != nil || !bytes.Contains(all, []byte("make-feed")) || bytes.Contains(all, []byte(secret)) {
		t.Errorf("the audit log: %s, %v", all, err)
	}
	r := o.want(o.call("GET", "/me/feeds", o.tokens["asha"], nil), http.StatusOK, "")
	if strings.Contains(r.Body.String(), secret) || !strings.Contains(r.Body.String(), `"on":true`) {
		t.Errorf("%s", r.Body)
	}
	if at := o.clock.Now().UTC().Format(time.DateOnly); !strings.Contains(r.Body.String(), at) {
		t.Errorf("no word of when it was made: %s", r.Body)
	}
}
