package main

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"hajir/internal/hajir"
)

const (
	board = "/companies/acme/questions"
	aPage = "/ask/acme"
)

// forum is a company that takes questions, with managers mona and lena, who asha
// reports to.
type forum struct {
	*world
	begun time.Time
}

func newForum(t *testing.T) *forum {
	t.Helper()
	w := newWorld(t)
	w.company("acme")
	for _, e := range []hajir.Employee{
		{Username: "mona", Role: hajir.RoleManager},
		{Username: "lena", Role: hajir.RoleManager},
		{Username: "asha", Manager: "mona", Email: "asha@example.com"},
		{Username: "anil", Role: hajir.RoleAuditor},
	} {
		e.Company = "acme"
		w.add(e)
	}
	o := &forum{w, w.clock.Now()}
	o.settings(map[string]any{"open": true, "categories": []string{"Hours", "Work"}, "retention_days": 90, "version": 0})
	return o
}

func (o *forum) settings(s map[string]any) reply {
	o.t.Helper()
	return o.want(o.call("PUT", "/companies/acme/question-settings", o.adminToken(), s), http.StatusOK, "")
}

// proof solves a challenge of a company.
func (o *forum) proof(company string) map[string]any {
	o.t.Helper()
	r := o.want(o.call("POST", "/ask/"+company+"/challenges", "", nil), http.StatusCreated, "")
	text := fmt.Sprint(r.json["challenge"])
	for n := 0; ; n++ {
		if s := strconv.Itoa(n); hajir.Solves(text, s) {
			return map[string]any{"challenge": text, "solution": s}
		}
	}
}

func with(m map[string]any, more map[string]any) map[string]any {
	all := map[string]any{}
	for _, from := range []map[string]any{m, more} {
		for k, v := range from {
			all[k] = v
		}
	}
	return all
}

// ask asks as a visitor and returns the question as the admin sees it.
func (o *forum) ask(text string, more map[string]any) map[string]any {
	o.t.Helper()
	o.clock.Advance(time.Minute)
	o.want(o.call("POST", aPage+"/questions", "", with(with(o.proof("acme"), map[string]any{"text": text}), more)), http.StatusAccepted, "")
	return o.list("")[0]
}

func (o *forum) list(query string) []map[string]any {
	o.t.Helper()
	return records(o.want(o.call("GET", board+"?limit=100"+query, o.adminToken(), nil), http.StatusOK, "").json["questions"])
}

func records(from any) []map[string]any {
	var all []map[string]any
	list, _ := from.([]any)
	for _, x := range list {
		all = append(all, x.(map[string]any))
	}
	return all
}

// put changes a part of a question as the admin.
func (o *forum) put(q map[string]any, part string, body map[string]any) map[string]any {
	o.t.Helper()
	return o.want(o.call("PUT", fmt.Sprintf("%s/%s/%s", board, q["id"], part), o.adminToken(), body), http.StatusOK, "").json
}

func (o *forum) answer(q map[string]any, text string) {
	o.t.Helper()
	o.put(q, "answer", map[string]any{"text": text, "tell": true, "version": o.get(q)["version"]})
	o.deliver()
}

func (o *forum) get(q map[string]any) map[string]any {
	o.t.Helper()
	return o.want(o.call("GET", fmt.Sprintf("%s/%s", board, q["id"]), o.adminToken(), nil), http.StatusOK, "").json
}

// A company that has not opened its page is not told from none.
func TestAskPageIsClosed(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	w.company("open")
	w.want(w.call("PUT", "/companies/open/question-settings", w.token("open"), map[string]any{"open": true, "categories": []string{}, "retention_days": 0, "version": 0}), http.StatusOK, "")
	o := &forum{world: w}
	question := with(o.proof("open"), map[string]any{"text": "May I ask you something?"})
	for _, tt := range []struct{ method, path string }{
		{"GET", ""}, {"POST", "/challenges"}, {"POST", "/questions"}, {"POST", "/alike"}, {"GET", "/questions"},
	} {
		body := question
		if tt.path == "/alike" {
			body = map[string]any{"text": "May I ask?"}
		}
		closed := w.want(w.call(tt.method, "/ask/acme"+tt.path, "", body), http.StatusNotFound, "not_found")
		nobody := w.want(w.call(tt.method, "/ask/nobody"+tt.path, "", body), http.StatusNotFound, "not_found")
		if closed.Body.String() != nobody.Body.String() {
			t.Errorf("%s %s: %s and %s", tt.method, tt.path, closed.Body, nobody.Body)
		}
		if r := w.call(tt.method, "/ask/open"+tt.path, "", body); r.Code >= 300 {
			t.Errorf("%s %s of a company that is open: %d %s", tt.method, tt.path, r.Code, r.Body)
		}
	}
}

// What a machine or a careless person sends is refused, and leaves nothing.
func TestAskRefusals(t *testing.T) {
	o := newForum(t)
	o.company("other")
	o.want(o.call("PUT", "/companies/other/question-settings", o.token("other"), map[string]any{"open": true, "categories": []string{}, "retention_days": 0, "version": 0}), http.StatusOK, "")
	const text = "When do you open on Saturday?"
	good := o.proof("acme")
	long := strings.Repeat("क", hajir.MaxQuestion+1)
	for name, tt := range map[string]struct {
		body map[string]any
		code string
	}{
		"no proof":            {map[string]any{"text": text}, "invalid"},
		"an empty proof":      {map[string]any{"text": text, "challenge": "", "solution": ""}, "proof_wrong"},
		"not solved":          {map[string]any{"text": text, "challenge": good["challenge"], "solution": "1234567"}, "proof_wrong"},
		"made up":             {map[string]any{"text": text, "challenge": "a.99999999999.b", "solution": "1"}, "proof_wrong"},
		"another company's":   {with(o.proof("other"), map[string]any{"text": text}), "proof_wrong"},
		"too short":           {with(good, map[string]any{"text": "Hi"}), "invalid"},
		"too long":            {with(good, map[string]any{"text": long}), "invalid"},
		"far too long":        {with(good, map[string]any{"text": strings.Repeat("x", 9000)}), "invalid"},
		"control characters":  {with(good, map[string]any{"text": "When do you \u0007open?"}), "invalid"},
		"turned writing":      {with(good, map[string]any{"text": "When do you \u202eopen?"}), "invalid"},
		"no address":          {with(good, map[string]any{"text": text, "email": "nobody"}), "invalid"},
		"two addresses":       {with(good, map[string]any{"text": text, "email": "a@example.com, b@example.com"}), "invalid"},
		"a header":            {with(good, map[string]any{"text": text, "email": "a@example.com\r\nBcc: b@example.com"}), "invalid"},
		"a name of two lines": {with(good, map[string]any{"text": text, "name": "A\nB"}), "invalid"},
		"no such category":    {with(good, map[string]any{"text": text, "category": "Gossip"}), "invalid"},
		"another field":       {with(good, map[string]any{"text": text, "state": "answered"}), "invalid"},
	} {
		r := o.call("POST", aPage+"/questions", "", tt.body)
		if r.Code != http.StatusUnprocessableEntity || r.code() != tt.code {
			t.Errorf("%s: %d %s %s, want %s", name, r.Code, r.code(), r.Body, tt.code)
		}
	}
	r := o.do("POST", "/api/v1"+aPage+"/questions", "", "application/json", strings.NewReader(`{"text":"`+strings.Repeat("x", 40<<10)+`"}`))
	o.want(r, http.StatusRequestEntityTooLarge, "too_large")

	// A machine fills every field, and is answered like a person.
	bot := o.want(o.call("POST", aPage+"/questions", "", with(o.proof("acme"), map[string]any{"text": text, "website": "https://spam.example"})), http.StatusAccepted, "")
	if n := len(o.list("")); n != 0 {
		t.Fatalf("%d questions, want none", n)
	}
	// What was refused for its words is good for the next try; what was taken is
	// good for no other.
	person := o.want(o.call("POST", aPage+"/questions", "", with(good, map[string]any{"text": text})), http.StatusAccepted, "")
	if bot.Body.String() != person.Body.String() {
		t.Errorf("a machine is answered %s, a person %s", bot.Body, person.Body)
	}
	o.want(o.call("POST", aPage+"/questions", "", with(good, map[string]any{"text": text + " Again?"})), http.StatusUnprocessableEntity, "proof_wrong")
	late := o.proof("acme")
	o.clock.Advance(hajir.ProofLife)
	o.want(o.call("POST", aPage+"/questions", "", with(late, map[string]any{"text": text})), http.StatusUnprocessableEntity, "proof_expired")
	if n := len(o.list("")); n != 1 {
		t.Errorf("%d questions, want one", n)
	}

	// Of many who send one proof at once, one is taken.
	once, taken := o.proof("acme"), sync.Map{}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			r := o.call("POST", aPage+"/questions", "", with(once, map[string]any{"text": text}))
			taken.Store(i, r.Code)
		})
	}
	all.Wait()
	if n := len(o.list("")); n != 2 {
		t.Errorf("%d questions, want two", n)
	}

	// Who asks on and on waits.
	for range 20 {
		if r = o.call("POST", aPage+"/questions", "", with(o.proof("acme"), map[string]any{"text": text})); r.Code != http.StatusAccepted {
			break
		}
	}
	o.want(r, http.StatusTooManyRequests, "rate_limited")
	if wait, _ := strconv.Atoi(r.Header().Get("Retry-After")); wait < 1 {
		t.Errorf("Retry-After %q", r.Header().Get("Retry-After"))
	}
}

// A question's way: asked, given to a manager, answered, mailed, published.
func TestQuestionIsAnswered(t *testing.T) {
	o := newForum(t)
	const text = "<b>When</b> do you open?\nMy number is 9812345678 https://evil.example"
	q := o.ask(text, map[string]any{"name": "Bina <i>Rai</i>", "email": "bina@example.com", "category": "Hours"})
	if q["text"] != text || q["state"] != "new" || q["category"] != "Hours" || fmt.Sprint(q["asker"]) != "map[email:bina@example.com name:Bina <i>Rai</i>]" {
		t.Fatalf("%v", q)
	}
	path := fmt.Sprintf("%s/%s", board, q["id"])
	count := func(token string) string {
		t.Helper()
		r := o.want(o.call("GET", board+"/counts", token, nil), http.StatusOK, "")
		return fmt.Sprint(r.json["new"], r.json["in_progress"], r.json["mine"])
	}
	if got := count(o.adminToken()); got != "1 0 0" {
		t.Errorf("counts %s", got)
	}

	// A manager sees it once it is theirs.
	mona, lena := o.token("mona"), o.token("lena")
	o.want(o.call("GET", path, mona, nil), http.StatusNotFound, "not_found")
	for _, nobody := range []string{"asha", "anil", "nobody"} {
		o.want(o.call("PUT", path+"/assignee", o.adminToken(), map[string]any{"assignee": nobody}), http.StatusUnprocessableEntity, "invalid")
	}
	q = o.put(q, "assignee", map[string]any{"assignee": "mona", "version": q["version"]})
	if q["state"] != "in_progress" || q["assignee_name"] != "Mona" {
		t.Errorf("assigned: %v", q)
	}
	o.want(o.call("PUT", path+"/assignee", o.adminToken(), map[string]any{"assignee": "", "version": 1}), http.StatusConflict, "conflict")
	if got := records(o.call("GET", board, mona, nil).json["questions"]); len(got) != 1 || count(mona) != "0 1 1" {
		t.Errorf("mona sees %v, counts %s", got, count(mona))
	}
	if got := records(o.call("GET", board+"?assignee=mona", lena, nil).json["questions"]); len(got) != 0 || count(lena) != "0 0 0" {
		t.Errorf("lena sees %v, counts %s", got, count(lena))
	}
	o.want(o.call("PUT", path+"/answer", lena, map[string]any{"text": "At nine", "version": q["version"]}), http.StatusNotFound, "not_found")
	o.want(o.call("PUT", path+"/publication", o.adminToken(), map[string]any{}), http.StatusConflict, "conflict")
	for _, bad := range []string{"", "\u0000", strings.Repeat("x", hajir.MaxAnswer+1)} {
		o.want(o.call("PUT", path+"/answer", mona, map[string]any{"text": bad, "version": q["version"]}), http.StatusUnprocessableEntity, "invalid")
	}

	// Of two who answer at once, one is told so.
	var all sync.WaitGroup
	codes := make([]int, 2)
	for i, token := range []string{mona, o.adminToken()} {
		all.Go(func() {
			codes[i] = o.call("PUT", path+"/answer", token, map[string]any{"text": "At <nine>,\nevery day", "tell": true, "version": q["version"]}).Code
		})
	}
	all.Wait()
	if codes[0]+codes[1] != http.StatusOK+http.StatusConflict {
		t.Errorf("two answers: %v", codes)
	}
	o.deliver()
	q = o.get(q)
	if q["state"] != "answered" || q["mail"] != "kept" {
		t.Errorf("answered: %v", q)
	}
	mails := o.mails()["bina@example.com"]
	if len(mails) != 1 || !strings.Contains(mails[0], "At <nine>,") || !strings.Contains(mails[0], "9812345678") ||
		!strings.Contains(mails[0], "answers:") || !strings.Contains(mails[0], "https://hajir.example.com/ask/acme\r\n") {
		t.Errorf("mails: %q", mails)
	}

	// Published, and nothing of the asker with it.
	shown := func(query string) []map[string]any {
		t.Helper()
		r := o.want(o.call("GET", aPage+"/questions"+query, "", nil), http.StatusOK, "")
		if strings.Contains(strings.ToLower(r.Body.String()), "bina") || strings.Contains(r.Body.String(), "98123") {
			t.Errorf("the asker is told: %s", r.Body)
		}
		return records(r.json["questions"])
	}
	if n := len(shown("")); n != 0 {
		t.Errorf("%d are published", n)
	}
	q = o.put(q, "publication", map[string]any{"text": "When do you open?"})
	if got := shown("?search=open&category=Hours"); len(got) != 1 || got[0]["text"] != "When do you open?" || got[0]["answer"] != "At <nine>,\nevery day" {
		t.Errorf("published: %v", got)
	}
	for _, odd := range []string{"98123", `%22`, "*", `%22open%22%20AND`, "asked%3Aopen", "NEAR(when%20open%2C2)", "%F0%9F%98%80", "-", "open%20NOT%20open", "category%3AHours%20OR%201%3D1"} {
		if got := shown("?search=" + odd); len(got) != 0 {
			t.Errorf("%s found %v", odd, got)
		}
	}
	if got := shown("?search=%22Open%22*^"); len(got) != 1 {
		t.Errorf("a quoted word found %v", got)
	}
	alike := o.want(o.call("POST", aPage+"/alike", "", map[string]any{"text": "when do you open"}), http.StatusOK, "")
	if got := records(alike.json["questions"]); len(got) != 1 {
		t.Errorf("alike: %s", alike.Body)
	}
	o.want(o.call("DELETE", path+"/publication", o.adminToken(), nil), http.StatusOK, "")
	if n := len(shown("?search=open")); n != 0 {
		t.Errorf("%d are published after it was withdrawn", n)
	}

	// The answer is worded anew: quietly, and then told.
	q = o.put(q, "answer", map[string]any{"text": "At ten", "version": o.get(q)["version"]})
	o.deliver()
	if n := len(o.mails()["bina@example.com"]); n != 1 {
		t.Errorf("%d mails", n)
	}
	o.answer(q, "At eleven")
	if n := len(o.mails()["bina@example.com"]); n != 2 {
		t.Errorf("%d mails", n)
	}

	// The log tells what was done, and not what was said.
	var log []string
	for _, e := range o.auditOf("") {
		if strings.Contains(fmt.Sprint(e["before"], e["after"]), "981234") || strings.Contains(strings.ToLower(fmt.Sprint(e["before"], e["after"])), "bina") {
			t.Errorf("the log tells a secret: %v", e)
		}
		if subject, _ := e["subject"].(map[string]any); subject["table"] == "Questions" {
			log = append(log, fmt.Sprint(e["operation"], " ", e["action"]))
		}
	}
	want := "answer-question change, answer-question change, withdraw-question change, publish-question change, answer-question change, assign-question change, ask-question create"
	if got := strings.Join(log, ", "); got != want {
		t.Errorf("the log tells %s, want %s", got, want)
	}

	o.want(o.call("PUT", path+"/state", o.adminToken(), map[string]any{"state": "in_progress"}), http.StatusOK, "")
	o.want(o.call("PUT", path+"/state", o.adminToken(), map[string]any{"state": "answered"}), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("DELETE", path, o.adminToken(), nil), http.StatusNoContent, "")
	o.want(o.call("GET", path, o.adminToken(), nil), http.StatusNotFound, "not_found")
	if n := len(o.list("&search=open")); n != 0 {
		t.Errorf("%d are found after the deletion", n)
	}
}

// Duplicates: suggested, merged, told the answer, and taken out again.
func TestQuestionsAreMerged(t *testing.T) {
	o := newForum(t)
	a := o.ask("When does the office open on Saturday?", map[string]any{"email": "bina@example.com"})
	b := o.ask("When is the office open on Saturdays?", map[string]any{"email": "carl@example.com"})
	c := o.ask("Do you open the office on Saturday at all?", nil)
	other := o.ask("How long is an internship with you?", nil)
	near := records(o.get(a)["alike"])
	if len(near) != 2 || near[0]["id"] != b["id"] || near[0]["similarity"].(float64) < 0.7 {
		t.Errorf("alike: %v", near)
	}
	merge := func(q, into map[string]any) reply {
		return o.call("PUT", fmt.Sprintf("%s/%s/merge", board, q["id"]), o.adminToken(), map[string]any{"into": into["id"]})
	}
	o.want(merge(a, a), http.StatusUnprocessableEntity, "invalid")
	o.want(merge(a, map[string]any{"id": "none"}), http.StatusNotFound, "not_found")
	o.want(merge(c, b), http.StatusOK, "")
	o.want(merge(a, c), http.StatusConflict, "conflict")
	// What is merged into a duplicate goes with it.
	if r := o.want(merge(b, a), http.StatusOK, ""); r.json["state"] != "merged" || r.json["into"] != a["id"] {
		t.Errorf("merged: %s", r.Body)
	}
	if all := records(o.get(a)["merged"]); len(all) != 2 || !strings.HasPrefix(fmt.Sprint(all[0]["text"], all[1]["text"]), "When is") && !strings.HasPrefix(fmt.Sprint(all[0]["text"]), "Do you") {
		t.Errorf("merged into it: %v", all)
	}
	if n := len(records(o.get(a)["alike"])); n != 0 {
		t.Errorf("%d alike, want none", n)
	}
	o.want(o.call("DELETE", fmt.Sprintf("%s/%s", board, a["id"]), o.adminToken(), nil), http.StatusConflict, "conflict")
	o.want(o.call("PUT", fmt.Sprintf("%s/%s/answer", board, b["id"]), o.adminToken(), map[string]any{"text": "x", "version": o.get(b)["version"]}), http.StatusConflict, "conflict")
	o.want(o.call("DELETE", fmt.Sprintf("%s/%s/merge", board, c["id"]), o.adminToken(), nil), http.StatusOK, "")
	o.want(o.call("DELETE", fmt.Sprintf("%s/%s/merge", board, c["id"]), o.adminToken(), nil), http.StatusConflict, "conflict")

	o.answer(a, "At nine")
	mails := o.mails()
	if len(mails["bina@example.com"]) != 1 || len(mails["carl@example.com"]) != 1 || !strings.Contains(mails["carl@example.com"][0], "When is the office open on Saturdays?") {
		t.Errorf("mails %v", mails)
	}
	// Who is merged into an answered question is told at once, and once.
	d := o.ask("Is the office open on Saturday?", map[string]any{"email": "dilip@example.com"})
	o.want(merge(d, a), http.StatusOK, "")
	o.deliver()
	o.answer(a, "At nine sharp")
	if mails = o.mails(); len(mails["dilip@example.com"]) != 2 || len(mails["carl@example.com"]) != 2 || len(mails["bina@example.com"]) != 2 {
		t.Errorf("mails %v", mails)
	}
	if q := o.get(d); q["mail"] != "kept" || q["state"] != "merged" {
		t.Errorf("%v", q)
	}

	// Two that are merged into each other at once: neither is lost.
	var all sync.WaitGroup
	all.Go(func() { merge(c, other) })
	all.Go(func() { merge(other, c) })
	all.Wait()
	if o.get(c)["state"] == "merged" && o.get(other)["state"] == "merged" {
		t.Error("both are merged")
	}
}

// Names and addresses go some days after the answer, and nothing else does.
func TestAskersAreForgotten(t *testing.T) {
	o := newForum(t)
	a := o.ask("When does the office open on Saturday?", map[string]any{"name": "Bina", "email": "bina@example.com"})
	b := o.ask("When is the office open on Saturdays?", map[string]any{"name": "Carl"})
	c := o.ask("How long is an internship with you?", map[string]any{"name": "Dilip"})
	o.put(b, "merge", map[string]any{"into": a["id"]})
	o.answer(a, "At nine")
	forget := func() {
		t.Helper()
		if err := o.sweep(t.Context(), o.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	asker := func(q map[string]any) string { return fmt.Sprint(o.get(q)["asker"]) }
	o.clock.Advance(90*24*time.Hour - time.Minute)
	forget()
	if got := asker(a) + asker(b); got != "map[email:bina@example.com name:Bina]map[name:Carl]" {
		t.Errorf("too early: %s", got)
	}
	o.clock.Advance(time.Hour)
	forget()
	if got := asker(a) + asker(b) + asker(c); got != "map[]map[]map[name:Dilip]" {
		t.Errorf("after 90 days: %s", got)
	}
	if q := o.get(a); q["forgotten_at"] == nil || q["answer"] == nil || q["text"] != a["text"] {
		t.Errorf("%v", q)
	}
	s := o.settings(map[string]any{"open": false, "categories": []string{}, "retention_days": 0, "version": 1})
	o.want(o.call("PUT", "/companies/acme/question-settings", o.adminToken(), map[string]any{"open": true, "categories": []string{}, "retention_days": 0, "version": 1}), http.StatusConflict, "conflict")
	o.want(o.call("PUT", "/companies/acme/question-settings", o.adminToken(), map[string]any{"open": true, "categories": []string{"a", "A"}, "retention_days": 0, "version": s.json["version"]}), http.StatusUnprocessableEntity, "invalid")
	o.answer(c, "Six months")
	o.clock.Advance(time.Second)
	forget()
	if got := asker(c); got != "map[]" {
		t.Errorf("at once: %s", got)
	}
}

// The company's people ask without a proof, whether or not the page is on.
func TestPeopleAsk(t *testing.T) {
	o := newForum(t)
	o.settings(map[string]any{"open": false, "categories": []string{"Work"}, "retention_days": 90, "version": 1})
	const own = "/companies/acme/employees/asha/questions"
	asha := o.token("asha")
	q := o.want(o.call("POST", own, asha, map[string]any{"text": "May I come later tomorrow?", "category": "Work"}), http.StatusCreated, "").json
	if q["open"] != true {
		t.Errorf("asked: %v", q)
	}
	o.want(o.call("POST", own, asha, map[string]any{"text": "Hm"}), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("POST", own, o.token("mona"), map[string]any{"text": "May I come later tomorrow?"}), http.StatusForbidden, "forbidden")
	o.want(o.call("GET", own, o.adminToken(), nil), http.StatusForbidden, "forbidden")
	if got := o.list(""); len(got) != 1 || fmt.Sprint(got[0]["asker"]) != "map[name:Asha username:asha]" {
		t.Errorf("%v", got)
	}
	// Theirs is merged into another one, whose answer they see.
	first := o.want(o.call("POST", "/companies/acme/employees/mona/questions", o.token("mona"), map[string]any{"text": "May we all come later tomorrow?"}), http.StatusCreated, "").json
	o.put(q, "merge", map[string]any{"into": first["id"]})
	o.answer(first, "Yes, you may")
	r := o.want(o.call("GET", own, asha, nil), http.StatusOK, "")
	mine := records(r.json["questions"])
	if len(mine) != 1 || mine[0]["answer"] != "Yes, you may" || mine[0]["answered_by"] != "ACME" || mine[0]["open"] != false || fmt.Sprint(r.json["categories"]) != "[Work]" {
		t.Errorf("%s", r.Body)
	}
	mails := o.mails()["asha@example.com"]
	if len(mails) != 1 || !strings.Contains(mails[0], "/my-questions") || strings.Contains(mails[0], "/ask/") {
		t.Errorf("mails %q", mails)
	}
	file := o.call("GET", "/companies/acme/employees/asha/data", asha, nil)
	if data := unpack(t, file.Body.Bytes())["data.json"]; !strings.Contains(string(data), "May I come later tomorrow?") {
		t.Errorf("what is held about asha lacks her question: %s", data)
	}
}

func TestExportOfQuestions(t *testing.T) {
	o := newForum(t)
	o.ask(`=HYPERLINK("https://evil.example")`, map[string]any{"name": "@Bina", "email": "bina@example.com"})
	o.ask("When do you open?\nAnd when do you close?", nil)
	r := o.want(o.call("GET", "/companies/acme/question-export", o.adminToken(), nil), http.StatusOK, "")
	rows, err := csv.NewReader(r.Body).ReadAll()
	if err != nil || len(rows) != 3 || rows[0][4] != "question" || rows[1][4] != "When do you open?\nAnd when do you close?" ||
		rows[2][4] != `'=HYPERLINK("https://evil.example")` || rows[2][6] != "'@Bina" || rows[2][7] != "bina@example.com" {
		t.Errorf("%v %q", err, rows)
	}
	if d := r.Header().Get("Content-Disposition"); d != `attachment; filename="questions-acme-2026-03-02.csv"` {
		t.Errorf("the file is %s", d)
	}
	if looks := o.auditOf("&operation=export-questions"); len(looks) != 1 || looks[0]["action"] != "look" {
		t.Errorf("the log: %v", looks)
	}
	r = o.want(o.call("GET", "/companies/acme/question-export?format=xlsx", o.adminToken(), nil), http.StatusOK, "")
	sheet, err := excelize.OpenReader(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer sheet.Close()
	name := sheet.GetSheetList()[0]
	text, _ := sheet.GetCellValue(name, "E3")
	formula, _ := sheet.GetCellFormula(name, "E3")
	if head, _ := sheet.GetCellValue(name, "E1"); head != "question" || text != `=HYPERLINK("https://evil.example")` || formula != "" {
		t.Errorf("the spreadsheet has %q: %q, formula %q", head, text, formula)
	}
	r = o.want(o.call("GET", "/companies/acme/question-export?search=close", o.token("anil"), nil), http.StatusOK, "")
	if rows, err = csv.NewReader(r.Body).ReadAll(); err != nil || len(rows) != 2 {
		t.Errorf("%v %q", err, rows)
	}
}

func TestQuestionPages(t *testing.T) {
	o := newForum(t)
	for i := range 5 {
		q := o.ask(fmt.Sprintf("Is this question number %d?", i), nil)
		o.answer(q, "It is")
		o.put(q, "publication", map[string]any{})
	}
	o.ask("Is this question open?", nil)
	for _, tt := range []struct{ path, token string }{{board, o.adminToken()}, {aPage + "/questions", ""}} {
		seen, cursor := map[any]bool{}, ""
		for range 9 {
			r := o.want(o.call("GET", tt.path+"?limit=2&search=question&cursor="+cursor, tt.token, nil), http.StatusOK, "")
			for _, q := range records(r.json["questions"]) {
				seen[q["id"]] = true
			}
			next, ok := r.json["next_cursor"].(string)
			if !ok {
				break
			}
			cursor = next
		}
		if want := map[string]int{board: 6, aPage + "/questions": 5}[tt.path]; len(seen) != want {
			t.Errorf("%s: %d questions on all pages, want %d", tt.path, len(seen), want)
		}
		o.want(o.call("GET", tt.path+"?cursor=x", tt.token, nil), http.StatusUnprocessableEntity, "invalid")
	}
}

// Another company's questions are not there.
func TestQuestionsStayInTheirCompany(t *testing.T) {
	o := newForum(t)
	q, other := o.ask("When do you open?", nil), o.company("other")
	path := fmt.Sprintf("/companies/other/questions/%s", q["id"])
	for method, part := range map[string]string{"GET": "", "DELETE": "", "PUT": "/publication"} {
		o.want(o.call(method, path+part, other, map[string]any{}), http.StatusNotFound, "not_found")
	}
	o.want(o.call("PUT", path+"/answer", other, map[string]any{"text": "x", "version": 1}), http.StatusNotFound, "not_found")
	o.want(o.call("PUT", path+"/merge", other, map[string]any{"into": q["id"]}), http.StatusNotFound, "not_found")
	if r := o.want(o.call("GET", "/companies/other/questions?search=open", other, nil), http.StatusOK, ""); len(records(r.json["questions"])) != 0 {
		t.Errorf("%s", r.Body)
	}
}
