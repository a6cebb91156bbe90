package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

// resetDoc is how a link to a new password is stored; it may not change with
// hajir.PasswordReset.
type resetDoc struct {
	Username  string    `json:"username"`
	Company   string    `json:"company"`
	TokenHash []byte    `json:"token_hash,omitempty"`
	UsedHash  []byte    `json:"used_hash,omitempty"`
	Account   []byte    `json:"account"`
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// PasswordReset returns an account's link to a new password.
func (db *DB) PasswordReset(ctx context.Context, username string) (hajir.PasswordReset, error) {
	doc, version, err := decode[resetDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Password_resets WHERE Username = ?`, username), "link to a new password")
	return hajir.PasswordReset{
		Username: doc.Username, Company: doc.Company, TokenHash: doc.TokenHash, UsedHash: doc.UsedHash,
		Account: doc.Account, MadeAt: doc.MadeAt, ExpiresAt: doc.ExpiresAt, Version: version,
	}, err
}

// SavePasswordReset stores r as the successor of r.Version.
func (db *DB) SavePasswordReset(ctx context.Context, r hajir.PasswordReset) error {
	doc, err := encode(resetDoc{
		Username: r.Username, Company: r.Company, TokenHash: r.TokenHash, UsedHash: r.UsedHash,
		Account: r.Account, MadeAt: r.MadeAt, ExpiresAt: r.ExpiresAt,
	}, "link to a new password")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedResets.where(`Username = ?`, r.Username), "link to a new password", `
		INSERT INTO Password_resets (Username, company, expires, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR EXISTS (SELECT 1 FROM Password_resets WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, company = excluded.company,
			expires = excluded.expires, doc = excluded.doc WHERE version = ?4`,
		r.Username, r.Company, r.ExpiresAt.UTC().Format(timeFormat), r.Version, doc)
}

// DeleteOldPasswordResets removes links that expired before t.
func (db *DB) DeleteOldPasswordResets(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete old links to new passwords", `DELETE FROM Password_resets WHERE expires < ?`, t.UTC().Format(timeFormat))
}
