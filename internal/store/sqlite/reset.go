package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// PasswordReset returns an account's link to a new password.
func (db *DB) PasswordReset(ctx context.Context, username string) (hajir.PasswordReset, error) {
	doc, version, err := decode[record.PasswordReset](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Password_resets WHERE Username = ?`, username), "link to a new password")
	return doc.Load(version), err
}

// SavePasswordReset stores r as the successor of r.Version.
func (db *DB) SavePasswordReset(ctx context.Context, r hajir.PasswordReset) error {
	doc, err := encode(record.StorePasswordReset(r), "link to a new password")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedResets.where(`Username = ?`, r.Username), "link to a new password", `
		INSERT INTO Password_resets (Username, company, expires, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Password_resets WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, company = excluded.company,
			expires = excluded.expires, doc = excluded.doc WHERE version = ?4`,
		r.Username, r.Company, r.ExpiresAt.UTC().Format(record.TimeFormat), r.Version, doc)
}

// DeleteOldPasswordResets removes links that expired before t.
func (db *DB) DeleteOldPasswordResets(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete old links to new passwords", `DELETE FROM Password_resets WHERE expires < ?`, t.UTC().Format(record.TimeFormat))
}
