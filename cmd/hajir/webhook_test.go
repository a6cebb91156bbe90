package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"

	standard "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"hajir/internal/hajir"
	"hajir/internal/webhook"
)

// posts is a receiver that keeps what it is posted by its kind.
type posts struct {
	*httptest.Server
	mu     sync.Mutex
	status int
	secret string
	all    []map[string]any
	wrong  []error
}

func newPosts(t *testing.T) *posts {
	t.Helper()
	p := &posts{status: http.StatusNoContent}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		p.mu.Lock()
		defer p.mu.Unlock()
		if v, err := standard.NewWebhook(p.secret); err != nil || v.VerifyIgnoringTimestamp(body, r.Header) != nil {
			p.wrong = append(p.wrong, v.VerifyIgnoringTimestamp(body, r.Header))
		}
		var x map[string]any
		_ = json.Unmarshal(body, &x)
		p.all = append(p.all, x)
		w.WriteHeader(p.status)
	}))
	t.Cleanup(p.Close)
	return p
}

// took returns what was posted since it was asked last, as kind and whom it is
// about.
func (p *posts) took() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var lines []string
	for _, x := range p.all {
		data, _ := x["data"].(map[string]any)
		who, _ := data["username"].(string)
		lines = append(lines, strings.TrimSpace(x["type"].(string)+" "+who))
	}
	p.all = nil
	return strings.Join(lines, "; ")
}

func (w *world) deliver() {
	w.t.Helper()
	if err := w.notify.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// What happens in the company is posted to who may know; what is not taken
// becomes a dead letter, which the admin sends again.
func TestWebhooks(t *testing.T) {
	w := newWorld(t)
	w.webhooks.Client = webhook.NewClient([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, agent())
	w.company("acme")
	other := w.company("other")
	w.person("acme", "asha")
	p := newPosts(t)
	const path = "/companies/acme/webhooks"
	token := w.adminToken()

	// An address is checked before it is kept.
	kinds := []string{"punch.recorded", "invitation.sent"}
	for _, bad := range []map[string]any{
		{"url": "ftp://example.com", "name": "", "kinds": kinds},
		{"url": p.URL, "name": "", "kinds": []string{"no.kind"}},
		{"url": p.URL, "name": "two\nlines", "kinds": kinds},
		{"url": p.URL, "name": "", "kinds": []string{}},
	} {
		w.want(w.call("POST", path, token, bad), http.StatusUnprocessableEntity, "invalid")
	}
	made := w.want(w.call("POST", path, token, map[string]any{"url": p.URL, "name": "Payroll", "kinds": kinds}), http.StatusCreated, "")
	p.secret = made.json["secret"].(string)
	hook := made.json["webhook"].(map[string]any)
	id := hook["id"].(string)
	listed := w.want(w.call("GET", path, token, nil), http.StatusOK, "")
	if body := listed.Body.String(); strings.Contains(body, p.secret) || strings.Contains(body, "whsec_") {
		t.Errorf("the secret is told again: %s", body)
	}
	w.want(w.call("GET", "/companies/other/webhooks/"+id+"/attempts", other, nil), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/other/webhooks/"+id+"/test", other, nil), http.StatusNotFound, "not_found")

	// A test says what was answered.
	tried := w.want(w.call("POST", path+"/"+id+"/test", token, nil), http.StatusOK, "")
	if tried.json["status"] != float64(http.StatusNoContent) || tried.json["problem"] != nil {
		t.Errorf("the test: %s", tried.Body)
	}
	// What was chosen is posted, and nothing else.
	w.want(w.checkIn(token, "face:asha"), http.StatusCreated, "")
	w.want(w.call("POST", "/companies/acme/invitations", token, map[string]any{"username": "bina", "name": "Bina Rai"}), http.StatusCreated, "")
	w.want(w.call("POST", "/companies/other/invitations", other, map[string]any{"username": "olga", "name": "Olga"}), http.StatusCreated, "")
	w.deliver()
	if got := p.took(); got != "webhook.test; punch.recorded asha; invitation.sent bina" && got != "webhook.test; invitation.sent bina; punch.recorded asha" {
		t.Errorf("posted: %s", got)
	}

	// What is refused for good is a dead letter, and sent again once it is taken.
	p.status = http.StatusGone
	w.want(w.call("POST", "/companies/acme/invitations", token, map[string]any{"username": "chandra", "name": "Chandra"}), http.StatusCreated, "")
	w.deliver()
	p.took()
	dead := w.want(w.call("GET", "/companies/acme/deliveries", token, nil), http.StatusOK, "")
	letters := dead.json["deliveries"].([]any)
	if len(letters) != 1 || dead.json["dead"] != float64(1) {
		t.Fatalf("dead letters: %s", dead.Body)
	}
	letter := letters[0].(map[string]any)
	if letter["target_name"] != "Payroll" || letter["kind"] != "invitation.sent" || letter["person"] != "chandra" || !strings.Contains(letter["reason"].(string), "410") {
		t.Errorf("the dead letter: %s", dead.Body)
	}
	w.want(w.call("GET", "/companies/acme/deliveries?cursor=nonsense", token, nil), http.StatusUnprocessableEntity, "invalid")
	key := map[string]any{"notice_id": letter["notice_id"], "channel": letter["channel"], "target": letter["target"]}
	w.want(w.call("POST", "/companies/other/deliveries/again", other, map[string]any{"delivery": key}), http.StatusNotFound, "not_found")
	w.want(w.call("POST", "/companies/acme/deliveries/again", token, map[string]any{"delivery": key, "all": true}), http.StatusUnprocessableEntity, "invalid")
	p.status = http.StatusOK
	one, err := w.db.Webhook(t.Context(), id)
	if err != nil || one.State != hajir.WebhookGone {
		t.Fatalf("%+v, %v", one, err)
	}
	change := map[string]any{"url": p.URL, "name": "Payroll", "kinds": kinds, "on": true, "version": one.Version}
	w.want(w.call("PUT", path+"/"+id, token, change), http.StatusOK, "")
	w.want(w.call("PUT", path+"/"+id, token, change), http.StatusConflict, "conflict")
	w.want(w.call("POST", "/companies/acme/deliveries/again", token, map[string]any{"delivery": key}), http.StatusOK, "")
	w.deliver()
	if got := p.took(); got != "invitation.sent chandra" {
		t.Errorf("sent again: %s", got)
	}
	if r := w.want(w.call("POST", "/companies/acme/deliveries/again", token, map[string]any{"all": true}), http.StatusOK, ""); r.json["sent"] != float64(0) {
		t.Errorf("nothing is dead, and %s", r.Body)
	}

	// The secret is replaced; the log tells what was done and no secret.
	rotated := w.want(w.call("POST", path+"/"+id+"/secret", token, nil), http.StatusOK, "")
	w.want(w.call("DELETE", path+"/"+id+"?version=99", token, nil), http.StatusConflict, "conflict")
	version := rotated.json["webhook"].(map[string]any)["version"].(float64)
	attempts := w.want(w.call("GET", path+"/"+id+"/attempts?limit=2", token, nil), http.StatusOK, "")
	if list := attempts.json["attempts"].([]any); len(list) != 2 || attempts.json["next_cursor"] == nil || strings.Contains(attempts.Body.String(), "chandra") {
		t.Errorf("the log: %s", attempts.Body)
	}
	w.want(w.call("DELETE", path+"/"+id+"?version="+jsonNumber(version), token, nil), http.StatusNoContent, "")
	told := map[string]int{}
	for _, e := range w.auditOf("") {
		subject, _ := e["subject"].(map[string]any)
		told[subject["table"].(string)+" "+e["action"].(string)]++
		if text, _ := json.Marshal(e); strings.Contains(string(text), p.secret[6:]) || strings.Contains(string(text), rotated.json["secret"].(string)[6:]) {
			t.Errorf("the audit log tells the secret: %s", text)
		}
	}
	for what, want := range map[string]int{"Webhooks create": 1, "Webhooks change": 3, "Webhooks delete": 1, "Deliveries change": 1} {
		if told[what] != want {
			t.Errorf("%s: %d entries, want %d", what, told[what], want)
		}
	}
	if len(p.wrong) > 0 {
		t.Errorf("signatures are wrong: %v", p.wrong)
	}
	if m := w.do("GET", "/metrics", metricsToken, "", http.NoBody).Body.String(); !strings.Contains(m, `hajir_deliveries_total{channel="webhook",of="company",result="delivered"} 3`) ||
		!strings.Contains(m, `hajir_deliveries_total{channel="webhook",of="company",result="dead"} 1`) {
		t.Error("deliveries are not counted")
	}
}

func jsonNumber(n float64) string {
	b, _ := json.Marshal(n)
	return string(b)
}
