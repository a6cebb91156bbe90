package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// SecondFactor returns an account's second factor.
func (db *DB) SecondFactor(ctx context.Context, username string) (identity.SecondFactor, error) {
	doc, s, err := load[record.SecondFactor](ctx, db, "second factor", secondFactors, username)
	if err != nil {
		return identity.SecondFactor{}, err
	}
	f := doc.Load(username, s.version)
	secret, err := db.seal.Open(s.sealed, record.SecondFactorRow(username))
	f.Secret = string(secret)
	return f, err //nolint:wrapcheck // the sealer says what it could not open
}

// secondFactorView is what the log compares: nothing of the codes.
func secondFactorView(doc, _ []byte) ([]byte, error) {
	var d record.SecondFactor
	if err := json.Unmarshal(doc, &d); err != nil {
		return nil, fmt.Errorf("decode second factor: %w", err)
	}
	view := struct {
		ConfirmedAt *time.Time `json:"confirmed_at"`
		Codes       int        `json:"recovery_codes"`
	}{nil, len(d.Recovery)}
	if !d.ConfirmedAt.IsZero() {
		view.ConfirmedAt = &d.ConfirmedAt
	}
	return json.Marshal(view)
}

func (db *DB) aboutSecondFactor(ctx context.Context, username string) (subject, error) {
	s, err := db.ofAccount(ctx, record.AuditedSecondFactors, username, username)
	s.view = secondFactorView
	return s, err
}

// SaveSecondFactor stores f as the successor of f.Version.
func (db *DB) SaveSecondFactor(ctx context.Context, f identity.SecondFactor) error {
	sealed, err := db.seal.Seal([]byte(f.Secret), record.SecondFactorRow(f.Username))
	if err != nil {
		return err //nolint:wrapcheck // the sealer says what it could not seal
	}
	about, err := db.aboutSecondFactor(ctx, f.Username)
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, "second factor", about, row{
		table: secondFactors, hash: f.Username, version: f.Version, doc: record.StoreSecondFactor(f), sealed: sealed,
	})
}

// DeleteSecondFactor removes an account's second factor; none is no error.
func (db *DB) DeleteSecondFactor(ctx context.Context, username string) error {
	return db.deleteAudited(ctx, "second factor", func(stored) (subject, error) {
		return db.aboutSecondFactor(ctx, username)
	}, 0, secondFactors, username)
}

// PasswordReset returns an account's link to a new password.
func (db *DB) PasswordReset(ctx context.Context, username string) (hajir.PasswordReset, error) {
	doc, s, err := load[record.PasswordReset](ctx, db, "link to a new password", resets, username)
	return doc.Load(s.version), err
}

// SavePasswordReset stores r as the successor of r.Version.
func (db *DB) SavePasswordReset(ctx context.Context, r hajir.PasswordReset) error {
	return db.saveAudited(ctx, "link to a new password",
		subject{Audit: record.AuditedResets, company: r.Company, key: r.Username, person: r.Username},
		row{
			table: resets, hash: r.Username, version: r.Version, doc: record.StorePasswordReset(r), expires: r.ExpiresAt.AddDate(0, 1, 0), // as the hourly job has it
			index: map[string]string{"company": r.Company, "expiring": everything, "expires": record.Sortable(r.ExpiresAt)},
		})
}

// DeleteOldPasswordResets removes links that expired before t.
func (db *DB) DeleteOldPasswordResets(ctx context.Context, t time.Time) error {
	return db.sweep(ctx, over(resets, record.Sortable(t)), nil)
}

// Tries returns the wrong tries at key; none is no error.
func (db *DB) Tries(ctx context.Context, key string) (identity.Tries, error) {
	doc, s, err := load[record.Tries](ctx, db, "tries", tries, key)
	if hajir.CodeOf(err) == hajir.NotFound {
		return identity.Tries{Key: key}, nil
	}
	return doc.Load(key, s.version), err
}

// SaveTries stores t as the successor of t.Version.
func (db *DB) SaveTries(ctx context.Context, t identity.Tries) error {
	return db.save(ctx, "count of tries", row{
		table: tries, hash: t.Key, version: t.Version, doc: record.StoreTries(t), expires: t.ForgottenAt,
		index: map[string]string{"expiring": everything, "expires": record.Sortable(t.ForgottenAt)},
	})
}

// DeleteTries forgets the tries at key.
func (db *DB) DeleteTries(ctx context.Context, key string) error { return db.delete(ctx, tries, key) }

// DeleteForgottenTries removes what was forgotten before t.
func (db *DB) DeleteForgottenTries(ctx context.Context, t time.Time) error {
	return db.sweep(ctx, over(tries, record.Sortable(t)), nil)
}
