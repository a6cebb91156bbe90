package main

import (
	"bytes"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/company"
	"hajir/internal/hajir"
	"hajir/internal/objects"
)

// auditOf asks for a company's log, newest first.
func (w *world) auditOf(query string) []map[string]any {
	w.t.Helper()
	r := w.want(w.call("GET", "/companies/acme/audit?limit=200"+query, w.adminToken(), nil), http.StatusOK, "")
	var all []map[string]any
	for _, e := range r.json["entries"].([]any) {
		all = append(all, e.(map[string]any))
	}
	return all
}

// adminToken is a token of a session that was begun once, so that asking for it
// is no entry.
func (w *world) adminToken() string {
	w.t.Helper()
	if w.admin == "" || w.clock.Now().After(w.adminUntil) {
		w.admin, w.adminUntil = w.token("acme"), w.clock.Now().Add(10*time.Minute)
	}
	return w.admin
}

// told is an entry in one line.
func told(e map[string]any) string {
	actor, _ := e["actor"].(map[string]any)
	subject, _ := e["subject"].(map[string]any)
	who := actor["username"]
	if who == nil {
		who = actor["kind"]
	}
	person := subject["person"]
	if person == nil {
		person = "-"
	}
	return fmt.Sprintf("%v %v %v %v of %v", who, e["operation"], e["action"], subject["table"], person)
}

// What people do by the API is told with who, how, from where, before and
// after.
func TestAuditOfOperations(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	token := w.adminToken()
	begun := len(w.auditOf(""))

	client := []string{"User-Agent", "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"}
	w.want(w.call("PATCH", "/companies/acme/employees/asha", token, map[string]any{"name": "Asha Rai", "password": "another good passphrase"}, client...), http.StatusOK, "")
	w.want(w.call("PUT", "/companies/acme/employees/asha/pin", token, map[string]any{"pin": "4711"}), http.StatusOK, "")
	w.want(w.call("PATCH", "/companies/acme", token, map[string]any{"match_margin": 0.1}), http.StatusOK, "")
	w.want(w.call("POST", "/sessions", "", map[string]any{"username": "asha", "password": "wrong wrong wrong"}), http.StatusUnauthorized, "unauthorized")
	w.want(w.call("POST", "/sessions", "", map[string]any{"username": "nobody", "password": "wrong wrong wrong"}), http.StatusUnauthorized, "unauthorized")
	in := w.want(w.call("POST", "/sessions", "", map[string]any{"username": "asha", "password": "another good passphrase"}), http.StatusCreated, "")
	refresh := map[string]any{"refresh_token": in.json["refresh_token"]}
	in = w.want(w.call("POST", "/sessions/refresh", "", refresh), http.StatusOK, "")
	w.want(w.call("DELETE", "/sessions", "", map[string]any{"refresh_token": in.json["refresh_token"]}), http.StatusNoContent, "")
	w.want(w.call("GET", "/companies/acme/employees", token, nil), http.StatusOK, "")
	w.want(w.call("PATCH", "/companies/acme/employees/asha", token, map[string]any{"name": ""}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "")

	want := []string{
		"acme change-employee change Employee_details of asha",
		"acme change-employee change Users of asha", // the name
		"acme change-employee change Users of asha", // the password
		"acme set-pin create Employee_pins of asha",
		"acme change-company change Company_details of -",
		"stranger sign-in refuse Users of asha",
		"asha sign-in create Sessions of asha",
		"asha sign-out delete Sessions of asha",
	}
	all := w.auditOf("")
	slices.Reverse(all)
	var got []string
	for _, e := range all[begun:] {
		got = append(got, told(e))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the log tells\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	e := all[begun]
	if e["device"] != "Firefox on Windows" || e["address"] != "192.0.2.1" || e["function"] != "CompanyRequestHandler" ||
		e["at"] != "2026-03-02T09:00:00+05:45" || fmt.Sprint(e["before"], e["after"]) != "map[name:Asha] map[name:Asha Rai]" ||
		e["subject"].(map[string]any)["name"] != "Asha Rai" {
		t.Errorf("the first: %v", e)
	}
	for _, filter := range []struct {
		query string
		want  int
	}{
		{"&actor=asha", 2},
		{"&person=asha&action=refuse", 1},
		{"&operation=set-pin", 1},
		{"&from=2026-03-03", 0},
		{"&to=2026-03-01", 0},
		{"&from=2026-03-02&to=2026-03-02&operation=change-employee", 3},
	} {
		if n := len(w.auditOf(filter.query)); n != filter.want {
			t.Errorf("%s: %d entries, want %d", filter.query, n, filter.want)
		}
	}
	for _, bad := range []string{"?from=yesterday", "?action=eat", "?cursor=x", "?limit=0"} {
		w.want(w.call("GET", "/companies/acme/audit"+bad, token, nil), http.StatusUnprocessableEntity, "invalid")
	}
	first := w.call("GET", "/companies/acme/audit?limit=3", token, nil)
	second := w.call("GET", fmt.Sprintf("/companies/acme/audit?limit=3&cursor=%v", first.json["next_cursor"]), token, nil)
	if a, b := first.json["entries"].([]any), second.json["entries"].([]any); len(a) != 3 || len(b) != 3 ||
		a[2].(map[string]any)["seq"].(float64) != b[0].(map[string]any)["seq"].(float64)+1 {
		t.Errorf("the second page does not follow the first: %s %s", first.Body, second.Body)
	}
}

// A look at a picture names the viewer and whose it is, and the person sees
// it.
func TestAuditOfLooks(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.person("acme", "asha")
	w.person("acme", "bina")
	device, tokens := w.kiosk("acme")
	looks := func() int { t.Helper(); return len(w.auditOf("&action=look")) }

	punch := w.linkOf(w.want(w.checkIn(tokens.Access, "face:asha"), http.StatusCreated, ""))
	faces := w.want(w.call("GET", "/companies/acme/employees/asha/faces", w.adminToken(), nil), http.StatusOK, "")
	if n := looks(); n != 0 {
		t.Fatalf("%d looks, and no link was opened", n)
	}
	w.want(w.open(punch), http.StatusOK, "")
	face := faces.json["faces"].([]any)[0].(map[string]any)
	for _, size := range []string{"picture_url", "medium_url", "small_url"} {
		w.want(w.do("GET", fmt.Sprint(face[size]), "", "", http.NoBody), http.StatusOK, "")
	}
	w.want(w.open(punch), http.StatusOK, "")
	if n := looks(); n != 2 {
		t.Errorf("%d looks, want the kiosk's at the punch and the admin's at the face", n)
	}
	w.clock.Advance(objects.LinkLife)
	w.want(w.open(punch), http.StatusForbidden, "forbidden")
	if n := looks(); n != 2 {
		t.Errorf("%d looks after one that was refused", n)
	}
	again := w.linkOf(w.want(w.checkIn(tokens.Access, "face:asha"), http.StatusCreated, ""))
	w.want(w.open(again), http.StatusOK, "")

	r := w.want(w.call("GET", "/companies/acme/employees/asha/image-views", w.token("asha"), nil), http.StatusOK, "")
	var got []string
	for _, v := range r.json["views"].([]any) {
		v := v.(map[string]any)
		got = append(got, fmt.Sprint(v["viewer"], " ", v["name"], " ", v["role"], " ", v["image"], " ", v["date"]))
	}
	want := []string{
		device.Username + " Front door kiosk punch 2026-03-02",
		"acme ACME admin enrolment <nil>",
		device.Username + " Front door kiosk punch 2026-03-02",
	}
	if !slices.Equal(got, want) {
		t.Errorf("asha sees %q, want %q", got, want)
	}
	page := w.call("GET", "/companies/acme/employees/asha/image-views?limit=2", w.token("asha"), nil)
	next := w.call("GET", fmt.Sprintf("/companies/acme/employees/asha/image-views?limit=2&cursor=%v", page.json["next_cursor"]), w.token("asha"), nil)
	if len(next.json["views"].([]any)) != 1 || next.json["next_cursor"] != nil {
		t.Errorf("the second page: %s", next.Body)
	}
	if other := w.call("GET", "/companies/acme/employees/bina/image-views", w.token("bina"), nil); len(other.json["views"].([]any)) != 0 {
		t.Errorf("bina sees looks at asha: %s", other.Body)
	}
}

// Guessing a password does not flood the log: tries that must wait are none.
func TestAuditIsNotFlooded(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	const tries = 200
	for range tries {
		w.call("POST", "/sessions", "", map[string]any{"username": "acme", "password": "wrong"})
		w.clock.Advance(time.Second)
	}
	if n := len(w.auditOf("&action=refuse")); n < 5 || n > 20 {
		t.Errorf("%d entries of %d tries", n, tries)
	}
}

func TestAuditVerifyAndExport(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	token := w.adminToken()
	w.want(w.call("POST", "/companies/acme/employees", token, map[string]any{"username": "asha", "name": "=cmd|' /C calc'!A0"}), http.StatusCreated, "")
	// Names are told within JSON, so that the apostrophe is needed elsewhere.
	if err := w.db.Record(t.Context(), hajir.Event{Company: "acme", Action: hajir.ActionChange, Subject: hajir.Subject{Table: "x", Key: "=1+1"}}); err != nil {
		t.Fatal(err)
	}
	ok := w.want(w.call("GET", "/companies/acme/audit/verify", token, nil), http.StatusOK, "")
	list := w.call("GET", "/companies/acme/audit", token, nil)
	head := fmt.Sprint(list.json["head"])
	if ok.json["ok"] != true || ok.json["head"] != head || ok.json["entries"].(float64) < 5 {
		t.Errorf("verify: %s; the list's head is %s", ok.Body, head)
	}
	w.want(w.call("GET", "/companies/acme/audit/verify?head="+head, token, nil), http.StatusOK, "")
	later := w.want(w.call("GET", "/companies/acme/audit/verify?head=99:"+strings.Repeat("a", 64), token, nil), http.StatusOK, "")
	if later.json["ok"] != false || later.json["broken_at"] != ok.json["entries"].(float64)+1 || !strings.Contains(fmt.Sprint(later.json["reason"]), "cut off") {
		t.Errorf("a log that was cut off: %s", later.Body)
	}
	w.want(w.call("GET", "/companies/acme/audit/verify?head=7", token, nil), http.StatusUnprocessableEntity, "invalid")

	file := w.call("GET", "/companies/acme/audit/export?format=csv", token, nil)
	rows, err := csv.NewReader(file.Body).ReadAll()
	if err != nil || len(rows) != int(ok.json["entries"].(float64))+1 || rows[0][0] != "seq" || rows[1][0] != "1" {
		t.Errorf("the CSV: %v %v", rows, err)
	}
	if d := file.Header().Get("Content-Disposition"); d != `attachment; filename="audit-acme-2026-03-02.csv"` ||
		file.Header().Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("the file is %q: %v", d, file.Header())
	}
	for _, row := range rows {
		for _, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) {
				t.Errorf("a formula: %s", cell)
			}
		}
	}
	if key := rows[len(rows)-1][12]; key != "'=1+1" {
		t.Errorf("the last entry's key is %q", key)
	}

	// What is exported as JSON Lines can be checked by itself.
	lines := w.call("GET", "/companies/acme/audit/export?format=jsonl", token, nil)
	check := hajir.AuditCheck{Company: "acme"}
	for d := json.NewDecoder(lines.Body); d.More(); {
		var e hajir.AuditEntry
		if err := errors.Join(d.Decode(&e), check.Add(e)); err != nil {
			t.Fatal(err)
		}
	}
	if check.Head().String() != head {
		t.Errorf("the export ends at %s, want %s", check.Head(), head)
	}
	some := w.call("GET", "/companies/acme/audit/export?format=jsonl&person=asha&operation=create-employee", token, nil)
	if n := bytes.Count(some.Body.Bytes(), []byte("\n")); n != 2 { // the account and the employee
		t.Errorf("%d lines chosen, want 2: %s", n, some.Body)
	}
}

// An operator is told when a log was tampered with, and by the exit code.
func TestAuditCommands(t *testing.T) {
	c := cliTest{t: t, dir: t.TempDir()}
	secret := c.write("password", []byte(password))
	_, code := c.run("company", "create", "acme", "--name", "Acme", "--email", "a@example.com", "--time-zone", "Asia/Kathmandu", "--password-file", secret)
	if code != 0 {
		t.Skip("SKIPPED: the models are missing")
	}
	out, code := c.run("audit", "verify")
	if code != 0 || !strings.Contains(out, "acme: 2 entries, all right; head 2:") {
		t.Fatalf("%d: %s", code, out)
	}
	_, head, _ := strings.Cut(strings.TrimSpace(out), "head ")
	if out, code := c.run("audit", "verify", "--company", "acme", "--head", head); code != 0 {
		t.Errorf("with its head: %d %s", code, out)
	}
	out, code = c.run("audit", "export", "--company", "acme")
	if code != 0 || strings.Count(out, "\n") != 2 || !strings.Contains(out, `"kind":"operator"`) || !strings.Contains(out, `"operation":"company create"`) {
		t.Errorf("the export: %d %s", code, out)
	}
	if out, code = c.run("audit", "export", "--company", "acme", "--format", "csv"); code != 0 || !strings.HasPrefix(out, "seq,at,") {
		t.Errorf("the CSV: %d %s", code, out)
	}
	for _, bad := range [][]string{
		{"audit", "export"}, {"audit", "verify", "--head", head}, {"audit", "verify", "--company", "acme", "--head", "x"}, {"audit", "verify", "--company", "nobody"},
	} {
		if out, code := c.run(bad...); code == 0 {
			t.Errorf("%v: %s", bad, out)
		}
	}
	if out, code = c.run("keys", "rotate"); code != 0 {
		t.Fatalf("rotate: %s", out)
	}
	if out, code = c.run("audit", "export", "--installation"); code != 0 || !strings.Contains(out, `"operation":"keys rotate"`) {
		t.Errorf("the installation's log: %d %s", code, out)
	}

	db, err := sql.Open("sqlite", "file:"+filepath.Join(c.dir, "data", "hajir.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, stmt := range []string{
		`DROP TRIGGER Audit_log_stays_as_it_is`, `UPDATE Audit_log SET doc = replace(doc, 'operator', 'stranger') WHERE company = 'acme' AND seq = 2`,
	} {
		if _, err := db.ExecContext(t.Context(), stmt); err != nil {
			t.Fatal(err)
		}
	}
	if out, code = c.run("audit", "verify"); code == 0 || !strings.Contains(out, "acme: BROKEN at entry 2: it was changed") || !strings.Contains(out, "the installation: 1 entries, all right") {
		t.Errorf("a changed entry: %d %s", code, out)
	}
}

// An export that cannot be finished is cut off, and not taken for whole.
func TestAuditExportIsCutOff(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	failing := errors.New("the client left")
	err := w.app.company.ExportAudit(t.Context(), "acme", hajir.AuditQuery{}, company.AuditJSONL, writerFunc(func([]byte) (int, error) { return 0, failing }))
	if !errors.Is(err, failing) {
		t.Errorf("%v", err)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }
