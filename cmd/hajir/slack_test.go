package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/slack"
	"hajir/internal/slack/slacktest"
)

// The members of the workspace by who they are.
var members = map[string]string{"asha": "UASHA", "mona": "UMONA", "hema": "UHEMA", "acme": "UADMIN", "anil": "UANIL", "bina": "UBINA"}

// slackOffice is an office whose workspace is connected.
type slackOffice struct {
	*office
	slack   *slacktest.Slack
	replies int // answers to commands that were seen
}

func newSlackOffice(t *testing.T, who ...string) *slackOffice {
	o := &slackOffice{office: newOffice(t), slack: slacktest.New(t)}
	o.app.slack.App = slack.App{
		ClientID: slacktest.ClientID, ClientSecret: slacktest.ClientSecret, SigningSecret: slacktest.SigningSecret, API: o.slack.API(),
	}
	o.want(o.install(), http.StatusOK, "")
	for _, username := range who {
		err := o.db.SaveSlackLink(t.Context(), hajir.SlackLink{
			Username: username, Company: "acme", Team: slacktest.Team, User: members[username], LinkedAt: o.clock.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return o
}

// state begins an installation and returns what Slack brings back.
func (o *slackOffice) state(token string) string {
	o.t.Helper()
	r := o.want(o.call("POST", "/companies/acme/slack/install", token, nil), http.StatusCreated, "")
	u, err := url.Parse(r.json["url"].(string))
	if err != nil || u.Host != "slack.com" || u.Query().Get("client_id") != slacktest.ClientID ||
		u.Query().Get("redirect_uri") != "https://hajir.example.com/slack/installed" || !strings.Contains(u.Query().Get("scope"), "commands") {
		o.t.Fatalf("the address is %s", u)
	}
	return u.Query().Get("state")
}

func (o *slackOffice) finish(token, state string) reply {
	return o.call("POST", "/companies/acme/slack/install/finish", token, map[string]any{"code": slacktest.Code, "state": state})
}

func (o *slackOffice) install() reply {
	o.t.Helper()
	return o.finish(o.admin, o.state(o.admin))
}

// set changes the company's settings of Slack.
func (o *slackOffice) set(changes map[string]any) {
	o.t.Helper()
	o.want(o.trySet(changes), http.StatusOK, "")
}

func (o *slackOffice) trySet(changes map[string]any) reply {
	o.t.Helper()
	r := o.want(o.call("GET", "/companies/acme/slack", o.admin, nil), http.StatusOK, "")
	body := map[string]any{}
	for _, k := range []string{
		"channel_id", "channel_name", "post_digest", "post_questions", "post_doubtful", "post_missing_exits", "digest_at", "remind", "punch", "networks", "version",
	} {
		body[k] = r.json[k]
	}
	for k, v := range changes {
		body[k] = v
	}
	return o.call("PUT", "/companies/acme/slack", o.admin, body)
}

// recorded is the body of a request as Slack documents it, with values in the
// place of names.
func (o *slackOffice) recorded(file, member string, values ...string) string {
	o.t.Helper()
	b, err := os.ReadFile(filepath.Join("../../internal/slack/testdata", file))
	if err != nil {
		o.t.Fatal(err)
	}
	values = append([]string{"RESPONSE_URL", o.slack.ResponseURL(), "U2147483697", member}, values...)
	if strings.HasSuffix(file, ".form") {
		for i := 1; i < len(values); i += 2 {
			values[i] = url.QueryEscape(values[i])
		}
	}
	return strings.NewReplacer(values...).Replace(string(b))
}

// post sends what Slack sends, signed now by the clock that slack-go looks at.
func (o *slackOffice) post(path, contentType, body string) reply {
	o.t.Helper()
	return o.deliverSlack(slacktest.Request("/api/v1"+path, contentType, []byte(body), time.Now()))
}

func (o *slackOffice) deliverSlack(r *http.Request) reply {
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	out := reply{ResponseRecorder: w}
	_ = json.Unmarshal(w.Body.Bytes(), &out.json)
	return out
}

const slackForm = "application/x-www-form-urlencoded"

// typed has a member type behind /hajir, and returns the answer's JSON.
func (o *slackOffice) typed(username, text string) string {
	o.t.Helper()
	member := members[username]
	if member == "" {
		member = username
	}
	r := o.post(slack.CommandsPath, slackForm, o.recorded("slash_command.form", member, "TEXT", text, "TRIGGER_ID", o.slack.Trigger()))
	if r.Code != http.StatusOK || r.Body.Len() != 0 {
		o.t.Fatalf("the command was acknowledged with %d %s", r.Code, r.Body)
	}
	o.replies++
	return o.slack.Wait("response", o.replies).Text()
}

func (o *slackOffice) acted(file, username string, values ...string) reply {
	o.t.Helper()
	values = append(values, "TRIGGER_ID", o.slack.Trigger())
	payload := url.Values{"payload": {o.recorded(file, members[username], values...)}}.Encode()
	return o.post(slack.ActionsPath, slackForm, payload)
}

// notify delivers what is due.
func (o *slackOffice) notify() {
	o.t.Helper()
	if err := o.app.notify.RunDue(o.t.Context()); err != nil {
		o.t.Fatal(err)
	}
}

// linkIn finds the page that an answer leads to.
func linkIn(t *testing.T, answer, path string) string {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta("https://hajir.example.com"+path) + `([\w.-]+)`).FindStringSubmatch(answer)
	if m == nil {
		t.Fatalf("no link to %s in %s", path, answer)
	}
	return m[1]
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%q is not in %s", p, text)
		}
	}
}

// A workspace is connected by whoever began it, once, in the same session and
// with all that is needed.
func TestSlackInstallation(t *testing.T) {
	o := newSlackOffice(t)
	r := o.want(o.call("GET", "/companies/acme/slack", o.admin, nil), http.StatusOK, "")
	if r.json["connected"] != true || r.json["team_name"] != "Acme Team" || strings.Contains(r.Body.String(), "xoxb") {
		t.Fatalf("connected: %s", r.Body)
	}
	token := o.slack.Tokens()[0]
	if found := o.onDisk([]byte(token)); len(found) > 0 {
		t.Errorf("the bot's token lies open in %v", found)
	}
	state := o.state(o.admin)
	o.slack.Grant("channels:read,chat:write,chat:write.public,commands,groups:read,im:write", slacktest.Team)
	o.want(o.finish(o.token("acme"), state), http.StatusForbidden, "forbidden") // another session
	o.want(o.finish(o.admin, state+"x"), http.StatusUnprocessableEntity, "invalid")
	o.want(o.finish(o.admin, state), http.StatusOK, "")
	o.want(o.finish(o.admin, state), http.StatusConflict, "conflict")
	old := o.state(o.admin)
	o.clock.Advance(16 * time.Minute)
	admin := o.token("acme")
	o.want(o.finish(admin, old), http.StatusUnprocessableEntity, "invalid")
	o.slack.Grant("commands", slacktest.Team)
	o.want(o.finish(admin, o.state(admin)), http.StatusUnprocessableEntity, "invalid") // it may not write

	other := o.company("other")
	o.slack.Grant("channels:read,chat:write,chat:write.public,commands,groups:read,im:write", slacktest.Team)
	begun := o.want(o.call("POST", "/companies/other/slack/install", other, nil), http.StatusCreated, "")
	u, _ := url.Parse(begun.json["url"].(string))
	o.want(o.call("POST", "/companies/other/slack/install/finish", other, map[string]any{"code": slacktest.Code, "state": u.Query().Get("state")}), http.StatusConflict, "conflict")

	channels := o.want(o.call("GET", "/companies/acme/slack/channels", admin, nil), http.StatusOK, "")
	contains(t, channels.Body.String(), `{"id":"C1","name":"general","private":false},{"id":"G1","name":"hr","private":true},{"id":"C2"`)
	o.want(o.call("DELETE", "/companies/acme/slack", admin, nil), http.StatusNoContent, "")
	if n := len(o.slack.Calls("apps.uninstall")); n != 1 {
		t.Errorf("Slack was told %d times", n)
	}
	o.want(o.call("DELETE", "/companies/acme/slack", admin, nil), http.StatusNotFound, "not_found")
	r = o.want(o.call("GET", "/companies/acme/slack", admin, nil), http.StatusOK, "")
	if r.json["connected"] != false {
		t.Errorf("still connected: %s", r.Body)
	}
}

// What Slack tells of its end is taken, also twice; not of a connection that was
// made since.
func TestSlackRevocation(t *testing.T) {
	for file, since := range map[string]time.Duration{"tokens_revoked.json": time.Second, "app_uninstalled.json": -time.Second} {
		t.Run(file, func(t *testing.T) {
			o := newSlackOffice(t)
			at := strconv.FormatInt(o.clock.Now().Add(since).Unix(), 10)
			for range 2 {
				body := strings.Replace(o.recorded(file, "UASHA"), "1234567890", at, 1) + strings.Repeat(" ", len(o.slack.Calls("")))
				r := o.post(slack.EventsPath, "application/json", body)
				if r.Code != http.StatusOK && r.Code != http.StatusUnauthorized { // the same body in the same second is a replay
					t.Fatalf("%d %s", r.Code, r.Body)
				}
			}
			o.app.slack.Close() // does what is left
			s, err := o.db.Slack(t.Context(), "acme")
			if err != nil || s.Connected() != (since < 0) {
				t.Errorf("connected %v, %v", s.Connected(), err)
			}
		})
	}
}

// Nothing of a request is looked at that Slack did not sign a moment ago, and
// nothing twice.
func TestSlackSignatures(t *testing.T) {
	o := newSlackOffice(t, "asha")
	body := []byte(o.recorded("url_verification.json", "UASHA"))
	now := time.Now()
	request := func(change func(*http.Request)) *http.Request {
		r := slacktest.Request("/api/v1"+slack.EventsPath, "application/json", body, now)
		change(r)
		return r
	}
	for name, r := range map[string]*http.Request{
		"no signature":     request(func(r *http.Request) { r.Header.Del("X-Slack-Signature") }),
		"no timestamp":     request(func(r *http.Request) { r.Header.Del("X-Slack-Request-Timestamp") }),
		"another time":     request(func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", strconv.FormatInt(now.Unix()-1, 10)) }),
		"no hexadecimal":   request(func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0=zz") }),
		"another version":  request(func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v1"+r.Header.Get("X-Slack-Signature")[2:]) }),
		"another body":     slacktest.Request("/api/v1"+slack.EventsPath, "application/json", append(body, ' '), now),
		"too long ago":     slacktest.Request("/api/v1"+slack.EventsPath, "application/json", body, now.Add(-6*time.Minute)),
		"too far in front": slacktest.Request("/api/v1"+slack.EventsPath, "application/json", body, now.Add(6*time.Minute)),
		"another secret": request(func(r *http.Request) {
			for k, v := range slacktest.Sign("another secret", now, body) {
				r.Header[k] = v
			}
		}),
	} {
		if name == "another body" {
			for k, v := range slacktest.Sign(slacktest.SigningSecret, now, body) {
				r.Header[k] = v
			}
		}
		got := o.deliverSlack(r)
		if got.Code != http.StatusUnauthorized || got.code() != "unauthorized" {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
	}
	good := o.deliverSlack(request(func(*http.Request) {}))
	if good.Code != http.StatusOK || good.json["challenge"] != "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P" {
		t.Fatalf("%d %s", good.Code, good.Body)
	}
	if again := o.deliverSlack(request(func(*http.Request) {})); again.Code != http.StatusUnauthorized {
		t.Errorf("a replay was taken: %d %s", again.Code, again.Body)
	}
	o.app.slack.App = slack.App{}
	o.want(o.deliverSlack(request(func(*http.Request) {})), http.StatusNotFound, "not_found")
}

// Answers go to Slack alone, whatever a signed request says.
func TestSlackAnswersNobodyElse(t *testing.T) {
	o := newSlackOffice(t, "asha")
	for _, elsewhere := range []string{"https://evil.example.com/", "http://hooks.slack.com/x", "https://slack.com.evil.example.com/", "https://u@hooks.slack.com/", ""} {
		form := url.Values{"team_id": {slacktest.Team}, "user_id": {"UASHA"}, "text": {"status"}, "response_url": {elsewhere}}.Encode()
		o.want(o.post(slack.CommandsPath, slackForm, form), http.StatusUnprocessableEntity, "invalid")
	}
	o.want(o.post(slack.CommandsPath, slackForm, "team_id=%zz"), http.StatusUnprocessableEntity, "invalid")
	o.want(o.post(slack.ActionsPath, slackForm, "payload=nonsense"), http.StatusUnprocessableEntity, "invalid")
	o.want(o.post(slack.EventsPath, "application/json", "nonsense"), http.StatusUnprocessableEntity, "invalid")
}

// A member becomes one of the people by a link that is confirmed on the site,
// once; the account says who they are, and both can end it.
func TestSlackLinks(t *testing.T) {
	o := newSlackOffice(t)
	answer := o.typed("asha", "status")
	contains(t, answer, "does not know yet who you are")
	token := linkIn(t, answer, slack.LinkPath)
	second, old := o.stranger("asha"), o.stranger("asha")
	body := map[string]any{"token": token}
	r := o.want(o.call("POST", "/companies/acme/slack/link/read", o.tokens["asha"], body), http.StatusOK, "")
	if r.json["team_name"] != "Acme Team" || r.json["member_id"] != "UASHA" {
		t.Errorf("the link asks %s", r.Body)
	}
	other := o.company("other")
	o.want(o.call("POST", "/companies/other/slack/link", other, body), http.StatusForbidden, "forbidden")
	o.want(o.call("POST", "/companies/acme/slack/link", o.tokens["asha"], map[string]any{"token": token + "x"}), http.StatusUnprocessableEntity, "invalid")
	r = o.want(o.call("POST", "/companies/acme/slack/link", o.tokens["asha"], body), http.StatusOK, "")
	if r.json["member_id"] != "UASHA" {
		t.Errorf("linked: %s", r.Body)
	}
	contains(t, o.slack.Wait("chat.postMessage", 1).Text(), "You are linked as *Asha*")
	o.want(o.call("POST", "/companies/acme/slack/link", o.tokens["bina"], body), http.StatusConflict, "conflict")
	contains(t, o.typed("asha", "status"), "You have not come yet")

	// Somebody else takes the member over; a link of yesterday is none.
	o.want(o.call("POST", "/companies/acme/slack/link", o.tokens["bina"], map[string]any{"token": second}), http.StatusOK, "")
	if _, err := o.db.SlackLink(t.Context(), "asha"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("asha's link: %v", err)
	}
	o.clock.Advance(16 * time.Minute)
	o.want(o.call("POST", "/companies/acme/slack/link", o.token("asha"), map[string]any{"token": old}), http.StatusUnprocessableEntity, "invalid")

	r = o.want(o.call("GET", "/companies/acme/slack/people", o.token("acme"), nil), http.StatusOK, "")
	contains(t, r.Body.String(), `"username":"bina","name":"Bina","member_id":"UASHA"`)
	o.want(o.call("DELETE", "/companies/acme/slack/people/bina", o.token("bina"), nil), http.StatusNoContent, "")
	o.want(o.call("DELETE", "/companies/acme/slack/people/bina", o.token("acme"), nil), http.StatusNotFound, "not_found")
	contains(t, o.typed("asha", "status"), "does not know yet who you are")
}

// stranger is the token of a link that a member who is nobody yet is given.
func (o *slackOffice) stranger(username string) string {
	o.t.Helper()
	return linkIn(o.t, o.typed(username, "help"), slack.LinkPath)
}

// People come and go where the company lets them, and the punch says how.
func TestSlackPunches(t *testing.T) {
	o := newSlackOffice(t, "asha", "mona", "acme", "anil")
	contains(t, o.typed("asha", "in"), "does not let people come and go by Slack")
	o.set(map[string]any{"punch": true})
	contains(t, o.typed("asha", "out"), "You are not in")
	contains(t, o.typed("asha", "in"), "You are in since *09:00*")
	o.clock.Advance(time.Minute)
	contains(t, o.typed("asha", "out"), "too soon")
	o.clock.Advance(time.Hour)
	contains(t, o.typed("asha", "in"), "You are in already")
	contains(t, o.typed("asha", "status"), "You are in", "In 09:00", "Worked: *1:01 h*")
	contains(t, o.typed("mona", "who"), "*In* (1)", "Asha")
	contains(t, o.typed("acme", "who"), "Asha")
	contains(t, o.typed("asha", "who"), "for managers")
	contains(t, o.typed("asha", "out"), "You left at *10:01*")
	contains(t, o.typed("acme", "in"), "no attendance")
	contains(t, o.typed("anil", "in"), "no attendance")
	contains(t, o.typed("asha", "month"), "1:01 h", "*Present*")
	contains(t, o.typed("asha", "month bs-2082-11"), "1:01 h")
	contains(t, o.typed("asha", "month whenever"), "A month has the form")
	contains(t, o.typed("asha", "dance <!channel>"), "There is no `/hajir dance`")
	day := o.day("asha")
	if len(day.Punches) != 2 {
		t.Fatalf("%d punches", len(day.Punches))
	}
	for _, p := range day.Punches {
		if p.Source != hajir.SourceSlack || p.By != "asha" || p.Place != "Slack" {
			t.Errorf("the punch is %+v", p)
		}
	}
	// One who is deactivated is nobody any more.
	o.want(o.call("PATCH", "/companies/acme/employees/asha", o.token("acme"), map[string]any{"active": false}), http.StatusOK, "")
	contains(t, o.typed("asha", "in"), "does not know yet who you are")
}

// Slack does not tell where somebody is, so a page does: once, from where the
// company allows it.
func TestSlackPunchesOfAPlace(t *testing.T) {
	o := newSlackOffice(t, "asha")
	o.set(map[string]any{"punch": true, "networks": []string{"192.0.2.0/24"}, "fence": map[string]any{"latitude": 27.7172, "longitude": 85.324, "radius": 100}})
	token := linkIn(t, o.typed("asha", "in"), slack.PunchPath)
	if n := len(o.day("asha").Punches); n != 0 {
		t.Fatalf("%d punches before the page", n)
	}
	body := map[string]any{"token": token}
	r := o.want(o.call("POST", "/slack/punches/read", "", body), http.StatusOK, "")
	if r.json["name"] != "Asha" || r.json["direction"] != "entry" || r.json["place"] != true {
		t.Errorf("the page shows %s", r.Body)
	}
	const here = "geo:27.7173,85.3241;u=20"
	o.want(o.call("POST", "/slack/punches", "", body), http.StatusForbidden, "kiosk_place")
	o.want(o.call("POST", "/slack/punches", "", body, "Geolocation", "geo:28.2,83.98;u=20"), http.StatusForbidden, "kiosk_place")
	o.want(o.call("POST", "/slack/punches", "", body, "Geolocation", "geo:27.7173,85.3241;u=900"), http.StatusForbidden, "kiosk_place")
	o.want(o.call("POST", "/slack/punches", "", body, "Geolocation", "nowhere"), http.StatusUnprocessableEntity, "invalid")
	o.want(o.call("POST", "/slack/punches", "", map[string]any{"token": o.stranger("UNOBODY")}, "Geolocation", here), http.StatusUnprocessableEntity, "invalid") // for another purpose
	o.want(o.call("POST", "/slack/punches", "", body, "Geolocation", here), http.StatusCreated, "")
	o.want(o.call("POST", "/slack/punches", "", body, "Geolocation", here), http.StatusConflict, "conflict")
	if day := o.day("asha"); len(day.Punches) != 1 || day.Punches[0].Source != hajir.SourceSlack {
		t.Fatalf("the day is %+v", day)
	}
	late := linkIn(t, o.typed("asha", "out"), slack.PunchPath)
	o.clock.Advance(6 * time.Minute)
	o.want(o.call("POST", "/slack/punches", "", map[string]any{"token": late}, "Geolocation", here), http.StatusUnprocessableEntity, "invalid")
	o.admin = o.token("acme")
	o.set(map[string]any{"networks": []string{"198.51.100.0/24"}})
	o.want(o.call("POST", "/slack/punches", "", map[string]any{"token": linkIn(t, o.typed("asha", "out"), slack.PunchPath)}, "Geolocation", here), http.StatusForbidden, "kiosk_network")
	o.want(o.trySet(map[string]any{"networks": []string{"nonsense"}}), http.StatusUnprocessableEntity, "invalid")
}

// Leave is asked for in a window and decided by buttons; whoever got them sees
// what became of it, wherever it was decided.
func TestSlackLeave(t *testing.T) {
	o := newSlackOffice(t, "asha", "mona", "hema")
	o.post(slack.CommandsPath, slackForm, o.recorded("slash_command.form", "UASHA", "TEXT", "leave", "TRIGGER_ID", o.slack.Trigger()))
	contains(t, o.slack.Wait("views.open", 1).Text(), `"value":"`+o.annual+`"`, "10 days left", "Ask for leave")

	ask := func(from, to, start string) reply {
		return o.acted("view_submission_leave.json", "asha", "TYPE", o.annual, "FROM", from, "TO", to, "START", start)
	}
	r := ask("2026-03-09", "2026-03-29", "full")
	if r.json["response_action"] != "errors" || !strings.Contains(fmt.Sprint(r.json["errors"]), "are left") {
		t.Fatalf("too much leave: %d %s", r.Code, r.Body)
	}
	if r = ask("2026-03-12", "2026-03-10", "full"); !strings.Contains(fmt.Sprint(r.json["errors"]), "from:The last date") {
		t.Errorf("backwards: %s", r.Body)
	}
	if r = ask("2026-03-09", "2026-03-09", "first_half"); r.Code != http.StatusOK || r.Body.Len() != 0 {
		t.Fatalf("half a day: %d %s", r.Code, r.Body)
	}
	contains(t, o.slack.Wait("chat.postMessage", 1).Text(), "0.5 days", "*Mona* decides")
	o.notify()
	asked := o.slack.Wait("chat.postMessage", 2)
	if asked.Channel != "DMONA" {
		t.Fatalf("%s was asked", asked.Channel)
	}
	contains(t, asked.Text(), "*Asha* asks for *Annual leave*", "first half", "wedding", `&lt;!channel&gt;`, `"approve"`, `"refuse"`)
	ref := regexp.MustCompile(`leave/[0-9a-f-]+`).FindString(asked.Text())

	// Hema stands in for Mona meanwhile, and asha's second request goes to both.
	o.want(o.call("PUT", "/companies/acme/employees/mona/leave/delegate", o.tokens["mona"], map[string]any{"delegate": "hema", "from": "2026-03-02", "to": "2026-03-20"}), http.StatusOK, "")
	o.want(o.ask("asha", wishOf(o.annual, "2026-03-16", "2026-03-17")), http.StatusCreated, "")
	o.notify()
	contains(t, o.slack.Wait("chat.postMessage", 4).Text()+o.slack.Wait("chat.postMessage", 3).Text(), "UMONA", "UHEMA")
	second := regexp.MustCompile(`leave/[0-9a-f-]+`).FindString(o.slack.Wait("chat.postMessage", 4).Text())

	// Approved with a button: the first one's message loses its buttons.
	o.acted("block_actions.json", "mona", "ACTION_ID", "approve", "VALUE", ref)
	o.waitLeave(ref, hajir.LeaveApproved)
	var approved []string
	for _, e := range o.auditOf("&operation=slack-action") {
		approved = append(approved, told(e))
	}
	contains(t, strings.Join(approved, "\n"), "mona slack-action change Leave_requests of asha")
	o.notify()
	changed := o.slack.Wait("chat.update", 1)
	if changed.Channel != asked.Channel || changed.TS != asked.TS || strings.Contains(changed.Text(), `"approve"`) {
		t.Errorf("changed: %+v", changed)
	}
	contains(t, changed.Text(), "Approved by *Mona*")
	contains(t, o.slack.Wait("chat.postMessage", 5).Text(), "UASHA", "Approved by *Mona*")

	// Pressed again, whoever presses is told; nothing is decided twice.
	o.acted("block_actions.json", "mona", "ACTION_ID", "approve", "VALUE", ref)
	o.replies++
	contains(t, o.slack.Wait("response", o.replies).Text(), ":warning:")
	o.acted("block_actions.json", "asha", "ACTION_ID", "approve", "VALUE", second)
	o.replies++
	contains(t, o.slack.Wait("response", o.replies).Text(), "no such leave request")

	// Refused with a reason, which a window asks for.
	o.acted("block_actions.json", "hema", "ACTION_ID", "refuse", "VALUE", second)
	contains(t, o.slack.Wait("views.open", 2).Text(), second, "Why?")
	before := len(o.slack.Calls("chat.update"))
	if r = o.acted("view_submission_refuse.json", "hema", "VALUE", second, "NOTE", " "); !strings.Contains(r.Body.String(), "reason") {
		t.Errorf("refused without a reason: %s", r.Body)
	}
	o.acted("view_submission_refuse.json", "hema", "VALUE", second, "NOTE", "too few people")
	o.waitLeave(second, hajir.LeaveRefused)
	o.notify()
	o.slack.Wait("chat.update", before+2)
	both := o.slack.Calls("chat.update")[before:]
	for _, c := range both[len(both)-2:] {
		contains(t, c.Text(), "Refused by *Hema*", "too few people")
	}

	// Decided on the site: the message follows.
	third := o.want(o.ask("asha", wishOf(o.annual, "2026-03-23", "2026-03-23")), http.StatusCreated, "").json["id"].(string)
	o.notify()
	before = len(o.slack.Calls("chat.update"))
	o.want(o.call("POST", "/companies/acme/leave/requests/"+third+"/decision", o.admin, map[string]any{"approve": true}), http.StatusOK, "")
	o.notify()
	contains(t, o.slack.Wait("chat.update", before+2).Text(), "Approved by *ACME*")
}

func (o *slackOffice) waitLeave(ref string, want hajir.LeaveState) {
	o.t.Helper()
	for {
		r, err := o.db.LeaveRequest(o.t.Context(), strings.TrimPrefix(ref, "leave/"))
		if err != nil {
			o.t.Fatal(err)
		}
		if r.State == want {
			return
		}
		select {
		case <-time.After(5 * time.Millisecond):
		case <-o.t.Context().Done():
			o.t.Fatalf("%s is %s", ref, r.State)
		}
	}
}
