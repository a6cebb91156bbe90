package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"
)

// shift adds a shift and returns its ID.
func (w *world) shift(token, name, start, end string) string {
	w.t.Helper()
	r := w.want(w.call("POST", "/companies/acme/shifts", token, shiftBody(name, start, end)), http.StatusCreated, "")
	return fmt.Sprint(r.json["id"])
}

func shiftBody(name, start, end string) map[string]any {
	return map[string]any{
		"name": name, "start": start, "end": end, "late_grace_minutes": 10, "early_grace_minutes": 10,
		"window_before_minutes": 120, "window_after_minutes": 240, "full_minutes": 360, "half_minutes": 180,
		"overtime": map[string]any{"from": "end", "step_minutes": 15},
	}
}

// roster gives a person a shift, or off, from one date to another.
func (w *world) roster(token, username, from, to, shift string) reply {
	w.t.Helper()
	return w.call("PUT", "/companies/acme/employees/"+username+"/roster", token, map[string]any{"from": from, "to": to, "shift": shift})
}

// set moves the clock to a time in Kathmandu.
func (w *world) set(local string) {
	w.t.Helper()
	loc, err := time.LoadLocation("Asia/Kathmandu")
	if err != nil {
		w.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", local, loc)
	if err != nil {
		w.t.Fatal(err)
	}
	w.clock.Advance(at.Sub(w.clock.Now()))
}

// day is one of a month as a client sees it.
type day struct {
	Date, Status string
	DayStatus    string `json:"day_status"`
	Worked       int    `json:"worked_seconds"`
	Late         int    `json:"late_seconds"`
	Early        int    `json:"early_seconds"`
	Overtime     int    `json:"overtime_seconds"`
	Flags        []string
	Shift        *struct{ Name string }
	Punches      []struct {
		ID, At, Direction string
		ReceivedAt        string `json:"received_at"`
		ClaimedAt         string `json:"claimed_at"`
	}
}

func (w *world) march(token, username string) (days map[string]day, totals map[string]int) {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/employees/"+username+"/days?month=2026-03", token, nil), http.StatusOK, "")
	var got struct {
		Days   []day
		Totals map[string]int
	}
	if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
		w.t.Fatal(err)
	}
	days = map[string]day{}
	for _, d := range got.Days {
		days[d.Date] = d
	}
	return days, got.Totals
}

// A week of a person with a night shift, through the real store: late, overtime,
// a forgotten exit, absence, the day off, and the sums of the month.
func TestMonthOfANightShift(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	night := w.shift(token, "Night", "22:00", "06:00")
	p := w.want(w.call("POST", "/companies/acme/patterns", token, map[string]any{
		"name": "Nights", "weeks": [][]string{{night, night, night, night, night, night, "off"}},
	}), http.StatusCreated, "")
	w.want(w.call("PUT", "/companies/acme/assignments", token, map[string]any{
		"scope": "person", "subject": "asha", "from": "2026-03-01", "pattern_id": p.json["id"],
	}), http.StatusOK, "")
	for _, punch := range []struct{ at, date, direction string }{
		{"2026-03-02 22:25", "2026-03-02", "entry"}, // late by 25 minutes
		{"2026-03-03 06:40", "2026-03-02", "exit"},  // 40 minutes of overtime are 30
		{"2026-03-03 21:50", "2026-03-03", "entry"}, // and leaves without a punch
		{"2026-03-05 22:05", "2026-03-05", "entry"}, // within the grace
		{"2026-03-06 06:00", "2026-03-05", "exit"},
	} {
		w.set(punch.at)
		r := w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
		if r.json["date"] != punch.date || r.json["direction"] != punch.direction {
			t.Errorf("at %s: %s", punch.at, r.Body)
		}
	}
	w.set("2026-03-08 12:00")
	days, totals := w.march(w.token("asha"), "asha")
	for date, want := range map[string]day{
		"2026-03-01": {DayStatus: "none", Status: "off"},
		"2026-03-02": {DayStatus: "late", Status: "out", Worked: 8*3600 + 900, Late: 25 * 60, Overtime: 30 * 60},
		"2026-03-03": {DayStatus: "present", Status: "in", Flags: []string{"missing_exit"}},
		"2026-03-04": {DayStatus: "absent", Status: "absent"},
		"2026-03-05": {DayStatus: "present", Status: "out", Worked: 8*3600 - 300},
		"2026-03-07": {DayStatus: "weekly_off", Status: "off"},
		"2026-03-08": {DayStatus: "expected", Status: "absent"},
	} {
		got := days[date]
		if got.DayStatus != want.DayStatus || got.Status != want.Status || got.Worked != want.Worked || got.Late != want.Late ||
			got.Overtime != want.Overtime || fmt.Sprint(got.Flags) != fmt.Sprint(want.Flags) {
			t.Errorf("%s: %+v, want %+v", date, got, want)
		}
	}
	for key, want := range map[string]int{
		"present": 3, "late": 1, "absent": 2, "weekly_off": 4, "missing_exits": 1,
		"worked_seconds": 16*3600 + 600, "late_seconds": 25 * 60, "overtime_seconds": 30 * 60, "required_seconds": 5 * 8 * 3600,
	} {
		if totals[key] != want {
			t.Errorf("total %s = %d, want %d", key, totals[key], want)
		}
	}
}

// Case 9, through the real store, at a night's midnight: a hundred concurrent
// punches are one, on the date on which the shift began, and a replay with the
// same key answers it.
func TestCase9ConcurrentPunchesOfANight(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	night := w.shift(token, "Night", "22:00", "06:00")
	w.want(w.roster(token, "asha", "2026-03-02", "2026-03-02", night), http.StatusOK, "")
	w.set("2026-03-02 21:55")
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	w.set("2026-03-03 06:05")
	token = w.token("acme")
	var wg sync.WaitGroup
	var mu sync.Mutex
	codes := map[int]int{}
	for i := range 100 {
		wg.Go(func() {
			r := w.insist(token, fmt.Sprintf("face:asha#%d", i), "Idempotency-Key", "the same")
			mu.Lock()
			defer mu.Unlock()
			codes[r.Code]++
			if r.json["date"] != "2026-03-02" || r.json["direction"] != "exit" {
				t.Errorf("%s", r.Body)
			}
		})
	}
	wg.Wait()
	if codes[http.StatusCreated] != 1 || codes[http.StatusOK] != 99 {
		t.Errorf("answers: %v", codes)
	}
	w.set("2026-03-03 20:00")
	replay := w.want(w.checkIn(w.token("acme"), "face:asha", "Idempotency-Key", "the same"), http.StatusOK, "")
	if replay.json["repeated"] != true || replay.json["at"] != "2026-03-03T06:05:00+05:45" {
		t.Errorf("the replay: %s", replay.Body)
	}
}

// Case 10, through the API: what a queue sends late and backwards comes out as
// if it had come in order, with both times on record.
func TestCase10QueuedPunches(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	w.set("2026-03-04 12:00")
	token := w.token("acme")
	claims := []string{"2026-03-03T22:00:00+05:45", "2026-03-04T02:00:00+05:45", "2026-03-04T09:00:00+05:45", "2026-03-04T11:30:00+05:45"}
	for _, who := range []string{"asha", "bina"} {
		for i := range claims {
			claim := claims[i]
			if who == "bina" {
				claim = claims[len(claims)-1-i]
			}
			r := w.want(w.checkIn(token, "face:"+who, "Claimed-At", claim, "Queued", "true"), http.StatusCreated, "")
			if r.json["at"] != claim || r.json["claimed_at"] != claim || r.json["received_at"] != "2026-03-04T12:00:00+05:45" {
				t.Errorf("a queued punch: %s", r.Body)
			}
		}
	}
	asha, _ := w.march(token, "asha")
	bina, _ := w.march(token, "bina")
	for date, want := range map[string]int{"2026-03-03": 4 * 3600, "2026-03-04": 2*3600 + 1800} {
		a, b := asha[date], bina[date]
		if a.Worked != want || b.Worked != want || len(a.Punches) != 2 || len(b.Punches) != 2 || fmt.Sprint(a.Flags) != "[queued]" {
			t.Errorf("%s: in order %+v, backwards %+v", date, a, b)
		}
		if a.Punches[0].ReceivedAt == "" || a.Punches[0].ClaimedAt != a.Punches[0].At {
			t.Errorf("%s: not both times: %+v", date, a.Punches[0])
		}
	}
}

func TestClaims(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	w.person("acme", "asha")
	send := func(claim string, queued bool) reply {
		headers := []string{"Claimed-At", claim}
		if queued {
			headers = append(headers, "Queued", "true")
		}
		return w.checkIn(w.token("acme"), "face:asha", headers...)
	}
	// 09:00 on the 2nd; the bound is a day.
	w.want(send("2026-03-01T08:59:00+05:45", true), http.StatusUnprocessableEntity, "claim_refused")
	w.want(send("2026-03-02T09:02:01+05:45", true), http.StatusUnprocessableEntity, "claim_refused")
	w.want(send("yesterday", true), http.StatusUnprocessableEntity, "invalid")
	for _, never := range []string{"9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+05:45", "0000-01-01T00:00:00Z"} {
		w.want(send(never, false), http.StatusUnprocessableEntity, "invalid")
	}
	w.want(w.checkIn(token, "face:asha", "Queued", "true"), http.StatusUnprocessableEntity, "invalid")
	// Not queued, a claim is kept and decides nothing.
	r := w.want(send("2026-02-01T09:00:00+05:45", false), http.StatusCreated, "")
	if r.json["at"] != "2026-03-02T09:00:00+05:45" || r.json["claimed_at"] != "2026-02-01T09:00:00+05:45" || r.json["received_at"] != nil {
		t.Errorf("a claim beside: %s", r.Body)
	}
	// A clock that is a little ahead does not make a punch of the future.
	w.clock.Advance(time.Hour)
	token = w.token("acme")
	r = w.want(send("2026-03-02T10:01:00+05:45", true), http.StatusCreated, "")
	if r.json["at"] != "2026-03-02T10:00:00+05:45" {
		t.Errorf("a clock ahead: %s", r.Body)
	}
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"queue_bound_minutes": 0}), http.StatusOK, "")
	w.want(send("2026-03-02T09:30:00+05:45", true), http.StatusUnprocessableEntity, "claim_refused")
	// PINs are queued alike.
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"queue_bound_minutes": 120}), http.StatusOK, "")
	w.want(w.call("PUT", "/companies/acme/employees/asha/pin", token, map[string]any{"pin": "2580"}), http.StatusOK, "")
	r = w.want(w.call("POST", "/companies/acme/punches/pin", token, map[string]any{"who": "asha", "pin": "2580"},
		"Claimed-At", "2026-03-02T09:30:00+05:45", "Queued", "true"), http.StatusCreated, "")
	if r.json["direction"] != "exit" {
		t.Errorf("between two others: %s", r.Body)
	}
	day, err := w.db.Day(t.Context(), "asha", "2026-03-02")
	if err != nil || len(day.Punches) != 3 || day.Punches[2].Direction != "entry" {
		t.Errorf("the day: %+v, %v", day, err)
	}
}

// A roster that is changed later moves past punches only when it is asked to.
func TestRecompute(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.set("2026-03-02 19:00")
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	w.set("2026-03-03 07:00") // too late for an exit without a shift
	if r := w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, ""); r.json["date"] != "2026-03-03" {
		t.Fatalf("without a shift: %s", r.Body)
	}
	token := w.token("acme")
	guard := w.shift(token, "Guard", "19:00", "07:00")
	if r := w.want(w.roster(token, "asha", "2026-03-02", "2026-03-02", guard), http.StatusOK, ""); fmt.Sprint(r.json["changed"]) != "[]" {
		t.Errorf("moved without being asked: %s", r.Body)
	}
	days, _ := w.march(token, "asha")
	if d := days["2026-03-02"]; len(d.Punches) != 1 || d.Shift == nil || d.Shift.Name != "Guard" {
		t.Errorf("before: %+v", d)
	}
	const path = "/companies/acme/employees/asha/days/recompute"
	body := map[string]any{"from": "2026-03-02", "to": "2026-03-02"}
	for _, want := range []string{"[2026-03-02 2026-03-03]", "[]"} {
		if r := w.want(w.call("POST", path, token, body), http.StatusOK, ""); fmt.Sprint(r.json["changed"]) != want {
			t.Errorf("recomputed: %s, want %s", r.Body, want)
		}
	}
	days, _ = w.march(token, "asha")
	if d := days["2026-03-02"]; len(d.Punches) != 2 || d.Worked != 12*3600 || len(days["2026-03-03"].Punches) != 0 {
		t.Errorf("after: %+v, %+v", d, days["2026-03-03"])
	}
	for _, path := range []string{"board?date=9999-12-31", "board?date=0000-01-01", "roster?from=9999-12-30", "employees/asha/days?month=10000-1", "employees/asha/days?month=9999-12"} {
		w.want(w.call("GET", "/companies/acme/"+path, token, nil), http.StatusUnprocessableEntity, "invalid")
	}
	for _, bad := range []map[string]any{{"from": "9999-12-30", "to": "9999-12-31"}, {"from": "2026-03-02", "to": "2026-03-01"}, {"from": "2026-03-02", "to": "2026-12-31"}, {"from": "soon", "to": "later"}} {
		w.want(w.call("POST", path, token, bad), http.StatusUnprocessableEntity, "invalid")
	}
}

func TestShiftsAndPatterns(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	other := w.company("other")
	w.person("acme", "asha")
	w.person("other", "olga")
	const shifts, patterns = "/companies/acme/shifts", "/companies/acme/patterns"
	night := w.shift(token, " Night ", "22:00", "06:00")
	list := w.want(w.call("GET", shifts, token, nil), http.StatusOK, "")
	got := list.json["shifts"].([]any)[0].(map[string]any)
	if got["name"] != "Night" || got["required_minutes"] != 480.0 || got["version"] != 1.0 || got["end"] != "06:00" {
		t.Errorf("the list: %s", list.Body)
	}
	body := shiftBody("Night", "22:00", "07:00")
	body["version"] = 1
	w.want(w.call("PUT", shifts+"/"+night, token, body), http.StatusOK, "")
	w.want(w.call("PUT", shifts+"/"+night, token, body), http.StatusConflict, "conflict")
	w.want(w.call("PUT", shifts+"/none", token, body), http.StatusNotFound, "not_found")
	for name, change := range map[string]map[string]any{
		"no such time":         {"start": "25:00"},
		"a full day too long":  {"full_minutes": 600},
		"half above full":      {"half_minutes": 400},
		"a break outside":      {"breaks": []any{map[string]any{"from": "12:00", "to": "13:00", "rule": "paid"}}},
		"breaks that overlap":  {"breaks": []any{map[string]any{"from": "23:00", "to": "00:30", "rule": "paid"}, map[string]any{"from": "00:00", "to": "01:00", "rule": "paid"}}},
		"a break of two kinds": {"breaks": []any{map[string]any{"from": "23:00", "to": "23:30", "minutes": 10, "rule": "paid"}}},
		"a core without need":  {"core_start": "23:00", "core_end": "01:00"},
		"no such overtime":     {"overtime": map[string]any{"from": "never"}},
		"a name of two lines":  {"name": "a\nb"},
	} {
		bad := shiftBody("Bad", "22:00", "06:00")
		for k, v := range change {
			bad[k] = v
		}
		if r := w.call("POST", shifts, token, bad); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}

	for name, weeks := range map[string]any{
		"no week": [][]string{}, "six days": [][]string{{"", "", "", "", "", ""}}, "no such shift": [][]string{{"x", "", "", "", "", "", ""}},
	} {
		if r := w.call("POST", patterns, token, map[string]any{"name": "P", "weeks": weeks}); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", name, r.Code, r.Body)
		}
	}
	p := w.want(w.call("POST", patterns, token, map[string]any{"name": "P", "weeks": [][]string{{night, "", "", "", "", "", "off"}}}), http.StatusCreated, "")
	id := fmt.Sprint(p.json["id"])
	w.want(w.call("PUT", patterns+"/"+id, token, map[string]any{"name": "Q", "weeks": [][]string{{night, "", "", "", "", "", "off"}}, "version": 2}), http.StatusConflict, "conflict")
	w.want(w.call("DELETE", shifts+"/"+night, token, nil), http.StatusConflict, "conflict") // a pattern has it
	assignment := map[string]any{"scope": "company", "from": "2026-03-01", "pattern_id": id}
	w.want(w.call("PUT", "/companies/acme/assignments", token, assignment), http.StatusOK, "")
	w.want(w.call("PUT", "/companies/acme/assignments", token, assignment), http.StatusOK, "") // the same again
	w.want(w.call("DELETE", patterns+"/"+id, token, nil), http.StatusConflict, "conflict")     // somebody has it
	w.want(w.call("PUT", "/companies/acme/assignments", token, map[string]any{"scope": "person", "subject": "olga", "from": "2026-03-01", "pattern_id": id}), http.StatusNotFound, "not_found")
	w.want(w.call("PUT", "/companies/other/assignments", other, map[string]any{"scope": "company", "from": "2026-03-01", "pattern_id": id}), http.StatusUnprocessableEntity, "invalid")

	week := w.want(w.call("GET", "/companies/acme/roster?from=2026-03-01", token, nil), http.StatusOK, "")
	cells := week.json["people"].([]any)[0].(map[string]any)["days"].([]any)
	if first, last := cells[0].(map[string]any), cells[6].(map[string]any); first["shift_id"] != night || first["by"] != "company" || last["off"] != true {
		t.Errorf("the week: %s", week.Body)
	}
	w.want(w.roster(token, "asha", "2026-03-02", "2026-03-04", night), http.StatusOK, "")
	w.want(w.roster(token, "asha", "2026-03-03", "2026-03-03", "off"), http.StatusOK, "")
	single := func(version int, shift string) reply {
		return w.call("PUT", "/companies/acme/employees/asha/roster", token,
			map[string]any{"from": "2026-03-03", "to": "2026-03-03", "shift": shift, "version": version})
	}
	w.want(single(1, night), http.StatusConflict, "conflict")
	w.want(single(2, night), http.StatusOK, "")
	w.want(w.roster(token, "asha", "2026-03-02", "2026-03-02", "no such shift"), http.StatusUnprocessableEntity, "invalid")
	w.want(w.roster(token, "olga", "2026-03-02", "2026-03-02", night), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/acme/employees/olga/days/recompute", token, map[string]any{"from": "2026-03-02", "to": "2026-03-02"}), http.StatusNotFound, "not_found")

	// What is taken back and given up can be removed, in this order.
	w.want(w.call("DELETE", "/companies/acme/assignments?scope=company&from=2026-03-01", token, nil), http.StatusNoContent, "")
	w.want(w.call("DELETE", "/companies/acme/assignments?scope=company&from=2026-03-01", token, nil), http.StatusNotFound, "not_found")
	w.want(w.call("DELETE", patterns+"/"+id, token, nil), http.StatusNoContent, "")
	w.want(w.call("DELETE", shifts+"/"+night, token, nil), http.StatusConflict, "conflict") // the roster has it
	w.want(w.roster(token, "asha", "2026-03-01", "2026-03-31", ""), http.StatusOK, "")
	w.want(w.call("DELETE", shifts+"/"+night, token, nil), http.StatusNoContent, "")
	w.want(w.call("DELETE", shifts+"/"+night, token, nil), http.StatusNotFound, "not_found")
}

// The board says who is late, who is still in from the night, and who is off.
func TestBoardWithShifts(t *testing.T) {
	w := newWorld(t)
	token := w.company("acme")
	for _, u := range []string{"asha", "bina", "chet", "dipa", "ella"} {
		w.person("acme", u)
	}
	day, night := w.shift(token, "Day", "10:00", "17:00"), w.shift(token, "Night", "22:00", "06:00")
	for who, shift := range map[string]string{"asha": day, "bina": day, "chet": night, "dipa": "off"} {
		w.want(w.roster(token, who, "2026-03-02", "2026-03-03", shift), http.StatusOK, "")
	}
	w.want(w.call("PATCH", "/companies/acme/employees/ella", token, map[string]any{"time_zone": "America/New_York"}), http.StatusOK, "")
	w.want(w.call("PATCH", "/companies/acme/employees/ella", token, map[string]any{"time_zone": "Mars/Olympus"}), http.StatusUnprocessableEntity, "invalid")
	w.set("2026-03-02 10:25")
	w.want(w.checkIn(w.token("acme"), "face:asha"), http.StatusCreated, "")
	w.set("2026-03-02 22:00")
	w.want(w.checkIn(w.token("acme"), "face:chet"), http.StatusCreated, "")
	w.set("2026-03-03 03:00")
	w.want(w.checkIn(w.token("acme"), "face:ella"), http.StatusCreated, "")
	type row struct {
		Username, Status, Date string
		DayStatus              string `json:"day_status"`
		Flags                  []string
		Late                   int `json:"late_seconds"`
	}
	look := func(query string) (map[string]row, map[string]int) {
		t.Helper()
		r := w.want(w.call("GET", "/companies/acme/board"+query, w.token("acme"), nil), http.StatusOK, "")
		var got struct {
			Entries []row
			Counts  map[string]int
		}
		if err := json.Unmarshal(r.Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		rows := map[string]row{}
		for _, e := range got.Entries {
			rows[e.Username] = e
		}
		return rows, got.Counts
	}
	rows, counts := look("")
	if r := rows["chet"]; r.Status != "in" || r.Date != "2026-03-02" {
		t.Errorf("in the night, since yesterday: %+v", r)
	}
	if r := rows["ella"]; r.Status != "in" || r.Date != "2026-03-02" {
		t.Errorf("in New York it is yesterday: %+v", r)
	}
	if r := rows["asha"]; r.DayStatus != "expected" || r.Date != "2026-03-03" {
		t.Errorf("before the day begins: %+v", r)
	}
	if r := rows["dipa"]; r.Status != "off" || r.DayStatus != "weekly_off" {
		t.Errorf("off today: %+v", r)
	}
	if counts["in"] != 2 || counts["off"] != 1 || counts["absent"] != 2 || counts["late"] != 0 {
		t.Errorf("at night: %v", counts)
	}
	w.set("2026-03-03 10:30")
	if rows, counts = look(""); fmt.Sprint(rows["bina"].Flags) != "[not_here]" || counts["late"] != 2 {
		t.Errorf("half an hour late: %+v, %v", rows["bina"], counts)
	}
	rows, counts = look("?date=2026-03-02")
	if r := rows["asha"]; r.DayStatus != "late" || r.Late != 25*60 || fmt.Sprint(r.Flags) != "[missing_exit]" {
		t.Errorf("yesterday: %+v", r)
	}
	if r := rows["bina"]; r.DayStatus != "absent" || counts["missing_exits"] != 2 { // asha, and chet after his night
		t.Errorf("yesterday: %+v, %v", r, counts)
	}
}
