package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
	"go.yaml.in/yaml/v2"

	"hajir/internal/api"
	"hajir/internal/hajir"
	"hajir/internal/leave"
	"hajir/internal/slack"
)

// stuckStore is a store whose leave cannot be saved until it is let go.
type stuckStore struct {
	leave.Store
	let chan struct{}
}

func (s stuckStore) SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error {
	<-s.let
	return s.Store.SaveLeaveAccount(ctx, a)
}

// Slack is answered in time though what it asks for hangs; the rest follows as a
// message, and is done before the program ends.
func TestSlackIsAnsweredInTime(t *testing.T) {
	o := newSlackOffice(t, "asha")
	let := make(chan struct{})
	o.leave.Store = stuckStore{o.leave.Store, let}
	patience := make(chan time.Time)
	var waited []time.Duration
	o.app.slack.After = func(d time.Duration) <-chan time.Time {
		waited = append(waited, d)
		return patience
	}
	close(patience) // it has ended
	r := o.acted("view_submission_leave.json", "asha", "TYPE", o.annual, "FROM", "2026-03-09", "TO", "2026-03-09", "START", "full")
	if r.Code != http.StatusOK || r.Body.Len() != 0 {
		t.Fatalf("answered %d %s", r.Code, r.Body)
	}
	if len(waited) != 1 || waited[0] >= 3*time.Second {
		t.Errorf("waited %v, and Slack gives three seconds", waited)
	}
	release := o.slack.Hang("response") // nor is a command kept waiting by Slack itself
	o.post(slack.CommandsPath, slackForm, o.recorded("slash_command.form", "UASHA", "TEXT", "status", "TRIGGER_ID", o.slack.Trigger()))
	if n := len(o.slack.Calls("")); n != 1 { // the installation
		t.Errorf("%d calls before anything was let go", n)
	}
	close(let)
	release()
	o.app.slack.Close()
	contains(t, o.slack.Wait("chat.postMessage", 1).Text(), "You asked for *Annual leave*")
	contains(t, o.slack.Wait("response", 1).Text(), "You have not come yet")

	// At the end nothing is taken any more, and who asks is told.
	r = o.post(slack.CommandsPath, slackForm, o.recorded("slash_command.form", "UASHA", "TEXT", "status", "TRIGGER_ID", "x"))
	if r.Code != http.StatusOK || !strings.Contains(r.Body.String(), "very busy") {
		t.Errorf("answered %d %s", r.Code, r.Body)
	}
	r = o.acted("view_submission_leave.json", "asha", "TYPE", o.annual, "FROM", "2026-03-10", "TO", "2026-03-10", "START", "full")
	contains(t, r.Body.String(), "very busy")
	o.want(o.acted("block_actions.json", "asha", "ACTION_ID", "leave", "VALUE", "home"), http.StatusServiceUnavailable, "unavailable")
	o.want(o.post(slack.EventsPath, "application/json", o.recorded("app_home_opened.json", "UASHA")), http.StatusServiceUnavailable, "unavailable")
}

// What Slack refuses for now is sent when it says; a delivery is left to the
// dispatcher, which knows when.
func TestSlackRateLimits(t *testing.T) {
	o := newSlackOffice(t, "asha", "mona")
	waits := make(chan time.Duration, 10)
	now := make(chan time.Time)
	close(now)
	o.app.slack.After = func(d time.Duration) <-chan time.Time {
		waits <- d
		return now
	}
	o.slack.Limit("response", 2)
	contains(t, o.typed("asha", "status"), "You have not come yet")
	for range 2 {
		if d := <-waits; d != 7*time.Second {
			t.Errorf("waited %v, not the seven seconds that Slack says", d)
		}
	}
	o.slack.Limit("chat.postMessage", 1)
	o.want(o.ask("asha", wishOf(o.annual, "2026-03-16", "2026-03-17")), http.StatusCreated, "")
	o.notify()
	if n := len(o.slack.Calls("chat.postMessage")); n != 0 || len(waits) != 0 {
		t.Fatalf("%d messages, %d waits in a delivery", n, len(waits))
	}
	o.clock.Advance(10 * time.Second)
	o.notify()
	contains(t, o.slack.Wait("chat.postMessage", 1).Text(), "*Asha* asks for")

	// A message that was sent and not noted is not sent twice; one to who is gone
	// is given up at once.
	o.slack.Fail("chat.postMessage", "account_inactive")
	o.want(o.ask("asha", wishOf(o.annual, "2026-03-18", "2026-03-18")), http.StatusCreated, "")
	o.notify()
	dead, err := o.db.Deliveries(t.Context(), "acme", true, hajir.Delivery{}, 10)
	if err != nil || len(dead) != 1 || dead[0].Target != "ask/mona" || dead[0].Reason != "account_inactive" {
		t.Errorf("dead: %+v, %v", dead, err)
	}
	o.slack.Fail("views.open", "expired_trigger_id")
	contains(t, o.typed("asha", "leave"), "did not open the window")
}

// The app's home shows my day and balance, and asks a stranger who they are.
func TestSlackHome(t *testing.T) {
	o := newSlackOffice(t, "asha", "acme")
	open := func(member string) string {
		n := len(o.slack.Calls("views.publish"))
		if r := o.post(slack.EventsPath, "application/json", o.recorded("app_home_opened.json", member)); r.Code != http.StatusOK || r.Body.Len() != 0 {
			t.Fatalf("%d %s", r.Code, r.Body)
		}
		return o.slack.Wait("views.publish", n+1).Text()
	}
	contains(t, open("UASHA"), "Hello Asha", "You have not come yet", "Annual leave: *10* days left", `"action_id":"leave"`)
	contains(t, open("UNOBODY"), "does not know yet who you are")
	contains(t, open("UADMIN"), "no attendance of its own")
	o.acted("block_actions.json", "asha", "ACTION_ID", "leave", "VALUE", "home")
	contains(t, o.slack.Wait("views.open", 1).Text(), "Ask for leave")
	if r := o.acted("block_actions.json", "asha", "ACTION_ID", "open", "VALUE", ""); r.Code != http.StatusOK {
		t.Errorf("a link: %d %s", r.Code, r.Body)
	}
	o.acted("block_actions.json", "asha", "ACTION_ID", "approve", "VALUE", "nonsense")
	o.replies++
	contains(t, o.slack.Wait("response", o.replies).Text(), "another version")
}

// The digest is posted once, in the morning of the company; who has not come is
// reminded once.
func TestSlackDigest(t *testing.T) {
	o := newSlackOffice(t, "asha")
	o.set(map[string]any{"channel_id": "C1", "channel_name": "general", "digest_at": "09:30", "punch": true})
	o.want(o.call("POST", "/companies/acme/events", o.admin, map[string]any{"title": "Town <hall>", "kind": "event", "date": "2026-03-02", "scope": "company"}), http.StatusCreated, "")
	leave := o.want(o.ask("bina", wishOf(o.annual, "2026-03-02", "2026-03-02")), http.StatusCreated, "").json["id"].(string)
	o.want(o.call("POST", "/companies/acme/leave/requests/"+leave+"/decision", o.admin, map[string]any{"approve": true}), http.StatusOK, "")
	contains(t, o.typed("asha", "in"), "09:00")
	run := func() int {
		t.Helper()
		if err := o.app.slack.RunDue(t.Context()); err != nil {
			t.Error(err)
		}
		o.notify()
		return len(o.slack.Calls("chat.postMessage"))
	}
	if n := run(); n != 0 {
		t.Fatalf("%d messages at nine", n)
	}
	o.clock.Advance(31 * time.Minute)
	// It is ordered, and waits: whether Slack refuses it for now, or the program ends.
	o.slack.Fail("chat.postMessage", "fatal_error")
	run()
	o.slack.Fail("chat.postMessage", "")
	o.clock.Advance(10 * time.Second)
	if n := run(); n != 1 {
		t.Fatalf("%d messages at half past nine", n)
	}
	digest := o.slack.Wait("chat.postMessage", 1)
	contains(t, digest.Text(), "*In* (1)\\nAsha", "*On leave* (1)\\nBina", "Town &lt;hall&gt;", "18 Falgun 2082", "hajir_notice") // whose ref tells a repeat
	if digest.Channel != "C1" || run() != 1 {
		t.Errorf("posted in %s, or twice", digest.Channel)
	}
	// The next day nobody comes; there is a shift that begins at ten.
	o.clock.Advance(24*time.Hour + time.Hour)
	o.admin = o.token("acme")
	shift := o.shift(o.admin, "Day", "10:00", "18:00")
	o.want(o.roster(o.admin, "asha", "2026-03-03", "2026-03-03", shift), http.StatusOK, "")
	n := run()
	contains(t, o.slack.Wait("chat.postMessage", 3).Text()+o.slack.Wait("chat.postMessage", 2).Text(), "You were expected at *10:00*")
	if again := run(); n != 3 || again != 3 {
		t.Errorf("%d messages, then %d", n, again)
	}
	// What could not be posted for a morning is no news at night, nor is who came
	// meanwhile.
	o.clock.Advance(23 * time.Hour)
	o.slack.Fail("chat.postMessage", "fatal_error")
	run()
	o.slack.Fail("chat.postMessage", "")
	o.clock.Advance(12 * time.Hour)
	if late := run(); late != n {
		t.Errorf("%d messages at night, want %d", late, n)
	}
}

// What happens is told where the company wants it: exits in one message.
func TestSlackNews(t *testing.T) {
	o := newSlackOffice(t, "asha", "mona")
	o.set(map[string]any{"channel_id": "C1", "channel_name": "general", "punch": true, "post_digest": false})
	contains(t, o.typed("asha", "in"), "09:00")
	if err := o.db.SaveClosing(t.Context(), hajir.ClosedDate{
		Company: "acme", Date: "2026-03-02", ClosedAt: o.clock.Now().Add(20 * time.Hour), MissingExits: []string{"asha", "bina"}, Counts: map[hajir.Status]int{},
	}); err != nil {
		t.Fatal(err)
	}
	o.notify()
	o.want(o.call("POST", "/companies/acme/employees/asha/questions", o.tokens["asha"], map[string]any{"text": "Is there a canteen here?"}), http.StatusCreated, "")
	o.notify()
	var told []string
	for _, c := range o.slack.Calls("chat.postMessage") {
		told = append(told, c.Channel+" "+c.Text())
	}
	slices.Sort(told)
	if len(told) != 3 {
		t.Fatalf("told %q", told)
	}
	contains(t, told[0], "C1 ", "Exits are missing", "Asha, Bina")
	contains(t, told[1], "C1 ", "asks the company a question")
	contains(t, told[2], "DASHA ", "Your exit of", "is missing")

	// A correction is decided like leave.
	o.want(o.call("POST", "/companies/acme/employees/asha/days/2026-03-02/corrections", o.tokens["asha"], map[string]any{
		"reason": "I came early", "changes": []map[string]any{{"at": "2026-03-02T08:10:00+05:45", "direction": "entry"}},
	}), http.StatusCreated, "")
	o.notify()
	asked := o.slack.Wait("chat.postMessage", 4)
	contains(t, asked.Text(), "*Asha* asks for a correction", "at 08:10 is added", "I came early")
	ref := regexp.MustCompile(`correction/asha/2026-03-02/[0-9a-f-]+`).FindString(asked.Text())
	r := o.acted("view_submission_refuse.json", "mona", "VALUE", ref, "NOTE", "I saw you at nine")
	if r.Code != http.StatusOK || r.Body.Len() != 0 {
		t.Fatalf("refused: %d %s", r.Code, r.Body)
	}
	o.slack.Wait("chat.postMessage", 5) // mona is told that it is done
	o.notify()
	contains(t, o.slack.Wait("chat.postMessage", 6).Text(), "UASHA", "Refused by *Mona*", "I saw you at nine")
}

// The manifest says what the program serves and asks for.
func TestSlackManifest(t *testing.T) {
	b, err := os.ReadFile("../../deploy/slack/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var m slackgo.Manifest
	if err := yaml.UnmarshalStrict(b, &m); err != nil {
		t.Fatal(err)
	}
	const site = "https://hajir.example.com"
	if len(m.Features.SlashCommands) != 1 || m.Features.SlashCommands[0].Command != "/hajir" {
		t.Fatalf("commands: %+v", m.Features.SlashCommands)
	}
	served := newWorld(t).app.api().OpenAPI().Paths
	for what, address := range map[string]string{
		slack.CommandsPath: m.Features.SlashCommands[0].Url, slack.EventsPath: m.Settings.EventSubscriptions.RequestUrl, slack.ActionsPath: m.Settings.Interactivity.RequestUrl,
	} {
		path := strings.TrimPrefix(address, site)
		if path != api.Prefix+what || served[path] == nil || served[path].Post == nil {
			t.Errorf("%s is not served", address)
		}
	}
	if want := []string{site + slack.InstallPath}; !slices.Equal(m.OAuthConfig.RedirectUrls, want) {
		t.Errorf("redirects to %v", m.OAuthConfig.RedirectUrls)
	}
	if !slices.Equal(m.OAuthConfig.Scopes.Bot, slack.Scopes()) {
		t.Errorf("scopes %v, and the program asks for %v", m.OAuthConfig.Scopes.Bot, slack.Scopes())
	}
	if got := fmt.Sprint(m.Settings.EventSubscriptions.BotEvents); got != "[app_home_opened app_uninstalled tokens_revoked]" {
		t.Errorf("events %s", got)
	}
}

// While Slack cannot be reached, leave is asked for as ever, and who decides is
// told of it when Slack is back.
func TestSlackIsDown(t *testing.T) {
	o := newSlackOffice(t, "asha", "mona")
	closed := httptest.NewServer(nil)
	closed.Close()
	there := o.app.slack.App.API
	o.app.slack.App.API = closed.URL + "/api/"
	o.want(o.ask("asha", wishOf(o.annual, "2026-03-16", "2026-03-17")), http.StatusCreated, "")
	o.notify()
	waiting, err := o.db.Deliveries(t.Context(), "acme", false, hajir.Delivery{}, 10)
	if err != nil || len(waiting) != 1 || waiting[0].Target != "ask/mona" || waiting[0].Tries != 1 {
		t.Fatalf("what waits: %+v, %v", waiting, err)
	}
	o.app.slack.App.API = there
	o.clock.Advance(time.Hour)
	o.notify()
	contains(t, o.slack.Wait("chat.postMessage", 1).Text(), "*Asha* asks for")
}
