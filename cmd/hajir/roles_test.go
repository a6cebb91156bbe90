package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"hajir/internal/hajir"
)

const people = "/companies/acme/employees"

// teams makes acme with hema over mona over asha, who can be recognised, lena
// over bina, who can, too, and the auditor anil. It returns everybody's token.
func (w *world) teams() map[string]string {
	w.t.Helper()
	tokens := map[string]string{"acme": w.company("acme")}
	w.add(hajir.Employee{Username: "hema", Company: "acme", Role: hajir.RoleManager})
	w.add(hajir.Employee{Username: "mona", Company: "acme", Role: hajir.RoleManager, Manager: "hema"})
	w.add(hajir.Employee{Username: "lena", Company: "acme", Role: hajir.RoleManager})
	w.add(hajir.Employee{Username: "anil", Company: "acme", Role: hajir.RoleAuditor})
	for username, manager := range map[string]string{"asha": "mona", "bina": "lena"} {
		w.person("acme", username)
		w.want(w.change(tokens["acme"], username, map[string]any{"manager": manager}), http.StatusOK, "")
	}
	for _, username := range []string{"hema", "mona", "lena", "anil", "asha", "bina"} {
		tokens[username] = w.token(username)
	}
	return tokens
}

func (w *world) change(token, username string, body map[string]any) reply {
	w.t.Helper()
	return w.call("PATCH", people+"/"+username, token, body)
}

// names lists the usernames in a field of an answer, in its order.
func names(r reply, field string) string {
	all, _ := r.json[field].([]any)
	var who []string
	for _, x := range all {
		e, _ := x.(map[string]any)
		who = append(who, fmt.Sprint(e["username"]))
	}
	return strings.Join(who, " ")
}

func TestManagersSeeTheirReports(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	w.want(w.checkIn(tokens["acme"], "face:asha"), http.StatusCreated, "")
	w.want(w.checkIn(tokens["acme"], "face:bina"), http.StatusCreated, "")
	for who, want := range map[string]string{
		"acme": "asha bina hema lena mona", "anil": "asha bina hema lena mona",
		"hema": "asha hema mona", "mona": "asha mona", "lena": "bina lena",
	} {
		board := w.want(w.call("GET", "/companies/acme/board", tokens[who], nil), http.StatusOK, "")
		if got := names(board, "entries"); got != want {
			t.Errorf("the board of %s shows %s, want %s", who, got, want)
		}
		total := fmt.Sprint(board.json["counts"])
		if all := fmt.Sprintf("total:%d", len(strings.Fields(want))); !strings.Contains(total, all) {
			t.Errorf("the board of %s counts %s", who, total)
		}
		list := w.want(w.call("GET", people, tokens[who], nil), http.StatusOK, "")
		if who == "acme" || who == "anil" {
			want = "anil " + want
		}
		if got := names(list, "employees"); got != want {
			t.Errorf("the list of %s shows %s, want %s", who, got, want)
		}
	}
	// Filters narrow what a manager sees, and widen nothing.
	for query, want := range map[string]string{
		"?q=asha": "asha", "?q=bina": "", "?role=manager": "hema mona", "?role=auditor": "", "?manager=mona": "asha",
		"?manager=lena": "", "?limit=1": "asha", "?limit=1&cursor=asha": "hema", "?cursor=bina": "hema mona", "?cursor=mona": "",
		"?active=false": "",
	} {
		if got := names(w.want(w.call("GET", people+query, tokens["hema"], nil), http.StatusOK, ""), "employees"); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	if got := names(w.call("GET", people+"?manager=mona", tokens["acme"], nil), "employees"); got != "asha" {
		t.Errorf("the admin finds under mona: %s", got)
	}
	// Records of one's reports, and nobody else's; who is not there is refused
	// alike.
	for who, want := range map[string]int{"asha": 200, "mona": 200, "hema": 403, "bina": 403, "anil": 403, "nobody": 403, "acme": 403} {
		for _, path := range []string{"", "/days"} {
			if r := w.call("GET", people+"/"+who+path, tokens["mona"], nil); r.Code != want {
				t.Errorf("mona reads %s of %s: %d, want %d", path, who, r.Code, want)
			}
		}
	}
	nobody, bina := w.call("GET", people+"/nobody", tokens["mona"], nil), w.call("GET", people+"/bina", tokens["mona"], nil)
	if nobody.Body.String() != bina.Body.String() {
		t.Errorf("a manager is told who is there: %s, %s", nobody.Body, bina.Body)
	}
	days := w.call("GET", people+"/asha/days", tokens["mona"], nil).Body.String()
	if !strings.Contains(days, `"score"`) || strings.Contains(days, "picture_url") {
		t.Errorf("days for a manager: %s", days)
	}
}

func TestAuditorsReadAndNothingElse(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	w.want(w.checkIn(tokens["acme"], "face:asha"), http.StatusCreated, "")
	for _, path := range []string{"", "/board", "/employees", "/employees/asha", "/employees/asha/days", "/invitations", "/kiosks"} {
		r := w.want(w.call("GET", "/companies/acme"+path, tokens["anil"], nil), http.StatusOK, "")
		if strings.Contains(r.Body.String(), "/objects?") {
			t.Errorf("%s links to a picture: %s", path, r.Body)
		}
	}
	days := w.call("GET", people+"/asha/days", tokens["anil"], nil).Body.String()
	if !strings.Contains(days, `"score"`) || strings.Contains(days, "picture_url") {
		t.Errorf("days for an auditor: %s", days)
	}
	if admin := w.call("GET", people+"/asha/days", tokens["acme"], nil).Body.String(); !strings.Contains(admin, "picture_url") {
		t.Errorf("days for the admin have no picture, so that this test says nothing: %s", admin)
	}
	// An auditor has no attendance.
	w.want(w.send(people+"/anil/faces", tokens["acme"], []byte("face:anil")), http.StatusConflict, "conflict")
	w.want(w.call("PUT", people+"/anil/pin", tokens["acme"], map[string]any{"pin": "2580"}), http.StatusConflict, "conflict")
	w.want(w.change(tokens["acme"], "anil", map[string]any{"manager": "mona"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.change(tokens["acme"], "asha", map[string]any{"manager": "anil"}), http.StatusUnprocessableEntity, "invalid")
}

// Who has a face or a PIN does not become an auditor; who has had days does,
// and keeps them.
func TestAnEmployeeBecomesAnAuditor(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	admin := tokens["acme"]
	w.want(w.checkIn(admin, "face:asha"), http.StatusCreated, "")
	w.want(w.change(admin, "asha", map[string]any{"role": "auditor"}), http.StatusConflict, "conflict")
	faces, _ := w.call("GET", people+"/asha/faces", admin, nil).json["faces"].([]any)
	face, _ := faces[0].(map[string]any)
	w.want(w.call("DELETE", fmt.Sprintf("%s/asha/faces/%v", people, face["face_id"]), admin, nil), http.StatusNoContent, "")
	w.want(w.call("PUT", people+"/asha/pin", admin, map[string]any{"pin": "2580"}), http.StatusOK, "")
	w.want(w.change(admin, "asha", map[string]any{"role": "auditor"}), http.StatusConflict, "conflict")
	w.want(w.call("DELETE", people+"/asha/pin", admin, nil), http.StatusNoContent, "")
	r := w.want(w.change(admin, "asha", map[string]any{"role": "auditor"}), http.StatusOK, "")
	if r.json["role"] != "auditor" || r.json["manager"] != nil {
		t.Errorf("the auditor: %s", r.Body)
	}
	w.want(w.call("GET", "/me", tokens["asha"], nil), http.StatusUnauthorized, "unauthorized")
	asha := w.token("asha")
	w.want(w.call("GET", "/companies/acme", asha, nil), http.StatusOK, "")
	w.want(w.change(asha, "asha", map[string]any{"role": "employee"}), http.StatusForbidden, "forbidden")
	if days := w.call("GET", people+"/asha/days", admin, nil); !strings.Contains(days.Body.String(), "2026-03-02") {
		t.Errorf("her days are gone: %s", days.Body)
	}
	board := func(date string) string {
		return names(w.call("GET", "/companies/acme/board?date="+date, admin, nil), "entries")
	}
	if today, later := board("2026-03-02"), board("2026-03-03"); !strings.Contains(today, "asha") || strings.Contains(later, "asha") {
		t.Errorf("on the board: %s; the day after: %s", today, later)
	}
	// Whatever way in an auditor may still have, it records nothing.
	w.want(w.change(admin, "asha", map[string]any{"role": "employee"}), http.StatusOK, "")
	w.want(w.call("PUT", people+"/asha/pin", admin, map[string]any{"pin": "2580"}), http.StatusOK, "")
	for username, role := range map[string]hajir.Role{"asha": hajir.RoleAuditor, "bina": hajir.RoleAuditor} {
		e, err := w.db.Employee(t.Context(), username)
		if err != nil {
			t.Fatal(err)
		}
		e.Role, e.Manager = role, ""
		if err := w.db.SaveEmployee(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	w.want(w.checkIn(admin, "face:bina"), http.StatusUnprocessableEntity, "face_unknown")
	pin := map[string]any{"who": "asha", "pin": "2580"}
	w.want(w.call("POST", "/companies/acme/punches/pin", admin, pin), http.StatusUnprocessableEntity, "pin_wrong")
}

// Another role is in effect at once: sessions of the one before have ended.
func TestRolesAreChangedByTheAdminAlone(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	admin := tokens["acme"]
	for _, who := range []string{"hema", "mona", "anil", "asha"} {
		w.want(w.change(tokens[who], "asha", map[string]any{"role": "manager"}), http.StatusForbidden, "forbidden")
	}
	for _, role := range []string{"admin", "kiosk", "boss", ""} {
		w.want(w.change(admin, "asha", map[string]any{"role": role}), http.StatusUnprocessableEntity, "invalid")
	}
	w.want(w.change(admin, "acme", map[string]any{"role": "employee"}), http.StatusNotFound, "not_found")
	w.want(w.change(admin, "asha", map[string]any{"role": "employee", "name": "Asha R"}), http.StatusOK, "")
	w.want(w.call("GET", "/me", tokens["asha"], nil), http.StatusOK, "") // it was hers before

	w.want(w.change(admin, "asha", map[string]any{"role": "manager"}), http.StatusOK, "")
	w.want(w.call("GET", "/me", tokens["asha"], nil), http.StatusUnauthorized, "unauthorized")
	asha := w.token("asha")
	if me := w.call("GET", "/me", asha, nil); me.json["role"] != "manager" {
		t.Errorf("asha is %s", me.Body)
	}
	w.want(w.change(admin, "bina", map[string]any{"manager": "asha"}), http.StatusOK, "")
	for who, want := range map[string]int{"asha": 200, "mona": 200, "hema": 200, "lena": 403} {
		token := tokens[who]
		if who == "asha" {
			token = asha
		}
		if r := w.call("GET", people+"/bina", token, nil); r.Code != want {
			t.Errorf("%s reads bina: %d, want %d", who, r.Code, want)
		}
	}
	// hema under asha, who reports to mona, who reports to hema.
	circle := w.want(w.change(admin, "hema", map[string]any{"manager": "asha"}), http.StatusUnprocessableEntity, "invalid")
	if !strings.Contains(fmt.Sprint(circle.json["detail"]), "Hema cannot report to Asha R") {
		t.Errorf("a circle: %s", circle.Body)
	}
	for _, manager := range []string{"bina", "nobody", "acme", "hema", "A B"} {
		w.want(w.change(admin, "hema", map[string]any{"manager": manager}), http.StatusUnprocessableEntity, "invalid")
	}
}

// A manager who has left, or is none any more, keeps no rights, and neither
// does who is above them by their name; the records say so.
func TestAManagerWhoIsNoneAnyMore(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	admin := tokens["acme"]
	read := func(who, token string, want int) {
		t.Helper()
		if r := w.call("GET", people+"/asha", token, nil); r.Code != want {
			t.Errorf("%s reads asha: %d, want %d", who, r.Code, want)
		}
	}
	read("mona", tokens["mona"], http.StatusOK)
	w.want(w.change(admin, "mona", map[string]any{"role": "employee"}), http.StatusOK, "")
	read("mona", w.token("mona"), http.StatusForbidden)
	read("hema", tokens["hema"], http.StatusForbidden)
	r := w.want(w.call("GET", people+"/asha", admin, nil), http.StatusOK, "")
	if r.json["manager"] != "mona" || r.json["manager_name"] != "Mona" || r.json["manager_active"] != false {
		t.Errorf("asha: %s", r.Body)
	}
	w.want(w.change(admin, "asha", map[string]any{"name": "Asha Rai", "manager": "mona"}), http.StatusOK, "") // unchanged

	w.want(w.change(admin, "mona", map[string]any{"role": "manager"}), http.StatusOK, "")
	mona := w.token("mona")
	read("mona", mona, http.StatusOK)
	read("hema", tokens["hema"], http.StatusOK)
	w.want(w.change(admin, "mona", map[string]any{"active": false}), http.StatusOK, "")
	read("mona", mona, http.StatusUnauthorized)
	read("hema", tokens["hema"], http.StatusForbidden)
	w.want(w.change(admin, "asha", map[string]any{"manager": ""}), http.StatusOK, "")
	w.want(w.change(admin, "asha", map[string]any{"manager": "mona"}), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("POST", people, admin, map[string]any{"username": "chet", "name": "Chet", "manager": "mona"}), http.StatusUnprocessableEntity, "invalid")
	added := w.want(w.call("POST", people, admin, map[string]any{"username": "chet", "name": "Chet", "manager": "Hema ", "role": "manager"}), http.StatusCreated, "")
	if added.json["manager"] != "hema" || added.json["manager_active"] != true || added.json["role"] != "manager" {
		t.Errorf("added: %s", added.Body)
	}
}

// A token outlives what it says only when the store was bypassed; even then the
// record decides who leads.
func TestTheRecordDecidesWhoLeads(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	mona, err := w.db.Employee(t.Context(), "mona")
	if err != nil {
		t.Fatal(err)
	}
	mona.Role = hajir.RoleEmployee
	if err := w.db.SaveEmployee(t.Context(), mona); err != nil { // cut off before the account followed
		t.Fatal(err)
	}
	w.want(w.call("GET", people+"/asha", tokens["mona"], nil), http.StatusForbidden, "forbidden")
	if got := names(w.call("GET", people, tokens["mona"], nil), "employees"); got != "mona" {
		t.Errorf("the list: %s", got)
	}
	// The same change again does the rest.
	w.want(w.change(tokens["acme"], "mona", map[string]any{"role": "employee"}), http.StatusOK, "")
	w.want(w.call("GET", "/me", tokens["mona"], nil), http.StatusUnauthorized, "unauthorized")
}

// events reads the names of a stream's events and whom they are about.
func (w *world) events(ctx context.Context, token string) (next func() (event, data string), closed func() bool) {
	w.t.Helper()
	site := httptest.NewServer(w.handler)
	w.t.Cleanup(site.Close)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, site.URL+"/api/v1/companies/acme/board/events", http.NoBody)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	r, err := http.DefaultClient.Do(req)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { r.Body.Close() })
	lines := bufio.NewScanner(r.Body)
	lines.Buffer(nil, 1<<20)
	next = func() (event, data string) {
		for lines.Scan() && lines.Text() != "" {
			if text, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
				event = text
			}
			if text, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				data = text
			}
		}
		return event, data
	}
	return next, func() bool { return !lines.Scan() }
}

func TestAStreamTellsOfTheTeamAlone(t *testing.T) {
	w := newWorld(t)
	tokens := w.teams()
	next, closed := w.events(t.Context(), tokens["mona"])
	_, whole := next()
	if !strings.Contains(whole, `"asha"`) || strings.Contains(whole, "bina") || strings.Contains(whole, "hema") {
		t.Fatalf("the board: %s", whole)
	}
	entry := func(who string) {
		t.Helper()
		if event, data := next(); event != "entry" || !strings.Contains(data, `"username":"`+who+`"`) {
			t.Fatalf("%s %s, want the entry of %s", event, data, who)
		}
	}
	w.want(w.checkIn(tokens["acme"], "face:bina"), http.StatusCreated, "") // of another team
	w.want(w.checkIn(tokens["acme"], "face:asha"), http.StatusCreated, "")
	entry("asha")
	// What changes while it is open counts from the next entry on.
	w.want(w.change(tokens["acme"], "asha", map[string]any{"manager": "lena"}), http.StatusOK, "")
	w.want(w.change(tokens["acme"], "bina", map[string]any{"manager": "mona"}), http.StatusOK, "")
	w.clock.Advance(3 * hajir.DefaultRepeatWindow)
	w.want(w.checkIn(tokens["acme"], "face:asha"), http.StatusCreated, "")
	w.want(w.checkIn(tokens["acme"], "face:bina"), http.StatusCreated, "")
	entry("bina")
	// Who is no manager any more is told nothing more, not even by a stream.
	w.want(w.change(tokens["acme"], "mona", map[string]any{"role": "auditor"}), http.StatusOK, "")
	w.clock.Advance(3 * hajir.DefaultRepeatWindow)
	w.want(w.checkIn(tokens["acme"], "face:bina"), http.StatusCreated, "")
	if !closed() {
		t.Error("the stream goes on after another role")
	}
}

func TestInvitationsCarryTheRole(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.add(hajir.Employee{Username: "hema", Company: "acme", Role: hajir.RoleManager})
	w.add(hajir.Employee{Username: "asha", Company: "acme"})
	w.company("other")
	w.add(hajir.Employee{Username: "olga", Company: "other", Role: hajir.RoleManager})
	invite := func(username, role, manager string) reply {
		return w.call("POST", invitations, admin, map[string]any{"username": username, "name": username, "role": role, "manager": manager})
	}
	for _, bad := range [][3]string{
		{"chet", "admin", ""},
		{"chet", "kiosk", ""},
		{"chet", "employee", "asha"},
		{"chet", "employee", "olga"},
		{"chet", "employee", "nobody"},
		{"chet", "auditor", "hema"},
		{"chet", "manager", "chet"},
	} {
		w.want(invite(bad[0], bad[1], bad[2]), http.StatusUnprocessableEntity, "invalid")
	}
	token := func(r reply) string {
		_, token, _ := strings.Cut(fmt.Sprint(w.want(r, http.StatusCreated, "").json["link"]), "#token=")
		return token
	}
	mona := invite("mona", "manager", "hema")
	dina, anil := token(invite("dina", "employee", "mona")), token(invite("anil", "auditor", ""))
	if list := w.call("GET", invitations, admin, nil).Body.String(); !strings.Contains(list, `"role":"manager","manager":"hema"`) {
		t.Errorf("invitations: %s", list)
	}
	// dina joins before her manager does, who counts from then on.
	w.want(w.accept(dina, chosen, "given"), http.StatusCreated, "")
	if r := w.call("GET", people+"/dina", admin, nil); r.json["manager"] != "mona" || r.json["manager_active"] != false {
		t.Errorf("dina: %s", r.Body)
	}
	w.want(w.accept(token(mona), chosen, "given"), http.StatusCreated, "")
	if me := w.call("GET", "/me", w.token("mona"), nil); me.json["role"] != "manager" {
		t.Errorf("mona: %s", me.Body)
	}
	for _, who := range []string{"mona", "hema"} {
		w.want(w.call("GET", people+"/dina", w.token(who), nil), http.StatusOK, "")
	}
	if r := w.want(w.read(anil), http.StatusOK, ""); r.json["role"] != "auditor" {
		t.Errorf("anil is told: %s", r.Body)
	}
	w.want(w.accept(anil, chosen, "declined"), http.StatusCreated, "")
	if r := w.call("GET", people+"/anil", admin, nil); r.json["role"] != "auditor" || r.json["consent"] != "" {
		t.Errorf("anil, who was not asked: %s", r.Body)
	}
	if me := w.call("GET", "/me", w.token("anil"), nil); me.json["role"] != "auditor" {
		t.Errorf("anil: %s", me.Body)
	}
	// Withdrawn and invited again, gil would come to be above himself.
	w.want(invite("gil", "manager", ""), http.StatusCreated, "")
	uma := token(invite("uma", "manager", "gil"))
	w.want(w.accept(uma, chosen, "given"), http.StatusCreated, "")
	w.want(w.call("DELETE", invitations+"/gil", admin, nil), http.StatusNoContent, "")
	w.want(invite("gil", "manager", "uma"), http.StatusUnprocessableEntity, "invalid")
}

// A file may name managers in any order, and a dry run says the same as the
// import.
func TestAFileNamesManagers(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.add(hajir.Employee{Username: "hema", Company: "acme", Role: hajir.RoleManager})
	file := "username,name,role,manager\n" +
		"asha,Asha,,Mona\nmona,Mona,MANAGER,lena\nlena,Lena,manager,hema\n" + // upwards
		"bina,Bina,employee,asha\nchet,Chet,boss,\ndev,Dev,manager,gil\ngil,Gil,manager,dev\nanil,Anil,auditor,\numa,Uma,,chet\n"
	want := "2 asha  3 mona  4 lena  5 bina invalid 6 chet invalid 7 dev  8 gil invalid 9 anil  10 uma invalid"
	// dev and gil name each other: whoever comes first is refused, and so is the other.
	want = strings.Replace(want, "7 dev ", "7 dev invalid", 1)
	for _, query := range []string{"?dry_run=true", ""} {
		r := w.want(w.importCSV(admin, query, file), http.StatusOK, "")
		if got := lines(r); got != want {
			t.Errorf("%q: %s\nwant %s\n%s", query, got, want, r.Body)
		}
	}
	r := w.call("GET", invitations, admin, nil)
	all, _ := r.json["invitations"].([]any)
	var got []string
	for _, x := range all {
		i, _ := x.(map[string]any)
		got = append(got, fmt.Sprint(i["username"], "/", i["role"], "/", i["manager"]))
	}
	if want := []string{"anil/auditor/<nil>", "asha/employee/mona", "lena/manager/hema", "mona/manager/lena"}; !slices.Equal(got, want) {
		t.Errorf("invited: %v, want %v", got, want)
	}
}
