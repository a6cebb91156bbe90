package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	netmail "net/mail"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/company"
	"hajir/internal/hajir"
	"hajir/internal/identity"
)

func openWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.app.company.OpenSignUp = true
	return w
}

func wish(username, email string) map[string]any {
	return map[string]any{"username": username, "name": "Acme Foods", "email": email, "time_zone": "Asia/Kathmandu"}
}

// signUp asks for a company and returns the token of the link that was mailed.
func (w *world) signUp(username, email string) string {
	w.t.Helper()
	before := len(w.mails()[email])
	w.want(w.call("POST", "/sign-ups", "", wish(username, email)), http.StatusAccepted, "")
	w.app.company.Wait()
	all := w.mails()[email]
	if len(all) != before+1 {
		w.t.Fatalf("%d mails to %s, want %d", len(all), email, before+1)
	}
	for _, letter := range all {
		if token := signUpToken(letter); !w.seen[token] {
			if w.seen == nil {
				w.seen = map[string]bool{}
			}
			w.seen[token] = true
			return token
		}
	}
	w.t.Fatalf("no new link in %v", all)
	return ""
}

func signUpToken(letter string) string {
	found := regexp.MustCompile(`https://hajir\.example\.com/sign-up/confirm#token=(\S+)`).FindStringSubmatch(letter)
	if found == nil {
		return ""
	}
	return found[1]
}

func (w *world) confirm(token, username, secret string) reply {
	w.t.Helper()
	body := map[string]any{"token": token, "password": secret}
	if username != "" {
		body["username"] = username
	}
	return w.call("POST", "/sign-ups/confirm", "", body)
}

func (w *world) readSignUp(token string) reply {
	w.t.Helper()
	return w.call("POST", "/sign-ups/read", "", map[string]any{"token": token})
}

func TestSignUp(t *testing.T) {
	w := openWorld(t)
	w.company("other")
	if r := w.call("GET", "/setup", "", nil); r.json["sign_up"] != true || r.json["needed"] != false {
		t.Errorf("set-up: %s", r.Body)
	}
	token := w.signUp("acme", "asha@example.com")
	letter := w.mails()["asha@example.com"][0]
	if strings.Contains(letter, "Acme") || strings.Contains(letter, "acme") || !strings.Contains(letter, "Tuesday, 19 Falgun 2082 (3 March 2026), 09:00 (UTC+05:45)") {
		t.Errorf("the letter says\n%s", letter)
	}
	if _, err := w.db.User(t.Context(), "acme"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("a wish made an account: %v", err)
	}
	r := w.want(w.readSignUp(token), http.StatusOK, "")
	if r.json["username"] != "acme" || r.json["name"] != "Acme Foods" || r.json["email"] != "asha@example.com" || r.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%v %s", r.Header(), r.Body)
	}
	w.want(w.confirm(token, "", "short"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.confirm(token, "Not A Name", password), http.StatusUnprocessableEntity, "invalid")
	r = w.want(w.confirm(token, "", password), http.StatusCreated, "")
	if c := r.Result().Cookies(); len(c) != 1 || !c[0].HttpOnly || !c[0].Secure || strings.Contains(r.Body.String(), "refresh_token") {
		t.Errorf("cookies %v, body %s", c, r.Body)
	}
	session, _ := r.json["session"].(map[string]any)
	access := fmt.Sprint(session["access_token"])
	me := w.want(w.call("GET", "/me", access, nil), http.StatusOK, "")
	if me.json["username"] != "acme" || me.json["role"] != "admin" || me.json["company_name"] != "Acme Foods" {
		t.Errorf("me: %s", me.Body)
	}
	w.want(w.call("GET", "/companies/acme", access, nil), http.StatusOK, "")
	w.want(w.call("GET", "/companies/other", access, nil), http.StatusForbidden, "forbidden")
	w.want(w.signIn("acme", password, nil), http.StatusCreated, "")

	w.want(w.readSignUp(token), http.StatusConflict, "sign_up_used")
	w.want(w.confirm(token, "", password), http.StatusConflict, "sign_up_used")
	w.want(w.confirm(token, "acme-2", password), http.StatusConflict, "sign_up_used")
	w.want(w.confirm(token+"x", "acme-2", password), http.StatusNotFound, "sign_up_unknown")
	if all, err := w.db.Companies(t.Context()); err != nil || len(all) != 2 {
		t.Errorf("%d companies, %v", len(all), err)
	}
}

func TestSignUpIsClosed(t *testing.T) {
	w := openWorld(t)
	token := w.signUp("acme", "asha@example.com")
	w.app.company.OpenSignUp = false
	w.want(w.call("POST", "/sign-ups", "", wish("acme", "asha@example.com")), http.StatusForbidden, "sign_up_closed")
	w.want(w.readSignUp(token), http.StatusForbidden, "sign_up_closed")
	w.want(w.confirm(token, "", password), http.StatusForbidden, "sign_up_closed")
	if r := w.call("GET", "/setup", "", nil); r.json["sign_up"] != false {
		t.Errorf("set-up: %s", r.Body)
	}
}

func TestBadSignUps(t *testing.T) {
	w := openWorld(t)
	for field, bad := range map[string]string{
		"username": "A b", "name": "two\nlines", "email": "nowhere", "time_zone": "Mars/Olympus",
	} {
		body := wish("acme", "asha@example.com")
		body[field] = bad
		w.want(w.call("POST", "/sign-ups", "", body), http.StatusUnprocessableEntity, "invalid")
	}
	w.want(w.call("POST", "/sign-ups", "", wish("acme", "आशा@example.com")), http.StatusUnprocessableEntity, "invalid")
	w.want(w.do("POST", "/api/v1/sign-ups", "", "application/json", strings.NewReader(`{"name": "`+strings.Repeat("x", 9<<10)+`"}`)), http.StatusRequestEntityTooLarge, "too_large")
	w.app.company.Wait()
	if n := len(w.mails()); n != 0 {
		t.Errorf("%d mails", n)
	}
	for _, token := range []string{"", ".", "x", "x.y", strings.Repeat("x", 200)} {
		w.want(w.readSignUp(token), http.StatusNotFound, "sign_up_unknown")
		w.want(w.confirm(token, "", password), http.StatusNotFound, "sign_up_unknown")
	}
}

func TestSignUpExpires(t *testing.T) {
	w := openWorld(t)
	token := w.signUp("acme", "asha@example.com")
	w.clock.Advance(hajir.SignUpLife - time.Second)
	w.want(w.readSignUp(token), http.StatusOK, "")
	w.clock.Advance(time.Second)
	w.want(w.readSignUp(token), http.StatusGone, "sign_up_expired")
	w.want(w.confirm(token, "", password), http.StatusGone, "sign_up_expired")
	w.clock.Advance(time.Second)
	if err := w.sweep(t.Context(), w.clock.Now()); err != nil {
		t.Fatal(err)
	}
	w.want(w.confirm(token, "", password), http.StatusNotFound, "sign_up_unknown")
}

// Of those who want one username, the first to confirm has it, and the others
// choose another.
func TestUsernameIsTakenMeanwhile(t *testing.T) {
	w := openWorld(t)
	first, second := w.signUp("acme", "asha@example.com"), w.signUp("acme", "bina@example.com")
	w.want(w.confirm(second, "", chosen), http.StatusCreated, "")
	w.want(w.readSignUp(first), http.StatusOK, "")
	r := w.want(w.confirm(first, "", password), http.StatusConflict, "conflict")
	if !strings.Contains(r.Body.String(), "choose another") {
		t.Errorf("%s", r.Body)
	}
	w.want(w.signIn("acme", password, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.signIn("acme", chosen, nil), http.StatusCreated, "")
	w.want(w.confirm(first, "Acme-2", password), http.StatusCreated, "") // upper case is what people type
	w.want(w.signIn("acme-2", password, nil), http.StatusCreated, "")
	c, err := w.db.Company(t.Context(), "acme")
	if err != nil || c.Email != "bina@example.com" {
		t.Errorf("acme is %+v, %v", c, err)
	}

	// Whatever else has a name: an employee, a kiosk, somebody who was invited.
	admin := w.token("acme")
	w.person("acme", "chet")
	w.invite(admin, "dina")
	third := w.signUp("eva", "eva@example.com")
	for _, taken := range []string{"chet", "dina", "acme"} {
		w.want(w.confirm(third, taken, password), http.StatusConflict, "conflict")
	}
}

// Who tries one username after another by one link is slowed.
func TestProbingUsernames(t *testing.T) {
	w := openWorld(t)
	w.company("acme")
	token := w.signUp("eva", "eva@example.com")
	for range 11 {
		w.want(w.confirm(token, "acme", password), http.StatusConflict, "conflict")
	}
	w.want(w.confirm(token, "acme", password), http.StatusTooManyRequests, "rate_limited")
	w.clock.Advance(10 * time.Second)
	w.want(w.confirm(token, "", password), http.StatusCreated, "")
}

// Strangers can fill neither a mailbox, nor the disk, nor each other's time.
func TestSignUpLimits(t *testing.T) {
	w := openWorld(t)
	ask := func(client, email string) hajir.Code {
		t.Helper()
		s, err := hajir.NewSignUp("acme", "Acme", email, "Asia/Kathmandu", "", w.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		if _, err = w.app.company.SignUp(t.Context(), netip.MustParseAddr(client), s); err != nil {
			return hajir.CodeOf(err)
		}
		return ""
	}
	// To an address: the answer stays the same, and no mail goes out.
	for n := range 5 {
		if code := ask(fmt.Sprintf("198.51.100.%d", n), "Victim@example.com"); code != "" {
			t.Errorf("sign-up %d to an address: %s", n, code)
		}
	}
	w.app.company.Wait()
	if n := len(w.mails()["Victim@example.com"]); n != 3 {
		t.Errorf("%d mails to one address, want 3", n)
	}
	// From a client, of which IPv6 gives a customer many addresses.
	for n := range 11 {
		want := hajir.Code("")
		if n == 10 {
			want = hajir.RateLimited
		}
		if code := ask(fmt.Sprintf("2001:db8::%x", n), fmt.Sprintf("p%d@example.com", n)); code != want {
			t.Errorf("sign-up %d of a client: %q, want %q", n, code, want)
		}
	}
	w.app.company.Wait()
	// In all.
	for n := 13; n < 1000; n++ {
		s, _ := hajir.NewSignUp("acme", "Acme", "x@example.com", "Asia/Kathmandu", "", w.clock.Now())
		s.ID, s.Client, s.Email = strconv.Itoa(n), strconv.Itoa(n), fmt.Sprintf("q%d@example.com", n)
		if err := w.db.SaveSignUp(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	r := w.want(w.call("POST", "/sign-ups", "", wish("acme", "asha@example.com")), http.StatusTooManyRequests, "rate_limited")
	if r.Header().Get("Retry-After") != "3600" {
		t.Errorf("Retry-After: %q", r.Header().Get("Retry-After"))
	}
	w.clock.Advance(hajir.SignUpLife + time.Second)
	w.signUp("acme", "asha@example.com")
}

// What is known of an address does not show.
func TestKnownAddresses(t *testing.T) {
	w := openWorld(t)
	w.company("acme") // admin@example.com
	w.want(w.call("POST", "/companies/acme/employees", w.token("acme"), map[string]any{"username": "bina", "name": "Bina", "email": "bina@example.com"}), http.StatusCreated, "")
	var first string
	for _, email := range []string{"nobody@example.com", "admin@example.com", "bina@example.com"} {
		for _, username := range []string{"acme", "bina", "new"} { // nor what is known of a username
			r := w.want(w.call("POST", "/sign-ups", "", wish(username, email)), http.StatusAccepted, "")
			if first == "" {
				first = r.Body.String()
			}
			if r.Body.String() != first {
				t.Errorf("%s for %s is told %s, others %s", username, email, r.Body, first)
			}
		}
	}
}

// Many who follow one link, and many who want one username: one company each.
func TestRacesOfFollowers(t *testing.T) {
	w := openWorld(t)
	same := w.signUp("acme", "asha@example.com")
	tokens := []string{w.signUp("rival", "p0@example.com"), w.signUp("rival", "p1@example.com"), w.signUp("rival", "p2@example.com")}
	var mu sync.Mutex
	var wg sync.WaitGroup
	won := map[string][]string{}
	follow := func(token, username, secret string) {
		wg.Go(func() {
			_, err := w.app.company.ConfirmSignUp(t.Context(), token, username, secret)
			mu.Lock()
			defer mu.Unlock()
			switch code := hajir.CodeOf(err); {
			case err == nil:
				won[username] = append(won[username], secret)
			case code != hajir.Conflict && code != hajir.Unavailable && code != hajir.SignUpUsed:
				t.Errorf("a loser: %v", err)
			}
		})
	}
	for n := range 4 {
		follow(same, "acme", fmt.Sprintf("the password %d of acme", n))
	}
	for n, token := range tokens {
		follow(token, "rival", fmt.Sprintf("the password %d of rival", n))
	}
	wg.Wait()
	for _, username := range []string{"acme", "rival"} {
		if len(won[username]) != 1 {
			t.Fatalf("%s was made %d times", username, len(won[username]))
		}
		w.want(w.signIn(username, won[username][0], nil), http.StatusCreated, "")
	}
}

// cutStore fails at every change after the first few, as cut does.
type cutStore struct {
	company.Store
	cut *cut
}

func (c cutStore) SaveSignUp(ctx context.Context, s hajir.SignUp) error {
	if err := c.cut.step(); err != nil {
		return err
	}
	return c.Store.SaveSignUp(ctx, s)
}

func (c cutStore) SaveCompany(ctx context.Context, co hajir.Company) error {
	if err := c.cut.step(); err != nil {
		return err
	}
	return c.Store.SaveCompany(ctx, co)
}

// Cut off at any point, the link works again, or says that it was used.
func TestConfirmingThatWasCutOff(t *testing.T) {
	for changes := range 4 {
		t.Run(fmt.Sprintf("after %d changes", changes), func(t *testing.T) {
			w := openWorld(t)
			token := w.signUp("acme", "asha@example.com")
			c := &cut{Pool: w.pool, left: changes}
			s := w.app.company
			s.Store, s.Users = cutStore{w.db, c}, c
			_, err := s.ConfirmSignUp(t.Context(), token, "", password)
			if made := changes == 3; made != (err == nil) || err != nil && !errors.Is(err, errCut) {
				t.Fatal(err)
			}
			s.Store, s.Users = w.db, w.pool
			if changes == 3 { // the company is there; that the link was used is not noted
				w.want(w.readSignUp(token), http.StatusConflict, "sign_up_used")
				w.want(w.confirm(token, "acme-2", chosen), http.StatusConflict, "sign_up_used")
				w.want(w.signIn("acme", password, nil), http.StatusCreated, "")
				return
			}
			w.want(w.readSignUp(token), http.StatusOK, "")
			if changes > 0 { // somebody may be at it
				r := w.want(w.confirm(token, "", chosen), http.StatusServiceUnavailable, "unavailable")
				if r.Header().Get("Retry-After") != "180" {
					t.Errorf("Retry-After: %q", r.Header().Get("Retry-After"))
				}
				w.clock.Advance(hajir.JoinWindow)
			}
			w.want(w.confirm(token, "", chosen), http.StatusCreated, "")
			w.want(w.signIn("acme", chosen, nil), http.StatusCreated, "")
			w.want(w.signIn("acme", password, nil), http.StatusUnauthorized, "unauthorized")
		})
	}
}

// An account whose company is not there yet is left to whoever makes it.
func TestTwoWantAnAccountThatIsBeingMade(t *testing.T) {
	w := openWorld(t)
	token := w.signUp("acme", "asha@example.com")
	root := identity.User{Username: "acme", Company: "acme", Role: hajir.RoleAdmin}
	if err := w.pool.Create(t.Context(), root, chosen); err != nil { // by another process
		t.Fatal(err)
	}
	w.want(w.confirm(token, "", password), http.StatusConflict, "conflict")
	w.want(w.confirm(token, "acme-2", password), http.StatusCreated, "")
}

func TestSignUpsGoOutByMail(t *testing.T) {
	w := openWorld(t)
	box := &mailbox{letters: map[string][]byte{}, refused: "gone@example.com"}
	w.serveMail(box)
	for _, email := range []string{"asha@example.com", "gone@example.com"} {
		w.want(w.call("POST", "/sign-ups", "", wish("acme", email)), http.StatusAccepted, "")
	}
	w.app.company.Wait()
	if len(box.letters) != 1 {
		t.Fatalf("letters to %v", box.letters)
	}
	m, err := netmail.ReadMessage(bytes.NewReader(box.letters["asha@example.com"]))
	if err != nil {
		t.Fatal(err)
	}
	token := signUpToken(plainText(t, m))
	if token == "" || strings.Contains(fmt.Sprint(m.Header), token) {
		t.Errorf("token %q, header %v", token, m.Header)
	}
	w.want(w.confirm(token, "", password), http.StatusCreated, "")
	// Nothing waits for the one who cannot get the link.
	_, toAddress, inAll, err := w.db.CountSignUps(t.Context(), "", "gone@example.com")
	if err != nil || toAddress != 0 || inAll != 1 {
		t.Errorf("%d and %d sign-ups, %v", toAddress, inAll, err)
	}
}

// The first company may sign up, too; the set-up link is of no use then.
func TestFirstCompanySignsUp(t *testing.T) {
	w := openWorld(t)
	token := w.setupToken()
	w.want(w.confirm(w.signUp("acme", "asha@example.com"), "", password), http.StatusCreated, "")
	w.want(w.call("POST", "/companies", "", setupBody(token)), http.StatusForbidden, "setup_closed")
}
