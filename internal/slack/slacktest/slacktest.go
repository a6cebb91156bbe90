// Package slacktest is a stand-in for Slack on loopback, for tests: it checks
// what Slack checks of those who call it, and signs what it sends as Slack does.
// It keeps to https://docs.slack.dev. Read Slack first; limit.go has the bounds
// of blocks, send.go is what Slack sends.
package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// The app and the workspace that the stand-in knows.
const (
	ClientID      = "1234.5678"
	ClientSecret  = "client secret"
	SigningSecret = "8f742231b10e8888abcd99yyyzzz85a5" // the one of Slack's documentation
	Team          = "T0001"
	Code          = "code from slack"
)

// Call is a call that was taken.
type Call struct {
	Method  string // such as chat.postMessage, or response for a response_url
	Token   string
	Args    map[string]any
	Blocks  []any
	Channel string
	TS      string // of a message that was posted or changed
}

// Text is all that a call shows, in one string.
func (c Call) Text() string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(c.Args)
	return b.String()
}

// Slack is the stand-in. What it refuses for a bad call is an error of the test
// too.
type Slack struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	calls    []Call
	tokens   map[string]bool
	messages map[string]string // ts by channel/ts
	triggers map[string]bool   // that may be used
	codes    map[string]bool
	limited  map[string]int // how often a method is refused with 429
	hangs    map[string]chan struct{}
	failing  map[string]string
	seq      int
	scope    string
	team     string
	changed  chan struct{}
}

// New starts one.
func New(t *testing.T) *Slack {
	s := &Slack{
		t: t, tokens: map[string]bool{}, messages: map[string]string{}, triggers: map[string]bool{}, codes: map[string]bool{Code: true},
		limited: map[string]int{}, hangs: map[string]chan struct{}{}, failing: map[string]string{}, team: Team, changed: make(chan struct{}, 1000),
		scope: "channels:read,chat:write,chat:write.public,commands,groups:read,im:write",
	}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

// API is where the stand-in's API lies.
func (s *Slack) API() string { return s.URL + "/api/" }

// ResponseURL is one that a command brings.
func (s *Slack) ResponseURL() string { return s.URL + "/response/1" }

// Grant sets what the next installation is allowed.
func (s *Slack) Grant(scope, team string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scope, s.team, s.codes[Code] = scope, team, true
}

// Limit has a method be refused with 429 so often.
func (s *Slack) Limit(method string, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limited[method] = times
}

// Fail has a method answer an error until it is "".
func (s *Slack) Fail(method, with string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failing[method] = with
}

// Hang has a method wait until the function that it returns is called.
func (s *Slack) Hang(method string) (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	wait := make(chan struct{})
	s.hangs[method] = wait
	return sync.OnceFunc(func() {
		s.mu.Lock()
		delete(s.hangs, method)
		s.mu.Unlock()
		close(wait)
	})
}

// Calls returns what was taken of a method; "" is all.
func (s *Slack) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Call
	for _, c := range s.calls {
		if method == "" || c.Method == method {
			all = append(all, c)
		}
	}
	return all
}

// Wait waits until so many calls of a method were taken, and returns the last.
func (s *Slack) Wait(method string, count int) Call {
	s.t.Helper()
	for {
		if all := s.Calls(method); len(all) >= count {
			return all[count-1]
		}
		select {
		case <-s.changed:
		case <-s.t.Context().Done():
			s.t.Fatalf("%d calls of %s, want %d", len(s.Calls(method)), method, count)
		}
	}
}

func (s *Slack) serve(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	method, isAPI := strings.CutPrefix(r.URL.Path, "/api/")
	if !isAPI {
		method = "response"
	}
	args, token := arguments(r, body)
	s.mu.Lock()
	hang := s.hangs[method]
	s.mu.Unlock()
	if hang != nil {
		select {
		case <-hang:
		case <-r.Context().Done():
			return
		}
	}
	status, answer := s.take(method, token, args)
	w.Header().Set("Content-Type", "application/json")
	if status == http.StatusTooManyRequests {
		w.Header().Set("Retry-After", "7")
	}
	w.WriteHeader(status)
	if method == "response" {
		fmt.Fprint(w, "ok")
	} else {
		_ = json.NewEncoder(w).Encode(answer)
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// arguments reads a call, which is JSON or a form whose values may be JSON.
func arguments(r *http.Request, body []byte) (map[string]any, string) {
	args := map[string]any{}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(body, &args)
		return args, token
	}
	form, _ := url.ParseQuery(string(body))
	for name, values := range r.URL.Query() {
		form[name] = values
	}
	for name := range form {
		value := form.Get(name)
		var decoded any
		if (name == "blocks" || name == "view") && json.Unmarshal([]byte(value), &decoded) == nil {
			args[name] = decoded
		} else {
			args[name] = value
		}
	}
	if t := form.Get("token"); t != "" {
		token = t
	}
	delete(args, "token")
	return args, token
}

func no(why string) map[string]any { return map[string]any{"ok": false, "error": why} }

func str(args map[string]any, name string) string {
	text, _ := args[name].(string)
	return text
}

func (s *Slack) take(method, token string, args map[string]any) (int, map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.limited[method] > 0 {
		s.limited[method]--
		return http.StatusTooManyRequests, no("ratelimited")
	}
	if why := s.failing[method]; why != "" {
		return http.StatusOK, no(why)
	}
	call := Call{Method: method, Token: token, Args: args, Channel: str(args, "channel"), TS: str(args, "ts")}
	call.Blocks, _ = args["blocks"].([]any)
	answer := s.answer(&call)
	if ok, _ := answer["ok"].(bool); ok {
		s.calls = append(s.calls, call)
	} else {
		s.t.Logf("Slack refuses %s: %v", method, answer)
	}
	return http.StatusOK, answer
}

// answer checks a call as Slack does.
func (s *Slack) answer(c *Call) map[string]any {
	yes := map[string]any{"ok": true}
	if c.Method != "response" && c.Method != "oauth.v2.access" && !s.tokens[c.Token] {
		return no("invalid_auth")
	}
	for _, p := range problems(c) {
		s.t.Errorf("%s breaks a limit of Slack's: %s", c.Method, p)
		return no("invalid_blocks")
	}
	switch c.Method {
	case "response":
		if str(c.Args, "response_type") != "ephemeral" {
			s.t.Errorf("an answer to a command that everybody sees: %v", c.Args)
		}
	case "oauth.v2.access":
		return s.exchange(c.Args)
	case "chat.postMessage":
		if c.Channel == "" || str(c.Args, "text") == "" {
			return no("no_text")
		}
		if strings.HasPrefix(c.Channel, "U") { // a member: their conversation with the bot
			c.Channel = "D" + c.Channel[1:]
		}
		s.seq++
		c.TS = fmt.Sprintf("1772421300.%06d", s.seq)
		s.messages[c.Channel+"/"+c.TS] = c.TS
		yes["channel"], yes["ts"] = c.Channel, c.TS
	case "chat.update":
		if s.messages[c.Channel+"/"+c.TS] == "" {
			return no("message_not_found")
		}
		yes["channel"], yes["ts"], yes["text"] = c.Channel, c.TS, ""
	case "views.open":
		trigger := str(c.Args, "trigger_id")
		if used, known := s.triggers[trigger]; !known || !used {
			s.t.Errorf("views.open with a trigger_id that is not good: %q", trigger)
			return no("expired_trigger_id")
		}
		s.triggers[trigger] = false
		yes["view"] = map[string]any{"id": "V1", "type": "modal"}
	case "views.publish":
		if str(c.Args, "user_id") == "" {
			return no("user_not_found")
		}
		yes["view"] = map[string]any{"id": "V2", "type": "home"}
	case "apps.uninstall":
		if str(c.Args, "client_id") != ClientID || str(c.Args, "client_secret") != ClientSecret {
			return no("bad_client_secret")
		}
		delete(s.tokens, c.Token)
	case "conversations.list":
		// In two pages, as Slack does with many.
		if str(c.Args, "cursor") == "" {
			yes["channels"] = []any{map[string]any{"id": "C2", "name": "random"}}
			yes["response_metadata"] = map[string]any{"next_cursor": "dGVhbTpDMQ=="}
		} else {
			yes["channels"] = []any{map[string]any{"id": "C1", "name": "general"}, map[string]any{"id": "G1", "name": "hr", "is_private": true}}
		}
	default:
		s.t.Errorf("a call of %s, which the stand-in does not know", c.Method)
		return no("unknown_method")
	}
	return yes
}

func (s *Slack) exchange(args map[string]any) map[string]any {
	switch {
	case str(args, "client_id") != ClientID || str(args, "client_secret") != ClientSecret:
		return no("bad_client_secret")
	case !s.codes[str(args, "code")]:
		return no("invalid_code")
	case !strings.HasSuffix(str(args, "redirect_uri"), "/slack/installed"):
		return no("bad_redirect_uri")
	}
	s.codes[str(args, "code")] = false // a code is good once
	s.seq++
	token := fmt.Sprintf("xoxb-%d-secret", s.seq)
	s.tokens[token] = true
	return map[string]any{
		"ok": true, "access_token": token, "token_type": "bot", "scope": s.scope, "bot_user_id": "UBOT", "app_id": "A1",
		"team": map[string]any{"id": s.team, "name": "Acme Team"}, "authed_user": map[string]any{"id": "U0ADMIN"},
	}
}

// Trigger makes a trigger_id that may be used once.
func (s *Slack) Trigger() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	id := fmt.Sprintf("13345224609.738474920.%d", s.seq)
	s.triggers[id] = true
	return id
}

// Expire ends a trigger_id's three seconds.
func (s *Slack) Expire(trigger string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.triggers, trigger)
}

// Tokens lists the tokens that are good.
func (s *Slack) Tokens() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []string
	for t := range s.tokens {
		all = append(all, t)
	}
	slices.Sort(all)
	return all
}
