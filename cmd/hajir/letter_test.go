package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// heard keeps what is sent, in order.
type heard struct{ all []mail.Message }

func (h *heard) Send(_ context.Context, m mail.Message) error {
	h.all = append(h.all, m)
	return m.Validate()
}

// told delivers what is due and returns to whom letters went, and about what.
func (o *office) told(h *heard) []string {
	o.t.Helper()
	h.all = nil
	if err := o.notify.RunDue(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
	var lines []string
	for _, m := range h.all {
		lines = append(lines, m.To.Address+": "+m.Subject)
	}
	return lines
}

func (o *office) hear() *heard {
	h := &heard{}
	o.letters.Mail = h
	return h
}

func (o *office) choose(who string, body map[string]any) reply {
	o.t.Helper()
	return o.call("PATCH", "/me/notifications", o.tokens[who], body)
}

func choices(pairs ...string) map[string]any {
	var topics []any
	for i := 0; i < len(pairs); i += 2 {
		topics = append(topics, map[string]any{"topic": pairs[i], "manner": pairs[i+1]})
	}
	return map[string]any{"topics": topics}
}

func wantLetters(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	ok := len(got) == len(want)
	for _, w := range want {
		found := false
		for _, g := range got {
			found = found || strings.Contains(g, w)
		}
		ok = ok && found
	}
	if !ok {
		t.Errorf("%s: letters\n%s\nwant\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Who is told of what, in their language and calendar.
func TestWhoGetsLetters(t *testing.T) {
	o := newOffice(t)
	h := o.hear()
	o.want(o.choose("asha", map[string]any{"language": "ne"}), http.StatusOK, "")
	id := o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	wantLetters(t, "asked", o.told(h), "mona@example.com: Asha asks for leave: Tuesday, 26 Falgun 2082 (10 March 2026)")
	if m := h.all[0]; !strings.Contains(m.Text, "Annual leave, 1 day") || !strings.Contains(m.Text, "Reason: a wedding") || !strings.Contains(m.Text, "https://hajir.example.com/to-decide") {
		t.Errorf("mona reads\n%s", m.Text)
	}
	wantLetters(t, "again", o.told(h)) // nothing is told twice
	// Somebody who stands in is told, too.
	o.want(o.call("PUT", "/companies/acme/employees/mona/leave/delegate", o.admin, map[string]any{"delegate": "lena", "from": "2026-03-01", "to": "2026-03-31"}), http.StatusOK, "")
	o.want(o.call("PATCH", "/companies/acme/employees/lena", o.admin, map[string]any{"email": "lena@example.com"}), http.StatusOK, "")
	o.asked("asha", wishOf(o.annual, "2026-03-12", "2026-03-12"))
	wantLetters(t, "with a stand-in", o.told(h), "mona@example.com: ", "lena@example.com: ")
	o.want(o.decide("mona", id, true, "have fun"), http.StatusOK, "")
	wantLetters(t, "decided", o.told(h), "asha@example.com: तपाईंको बिदा स्वीकृत भयो: मङ्गलबार, २६ फागुन २०८२ (१० मार्च २०२६)")
	if m := h.all[0]; !strings.Contains(m.Text, "टिप्पणी: have fun") || !strings.Contains(m.HTML, `lang="ne"`) {
		t.Errorf("asha reads\n%s", m.Text)
	}
	// Asking and taking back before anybody was told is nothing to decide, and still
	// news to who would have decided.
	id = o.asked("asha", wishOf(o.annual, "2026-03-17", "2026-03-17"))
	o.want(o.cancel("asha", "asha", id), http.StatusOK, "")
	wantLetters(t, "taken back", o.told(h), "mona@example.com: Asha has taken leave back", "lena@example.com: Asha has taken leave back")
	// The admin is told of the kinds that they chose, whoever decides.
	o.want(o.choose("admin", choices("leave.asked", "at_once", "leave.refused", "at_once")), http.StatusOK, "")
	o.want(o.call("DELETE", "/companies/acme/employees/mona/leave/delegate", o.admin, nil), http.StatusNoContent, "")
	id = o.asked("asha", wishOf(o.annual, "2026-03-18", "2026-03-18"))
	wantLetters(t, "the admin's choice", o.told(h), "mona@example.com: ", "admin@example.com: Asha asks for leave")
	o.want(o.decide("mona", id, false, "no"), http.StatusOK, "")
	wantLetters(t, "the admin's choice", o.told(h), "asha@example.com: ", "admin@example.com: Asha: leave refused")
	// Who left, or chose not to, is told nothing.
	o.want(o.choose("mona", choices("decide", "never")), http.StatusOK, "")
	o.want(o.choose("admin", choices("leave.asked", "never")), http.StatusOK, "")
	o.asked("asha", wishOf(o.annual, "2026-03-19", "2026-03-19"))
	wantLetters(t, "never", o.told(h))
}

// What somebody gets daily comes in one letter, at the company's hour; what was
// dealt with meanwhile is not told.
func TestDigest(t *testing.T) {
	o := newOffice(t)
	h := o.hear()
	o.want(o.call("PATCH", "/companies/acme", o.admin, map[string]any{"digest_hour": 18, "language": "hi"}), http.StatusOK, "")
	o.want(o.choose("mona", choices("decide", "daily")), http.StatusOK, "")
	var ids []string
	for day := range 3 {
		date := fmt.Sprintf("2026-03-1%d", day)
		ids = append(ids, o.asked("asha", wishOf(o.annual, date, date)))
		wantLetters(t, "not yet", o.told(h))
	}
	o.want(o.decide("hema", ids[0], true, ""), http.StatusNotFound, "not_found")
	o.want(o.decide("admin", ids[0], true, ""), http.StatusOK, "")
	wantLetters(t, "asha at once", o.told(h), "asha@example.com: आपकी छुट्टी मंज़ूर हुई")
	o.clock.Advance(9*time.Hour - time.Minute) // it was nine
	wantLetters(t, "a minute before", o.told(h))
	o.clock.Advance(time.Minute)
	wantLetters(t, "at six", o.told(h), "mona@example.com: ACME: 2 ख़बरें")
	m := h.all[0]
	if strings.Count(m.Text, "Asha ने छुट्टी माँगी") != 2 || strings.Count(m.Text, "https://hajir.example.com/to-decide") != 2 {
		t.Errorf("the letter:\n%s", m.Text)
	}
	// A repeat of the letter, as after a kill, is known by its ID, and empty.
	o.clock.Advance(24 * time.Hour)
	wantLetters(t, "the next day", o.told(h))
	// The daily letter ends with all that it tells.
	r := o.call("POST", strings.TrimPrefix(m.Unsubscribe, "https://hajir.example.com/api/v1"), "", nil)
	o.want(r, http.StatusOK, "")
	if r.json["topic"] != "daily" || r.json["on"] != false {
		t.Errorf("%s", r.Body)
	}
	o.tokens["asha"] = o.token("asha")
	o.asked("asha", wishOf(o.annual, "2026-03-20", "2026-03-20"))
	o.clock.Advance(48 * time.Hour)
	wantLetters(t, "ended", o.told(h))
}

// Ten letters of a topic an hour are told one by one, and the others in one.
func TestFlood(t *testing.T) {
	o := newOffice(t, map[string]any{"allowance": 200})
	h := o.hear()
	for day := range 14 {
		date := hajir.AddDays("2026-03-09", 7*day) // a Monday
		o.asked("asha", wishOf(o.annual, date, date))
	}
	if got := o.told(h); len(got) != hajir.FloodAt {
		t.Errorf("%d letters", len(got))
	}
	o.clock.Advance(59 * time.Minute)
	wantLetters(t, "within the hour", o.told(h))
	o.clock.Advance(2 * time.Minute)
	wantLetters(t, "after the hour", o.told(h), "mona@example.com: ACME: 4 events")
	if !strings.Contains(h.all[0].Text, "came so fast") {
		t.Errorf("the letter:\n%s", h.all[0].Text)
	}
}

// The server is down, busy, refuses, and at last takes the letter, which is the
// same one each time.
func TestMailServersThatFail(t *testing.T) {
	o := newOffice(t)
	closed := httptest.NewServer(nil)
	closed.Close()
	port := closed.Listener.Addr().String()[strings.LastIndex(closed.Listener.Addr().String(), ":")+1:]
	settings := config.Config{Mail: config.Mail{SMTPHost: "127.0.0.1", SMTPTLS: "none", MailFrom: "Hajir <hajir@example.com>"}}
	if _, err := fmt.Sscan(port, &settings.Mail.SMTPPort); err != nil {
		t.Fatal(err)
	}
	var err error
	if o.letters.Mail, err = openMail(t.Context(), settings, o.clock.Now, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	run := func() {
		t.Helper()
		if err := o.notify.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	waits := func() (d hajir.Delivery) {
		t.Helper()
		for _, dead := range []bool{false, true} {
			all, err := o.db.Deliveries(t.Context(), "acme", dead, hajir.Delivery{}, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range all {
				d = x
			}
		}
		return d
	}
	o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	run()
	if d := waits(); d.Tries != 1 || d.Dead() || d.Target != "mona:decide" || strings.Contains(d.Reason, "mona@") {
		t.Errorf("down: %+v", d)
	}
	box := &mailbox{letters: map[string][]byte{}, answer: &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "busy; mona@example.com later"}}
	o.serveMail(box)
	o.clock.Advance(time.Minute)
	run()
	if d := waits(); d.Tries != 2 || d.Dead() || !strings.Contains(d.Reason, "451") || strings.Contains(d.Reason, "mona@") {
		t.Errorf("busy: %+v", d)
	}
	box.answer = nil
	o.clock.Advance(time.Hour)
	run()
	first := box.letters["mona@example.com"]
	if d := waits(); d.ID != "" || first == nil {
		t.Fatalf("delivered: %+v", d)
	}
	// A repeat is the same letter.
	id := regexp.MustCompile(`Message-ID: <notice-[0-9a-f]{32}@example\.com>`).FindString(string(first))
	if id == "" || !strings.Contains(string(first), "List-Unsubscribe: ") || !strings.Contains(string(first), "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
		t.Errorf("headers:\n%s", first)
	}
	o.tokens["asha"] = o.token("asha")
	o.asked("asha", wishOf(o.annual, "2026-03-11", "2026-03-11"))
	box.answer = &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
	run()
	d := waits()
	if !d.Dead() || d.Tries != 1 || !strings.Contains(d.Reason, "550") {
		t.Fatalf("refused: %+v", d)
	}
	box.answer = nil
	if err := o.db.SaveDelivery(t.Context(), d.Again(o.clock.Now())); err != nil {
		t.Fatal(err)
	}
	before := box.times
	run()
	again, err := o.db.Delivery(t.Context(), d.ID, d.Channel, d.Target)
	if box.times != before+1 || hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("sent again: %d letters, %+v %v", box.times-before, again, err)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(box.letters["mona@example.com"]))
	if err != nil || strings.Contains(m.Header.Get("Message-Id"), id) {
		t.Errorf("another letter has the same ID: %v", err)
	}
}

// One request ends letters; to look at the link ends nothing; and who forges one
// learns nothing.
func TestUnsubscribe(t *testing.T) {
	o := newOffice(t)
	h := o.hear()
	o.asked("asha", wishOf(o.annual, "2026-03-10", "2026-03-10"))
	wantLetters(t, "asked", o.told(h), "mona@example.com")
	m := h.all[0]
	link := strings.TrimPrefix(m.Unsubscribe, "https://hajir.example.com/api/v1")
	token := link[strings.LastIndex(link, "/")+1:]
	page := "https://hajir.example.com/unsubscribe#token=" + token
	if !strings.Contains(m.Text, page) || !strings.Contains(html.UnescapeString(m.HTML), page) {
		t.Errorf("no way out of\n%s", m.Text)
	}
	r := o.call("GET", link, "", nil)
	if r.Code != http.StatusSeeOther || r.Header().Get("Location") != page {
		t.Errorf("%d to %q", r.Code, r.Header().Get("Location"))
	}
	read := func(token string) reply { return o.call("POST", "/unsubscribe", "", map[string]any{"token": token}) }
	r = o.want(read(token), http.StatusOK, "")
	if r.json["on"] != true || r.json["topic"] != "decide" || r.json["company"] != "ACME" || strings.Contains(r.Body.String(), "mona") {
		t.Errorf("%s", r.Body)
	}
	for _, forged := range []string{"", ".", "x", token + "x", "x" + token, token[:len(token)-2], strings.Replace(token, ".", "..", 1), "bW9uYTpkZWNpZGU.AAAAAAAAAAAAAAAAAAAAAA"} {
		o.want(read(forged), http.StatusNotFound, "not_found")
		if forged != "" && !strings.Contains(forged, "..") && forged != "." {
			o.want(o.call("POST", "/unsubscribe/"+forged, "", nil), http.StatusNotFound, "not_found")
		}
	}
	for _, content := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} { // RFC 8058 has both
		body := "List-Unsubscribe=One-Click"
		if strings.HasPrefix(content, "multipart") {
			body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
		}
		r = o.want(o.do("POST", "/api/v1"+link, "", content, strings.NewReader(body)), http.StatusOK, "")
		if r.json["on"] != false {
			t.Errorf("%s: %s", content, r.Body)
		}
	}
	o.asked("asha", wishOf(o.annual, "2026-03-11", "2026-03-11"))
	wantLetters(t, "ended", o.told(h))
	if r = o.want(o.call("GET", "/me/notifications", o.tokens["mona"], nil), http.StatusOK, ""); !strings.Contains(r.Body.String(), `{"topic":"decide","manner":"never"}`) {
		t.Errorf("%s", r.Body)
	}
	// A link is one account's and one topic's.
	if r = o.want(o.call("GET", "/me/notifications", o.tokens["lena"], nil), http.StatusOK, ""); strings.Contains(r.Body.String(), "never") {
		t.Errorf("%s", r.Body)
	}
}

// What cannot be chosen is refused, and nothing is saved; the download has what
// was.
func TestNotificationChoices(t *testing.T) {
	o := newOffice(t)
	for who, n := range map[string]int{"admin": 13, "mona": 6, "asha": 4} {
		r := o.want(o.call("GET", "/me/notifications", o.tokens[who], nil), http.StatusOK, "")
		if got := len(r.json["topics"].([]any)); got != n {
			t.Errorf("%s has %d topics, want %d: %s", who, got, n, r.Body)
		}
	}
	for what, body := range map[string]map[string]any{
		"another's topic": choices("leave.asked", "daily"), "no topic": choices("invitation", "never"), "a mandatory one": choices("always", "never"),
	} {
		body["language"] = "hi"
		if r := o.choose("asha", body); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, r.Code, r.Body)
		}
	}
	for what, body := range map[string]map[string]any{"a manner": choices("own.exit", "weekly"), "a language": {"language": "fr"}} {
		if r := o.choose("asha", body); r.Code != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d %s", what, r.Code, r.Body)
		}
	}
	o.want(o.choose("admin", map[string]any{"language": "ne"}), http.StatusUnprocessableEntity, "invalid")
	if r := o.call("GET", "/me/notifications", o.tokens["asha"], nil); r.json["language"] != "" || r.json["company_language"] != "en" || r.json["email"] != "asha@example.com" {
		t.Errorf("%s", r.Body)
	}
	body := choices("own.exit", "daily", "own.leave", "never")
	body["language"] = "hi"
	o.want(o.choose("asha", body), http.StatusOK, "")
	r := o.choose("asha", choices("own.exit", "at_once")) // what is as by default is not kept
	c, err := o.db.MailChoices(t.Context(), "asha")
	if err != nil || len(c.Manners) != 1 || c.Manners[hajir.TopicOwnLeave] != hajir.Never || r.json["language"] != "hi" {
		t.Errorf("%+v %v %s", c, err, r.Body)
	}
	var told strings.Builder
	for _, e := range o.auditOf("") {
		fmt.Fprintln(&told, e["operation"], e["subject"], e["after"])
	}
	if !strings.Contains(told.String(), "change-notifications") {
		t.Errorf("the log:\n%s", told.String())
	}
}

// Whose exit is missing is reminded; their manager and the admin read of it in
// their daily letters.
func TestMissingExitsAreTold(t *testing.T) {
	w := newTeam(t)
	o := &office{world: w.world, tokens: map[string]string{}}
	h := o.hear()
	if err := w.closing.RunDue(t.Context()); err != nil { // the dates before
		t.Fatal(err)
	}
	w.punched("asha", "2026-03-04 10:00")
	w.set("2026-03-05 05:00")
	if err := w.closing.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "in the morning", o.told(h), "asha@example.com: Your exit is missing: Wednesday, 20 Falgun 2082 (4 March 2026)")
	w.set("2026-03-05 08:00")
	got := o.told(h)
	wantLetters(t, "at eight", got, "mona@example.com: ACME: 1 event", "admin@example.com: ACME: 1 event")
	for _, m := range h.all {
		if !strings.Contains(m.Text, "Asha: the exit is missing") || !strings.Contains(m.Text, "/employees/asha") {
			t.Errorf("%s", m.Text)
		}
	}
}

// A receipt goes to the person whatever they chose, and a question to whom it was
// given; neither is told to others.
func TestReceiptsAndQuestionsAreMailed(t *testing.T) {
	o := newOffice(t)
	h := o.hear()
	ctx := t.Context()
	x := hajir.Erasure{
		Username: "asha", Number: 1, Company: "acme", Reason: hajir.ErasedWithdrawn, AskedAt: o.clock.Now(), AskedBy: "asha", DueAt: o.clock.Now(),
		Templates: 2, DailyPictures: 40, TemplatesAt: o.clock.Now(), BegunAt: o.clock.Now(),
	}
	if err := o.db.SaveErasure(ctx, x); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "begun", o.told(h))
	x.Version, x.ImagesAt, x.SHA256 = 1, o.clock.Now(), strings.Repeat("ab", 32)
	if err := o.db.SaveErasure(ctx, x); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "erased", o.told(h), "asha@example.com: Your face data at ACME are erased")
	if m := h.all[0]; m.Unsubscribe != "" || !strings.Contains(m.Text, "Daily pictures removed: 40") || !strings.Contains(m.Text, x.SHA256) {
		t.Errorf("the receipt:\n%s", m.Text)
	}
	q, err := hajir.NewQuestion("5d0c6a1e-6f0b-4a52-8c55-0d3c6f7b8a10", "acme", "When is the office open?", "", hajir.Asker{Name: "Bina", Email: "bina@example.com"}, o.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := o.db.SaveQuestion(ctx, q); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "asked, which the admin reads tomorrow", o.told(h))
	q.Version = 1
	if q, err = q.Assign("mona"); err != nil {
		t.Fatal(err)
	}
	if err := o.db.SaveQuestion(ctx, q); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "given to mona", o.told(h), "mona@example.com: A new question to ACME")
	if m := h.all[0]; !strings.Contains(m.Text, "waits for you to answer") || strings.Contains(m.Text, "bina@example.com") {
		t.Errorf("mona reads\n%s", m.Text)
	}
	// That a webhook was turned off by itself is told the admin, whatever they chose,
	// unless they dealt with it.
	hook := hajir.Webhook{
		ID: "w1", Company: "acme", URL: "https://hooks.example/secret", Kinds: []hajir.NoticeKind{hajir.NoticeLeaveAsked}, Secret: []byte("x"),
		State: hajir.WebhookOn, CreatedAt: o.clock.Now(),
	}
	for i, state := range []hajir.WebhookState{hajir.WebhookOn, hajir.WebhookFailing, hajir.WebhookOn, hajir.WebhookGone} {
		hook.State, hook.Version = state, i
		if err := o.db.SaveWebhook(ctx, hook); err != nil {
			t.Fatal(err)
		}
		if state == hajir.WebhookFailing {
			wantLetters(t, "turned off", o.told(h), "admin@example.com: A webhook was turned off: hooks.example")
			if m := h.all[0]; m.Unsubscribe != "" || !strings.Contains(m.Text, "five days") || !strings.Contains(m.Text, "/settings/webhooks") || strings.Contains(m.Text, "secret") {
				t.Errorf("the admin reads\n%s", m.Text)
			}
		}
	}
	hook.State, hook.Version = hajir.WebhookOn, 4
	if err := o.db.SaveWebhook(ctx, hook); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "turned on again before the letter went", o.told(h))
	o.clock.Advance(24 * time.Hour)
	got := o.told(h)
	wantLetters(t, "the next morning", got, "admin@example.com: ACME: 1 event")
}

// An answer is tried again until the asker has it, in the language of the page on
// which they asked, and the board says when it was given up.
func TestAnswersAreTriedAgain(t *testing.T) {
	o := newOffice(t)
	ctx := t.Context()
	broken := &letters{fail: true}
	o.letters.Mail = broken
	ask := func(id string, by hajir.Asker) hajir.Question {
		q, err := hajir.NewQuestion(id, "acme", "When is the office open?", "", by, o.clock.Now())
		if err == nil {
			err = o.db.SaveQuestion(ctx, q)
		}
		if err != nil {
			t.Fatal(err)
		}
		//nolint:contextcheck // they take the test's
		o.want(o.call("PUT", "/companies/acme/questions/"+id+"/answer", o.admin, map[string]any{"text": "At nine", "version": 1}), http.StatusOK, "")
		o.deliver() //nolint:contextcheck // likewise
		return q
	}
	mailOf := func(q hajir.Question) hajir.MailState {
		q, err := o.db.Question(ctx, q.ID)
		if err != nil {
			t.Fatal(err)
		}
		return q.MailAt(o.clock.Now())
	}
	const first, second = "5d0c6a1e-6f0b-4a52-8c55-0d3c6f7b8a10", "5d0c6a1e-6f0b-4a52-8c55-0d3c6f7b8a11"
	bina := ask(first, hajir.Asker{Name: "Bina", Email: "bina@example.com", Language: hajir.Nepali})
	if got := mailOf(bina); got != hajir.MailSending {
		t.Errorf("while mail is broken: %q", got)
	}
	h := o.hear()
	o.clock.Advance(10 * time.Second)
	wantLetters(t, "mended", o.told(h), "bina@example.com: ACME लाई सोध्नुभएको प्रश्नको जवाफ")
	if got := mailOf(bina); got != hajir.MailKept || h.all[0].ID == "" {
		t.Errorf("mended: %q", got)
	}
	o.letters.Mail = broken
	carl := ask(second, hajir.Asker{Email: "carl@example.com"})
	for range 9 {
		o.clock.Advance(30 * time.Hour)
		o.deliver()
	}
	if got := mailOf(carl); got != hajir.MailFailed {
		t.Errorf("after all tries: %q", got)
	}
	dead, err := o.db.Deliveries(ctx, "acme", true, hajir.Delivery{}, 10)
	if err != nil || len(dead) != 1 || dead[0].Kind != hajir.NoticeAnswer || strings.Contains(fmt.Sprint(dead), "carl") {
		t.Fatalf("given up: %+v, %v", dead, err)
	}
	// Sent again by the admin, it arrives, and the board says so.
	h = o.hear()
	if err := o.app.company.SendAgain(ctx, "acme", dead[0].ID, dead[0].Channel, dead[0].Target); err != nil {
		t.Fatal(err)
	}
	wantLetters(t, "sent again", o.told(h), "carl@example.com: Your question to ACME is answered")
	if got := mailOf(carl); got != hajir.MailKept {
		t.Errorf("sent again: %q", got)
	}
}
