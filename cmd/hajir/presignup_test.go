package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	hajirmail "hajir/internal/mail"
	"hajir/internal/presignup"
)

const invitations = "/companies/acme/invitations"

// invite invites asha and returns the token of her link.
func (w *world) invite(admin, username string) string {
	w.t.Helper()
	r := w.want(w.call("POST", invitations, admin, map[string]any{
		"username": username, "name": "Asha Rai", "email": username + "@example.com", "code": "K-" + username, "department": "Kitchen",
	}), http.StatusCreated, "")
	return tokenOf(w.t, r.json["link"])
}

func tokenOf(t *testing.T, link any) string {
	t.Helper()
	s, _ := link.(string)
	token, ok := strings.CutPrefix(s, "https://hajir.example.com/join#token=")
	if !ok {
		t.Fatalf("no link: %v", link)
	}
	return token
}

func acceptance(token, secret, consent string) map[string]any {
	return map[string]any{"token": token, "password": secret, "consent": consent, "consent_version": hajir.ConsentVersion}
}

func (w *world) accept(token, secret, consent string) reply {
	w.t.Helper()
	return w.call("POST", "/invitations/accept", "", acceptance(token, secret, consent))
}

func (w *world) read(token string) reply {
	w.t.Helper()
	return w.call("POST", "/invitations/read", "", map[string]any{"token": token})
}

// waiting lists who is invited, as USERNAME/MAIL.
func (w *world) waiting(admin string) string {
	w.t.Helper()
	r := w.want(w.call("GET", invitations, admin, nil), http.StatusOK, "")
	all, _ := r.json["invitations"].([]any)
	var who []string
	for _, x := range all {
		i, _ := x.(map[string]any)
		state := fmt.Sprintf("%v/%v", i["username"], i["mail"])
		if i["expired"] == true {
			state += "/expired"
		}
		who = append(who, state)
	}
	return strings.Join(who, " ")
}

// mails returns the texts of the mails in the outbox, by recipient.
func (w *world) mails() map[string][]string {
	w.t.Helper()
	all := map[string][]string{}
	files, err := filepath.Glob(filepath.Join(w.dir, "data", "outbox", "*.eml"))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			w.t.Fatal(err)
		}
		defer f.Close()
		m, err := mail.ReadMessage(f)
		if err != nil {
			w.t.Fatal(err)
		}
		to, err := m.Header.AddressList("To")
		if err != nil {
			w.t.Fatal(err)
		}
		all[to[0].Address] = append(all[to[0].Address], plainText(w.t, m))
	}
	return all
}

func plainText(t *testing.T, m *mail.Message) string {
	t.Helper()
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts := multipart.NewReader(m.Body, params["boundary"])
	part, err := parts.NextRawPart()
	if err != nil {
		t.Fatal(err)
	}
	var body io.Reader = part
	if strings.EqualFold(part.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
		body = quotedprintable.NewReader(part)
	}
	text, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const chosen = "seven green parrots"

func TestAPersonIsInvitedAndJoins(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	token := w.invite(admin, "asha")
	text := strings.Join(w.mails()["asha@example.com"], "\n")
	if !strings.Contains(text, "https://hajir.example.com/join#token="+token) || !strings.Contains(text, "ACME") || !strings.Contains(text, "Monday, 25 Falgun 2082 (9 March 2026), 09:00 (UTC+05:45)") {
		t.Errorf("the mail says\n%s", text)
	}
	if got := w.waiting(admin); got != "asha/kept" {
		t.Errorf("waiting: %s", got)
	}
	if kept, err := os.ReadFile(filepath.Join(w.dir, "data", "hajir.db-wal")); err != nil || strings.Contains(string(kept), token) {
		t.Errorf("the token is stored as it is, or there is nothing to look at: %v", err)
	}
	// Until she joins, she is nobody.
	w.want(w.signIn("asha", chosen, nil), http.StatusUnauthorized, "unauthorized")
	w.want(w.call("GET", "/companies/acme/employees/asha", admin, nil), http.StatusNotFound, "not_found")

	welcome := w.want(w.read(token), http.StatusOK, "")
	if welcome.json["company"] != "ACME" || welcome.json["name"] != "Asha Rai" || welcome.json["username"] != "asha" || !strings.Contains(welcome.Body.String(), "biometric") {
		t.Errorf("she is shown %s", welcome.Body)
	}
	w.want(w.accept(token, "short", "given"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.accept(token, "Basketball", "given"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.accept(token, "", "given"), http.StatusUnprocessableEntity, "weak_password")
	w.want(w.accept(token, chosen, "perhaps"), http.StatusUnprocessableEntity, "invalid")
	old := acceptance(token, chosen, "given")
	old["consent_version"] = "0"
	w.want(w.call("POST", "/invitations/accept", "", old), http.StatusConflict, "conflict")

	w.clock.Advance(time.Hour)
	w.want(w.accept(token, chosen, "given"), http.StatusCreated, "")
	admin = w.token("acme")
	w.want(w.signIn("asha", chosen, nil), http.StatusCreated, "")
	e, err := w.db.Employee(t.Context(), "asha")
	if err != nil || e.Company != "acme" || e.Email != "asha@example.com" || e.Code != "K-asha" || e.Department != "Kitchen" || !e.Active {
		t.Errorf("she became %+v, %v", e, err)
	}
	if want := (hajir.Consent{
		State: hajir.ConsentGiven, TextVersion: hajir.ConsentVersion, At: w.clock.Now(), Means: hajir.ConsentSelf, By: "asha", RetentionDays: 30,
	}); e.Consent != want {
		t.Errorf("her consent is %+v, want %+v", e.Consent, want)
	}
	if r := w.call("GET", "/companies/acme/employees/asha", admin, nil); r.json["consent"] != "given" {
		t.Errorf("the admin sees %s", r.Body)
	}
	if got := w.waiting(admin); got != "" {
		t.Errorf("she still waits: %s", got)
	}
	// The link works once, and only who has it learns that it was used.
	w.want(w.accept(token, chosen, "given"), http.StatusConflict, "invitation_used")
	w.want(w.read(token), http.StatusConflict, "invitation_used")
	w.want(w.read(token+"x"), http.StatusNotFound, "invitation_unknown")
	w.want(w.call("POST", invitations, admin, map[string]any{"username": "asha", "name": "Asha"}), http.StatusConflict, "conflict")
	// A change by the admin keeps what she decided.
	if r := w.call("PATCH", "/companies/acme/employees/asha", admin, map[string]any{"department": "Sales"}); r.Code != http.StatusOK {
		t.Fatalf("a change: %s", r.Body)
	}
	if e, _ := w.db.Employee(t.Context(), "asha"); e.Consent.State != hajir.ConsentGiven || e.JoinedBy == "" {
		t.Errorf("after a change: %+v", e)
	}
}

func TestConsentMayBeDeclined(t *testing.T) {
	w := newWorld(t)
	token := w.invite(w.company("acme"), "asha")
	w.want(w.accept(token, chosen, "declined"), http.StatusCreated, "")
	if e, _ := w.db.Employee(t.Context(), "asha"); e.Consent.State != hajir.ConsentDeclined || !e.Active {
		t.Errorf("she became %+v", e)
	}
	w.want(w.signIn("asha", chosen, nil), http.StatusCreated, "")
}

func TestALinkExpires(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	token := w.invite(w.token("acme"), "asha")
	w.clock.Advance(hajir.InvitationLife - time.Second)
	w.want(w.read(token), http.StatusOK, "")
	w.clock.Advance(time.Second)
	w.want(w.read(token), http.StatusGone, "invitation_expired")
	w.want(w.accept(token, chosen, "given"), http.StatusGone, "invitation_expired")
	if got := w.waiting(w.token("acme")); got != "asha/kept/expired" {
		t.Errorf("waiting: %s", got)
	}
	r := w.want(w.call("POST", invitations+"/asha/link", w.token("acme"), nil), http.StatusOK, "")
	w.want(w.accept(tokenOf(t, r.json["link"]), chosen, "given"), http.StatusCreated, "")
}

func TestANewLinkKillsTheOldOne(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	first := w.invite(admin, "asha")
	r := w.want(w.call("POST", invitations+"/asha/link", admin, nil), http.StatusOK, "")
	second := tokenOf(t, r.json["link"])
	if mails := w.mails()["asha@example.com"]; len(mails) != 2 {
		t.Errorf("%d mails", len(mails))
	}
	w.want(w.read(first), http.StatusNotFound, "invitation_unknown")
	w.want(w.accept(first, chosen, "given"), http.StatusNotFound, "invitation_unknown")
	w.want(w.accept(second, chosen, "given"), http.StatusCreated, "")
	w.want(w.call("POST", invitations+"/asha/link", admin, nil), http.StatusNotFound, "not_found")
}

func TestAWithdrawnLinkIsDead(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	token := w.invite(admin, "asha")
	w.want(w.call("DELETE", invitations+"/asha", admin, nil), http.StatusNoContent, "")
	w.want(w.accept(token, chosen, "given"), http.StatusNotFound, "invitation_unknown")
	w.want(w.call("DELETE", invitations+"/asha", admin, nil), http.StatusNotFound, "not_found")
	// The username is free again, for the same person or another.
	w.invite(admin, "asha")
	w.want(w.accept(token, chosen, "given"), http.StatusNotFound, "invitation_unknown")
}

func TestTokensThatAreNone(t *testing.T) {
	w := newWorld(t)
	token := w.invite(w.company("acme"), "asha")
	for _, bad := range []string{"", ".", "asha", "asha.", "acme." + token, strings.ToUpper(token), token[:len(token)-1], "asha.asha." + token, "'; --", strings.Repeat(".", 200)} {
		w.want(w.read(bad), http.StatusNotFound, "invitation_unknown")
		w.want(w.accept(bad, chosen, "given"), http.StatusNotFound, "invitation_unknown")
	}
	w.want(w.read(strings.Repeat("x", 201)), http.StatusUnprocessableEntity, "invalid")
}

// A username that is promised or taken is promised to nobody else.
func TestUsernamesOfTheInvitedAreTaken(t *testing.T) {
	w := newWorld(t)
	admin, other := w.company("acme"), w.company("other")
	w.person("other", "olga")
	w.invite(admin, "asha")
	asha := map[string]any{"username": "Asha", "name": "Another"}
	w.want(w.call("POST", invitations, admin, asha), http.StatusConflict, "conflict")
	w.want(w.call("POST", "/companies/acme/employees", admin, asha), http.StatusConflict, "conflict")
	r := w.want(w.call("POST", "/companies/other/employees", other, asha), http.StatusConflict, "conflict")
	r2 := w.want(w.call("POST", "/companies/other/invitations", other, asha), http.StatusConflict, "conflict")
	if strings.Contains(r.Body.String()+r2.Body.String(), "invited") {
		t.Errorf("another company learns who is invited: %s, %s", r.Body, r2.Body)
	}
	for _, username := range []string{"olga", "acme", "other"} {
		w.want(w.call("POST", invitations, admin, map[string]any{"username": username, "name": "X"}), http.StatusConflict, "conflict")
	}
	// Companies are walls.
	w.want(w.call("DELETE", "/companies/other/invitations/asha", other, nil), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/other/invitations/asha/link", other, nil), http.StatusNotFound, "not_found")
	if r := w.call("GET", "/companies/other/invitations", other, nil); strings.Contains(r.Body.String(), "asha") {
		t.Errorf("another company lists %s", r.Body)
	}
}

// Of those who follow one link at once, one wins, with password and consent.
func TestTwoFollowersOfOneLink(t *testing.T) {
	w := newWorld(t)
	w.company("acme")
	const followers = 6
	for round := range 3 {
		username := fmt.Sprintf("asha%d", round)
		token := w.invite(w.token("acme"), username)
		codes := make([]int, followers)
		var wg sync.WaitGroup
		for n := range followers {
			wg.Go(func() {
				codes[n] = w.accept(token, fmt.Sprintf("%s number %d", chosen, n), []string{"given", "declined"}[n%2]).Code
			})
		}
		wg.Wait()
		e, err := w.db.Employee(t.Context(), username)
		if err != nil {
			t.Fatal(err)
		}
		winners := 0
		for n, code := range codes {
			won := code == http.StatusCreated
			w.clock.Advance(time.Hour) // wrong passwords slow the account down
			if in := w.signIn(username, fmt.Sprintf("%s number %d", chosen, n), nil).Code == http.StatusCreated; in != won || !won && code != http.StatusConflict {
				t.Errorf("follower %d: answered %d, signs in: %t", n, code, in)
			}
			if won {
				winners++
				if want := []hajir.ConsentState{hajir.ConsentGiven, hajir.ConsentDeclined}[n%2]; e.Consent.State != want {
					t.Errorf("the winner's consent is %q, recorded was %q", want, e.Consent.State)
				}
			}
		}
		if winners != 1 {
			t.Errorf("%d winners: %v", winners, codes)
		}
	}
	if got := w.waiting(w.token("acme")); got != "" {
		t.Errorf("still waiting: %s", got)
	}
}

// Two people with one employee code cannot be invited, and one that is given
// away meanwhile keeps nobody out.
func TestInvitedWithACodeThatIsGivenAway(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	token := w.invite(admin, "asha")
	w.want(w.call("POST", "/companies/acme/employees", admin, map[string]any{"username": "bina", "name": "Bina", "code": "k-ASHA"}), http.StatusCreated, "")
	w.want(w.call("POST", invitations, admin, map[string]any{"username": "chet", "name": "Chet", "code": "K-asha"}), http.StatusConflict, "conflict")
	w.want(w.accept(token, chosen, "given"), http.StatusCreated, "")
	e, err := w.db.Employee(t.Context(), "asha")
	if err != nil || e.Code != "" || e.Department != "Kitchen" {
		t.Errorf("who joined: %+v, %v", e, err)
	}
}

// No face is kept of somebody who said no to it.
func TestWhoDeclinesIsNotEnrolled(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	for username, answer := range map[string]string{"asha": "given", "bina": "declined"} {
		w.want(w.accept(w.invite(admin, username), chosen, answer), http.StatusCreated, "")
	}
	w.want(w.send("/companies/acme/employees/asha/faces", admin, facestest.Picture("face:asha")), http.StatusCreated, "")
	kept := w.countObjects()
	w.want(w.send("/companies/acme/employees/bina/faces", admin, facestest.Picture("face:bina")), http.StatusConflict, "face_declined")
	if n := w.countObjects(); n != kept {
		t.Errorf("%d pictures are kept of somebody who declined", n-kept)
	}
}

var errCut = errors.New("the power is gone")

// cut is a store and pool in which every change after the first few fails, as
// if the program had been killed there.
type cut struct {
	presignup.InvitationStore
	identity.Pool
	left int
}

func (c *cut) step() error {
	if c.left == 0 {
		return errCut
	}
	c.left--
	return nil
}

func (c *cut) SaveInvitation(ctx context.Context, i hajir.Invitation) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.InvitationStore.SaveInvitation(ctx, i)
}

func (c *cut) DeleteInvitation(ctx context.Context, i hajir.Invitation) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.InvitationStore.DeleteInvitation(ctx, i)
}

func (c *cut) SaveEmployee(ctx context.Context, e hajir.Employee) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.InvitationStore.SaveEmployee(ctx, e)
}

func (c *cut) Create(ctx context.Context, u identity.User, password string) error {
	if err := c.step(); err != nil {
		return err
	}
	return c.Pool.Create(ctx, u, password)
}

// joinCut follows a link and is cut off after some of the changes.
func (w *world) joinCut(token string, changes int) error {
	c := &cut{InvitationStore: w.db, Pool: w.pool, left: changes}
	cutOff := &presignup.Invitations{Store: c, Users: c, Now: w.clock.Now, Log: w.log}
	_, err := cutOff.Join(w.t.Context(), token, presignup.Decision{Password: chosen, Consent: hajir.ConsentGiven, ConsentVersion: hajir.ConsentVersion})
	return err
}

const joinSteps = 4 // changes that joining makes

// Cut off at any point, joining can be taken up with the same link.
func TestJoiningThatWasCutOff(t *testing.T) {
	for changes := range joinSteps {
		t.Run(fmt.Sprintf("after %d changes", changes), func(t *testing.T) {
			w := newWorld(t)
			w.company("acme")
			token := w.invite(w.token("acme"), "asha")
			// What is cut off at the last step has happened; nobody notices.
			if err := w.joinCut(token, changes); (err == nil) != (changes == joinSteps-1) {
				t.Fatal(err)
			}
			w.want(w.accept(token, chosen, "given"), http.StatusCreated, "")
			w.oneAsha(chosen)
		})
		t.Run(fmt.Sprintf("after %d changes, with another password", changes), func(t *testing.T) {
			w := newWorld(t)
			w.company("acme")
			token := w.invite(w.token("acme"), "asha")
			_ = w.joinCut(token, changes)
			const other = "nine purple cats"
			r := w.accept(token, other, "declined")
			if r.Code == http.StatusConflict && r.code() == "conflict" {
				// Somebody else may be at it; later it is certain that nobody is.
				w.clock.Advance(hajir.JoinWindow)
				r = w.accept(token, other, "declined")
			}
			if changes == joinSteps-1 {
				w.want(r, http.StatusConflict, "invitation_used")
				w.oneAsha(chosen)
				return
			}
			w.want(r, http.StatusCreated, "")
			w.oneAsha(other)
			w.want(w.signIn("asha", chosen, nil), http.StatusUnauthorized, "unauthorized")
			if e, _ := w.db.Employee(t.Context(), "asha"); e.Consent.State != hajir.ConsentDeclined {
				t.Errorf("her consent is %+v", e.Consent)
			}
		})
		t.Run(fmt.Sprintf("after %d changes, and withdrawn", changes), func(t *testing.T) {
			w := newWorld(t)
			w.company("acme")
			token := w.invite(w.token("acme"), "asha")
			_ = w.joinCut(token, changes)
			if changes > 0 && changes < joinSteps-1 {
				w.want(w.call("DELETE", invitations+"/asha", w.token("acme"), nil), http.StatusConflict, "conflict")
				w.want(w.call("POST", invitations+"/asha/link", w.token("acme"), nil), http.StatusConflict, "conflict")
			}
			w.clock.Advance(hajir.JoinWindow)
			if changes == joinSteps-1 {
				w.want(w.call("DELETE", invitations+"/asha", w.token("acme"), nil), http.StatusConflict, "conflict")
				w.oneAsha(chosen)
				return
			}
			w.want(w.call("DELETE", invitations+"/asha", w.token("acme"), nil), http.StatusNoContent, "")
			w.want(w.accept(token, chosen, "given"), http.StatusNotFound, "invitation_unknown")
			w.want(w.accept(w.invite(w.token("acme"), "asha"), chosen, "given"), http.StatusCreated, "")
			w.oneAsha(chosen)
		})
		t.Run(fmt.Sprintf("after %d changes, and sent again", changes), func(t *testing.T) {
			w := newWorld(t)
			w.company("acme")
			token := w.invite(w.token("acme"), "asha")
			_ = w.joinCut(token, changes)
			w.clock.Advance(hajir.JoinWindow)
			r := w.call("POST", invitations+"/asha/link", w.token("acme"), nil)
			if changes == joinSteps-1 {
				w.want(r, http.StatusConflict, "conflict")
				w.oneAsha(chosen)
				return
			}
			w.want(w.accept(token, chosen, "given"), http.StatusNotFound, "invitation_unknown")
			w.want(w.accept(tokenOf(t, r.json["link"]), "nine purple cats", "given"), http.StatusCreated, "")
			w.oneAsha("nine purple cats")
		})
	}
}

// oneAsha checks that there is exactly one employee, who signs in, and nobody
// waits.
func (w *world) oneAsha(secret string) {
	w.t.Helper()
	people, err := w.db.Employees(w.t.Context(), "acme", "", 10)
	if err != nil || len(people) != 1 || people[0].Username != "asha" || people[0].Version != 1 {
		w.t.Errorf("people: %+v, %v", people, err)
	}
	w.want(w.signIn("asha", secret, nil), http.StatusCreated, "")
	if got := w.waiting(w.token("acme")); got != "" {
		w.t.Errorf("still waiting: %s", got)
	}
}

// refusing is a mail server that takes nothing.
type refusing struct{}

func (refusing) Send(context.Context, hajirmail.Message) error {
	return hajir.Errorf(hajir.Unavailable, "the mail server does not take the message now; try again later")
}

func TestAMailThatFailsKeepsTheInvitation(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	working := w.invitation.Mail
	w.invitation.Mail = refusing{}
	r := w.want(w.call("POST", invitations, admin, map[string]any{"username": "asha", "name": "Asha", "email": "asha@example.com"}), http.StatusCreated, "")
	if problem, _ := r.json["mail_problem"].(string); !strings.Contains(problem, "does not take") {
		t.Errorf("the admin is told %s", r.Body)
	}
	if got := w.waiting(admin); got != "asha/failed" {
		t.Errorf("waiting: %s", got)
	}
	w.want(w.read(tokenOf(t, r.json["link"])), http.StatusOK, "")
	w.invitation.Mail = working
	w.want(w.call("POST", invitations+"/asha/link", admin, nil), http.StatusOK, "")
	if got := w.waiting(admin); got != "asha/kept" {
		t.Errorf("waiting: %s", got)
	}
	r = w.want(w.call("POST", invitations, admin, map[string]any{"username": "bina", "name": "Bina"}), http.StatusCreated, "")
	if got := w.waiting(admin); got != "asha/kept bina/none" {
		t.Errorf("without an address: %s", got)
	}
	w.want(w.accept(tokenOf(t, r.json["link"]), chosen, "given"), http.StatusCreated, "")
}

func (w *world) importCSV(admin, query, file string) reply {
	w.t.Helper()
	return w.do("POST", "/api/v1"+invitations+"/import"+query, admin, "text/csv", strings.NewReader(file))
}

func TestAFileOfPeopleIsInvited(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.person("acme", "bina")
	file := "\ufeffusername,name,email\nasha,Asha Rai,asha@example.com\nbina,Bina,\nchet,Chet,nowhere\nasha,Asha,\ndev,Dev,\n"
	want := "2 asha  3 bina conflict 4 chet invalid 5 asha conflict 6 dev "
	dry := w.want(w.importCSV(admin, "?dry_run=true", file), http.StatusOK, "")
	if got := lines(dry); got != want || dry.json["new"] != 2.0 || dry.json["refused"] != 3.0 {
		t.Errorf("a dry run: %s\n%s", got, dry.Body)
	}
	if got := w.waiting(admin); got != "" || len(w.mails()) > 0 || strings.Contains(dry.Body.String(), "token") {
		t.Errorf("a dry run invited %s", got)
	}
	r := w.want(w.importCSV(admin, "", file), http.StatusOK, "")
	if got := lines(r); got != want {
		t.Errorf("report: %s", got)
	}
	again := w.want(w.importCSV(admin, "", file), http.StatusOK, "")
	if again.json["same"] != 2.0 || again.json["refused"] != 3.0 || again.json["new"] != 0.0 {
		t.Errorf("the same file again: %s", again.Body)
	}
	w.invitation.Wait()
	if got := w.waiting(admin); got != "asha/kept dev/none" {
		t.Errorf("waiting: %s", got)
	}
	links := regexp.MustCompile(`token=([^"]+)`).FindAllStringSubmatch(r.Body.String(), -1)
	if len(links) != 2 || !strings.Contains(strings.Join(w.mails()["asha@example.com"], ""), links[0][1]) {
		t.Fatalf("links: %v", links)
	}
	for _, l := range links {
		w.want(w.accept(l[1], chosen, "given"), http.StatusCreated, "")
	}
	for name, bad := range map[string]string{"an unknown column": "name,colour\n", "nothing": " ", "no CSV": "\"", "another encoding": "username,name\na,\xff\n"} {
		t.Run(name, func(*testing.T) { w.want(w.importCSV(admin, "", bad), http.StatusUnprocessableEntity, "invalid") })
	}
	w.want(w.importCSV(admin, "", "username,name\n"+strings.Repeat("a,b\n", presignup.MaxRows+1)), http.StatusRequestEntityTooLarge, "too_large")
	w.want(w.importCSV(admin, "", strings.Repeat("a", presignup.MaxCSV+2<<10)), http.StatusRequestEntityTooLarge, "too_large")
}

func lines(r reply) string {
	all, _ := r.json["lines"].([]any)
	var text []string
	for _, x := range all {
		l, _ := x.(map[string]any)
		code, _ := l["code"].(string)
		text = append(text, fmt.Sprintf("%v %v %s", l["line"], l["username"], code))
	}
	return strings.Join(text, " ")
}

// As many as a file may name are invited, page by page, and mailed.
func TestAFileOfThousands(t *testing.T) {
	t.Parallel() // it takes long
	if testing.Short() {
		t.Skip("SKIPPED: it takes long")
	}
	w := newWorld(t)
	admin := w.company("acme")
	var file strings.Builder
	file.WriteString("username,name\n")
	for n := range presignup.MaxRows {
		fmt.Fprintf(&file, "p%04d,Person %d\n", n, n)
	}
	r := w.want(w.importCSV(admin, "", file.String()), http.StatusOK, "")
	if r.json["new"] != float64(presignup.MaxRows) {
		t.Errorf("%v were invited", r.json["new"])
	}
	seen, cursor := 0, ""
	for {
		page := w.want(w.call("GET", invitations+"?limit=500&cursor="+cursor, w.token("acme"), nil), http.StatusOK, "")
		all, _ := page.json["invitations"].([]any)
		seen += len(all)
		if cursor, _ = page.json["next_cursor"].(string); cursor == "" {
			break
		}
	}
	if seen != presignup.MaxRows {
		t.Errorf("%d wait", seen)
	}
}

// A mail that waits when the program ends is told to the admin as not sent.
func TestMailsThatTheEndCutsOff(t *testing.T) {
	w := newWorld(t)
	admin := w.company("acme")
	w.invitation.Close()
	w.want(w.importCSV(admin, "", "username,name,email\nasha,Asha,asha@example.com\n"), http.StatusOK, "")
	w.invitation.Wait()
	if got := w.waiting(admin); got != "asha/failed" || len(w.mails()) > 0 {
		t.Errorf("waiting: %s", got)
	}
}

// A link is known to another process on the same records, or a later one.
func TestInvitationsAreInTheRecords(t *testing.T) {
	w := newWorld(t)
	token := w.invite(w.company("acme"), "asha")
	w.app = openTest(t, w.dir, w.clock.Now, func(faces.TemplateStore) (faces.Recognizer, error) {
		return facestest.NewFake(w.clock.Now), nil
	})
	w.handler = serverOf(w.app)
	w.want(w.accept(token, chosen, "given"), http.StatusCreated, "")
}
