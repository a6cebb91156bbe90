package hajir_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

func TestWebhookAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"https://example.com/hajir?a=b": "",
		"https://[2001:db8::1]:8443/":   "",
		"http://10.0.0.1/":              "must begin with https",
		"":                              "whole one",
		"example.com":                   "whole one",
		"https://":                      "whole one",
		"https:example.com":             "whole one",
		"https://exa mple.com":          "whole one",
		"https://example.com/\n":        "whole one",
		"ftp://example.com":             "must begin with https",
		"javascript://example.com":      "must begin with https",
		"file:///etc/passwd":            "whole one",
		"https://me:word@example.com":   "user and password",
		"https://example.com/#x":        "follows #",
		"https://example.com/" + strings.Repeat("x", 999): "longer than",
	} {
		w := hajir.Webhook{URL: address, Kinds: []hajir.NoticeKind{hajir.NoticePunch}}
		err := w.Validate(false)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
	plain := hajir.Webhook{URL: "http://10.0.0.1/", Kinds: []hajir.NoticeKind{hajir.NoticePunch}}
	if err := plain.Validate(true); err != nil {
		t.Error(err)
	}
	for _, kinds := range [][]hajir.NoticeKind{nil, {"no.kind"}, {hajir.NoticeDigest}, {hajir.NoticePunch, hajir.NoticePunch}} {
		if err := (hajir.Webhook{URL: "https://example.com", Kinds: kinds}).Validate(false); hajir.CodeOf(err) != hajir.Invalid {
			t.Errorf("%v: %v", kinds, err)
		}
	}
}

func TestWebhookSecrets(t *testing.T) {
	w := hajir.Webhook{}.WithSecret([]byte("one"), noticed)
	if got := w.Secrets(noticed); len(got) != 1 || string(got[0]) != "one" {
		t.Errorf("%q", got)
	}
	w = w.WithSecret([]byte("two"), noticed)
	for after, want := range map[time.Duration]string{0: "two one", 24*time.Hour - 1: "two one", 24 * time.Hour: "two"} {
		var got []string
		for _, s := range w.Secrets(noticed.Add(after)) {
			got = append(got, string(s))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %s %q sign, want %q", after, got, want)
		}
	}
}

// A webhook that fails is turned off after five days, and one that says that it is
// gone at once; a success forgives everything.
func TestWebhooksAreTurnedOff(t *testing.T) {
	w := hajir.Webhook{Company: "acme", ID: "w1", State: hajir.WebhookOn, Kinds: []hajir.NoticeKind{hajir.NoticePunch}}
	w, changed := w.Answered(true, false, noticed)
	if changed {
		t.Error("a success changes one that does well")
	}
	w, changed = w.Answered(false, false, noticed)
	if !changed || !w.FailingSince.Equal(noticed) {
		t.Errorf("%+v", w)
	}
	if _, changed = w.Answered(false, false, noticed.Add(hajir.WebhookPatience-1)); changed {
		t.Error("turned off too early")
	}
	good, changed := w.Answered(true, false, noticed.Add(time.Hour))
	if !changed || !good.FailingSince.IsZero() {
		t.Errorf("%+v", good)
	}
	off, changed := w.Answered(false, false, noticed.Add(hajir.WebhookPatience))
	if !changed || off.State != hajir.WebhookFailing || off.Wants(hajir.Notice{Company: "acme", Kind: hajir.NoticePunch}) {
		t.Errorf("%+v", off)
	}
	gone, _ := w.Answered(false, true, noticed)
	for after, want := range map[*hajir.Webhook]string{&off: "webhook.disabled failing/  by ", &gone: "webhook.disabled gone/  by "} {
		if got := news(hajir.WebhookNotices(w, *after)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if n := hajir.WebhookNotices(w, w.Turn(false)); len(n) > 0 || w.Turn(false).State != hajir.WebhookOff {
		t.Errorf("the admin is told what they did: %v", n)
	}
	if back := off.Turn(true); back.State != hajir.WebhookOn || !back.FailingSince.IsZero() {
		t.Errorf("%+v", back)
	}
	if _, changed := off.Answered(false, true, noticed); changed || off.Turn(false).State != hajir.WebhookFailing {
		t.Error("one that is off changes by an answer")
	}
}

func TestAttemptsAreBounded(t *testing.T) {
	a := hajir.Attempt{Answer: strings.Repeat("ठ", 900), Problem: "x\xff"}.Tidy()
	if len([]rune(a.Answer)) != 500 || a.Problem != "x�" {
		t.Errorf("%d characters, %q", len([]rune(a.Answer)), a.Problem)
	}
	if !slices.IsSorted([]string{hajir.AttemptID(noticed, ""), hajir.AttemptID(noticed, "a"), hajir.AttemptID(noticed.Add(1), "")}) {
		t.Error("attempts are not in order of time")
	}
}
