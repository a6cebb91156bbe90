package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	netmail "net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

const fresh = "nine slow otters float"

// addAsha adds an employee who can sign in and has a mail address.
func (w *world) addAsha(admin string) {
	w.t.Helper()
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{
		"username": "asha", "name": "Asha Rai", "email": "Asha@example.com", "password": password,
	}), http.StatusCreated, "")
}

// ask asks for a link, and waits until what follows is done.
func (w *world) ask(name string) reply {
	w.t.Helper()
	r := w.call("POST", "/password-resets", "", map[string]any{"name": name})
	w.reset.Wait()
	return r
}

var resetLink = regexp.MustCompile(`https://hajir\.example\.com/reset#token=(\S+)`)

// links returns the tokens of the links in all mails to an address, as they
// were written.
func (w *world) links(address string) []string {
	w.t.Helper()
	var all []string
	for _, text := range w.mails()[address] {
		for _, found := range resetLink.FindAllStringSubmatch(text, -1) {
			all = append(all, found[1])
		}
	}
	return all
}

// newLink returns the token of a new link of asha's.
func (w *world) newLink() string {
	w.t.Helper()
	u, err := w.pool.User(w.t.Context(), "asha")
	if err != nil {
		w.t.Fatal(err)
	}
	link, _, err := w.reset.Link(w.t.Context(), u)
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.TrimPrefix(link, "https://hajir.example.com/reset#token=")
}

func (w *world) readReset(token string) reply {
	w.t.Helper()
	return w.call("POST", "/password-resets/read", "", map[string]any{"token": token})
}

func (w *world) complete(token, secret string) reply {
	w.t.Helper()
	r := w.call("POST", "/password-resets/complete", "", map[string]any{"token": token, "password": secret})
	w.reset.Wait()
	return r
}

func TestForgottenPassword(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.addAsha(admin)
	session := w.browser("asha", "a")
	answer := w.want(w.ask("ASHA"), http.StatusAccepted, "")
	other := w.want(w.ask("nobody"), http.StatusAccepted, "")
	for _, r := range []reply{answer, other} {
		r.Header().Del("X-Request-Id") // of each request its own
	}
	if other.Body.String() != answer.Body.String() || fmt.Sprint(other.Header()) != fmt.Sprint(answer.Header()) {
		t.Errorf("nobody is answered %s, asha %s", other.Body, answer.Body)
	}
	text := strings.Join(w.mails()["Asha@example.com"], "\n")
	if !strings.Contains(text, "account asha.") || !strings.Contains(text, "18 Falgun 2082 (2 March 2026), 10:00 (UTC+05:45)") {
		t.Errorf("the mail says\n%s", text)
	}
	token := w.links("Asha@example.com")[0]
	var plain int
	secret := token[strings.LastIndexByte(token, '.')+1:]
	if err := w.rows("SELECT count(*) FROM Password_resets WHERE instr(doc, '"+secret+"')", &plain); err != nil || plain != 0 {
		t.Errorf("%d rows show the secret: %v", plain, err)
	}
	r := w.want(w.readReset(token), http.StatusOK, "")
	if r.json["username"] != "asha" || r.json["name"] != "Asha Rai" || r.json["expires_at"] != "2026-03-02T04:15:00Z" {
		t.Errorf("read: %s", r.Body)
	}
	w.want(w.complete(token, "short"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.complete(token, "Basketball"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.signIn("asha", password, nil), http.StatusCreated, "")
	w.clock.Advance(time.Minute)
	w.want(w.complete(token, fresh), http.StatusOK, "")
	w.want(w.call("GET", "/me", session, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("asha", password, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("asha@example.com", fresh, nil), http.StatusCreated, "")
	told := strings.Join(w.mails()["Asha@example.com"], "\n")
	if !strings.Contains(told, "account asha was changed on Monday, 18 Falgun 2082 (2 March 2026), 09:01 (UTC+05:45)") {
		t.Errorf("nobody was told:\n%s", told)
	}
	w.want(w.complete(token, "another horse battery"), http.StatusConflict, "reset_used")
	w.want(w.readReset(token), http.StatusConflict, "reset_used")
	if len(w.mails()) != 1 {
		t.Errorf("mails to %v", w.mails())
	}
}

// Which links do not work, and which of them tells why.
func TestDeadResetLinks(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.addAsha(admin)
	first, second := w.newLink(), w.newLink()
	w.want(w.readReset(first), http.StatusNotFound, "reset_unknown")
	w.want(w.readReset(second), http.StatusOK, "")
	for _, token := range []string{"", ".", "asha", "asha.", "asha.x", second + "x", "nobody." + second[5:], "acme." + second[5:], "ASHA." + second[5:], strings.Repeat("x", 150)} {
		w.want(w.readReset(token), http.StatusNotFound, "reset_unknown")
		w.want(w.complete(token, fresh), http.StatusNotFound, "reset_unknown")
	}
	w.clock.Advance(hajir.ResetLife)
	w.want(w.readReset(second), http.StatusGone, "reset_expired")
	w.want(w.complete(second, fresh), http.StatusGone, "reset_expired")

	admin = w.token("acme") // an hour has gone
	const person = "/companies/acme/employees/asha"
	for what, change := range map[string]map[string]any{
		"another password": {"password": "another horse battery"},
		"another address":  {"email": "right@example.com"},
		"closed":           {"active": false},
	} {
		w.want(w.call("PATCH", person, admin, map[string]any{"active": true, "email": "wrong@example.com"}), http.StatusOK, "")
		token := w.newLink()
		w.want(w.call("PATCH", person, admin, change), http.StatusOK, "")
		if r := w.readReset(token); r.code() != "reset_unknown" {
			t.Errorf("%s: %s", what, r.Body)
		}
	}
	// A namesake is somebody else.
	w.want(w.call("PATCH", person, admin, map[string]any{"active": true}), http.StatusOK, "")
	token := w.newLink()
	if err := w.pool.Delete(t.Context(), "asha"); err != nil {
		t.Fatal(err)
	}
	w.want(w.readReset(token), http.StatusNotFound, "reset_unknown")
	w.clock.Advance(time.Second)
	if err := w.pool.Create(t.Context(), identity.User{Username: "asha", Company: "acme", Role: hajir.RoleEmployee}, password); err != nil {
		t.Fatal(err)
	}
	w.want(w.complete(token, fresh), http.StatusNotFound, "reset_unknown")
	w.clock.Advance(32 * 24 * time.Hour)
	var left int
	if err := w.sweep(t.Context(), w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	if err := w.rows("SELECT count(*) FROM Password_resets", &left); err != nil || left != 0 {
		t.Errorf("%d links stay: %v", left, err)
	}
}

// Of many who follow one link at once, one chooses the password.
func TestRaceForANewPassword(t *testing.T) {
	w := newWorld(t)
	w.addAsha(w.company("acme"))
	token := w.newLink()
	won := make(chan string, 6)
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			secret := fmt.Sprintf("%s %d", fresh, i)
			_, err := w.reset.Complete(t.Context(), token, secret)
			switch {
			case err == nil:
				won <- secret
			case hajir.CodeOf(err) != hajir.ResetUsed && hajir.CodeOf(err) != hajir.ResetUnknown:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w.reset.Wait()
	if len(won) != 1 {
		t.Fatalf("%d won", len(won))
	}
	w.want(w.signIn("asha", <-won, nil), http.StatusCreated, "")
	if n := strings.Count(strings.Join(w.mails()["Asha@example.com"], ""), "was changed on"); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// refuses is a pool whose SetPassword fails once.
type refuses struct {
	identity.Pool
	once sync.Once
}

func (r *refuses) SetPassword(ctx context.Context, username, secret string) (err error) {
	r.once.Do(func() { err = hajir.Errorf(hajir.RateLimited, "too many at once") })
	if err != nil {
		return err
	}
	return r.Pool.SetPassword(ctx, username, secret)
}

// A link that led to nothing is good again.
func TestAFailureGivesTheLinkBack(t *testing.T) {
	w := newWorld(t)
	w.addAsha(w.company("acme"))
	w.reset.Users = &refuses{Pool: w.pool}
	token := w.newLink()
	w.want(w.complete(token, fresh), http.StatusTooManyRequests, "rate_limited")
	w.want(w.complete(token, fresh), http.StatusOK, "")
	w.want(w.complete(token, fresh), http.StatusConflict, "reset_used")
}

// Who gets no mail, though the answer is the same.
func TestWhoGetsNoLink(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	add := func(username string, more map[string]any) {
		body := map[string]any{"username": username, "name": username}
		for k, v := range more {
			body[k] = v
		}
		w.want(w.call("POST", "/companies/acme/employees", admin, body), http.StatusCreated, "")
	}
	add("no.address", map[string]any{"password": password})
	add("no.password", map[string]any{"email": "np@example.com"})
	add("closed", map[string]any{"email": "closed@example.com", "password": password})
	w.want(w.call("PATCH", "/companies/acme/employees/closed", admin, map[string]any{"active": false}), http.StatusOK, "")
	kiosk, _ := w.kiosk("acme")
	for _, name := range []string{"no.address", "no.password", "np@example.com", "closed", "closed@example.com", kiosk.Username, "nobody", "x@"} {
		w.want(w.ask(name), http.StatusAccepted, "")
		w.clock.Advance(5 * time.Minute)
	}
	if len(w.mails()) != 0 {
		t.Errorf("mails to %v", w.mails())
	}
	admin = w.token("acme")
	// Those who share an address each get a link, which says whose it is.
	add("asha", map[string]any{"email": "shared@example.com", "password": password})
	add("bina", map[string]any{"email": "Shared@example.com", "password": password})
	w.want(w.ask("SHARED@example.com"), http.StatusAccepted, "")
	for address, username := range map[string]string{"shared@example.com": "asha.", "Shared@example.com": "bina."} {
		if links := w.links(address); len(links) != 1 || !strings.HasPrefix(links[0], username) {
			t.Errorf("%s: %v", address, links)
		}
	}
	// The root account's mail is the company's, as it is now.
	w.want(w.call("PATCH", "/companies/acme", admin, map[string]any{"email": "new@example.com"}), http.StatusOK, "")
	w.want(w.ask("acme"), http.StatusAccepted, "")
	if links := w.links("new@example.com"); len(links) != 1 || len(w.links("admin@example.com")) != 0 {
		t.Errorf("the admin's links: %v", links)
	}
}

// Nobody's mailbox is flooded, and a client that asks and asks has to wait.
func TestAskingIsSlowed(t *testing.T) {
	w := newWorld(t)
	w.addAsha(w.company("acme"))
	for range 9 {
		w.want(w.ask("asha"), http.StatusAccepted, "")
	}
	if n := len(w.links("Asha@example.com")); n != 3 {
		t.Errorf("%d mails of 9, want 3", n)
	}
	w.want(w.ask("nobody"), http.StatusAccepted, "")
	for _, name := range []string{"asha", "nobody"} {
		if r := w.want(w.ask(name), http.StatusTooManyRequests, "rate_limited"); r.Header().Get("Retry-After") != "30" {
			t.Errorf("%s: Retry-After %s", name, r.Header().Get("Retry-After"))
		}
	}
	w.clock.Advance(10 * time.Minute)
	w.want(w.ask("asha@example.com"), http.StatusAccepted, "")
	if n := len(w.links("Asha@example.com")); n != 4 {
		t.Errorf("%d mails after ten minutes, want 4", n)
	}
	var named int
	if err := w.rows("SELECT count(*) FROM Failures WHERE subject LIKE '%192.0.2%'", &named); err != nil || named != 0 {
		t.Errorf("%d rows name a client: %v", named, err)
	}
	works := 0
	for _, token := range w.links("Asha@example.com") {
		if w.readReset(token).Code == http.StatusOK {
			works++
		}
	}
	if works != 1 {
		t.Errorf("%d of the links work, want the newest alone", works)
	}
}

// A new password does not get around the second factor.
func TestANewPasswordKeepsTheSecondFactor(t *testing.T) {
	w := newWorld(t)
	w.addAsha(w.company("acme"))
	d := w.addPasskey(w.browser("asha", "a"), "Phone")
	w.turnTwoFactorOn("asha")
	w.want(w.complete(w.newLink(), fresh), http.StatusOK, "")
	w.want(w.signIn("asha", fresh, nil), http.StatusUnauthorized, "totp_required")
	w.want(w.signInWithPasskey(d, nil), http.StatusCreated, "")
}

// With a mail server, both mails go there.
func TestLinksGoOutByMail(t *testing.T) {
	w := newWorld(t)
	w.addAsha(w.company("acme"))
	box := &mailbox{letters: map[string][]byte{}, refused: "gone@example.com"}
	w.serveMail(box)
	w.want(w.ask("asha"), http.StatusAccepted, "")
	letter := func() (string, string) {
		m, err := netmail.ReadMessage(bytes.NewReader(box.letters["Asha@example.com"]))
		if err != nil {
			t.Fatal(err)
		}
		return m.Header.Get("Subject"), plainText(t, m)
	}
	subject, text := letter()
	found := resetLink.FindStringSubmatch(text)
	if found == nil || subject != "Choose a new password for Hajir" {
		t.Fatalf("%s\n%s", subject, text)
	}
	w.want(w.complete(found[1], fresh), http.StatusOK, "")
	if subject, text := letter(); subject != "Your Hajir password was changed" || strings.Contains(text, "#token") {
		t.Errorf("%s\n%s", subject, text)
	}
}
