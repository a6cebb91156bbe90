package slack

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
	"unicode/utf8"

	"hajir/internal/hajir"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Command{
		"":                {Verb: "help"},
		"  \t ":           {Verb: "help"},
		"IN":              {Verb: "in"},
		" out  now ":      {Verb: "out"},
		"month BS-2082-1": {Verb: "month", Arg: "bs-2082-1"},
		"month":           {Verb: "month"},
		"inn":             {Verb: "help", Unknown: "inn"},
		"who is there":    {Verb: "who"},
	} {
		if got := Parse(text); got != want {
			t.Errorf("Parse(%q) = %+v, want %+v", text, got, want)
		}
	}
}

// Whatever is typed is one of the verbs, and what is no verb can be shown.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"in", "month 2026-03", "leave \x00", "दिन", "<!channel>", "\xff"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := Parse(text)
		known := slices.ContainsFunc(verbs, func(v [2]string) bool { return v[0] == c.Verb })
		if !known || !utf8.ValidString(c.Unknown+c.Arg) || utf8.RuneCountInString(c.Unknown) > 40 || c.Unknown != "" && c.Verb != "help" {
			t.Errorf("Parse(%q) = %+v", text, c)
		}
	})
}

// idle is a service that takes no work, so that only what is read of a request
// is done.
func idle() *Service {
	s := &Service{Log: slog.New(slog.DiscardHandler), Now: time.Now, After: time.After, App: App{API: "https://slack.com/api/"}}
	s.Close()
	return s
}

// No payload, however it looks, is more than an error of its sender.
func FuzzInteraction(f *testing.F) {
	for _, file := range []string{"block_actions.json", "view_submission_leave.json", "view_submission_refuse.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(b))
	}
	f.Add(`{"type":"block_actions","team":{"id":"T"},"user":{"id":"U"},"actions":[null,{"action_id":"approve"}]}`)
	s := idle()
	s.Store = nowhere{}
	f.Fuzz(func(t *testing.T, payload string) {
		_, err := s.onAction(t.Context(), payload)
		if code := hajir.CodeOf(err); err != nil && code != hajir.Invalid && code != hajir.Unavailable {
			t.Errorf("%q: %v", payload, err)
		}
	})
}

func FuzzEvent(f *testing.F) {
	for _, file := range []string{"app_home_opened.json", "tokens_revoked.json", "app_uninstalled.json", "url_verification.json"} {
		b, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"type":"event_callback"}`))
	f.Add([]byte(`{"type":"event_callback","event":null}`))
	s := idle()
	f.Fuzz(func(t *testing.T, body []byte) {
		answer, err := s.onEvent(t.Context(), body)
		if code := hajir.CodeOf(err); err != nil && code != hajir.Invalid && code != hajir.Unavailable {
			t.Errorf("%q: %v", body, err)
		}
		if _, err := json.Marshal(answer); err != nil {
			t.Errorf("%q is answered with what is no JSON: %v", body, err)
		}
	})
}

func FuzzCommand(f *testing.F) {
	b, err := os.ReadFile(filepath.Join("testdata", "slash_command.form"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b))
	f.Add("team_id=T&user_id=U&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1&text=in")
	s := idle()
	f.Fuzz(func(t *testing.T, body string) {
		form, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		if _, err := s.onCommand(t.Context(), form); err != nil && hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%q: %v", body, err)
		}
	})
}
