package storetest

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// webhookStore is what webhooks need of an adapter.
type webhookStore interface {
	Webhook(ctx context.Context, id string) (hajir.Webhook, error)
	Webhooks(ctx context.Context, company string) ([]hajir.Webhook, error)
	SaveWebhook(ctx context.Context, w hajir.Webhook) error
	DeleteWebhook(ctx context.Context, w hajir.Webhook) error
	AddAttempt(ctx context.Context, a hajir.Attempt) error
	Attempts(ctx context.Context, webhook, before string, limit int) ([]hajir.Attempt, error)
	DeleteOldAttempts(ctx context.Context, before time.Time) error
}

func newWebhook(company, id string) hajir.Webhook {
	return hajir.Webhook{
		ID: id, Company: company, URL: "https://example.com/" + id, Name: "दरबार", Kinds: []hajir.NoticeKind{hajir.NoticePunch, hajir.NoticeLeaveAsked},
		Secret: []byte("the new secret"), OldSecret: []byte("the old secret"), SecretAt: at, OldUntil: at.Add(time.Hour),
		State: hajir.WebhookOn, FailingSince: at.Add(time.Minute), CreatedAt: at,
	}
}

func newAttempt(company, webhook string, after time.Duration) hajir.Attempt {
	return hajir.Attempt{
		Company: company, Webhook: webhook, ID: hajir.AttemptID(at.Add(after), "u"), Notice: "n1", Kind: hajir.NoticePunch, At: at.Add(after), Try: 2,
		Status: 500, Took: 42 * time.Millisecond, Answer: "no\nठीक", Problem: "it answered 500",
	}
}

func testWebhooks(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "change-webhook")
	if _, err := s.Webhook(ctx, "w1"); codeOf(err) != hajir.NotFound {
		t.Errorf("no webhook: %v", err)
	}
	w := newWebhook("acme", "w1")
	testSaves(t, "webhook", func(v int) error { x := w; x.Version = v; return s.SaveWebhook(ctx, x) })
	w.Version = 3
	same(t, w, get(t, s.Webhook, "w1"))
	other := w
	other.Company = "other"
	wantConflict(t, s.SaveWebhook(ctx, other))
	must(t, s.SaveWebhook(ctx, newWebhook("acme", "w0")), s.SaveWebhook(ctx, newWebhook("other", "w2")))
	w0 := newWebhook("acme", "w0")
	w0.Version = 1
	same(t, []hajir.Webhook{w0, w}, get(t, s.Webhooks, "acme"))
	for _, e := range log(t, s, "acme") {
		if text := string(e.Before) + string(e.After); strings.Contains(text, "the new secret") || strings.Contains(text, "dGhlIG5ldyBzZWNyZXQ") {
			t.Errorf("the audit log tells a secret: %s", text)
		}
	}

	// What nobody wants any more is not written; that one was turned off by itself is.
	punch := func(n int) error {
		d := hajir.Day{Name: "asha", Date: fmt.Sprintf("2026-03-%02d", n), Company: "acme"}
		d, _ = d.Record(hajir.Punch{ID: strconv.Itoa(n), At: at, Source: hajir.SourceKiosk, By: "kiosk-1"})
		return s.SaveDay(ctx, d)
	}
	must(t, punch(1))
	same(t, []string{"punch.recorded entry of asha by kiosk-1"}, notices(t, s))
	wantConflict(t, s.DeleteWebhook(ctx, newWebhook("acme", "w0")))
	must(t, s.DeleteWebhook(ctx, w0))
	w.State = hajir.WebhookFailing
	must(t, s.SaveWebhook(ctx, w), punch(2))
	same(t, []string{"webhook.disabled failing of  by acme"}, notices(t, s))
}

func testAttempts(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveWebhook(ctx, newWebhook("acme", "w1")))
	var all []hajir.Attempt
	for i := range 3 {
		a := newAttempt("acme", "w1", time.Duration(i)*time.Hour)
		must(t, s.AddAttempt(ctx, a))
		all = append([]hajir.Attempt{a}, all...) // the latest first
	}
	must(t, s.AddAttempt(ctx, newAttempt("acme", "w2", 0)))
	read := func(before string, limit int) []hajir.Attempt {
		return call(t, func() ([]hajir.Attempt, error) { return s.Attempts(ctx, "w1", before, limit) })
	}
	same(t, all, read("", 9))
	same(t, all[:2], read("", 2))
	same(t, all[2:], read(all[1].ID, 9))
	must(t, s.DeleteOldAttempts(ctx, at.Add(time.Hour)))
	same(t, all[:2], read("", 9))
	w := newWebhook("acme", "w1")
	w.Version = 1
	must(t, s.DeleteWebhook(ctx, w))
	same(t, 0, len(read("", 9)))
	must(t, s.SaveWebhook(ctx, newWebhook("acme", "w1")), s.AddAttempt(ctx, newAttempt("acme", "w1", 0)), s.SaveWebhook(ctx, newWebhook("other", "w3")),
		s.DeleteCompany(ctx, "acme"))
	same(t, 0, len(get(t, s.Webhooks, "acme"))+len(read("", 9)))
	same(t, 1, len(get(t, s.Webhooks, "other")))
}
