package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/company"
	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/roster"
	"hajir/internal/sheet"
	"hajir/internal/store/sqlite"
)

// importWorld is a company with a few people, a shift and kinds of leave, on the
// 2nd of March 2026, 09:00 in Kathmandu.
func importWorld(t *testing.T) *world {
	w := newWorld(t)
	w.company("acme")
	w.company("other")
	for _, e := range []hajir.Employee{
		{Username: "mona", Role: hajir.RoleManager, Code: "1000"},
		{Username: "asha", Code: "1001"},
		{Username: "bina", Code: "1002"},
		{Username: "kolki", Code: "1003", TimeZone: "Asia/Kolkata"},
		{Username: "audi", Code: "1009", Role: hajir.RoleAuditor},
	} {
		e.Company = "acme"
		w.add(e)
	}
	w.add(hajir.Employee{Username: "olga", Company: "other", Code: "2001"})
	if _, err := w.app.company.AddShift(t.Context(), hajir.Shift{
		Company: "acme", Name: "Day", Start: 600, End: 1020, Before: 2 * time.Hour, After: 4 * time.Hour, Overtime: hajir.Overtime{From: hajir.OvertimeNone},
	}); err != nil {
		t.Fatal(err)
	}
	for _, lt := range []hajir.LeaveType{
		{Name: "Annual leave", Paid: true, Allowance: 1200, Accrual: hajir.AccrualYearly, HalfDays: true},
		{Name: "Unpaid", Unlimited: true, Accrual: hajir.AccrualNone},
	} {
		lt.Company = "acme"
		if _, err := w.leave.AddType(t.Context(), lt); err != nil {
			t.Fatal(err)
		}
	}
	w.adminToken()
	return w
}

func (w *world) importFile(kind, query, file string) reply {
	w.t.Helper()
	return w.do("POST", "/api/v1/companies/acme/imports/"+kind+query, w.adminToken(), "text/csv", strings.NewReader(file))
}

// outcomes tells a report line by line.
func outcomes(r reply) string {
	var all []string
	lines, _ := r.json["lines"].([]any)
	for _, x := range lines {
		l, _ := x.(map[string]any)
		parts := []string{fmt.Sprint(l["line"]), fmt.Sprint(l["outcome"])}
		for _, field := range []string{"code", "detail"} {
			if s, _ := l[field].(string); s != "" {
				parts = append(parts, s)
			}
		}
		all = append(all, strings.Join(parts, " "))
	}
	return strings.Join(all, "; ")
}

// records is all that imports could change, but what keeps account of itself.
func (w *world) records() string {
	w.t.Helper()
	var all []string
	for _, name := range []string{"mona", "asha", "bina", "kolki", "audi"} {
		e, err := w.db.Employee(w.t.Context(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		e.Version = 0
		entries, err := w.db.LeaveEntries(w.t.Context(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		a, err := w.db.LeaveAccount(w.t.Context(), name)
		if err != nil {
			w.t.Fatal(err)
		}
		rostered, err := w.db.Roster(w.t.Context(), []string{name}, "1900-01-01", "2999-01-01")
		if err != nil {
			w.t.Fatal(err)
		}
		all = append(all, fmt.Sprintf("%+v\n%+v\n%s–%s\n%+v\n%s", e, entries, a.Since, a.Until, rostered, w.daysOf(name)))
	}
	schedule, err := w.db.Schedule(w.t.Context(), "acme")
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(append(all, fmt.Sprintf("%+v", schedule)), "\n")
}

// daysOf tells a person's days where they are: date, times and directions.
func (w *world) daysOf(name string) string {
	w.t.Helper()
	days, err := w.db.DaysBetween(w.t.Context(), name, "1900-01-01", "2999-01-01")
	if err != nil {
		w.t.Fatal(err)
	}
	loc, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		w.t.Fatal(err)
	}
	var all []string
	for _, d := range days {
		parts := []string{d.Date}
		for _, p := range d.Punches {
			at := p.At.In(loc).Format("02T15:04:05")
			if p.Source != hajir.SourceDevice {
				at += "/" + string(p.Source)
			}
			parts = append(parts, string(p.Direction), at)
		}
		all = append(all, strings.Join(parts, " "))
	}
	return strings.Join(all, "; ")
}

// bring imports a file: a dry run changes nothing and predicts exactly what is
// done, and the same again does nothing.
func (w *world) bring(kind, query, file, want string) {
	w.t.Helper()
	mark := "?"
	if query != "" {
		mark = "&"
	}
	before := w.records()
	dry := w.want(w.importFile(kind, query+mark+"dry_run=true", file), http.StatusOK, "")
	if w.records() != before {
		w.t.Fatalf("a dry run changed the records:\n%s\nbefore\n%s", w.records(), before)
	}
	done := w.want(w.importFile(kind, query, file), http.StatusOK, "")
	if got := outcomes(done); got != want {
		w.t.Errorf("outcomes\n%s\nwant\n%s\n%s", got, want, done.Body)
	}
	if !reflect.DeepEqual(dry.json["lines"], done.json["lines"]) {
		w.t.Errorf("the dry run predicted\n%s", outcomes(dry))
	}
	after := w.records()
	again := w.want(w.importFile(kind, query, file), http.StatusOK, "")
	if w.records() != after || again.json["new"] != 0.0 || again.json["changed"] != 0.0 || again.json["refused"] != done.json["refused"] {
		w.t.Errorf("the same file again: %s", again.Body)
	}
}

func TestImportOfDevices(t *testing.T) {
	w := importWorld(t)
	// Unordered, with a line twice, an unknown code, a repetition, a wrong button,
	// an auditor, the future and nonsense.
	w.bring("devices", "?file=door.csv&dates=day", strings.Join([]string{
		"AC-No.;Date/Time;State;Device;Verify",
		"1001;26/02/2026 17:03;C/Out;Front;1",
		"1001;26/02/2026 9:58:40;C/In;Front;1",
		"1001;26/02/2026 9:58:40;C/In;Front;1",
		"1002;26/02/2026 09:00;C/Out;Back;1",
		"4711;26/02/2026 09:00;C/In;Back;1",
		"1001;26/02/2026 9:59:30;C/In;Back;1",
		"1009;26/02/2026 9:59:30;C/In;Back;1",
		"1001;26/03/2026 9:59:30;C/In;Back;1",
		"1001;26/02/2026;C/In;Back;1",
		"2001;26/02/2026 9:59;C/In;Back;1",
		"",
	}, "\r\n"), "2 new; 3 new; 4 same line 3 says so already; "+
		"5 new the device says exit, but it counts as an entry, since directions alternate; look at 2026-02-26 for one that is missing; "+
		"6 refused not_found; 7 same it counts as the punch at 2026-02-26 09:58:40; 8 refused conflict; 9 refused invalid; 10 refused invalid; 11 refused not_found")
	if got := w.daysOf("asha"); got != "2026-02-26 entry 26T09:58:40 exit 26T17:03:00" {
		t.Error(got)
	}
	// An export that overlaps it, without a header, as a stick brings it: it
	// brings what was missing in between.
	w.bring("devices", "?file=attlog.dat", " 1001\t2026-02-26 17:03:00\t1\t1\n 1001\t2026-02-26 13:00:00\t1\t1\n1001\t2026-02-26 13:40:00\t1\t1\n",
		"1 same it counts as the punch at 2026-02-26 17:03:00; 2 new; 3 new")
	if got := w.daysOf("asha"); got != "2026-02-26 entry 26T09:58:40 exit 26T13:00:00 entry 26T13:40:00 exit 26T17:03:00" {
		t.Error(got)
	}
	// Date and time in columns of their own, of a clock elsewhere; the person is
	// in another zone, and the times are the same moments.
	w.bring("devices", "?zone="+url.QueryEscape("UTC"), "id,date,time\n1003,2026-02-26,04:15:00\n1003,2026-02-26,11:15:00\n", "2 new; 3 new")
	if got := w.daysOf("kolki"); got != "2026-02-26 entry 26T10:00:00 exit 26T17:00:00" {
		t.Error(got)
	}
	// Nothing guesses the order of day and month.
	r := w.want(w.importFile("devices", "", "code,time\n1001,03/02/2026 09:00\n"), http.StatusUnprocessableEntity, "invalid")
	if !strings.Contains(r.Body.String(), "whether the day or the month comes first") {
		t.Error(r.Body)
	}
	w.want(w.importFile("devices", "?zone=Nowhere", "code,time\n"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.importFile("nonsense", "", "code,time\n"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.importFile("devices", "?file="+url.QueryEscape("a\nb"), "code,time\n"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.importFile("devices", "", strings.Repeat("a", company.MaxImport+2<<10)), http.StatusRequestEntityTooLarge, "too_large")

	// Who brought which file is told, and how it went; the site shows the punches'
	// source and who brought them.
	list := w.want(w.call("GET", "/companies/acme/imports", w.adminToken(), nil), http.StatusOK, "")
	first := list.json["imports"].([]any)[len(list.json["imports"].([]any))-1].(map[string]any)
	if first["file"] != "door.csv" || first["state"] != "done" || first["new"] != 3.0 || first["refused"] != 5.0 || first["total"] != 10.0 || first["by"] != "acme" || len(first["sha256"].(string)) != 64 {
		t.Errorf("%+v", first)
	}
	var told []string
	for _, e := range w.auditOf("&operation=import-file") {
		s := e["subject"].(map[string]any)
		told = append(told, fmt.Sprint(e["action"], " ", s["table"]))
	}
	if len(told) != 12 || slices.Compact(told)[0] != "change Imports" { // each one's beginning and end
		t.Errorf("%q", told)
	}
	month := w.want(w.call("GET", "/companies/acme/employees/asha/days?month=2026-02", w.adminToken(), nil), http.StatusOK, "")
	if text := month.Body.String(); strings.Count(text, `"source":"device"`) != 4 || !strings.Contains(text, `"place":"Front"`) {
		t.Error(text)
	}
}

func TestImportOfDays(t *testing.T) {
	w := importWorld(t)
	// A kiosk punch is there on the 25th.
	if err := w.db.SaveDay(t.Context(), hajir.Day{Name: "asha", Date: "2026-02-25", Company: "acme", Punches: []hajir.Punch{
		{ID: "kiosk", At: time.Date(2026, 2, 25, 4, 16, 0, 0, time.UTC), Direction: hajir.Entry, Source: hajir.SourceKiosk}, // 10:01
	}}); err != nil {
		t.Fatal(err)
	}
	begun := len(w.auditOf(""))
	file := strings.Join([]string{
		"username,code,date,in,out,entry2,exit2",
		"asha,,2026-02-23,10:00,13:00,13:45,17:00",
		",1002,2026-02-23,22:00,06:00,,",
		"bina,,2026-02-24,05:00,14:00,,", // while the night's shift goes on
		"asha,,2026-02-25,10:00,17:00,,", // a minute from what is there
		"asha,,2026-02-23,10:00,17:00,,",
		"asha,1002,2026-02-20,10:00,17:00,,",
		"asha,,2026-02-20,,17:00,,",
		"asha,,2026-02-20,17:00,09:00,08:00,",
		"asha,,2026-03-02,08:00,17:00,,",
		"kolki,,2026-02-23,10:00,10:00,,",
		"audi,,2026-02-20,10:00,17:00,,",
		"asha,,2026-02-20,ten,17:00,,",
		"kolki,,2026-02-20,10:00,,,",
		"kolki,,2026-02-21,9:00 am,5:30 PM,,",
		"olga,,2026-02-21,9:00,17:30,,",
		"",
	}, "\n")
	w.bring("days", "?file=past.csv", file, "2 new; 3 new; 4 refused conflict; 5 refused conflict; 6 refused conflict; 7 refused conflict; 8 refused invalid; 9 refused invalid; 10 refused invalid; "+
		"11 refused invalid; 12 refused conflict; 13 refused invalid; 14 new; 15 new; 16 refused not_found")
	for name, want := range map[string]string{
		"asha":  "2026-02-23 entry 23T10:00:00/import exit 23T13:00:00/import entry 23T13:45:00/import exit 23T17:00:00/import; 2026-02-25 entry 25T10:01:00/kiosk",
		"bina":  "2026-02-23 entry 23T22:00:00/import exit 24T06:00:00/import",
		"kolki": "2026-02-20 entry 20T10:15:00/import; 2026-02-21 entry 21T09:15:00/import exit 21T17:45:00/import",
	} {
		if got := w.daysOf(name); got != want {
			t.Errorf("%s: %s\nwant %s", name, got, want)
		}
	}
	// Each day that was brought is told, with what it was and became.
	var told []string
	for _, e := range w.auditOf("")[:len(w.auditOf(""))-begun] {
		s := e["subject"].(map[string]any)
		if s["table"] == "Employee" {
			told = append(told, fmt.Sprint(e["action"], " ", s["key"]))
		}
	}
	slices.Sort(told)
	if got := fmt.Sprint(told); got != "[create asha/2026-02-23 create bina/2026-02-23 create kolki/2026-02-20 create kolki/2026-02-21]" {
		t.Error(got)
	}
	// What was missing of a day is added; what would turn an entry into an exit is
	// not.
	w.bring("days", "", "username,date,entry,exit\nkolki,2026-02-20,10:00,18:00\nasha,2026-02-25,11:00,12:00\nasha,2026-02-23,09:00,\n",
		"2 changed adds 18:00 to what is there; 3 refused conflict; 4 refused conflict")
	// Nobody but the admin imports, and dates that can be two are asked about.
	w.want(w.importFile("days", "", "username,date,entry\nasha,01/02/2026,10:00\n"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.importFile("days", "", "username,entry\n"), http.StatusUnprocessableEntity, "invalid")
}

// What a correction removed or moved stays so, however often the file comes.
func TestImportsLeaveCorrectionsAlone(t *testing.T) {
	w := importWorld(t)
	files := map[string]string{
		"days":    "username,date,in,out\nasha,2026-02-23,10:00,17:00\n",
		"devices": "code,time\n1002,2026-02-23 10:00:00\n1002,2026-02-23 17:00:00\n",
	}
	for kind, file := range files {
		w.want(w.importFile(kind, "?zone=Asia/Kathmandu", file), http.StatusOK, "")
	}
	for _, username := range []string{"asha", "bina"} {
		d, err := w.db.Day(t.Context(), username, "2026-02-23")
		if err != nil || len(d.Punches) != 2 {
			t.Fatalf("%s: %+v, %v", username, d, err)
		}
		w.want(w.call("POST", "/companies/acme/employees/"+username+"/days/2026-02-23/edits", w.adminToken(), map[string]any{
			"reason": "she left at six", "changes": []any{move(d.Punches[0].ID, "2026-02-23 09:30"), remove(d.Punches[1].ID)},
		}), http.StatusCreated, "")
	}
	before := w.daysOf("asha") + w.daysOf("bina")
	for kind, file := range files {
		r := w.want(w.importFile(kind, "?zone=Asia/Kathmandu", file), http.StatusOK, "")
		if r.json["new"] != 0.0 || r.json["changed"] != 0.0 || r.json["refused"] != 0.0 {
			t.Errorf("%s again: %s", kind, outcomes(r))
		}
	}
	if after := w.daysOf("asha") + w.daysOf("bina"); after != before || !strings.Contains(before, "23T09:30:00") {
		t.Errorf("%s, and after %s", before, after)
	}
}

func TestImportOfEmployees(t *testing.T) {
	w := importWorld(t)
	file := strings.Join([]string{
		"username,code,name,email,department,phone,manager,time_zone,joined",
		"asha,,Asha Rai,asha@example.com,Kitchen,00977 981-2345678,mona,,2019-07-17",
		",1002,,,Sales,,1000,Asia/Kolkata,",
		"kolki,1001,,,,,,,",       // asha's
		"nobody,,,,,,,,",          //
		",,,,Sales,,,,",           //
		"asha,,,,Sales,,,,",       // twice
		"audi,,,,,,mona,,",        // an auditor reports to nobody
		"mona,,,,,,asha,,",        // asha is no manager
		"kolki,,,nowhere,,,,,",    //
		"kolki,,,,,,,,31/31/2020", //
		"KOLKI,1077,,,,,,-,",      // back to the company's zone
		"olga,,,,Sales,,,,",       // another company's
		"",
	}, "\n")
	w.bring("employees", "", file, "2 changed name: Asha → Asha Rai; email: – → asha@example.com; department: – → Kitchen; phone: – → +9779812345678; manager: – → mona; joined: – → 2019-07-17; "+
		"3 changed department: – → Sales; manager: – → mona; time zone: – → Asia/Kolkata; "+
		"4 refused conflict; 5 refused not_found; 6 refused invalid; 7 refused conflict; 8 refused invalid; 9 refused invalid; 10 refused invalid; 11 refused invalid; "+
		"12 changed code: 1003 → 1077; time zone: Asia/Kolkata → –; 13 refused not_found")
	if u, err := w.pool.User(t.Context(), "asha"); err != nil || u.Name != "Asha Rai" || u.Email != "asha@example.com" {
		t.Errorf("the account: %+v %v", u, err)
	}
	// A name that the record has and the account does not is finished.
	if err := w.pool.Rename(t.Context(), "asha", "Asha"); err != nil {
		t.Fatal(err)
	}
	w.bring("employees", "", "username,name\nasha,Asha Rai\n", "2 changed name of the account: Asha → Asha Rai")
	w.bring("employees", "", "username,phone,department\nasha,-,\n", "2 changed phone: +9779812345678 → –")
	w.want(w.importFile("employees", "", "name\nAsha\n"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.importFile("employees", "", "username,departament\nasha,Sales\n"), http.StatusUnprocessableEntity, "invalid")
}

func TestImportOfShiftsAndRosters(t *testing.T) {
	w := importWorld(t)
	w.bring("shifts", "", strings.Join([]string{
		"name,start,end,break_minutes,late_grace,full_minutes,half_minutes,overtime",
		"day,10:00,17:00,45,,300,120,",
		"Night,22:00,06:00,,15,,,none",
		"Short,09:00,11:00,,,,,",
		"Night,21:00,06:00,,15,,,none",
		"Odd,22:00,06:00,x,,,,",
		"Odd,25:00,06:00,,,,,",
		"Odd,10:00,17:00,,,,,sometimes",
		"Odd,10:00,17:00,420,,,,",
		"Odd,10:00,17:00,,,200,300,",
		"",
	}, "\n"), "2 changed break: – → 45 min deducted; full day: 0 min → 300 min; half day: 0 min → 120 min. Past days with this shift come out by the new rules, too; 3 new; 4 new; "+
		"5 refused conflict; 6 refused invalid; 7 refused invalid; 8 refused invalid; 9 refused invalid; 10 refused invalid")
	schedule, err := w.db.Schedule(t.Context(), "acme")
	if err != nil || len(schedule.Shifts) != 3 {
		t.Fatalf("%+v %v", schedule, err)
	}
	// Punches of a night lie on two dates, until the roster says that it is one.
	w.bring("devices", "", "code,time\n1001,2026-02-26 17:50\n1001,2026-02-27 06:05\n", "2 new; 3 new")
	if got := w.daysOf("asha"); got != "2026-02-26 entry 26T17:50:00; 2026-02-27 entry 27T06:05:00" {
		t.Fatal(got)
	}
	w.bring("shifts", "", "name,start,end\nLong night,18:00,06:00\n", "2 new")
	w.bring("roster", "", strings.Join([]string{
		"code,date,shift",
		"1001,2026-02-26,long night",
		"1001,2026-03-05,off",
		"1001,2026-03-06,pattern",
		"1001,2026-03-05,Day",
		"1001,2026-03-07,Noon",
		"1009,2026-03-07,Day",
		"1002,7 Mar 2026,Day",
		"",
	}, "\n"), "2 new; 3 new; 4 same; 5 refused conflict; 6 refused not_found; 7 refused conflict; 8 new")
	if got := w.daysOf("asha"); got != "2026-02-26 entry 26T17:50:00 exit 27T06:05:00; 2026-02-27" {
		t.Error(got)
	}
	w.bring("roster", "", "code,date,shift\n1001,2026-03-05,Day\n1002,2026-03-07,pattern\n", "2 changed off → Day; 3 changed Day → pattern")
}

func TestImportOfLeave(t *testing.T) {
	w := importWorld(t)
	w.clock.Advance(48 * time.Hour)
	balance := func() string {
		o, err := w.leave.Overview(t.Context(), "acme", "asha")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range o.Standings {
			if s.Type.Name == "Annual leave" {
				return s.Balance.String()
			}
		}
		return "none"
	}
	file := strings.Join([]string{
		"code,type,days,as of",
		`1001,annual leave,"7,5",2026-03-03`,
		"1001,Annual leave,8,2026-03-03",
		"1002,Annual leave,7.25,2026-03-03",
		"1002,Sick leave,7,2026-03-03",
		"1002,Unpaid,7,2026-03-03",
		"1002,Annual leave,many,2026-03-03",
		"1002,Annual leave,-1,2026-03-03",
		"1002,Annual leave,1,2026-12-03",
		"1009,Annual leave,1,2026-03-03",
		"1002,Annual leave,NaN,2026-03-03",
		"",
	}, "\n")
	w.bring("leave", "?file=old+books.csv", file, "2 new Annual leave on 2026-03-03: 12 → 7.5 days; 3 refused conflict; 4 refused invalid; 5 refused not_found; "+
		"6 refused invalid; 7 refused invalid; 8 refused invalid; 9 refused invalid; 10 refused invalid; 11 refused invalid")
	if got := balance(); got != "7.5" {
		t.Errorf("the balance is %s", got)
	}
	// What is entered later stays, whoever brings the file again; another balance
	// for the date adds the difference.
	types, _, err := w.leave.Types(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	annual := types[slices.IndexFunc(types, func(x hajir.LeaveType) bool { return x.Name == "Annual leave" })]
	_, err = w.leave.Adjust(t.Context(), leave.Adjustment{
		Company: "acme", Username: "asha", Type: annual.ID, Amount: -hajir.OneDay, Date: "2026-03-03", Reason: "a day that was forgotten",
	})
	if err != nil {
		t.Fatal(err)
	}
	w.bring("leave", "", "code,type,days,date\n1001,Annual leave,7.5,2026-03-03\n", "2 same")
	if got := balance(); got != "6.5" {
		t.Errorf("the balance is %s", got)
	}
	w.bring("leave", "", "code,type,days,date\n1001,Annual leave,9,2026-03-03\n", "2 new Annual leave on 2026-03-03: 7.5 → 9 days")
	w.bring("leave", "", "code,type,days,date\n1002,Annual leave,12,2026-03-03\n", "2 new Annual leave on 2026-03-03: 12 → 12 days")
	if got := balance(); got != "8" {
		t.Errorf("the balance is %s", got)
	}
}

// breaking is a store that fails, or meets others' changes.
type breaking struct {
	*sqlite.DB
	save func(n int) error // of the n-th save
	n    int
}

func (b *breaking) SaveDay(ctx context.Context, d hajir.Day) error {
	b.n++
	if err := b.save(b.n); err != nil {
		return err
	}
	return b.DB.SaveDay(ctx, d)
}

func (b *breaking) SaveDays(ctx context.Context, days []hajir.Day) error {
	for _, d := range days {
		if err := b.SaveDay(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// An import that is broken off anywhere is finished by the same file, and comes
// out like one that was not; others' changes meanwhile do not hinder it.
func TestImportIsBrokenOff(t *testing.T) {
	var file strings.Builder
	file.WriteString("code,time\n")
	for day := 2; day < 26; day++ {
		for _, code := range []int{1001, 1002, 1003} {
			fmt.Fprintf(&file, "%d,2026-02-%02d 10:%02d\n%d,2026-02-%02d 17:%02d\n", code, day, code%60, code, day, day)
		}
	}
	want := ""
	for name, save := range map[string]func(n int) error{
		"":        func(int) error { return nil },
		"the end": func(n int) error { return map[bool]error{true: errors.New("the disk is full")}[n >= 40] },
		"other saves": func(n int) error {
			return map[bool]error{true: hajir.Errorf(hajir.Conflict, "somebody else")}[n%30 == 7]
		},
	} {
		w := importWorld(t)
		w.app.company.Book = roster.Book{Store: &breaking{DB: w.db, save: save}, Now: w.now}
		r := w.importFile("devices", "", file.String())
		if failed := name == "the end"; failed {
			w.want(r, http.StatusInternalServerError, "internal")
			all, err := w.db.Imports(t.Context(), "acme", 1)
			if err != nil || all[0].State(w.now()) != hajir.ImportFailed || all[0].New == 0 {
				t.Errorf("%+v %v", all, err)
			}
			w.app.company.Book = roster.Book{Store: w.db, Now: w.now}
			r = w.importFile("devices", "", file.String())
		}
		w.want(r, http.StatusOK, "")
		if r.json["refused"] != 0.0 || r.json["new"].(float64)+r.json["same"].(float64) != 144 {
			t.Errorf("%q: %v new, %v same, %v refused", name, r.json["new"], r.json["same"], r.json["refused"])
		}
		got := w.daysOf("asha") + w.daysOf("bina") + w.daysOf("kolki")
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("%q: %s\nwant %s", name, got, want)
		}
		if n := strings.Count(got, "exit"); n != 72 {
			t.Errorf("%q: %d exits: %s", name, n, got)
		}
	}
}

// Whatever devices recorded: any order of lines gives the same days, a dry run
// changes nothing and says exactly what is done, and twice is once.
func TestImportsInAnyOrder(t *testing.T) {
	t.Parallel() // it takes long
	w := importWorld(t)
	names := []string{"asha", "bina", "kolki"}
	clear := func() {
		for _, name := range names {
			days, err := w.db.DaysBetween(t.Context(), name, "1900-01-01", "2999-01-01")
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range days {
				d.Punches = nil
				if err := w.db.SaveDay(t.Context(), d); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	bring := func(lines []string, dry bool) sheet.FileReport {
		r, err := w.app.company.Import(t.Context(), company.ImportFile{
			Company: "acme", Kind: hajir.ImportDevices, Content: []byte("code,time,device\n" + strings.Join(lines, "\n")), DryRun: dry,
		})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	tell := func() string { return w.daysOf("asha") + "\n" + w.daysOf("bina") + "\n" + w.daysOf("kolki") }
	base := time.Date(2026, 2, 20, 0, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			at := base.Add(time.Duration(rapid.IntRange(0, 5*24*60*2).Draw(t, "at")) * 30 * time.Second)
			return fmt.Sprintf("%d,%s,%s", 1001+rapid.IntRange(0, 3).Draw(t, "who"), at.Format(time.DateTime), rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "device"))
		}), 1, 30).Draw(t, "lines")
		clear()
		empty := tell()
		dry := bring(lines, true)
		if tell() != empty {
			t.Fatal("a dry run changed days")
		}
		done := bring(lines, false)
		if !reflect.DeepEqual(dry.Lines, done.Lines) {
			t.Fatalf("predicted %+v\ndone %+v", dry.Lines, done.Lines)
		}
		want := tell()
		if again := bring(lines, false); again.New != 0 || tell() != want {
			t.Fatalf("twice: %+v\n%s\nonce\n%s", again.Counts, tell(), want)
		}
		clear()
		shuffled := slices.Clone(lines)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(lines), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		bring(shuffled, false)
		if tell() != want {
			t.Fatalf("in another order:\n%s\nwant\n%s", tell(), want)
		}
	})
}

// The files that docs/import.md shows are those that the site gives to begin
// with, and can be imported.
func TestImportExamples(t *testing.T) {
	doc, err := os.ReadFile("../../docs/import.md")
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]string{}
	for _, m := range regexp.MustCompile("(?s)<!-- (\\w+) -->\n```csv\n(.*?)```").FindAllStringSubmatch(string(doc), -1) {
		shown[m[1]] = m[2]
	}
	w := importWorld(t)
	list := w.want(w.call("GET", "/companies/acme/imports/kinds", w.adminToken(), nil), http.StatusOK, "")
	kinds := list.json["kinds"].([]any)
	if len(kinds) != len(hajir.ImportKinds()) || len(shown) != len(kinds)+1 {
		t.Fatalf("%d kinds, %d shown", len(kinds), len(shown))
	}
	w.clock.Advance(24 * time.Hour)
	for _, x := range kinds {
		k := x.(map[string]any)
		kind := k["kind"].(string)
		if shown[kind] != k["example"] {
			t.Errorf("%s: the document shows\n%s\nand the site\n%s", kind, shown[kind], k["example"])
		}
		for _, c := range k["columns"].([]any) {
			if name := c.(map[string]any)["name"].(string); !strings.Contains(string(doc), "`"+name+"`") {
				t.Errorf("%s: the document does not tell of the column %s", kind, name)
			}
		}
		r := w.want(w.importFile(kind, "", k["example"].(string)), http.StatusOK, "")
		if r.json["refused"] != 0.0 || r.json["new"].(float64)+r.json["changed"].(float64)+r.json["same"].(float64) < 2 {
			t.Errorf("%s: %s", kind, r.Body)
		}
	}
	r := w.want(w.importCSV(w.adminToken(), "?dry_run=true", strings.NewReplacer("asha", "anna", "bina", "bela").Replace(shown["invitations"])), http.StatusOK, "")
	if r.json["refused"] != 2.0 { // the codes are taken
		t.Errorf("invitations: %s", r.Body)
	}
	r = w.want(w.importCSV(w.adminToken(), "?dry_run=true", strings.NewReplacer("asha", "anna", "bina", "bela", "1001", "3001", "1002", "3002").Replace(shown["invitations"])), http.StatusOK, "")
	if r.json["new"] != 2.0 {
		t.Errorf("invitations: %s", r.Body)
	}
}
