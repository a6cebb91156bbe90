package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// webhooksChannel is under which channel's name webhooks want notices.
const webhooksChannel = "webhook"

func (db *DB) readWebhook(r row) (hajir.Webhook, error) {
	var sealed []byte
	doc, version, err := decode[record.Webhook](r, "webhook", &sealed)
	if err != nil {
		return hajir.Webhook{}, err
	}
	w := doc.Load(version)
	text, err := db.openText(sealed, record.WebhookRow(w.Company, w.ID))
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
	return db.readWebhook(db.read.QueryRowContext(ctx, `SELECT version, doc, sealed FROM Webhooks WHERE webhookid = ?`, id))
}

const webhooksOf = `SELECT version, doc, sealed FROM Webhooks WHERE company = ? ORDER BY webhookid`

// Webhooks returns a company's webhooks in order of their IDs.
func (db *DB) Webhooks(ctx context.Context, company string) ([]hajir.Webhook, error) {
	var all []hajir.Webhook
	err := db.each(ctx, "webhooks", func(r row) error {
		w, err := db.readWebhook(r)
		all = append(all, w)
		return err
	}, webhooksOf, company)
	return all, err
}

// SaveWebhook stores w as the successor of w.Version. With it is stored which
// notices the company's webhooks want.
func (db *DB) SaveWebhook(ctx context.Context, w hajir.Webhook) error {
	doc, err := encode(record.StoreWebhook(w), "webhook")
	if err != nil {
		return err
	}
	text, err := encode(record.WebhookSecrets{New: w.Secret, Old: w.OldSecret}, "a webhook's secrets")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(text, record.WebhookRow(w.Company, w.ID))
	if err != nil {
		return err
	}
	return db.audit(ctx, auditedWebhooks.where(`webhookid = ?`, w.ID), func(tx *sql.Tx) error {
		err := save(ctx, tx, "webhook", `
			INSERT INTO Webhooks (webhookid, company, version, doc, sealed) SELECT ?1, ?2, ?3 + 1, ?4, ?5
			WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Webhooks WHERE webhookid = ?1)
			ON CONFLICT (webhookid) DO UPDATE SET version = version + 1, doc = excluded.doc, sealed = excluded.sealed
			WHERE version = ?3 AND company = excluded.company`, w.ID, w.Company, w.Version, doc, sealed)
		if err != nil {
			return err
		}
		return wantAsWebhooks(ctx, tx, w.Company)
	})
}

// DeleteWebhook removes w with its log if it is still at w.Version, and is a
// Conflict otherwise.
func (db *DB) DeleteWebhook(ctx context.Context, w hajir.Webhook) error {
	return db.audit(ctx, auditedWebhooks.where(`webhookid = ?`, w.ID), func(tx *sql.Tx) error {
		err := save(ctx, tx, "webhook", `DELETE FROM Webhooks WHERE webhookid = ? AND version = ?`, w.ID, w.Version)
		if err != nil {
			return err
		}
		if err := exec(ctx, tx, "delete attempts", `DELETE FROM Webhook_attempts WHERE webhookid = ?`, w.ID); err != nil {
			return err
		}
		return wantAsWebhooks(ctx, tx, w.Company)
	})
}

// wantAsWebhooks stores what the webhooks of a company want that are on.
func wantAsWebhooks(ctx context.Context, tx *sql.Tx, company string) error {
	kinds, err := webhookKinds(ctx, tx, company)
	if err != nil {
		return err
	}
	return want(ctx, tx, company, webhooksChannel, kinds)
}

func webhookKinds(ctx context.Context, tx *sql.Tx, company string) ([]hajir.NoticeKind, error) {
	rows, err := tx.QueryContext(ctx, webhooksOf, company)
	if err != nil {
		return nil, fmt.Errorf("select webhooks: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	var kinds []hajir.NoticeKind
	for rows.Next() {
		var sealed []byte
		doc, _, err := decode[record.Webhook](rows, "webhook", &sealed)
		if err != nil {
			return nil, err
		}
		if doc.State == hajir.WebhookOn {
			kinds = append(kinds, doc.Kinds...)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read webhooks: %w", err)
	}
	return kinds, nil
}

// AddAttempt adds an attempt to a webhook's log.
func (db *DB) AddAttempt(ctx context.Context, a hajir.Attempt) error {
	a.At = a.At.UTC().Round(0)
	doc, err := encode(record.Attempt(a), "attempt")
	if err != nil {
		return err
	}
	return db.exec(ctx, "add attempt", `INSERT INTO Webhook_attempts (webhookid, attemptid, company, doc) VALUES (?, ?, ?, ?)`, a.Webhook, a.ID, a.Company, doc)
}

const attemptsOf = `SELECT 1, doc FROM Webhook_attempts WHERE webhookid = ? AND attemptid < ? ORDER BY attemptid DESC LIMIT ?`

// Attempts returns at most limit of a webhook's attempts, the latest first, with
// IDs below before, if it is not empty.
func (db *DB) Attempts(ctx context.Context, webhook, before string, limit int) ([]hajir.Attempt, error) {
	if before == "" {
		before = noBefore
	}
	var all []hajir.Attempt
	err := list(ctx, db, "attempts", func(doc record.Attempt, _ int) { all = append(all, hajir.Attempt(doc)) }, attemptsOf, webhook, before, limit)
	return all, err
}

// DeleteOldAttempts forgets attempts from before a time.
func (db *DB) DeleteOldAttempts(ctx context.Context, before time.Time) error {
	return db.exec(ctx, "delete old attempts", `DELETE FROM Webhook_attempts WHERE attemptid < ?`, hajir.AttemptID(before, ""))
}
