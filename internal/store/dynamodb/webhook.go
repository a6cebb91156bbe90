package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

func (db *DB) readWebhook(s stored) (hajir.Webhook, error) {
	doc, err := decode[record.Webhook](s, "webhook")
	if err != nil {
		return hajir.Webhook{}, err
	}
	w := doc.Load(s.version)
	text, err := record.OpenText(db.seal, s.sealed, record.WebhookRow(w.Company, w.ID))
	if err != nil {
		return w, err
	}
	var secrets record.WebhookSecrets
	if err := json.Unmarshal([]byte(text), &secrets); err != nil {
		return w, fmt.Errorf("decode a webhook's secrets: %w", err)
	}
	w.Secret, w.OldSecret = secrets.New, secrets.Old
	return w, nil
}

// Webhook returns one webhook.
func (db *DB) Webhook(ctx context.Context, id string) (hajir.Webhook, error) {
	_, s, err := load[record.Webhook](ctx, db, "webhook", webhooks, id)
	if err != nil {
		return hajir.Webhook{}, err
	}
	return db.readWebhook(s)
}

// Webhooks returns a company's webhooks in order of their IDs.
func (db *DB) Webhooks(ctx context.Context, company string) ([]hajir.Webhook, error) {
	var all []hajir.Webhook
	err := db.each(ctx, query{table: webhooks, index: byCompany.name, hash: company}, nil, func(s stored) error {
		w, err := db.readWebhook(s)
		all = append(all, w)
		return err
	})
	return all, err
}

// SaveWebhook stores w as the successor of w.Version. With it is stored which
// notices it wants.
func (db *DB) SaveWebhook(ctx context.Context, w hajir.Webhook) error {
	text, err := json.Marshal(record.WebhookSecrets{New: w.Secret, Old: w.OldSecret})
	if err != nil {
		return fmt.Errorf("encode a webhook's secrets: %w", err)
	}
	sealed, err := record.SealText(db.seal, string(text), record.WebhookRow(w.Company, w.ID))
	if err != nil {
		return err
	}
	var kinds []hajir.NoticeKind
	if w.State == hajir.WebhookOn {
		kinds = w.Kinds
	}
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		_, err := t.saveAudited(ctx, "webhook", webhookSubject(w), row{
			table: webhooks, hash: w.ID, version: w.Version, doc: record.StoreWebhook(w), sealed: sealed,
			index: map[string]string{"company": w.Company}, fixed: []string{"company"},
		})
		if err != nil {
			return err
		}
		return t.want(ctx, w.Company, webhookChannel(w.ID), kinds)
	})
}

// webhookChannel is under which channel's name a webhook wants notices. Each has
// its own, so that two that are saved at once do not undo each other's.
func webhookChannel(id string) string { return "webhook/" + id }

// webhookSubject is what the audit log says of a webhook.
func webhookSubject(w hajir.Webhook) subject {
	return subject{Audit: record.AuditedWebhooks, company: w.Company, key: w.ID}
}

// DeleteWebhook removes w with its log if it is still at w.Version, and is a
// Conflict otherwise. The log goes after it; what is left of one expires.
func (db *DB) DeleteWebhook(ctx context.Context, w hajir.Webhook) error {
	if w.Version < 1 {
		return conflict("webhook")
	}
	err := db.transact(ctx, func(ctx context.Context, t *tx) error {
		if err := t.deleteAudited(ctx, "webhook", webhookSubject(w).in, w.Version, webhooks, w.ID); err != nil {
			return err
		}
		return t.want(ctx, w.Company, webhookChannel(w.ID), nil)
	})
	if err != nil {
		return err
	}
	return db.purge(ctx, query{table: webhookAttempts, hash: w.ID})
}

// attempt is a line of a webhook's log, which has no version.
type attempt record.Attempt

// Load returns what is stored.
func (doc attempt) Load(int) hajir.Attempt { return hajir.Attempt(doc) }

// AddAttempt adds an attempt to a webhook's log.
func (db *DB) AddAttempt(ctx context.Context, a hajir.Attempt) error {
	a.At = a.At.UTC().Round(0)
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		_, err := t.put("attempt", row{
			table: webhookAttempts, hash: a.Webhook, sort: a.ID, doc: record.Attempt(a),
			index: map[string]string{"company": a.Company, "day": dayOf(a.At)}, expires: a.At.AddDate(0, 0, hajir.AttemptDays+sweptDays),
		})
		if err == nil {
			unconditional(t) // written again, it is the same
		}
		return err
	})
}

// Attempts returns at most limit of a webhook's attempts, the latest first, with
// IDs below before, if it is not empty.
func (db *DB) Attempts(ctx context.Context, webhook, before string, limit int) ([]hajir.Attempt, error) {
	return listOf[attempt](ctx, db, "attempts", query{table: webhookAttempts, hash: webhook, below: before, down: true, limit: limit})
}

// DeleteOldAttempts forgets attempts from before a time.
func (db *DB) DeleteOldAttempts(ctx context.Context, before time.Time) error {
	return db.sweepDays(ctx, webhookAttempts, before, hajir.AttemptID(before, ""))
}
