package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// Passkey returns one passkey.
func (db *DB) Passkey(ctx context.Context, id string) (identity.Credential, error) {
	doc, version, err := decode[record.Passkey](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Passkeys WHERE credentialid = ?`, id), "passkey")
	return doc.Load(version), err
}

// Passkeys returns an account's passkeys.
func (db *DB) Passkeys(ctx context.Context, username string) ([]identity.Credential, error) {
	var all []identity.Credential
	err := list(ctx, db, "passkeys", func(doc record.Passkey, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Passkeys WHERE Username = ? ORDER BY credentialid`, username)
	return all, err
}

// SavePasskey stores c as the successor of c.Version. A passkey stays with its
// account.
func (db *DB) SavePasskey(ctx context.Context, c identity.Credential) error {
	doc, err := encode(record.StorePasskey(c), "passkey")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedPasskeys.where(`p.credentialid = ?`, c.ID), "passkey", `
		INSERT INTO Passkeys (credentialid, Username, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Passkeys WHERE credentialid = ?1)
		ON CONFLICT (credentialid) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND Username = excluded.Username`,
		c.ID, c.Username, c.Version, doc)
}

// DeletePasskey removes one passkey; one that is not there is no error.
func (db *DB) DeletePasskey(ctx context.Context, id string) error {
	return db.execAudited(ctx, auditedPasskeys.where(`p.credentialid = ?`, id), "delete passkey", `DELETE FROM Passkeys WHERE credentialid = ?`, id)
}

// DeletePasskeys removes an account's passkeys.
func (db *DB) DeletePasskeys(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedPasskeys.where(`p.Username = ?`, username), "delete passkeys", `DELETE FROM Passkeys WHERE Username = ?`, username)
}

// UseChallenge notes that a challenge was answered; a Conflict if it was
// answered before. It may be forgotten after expires.
func (db *DB) UseChallenge(ctx context.Context, challenge string, expires time.Time) error {
	err := db.save(ctx, "challenge",
		`INSERT INTO Used_challenges (challenge, expires) VALUES (?, ?) ON CONFLICT (challenge) DO NOTHING`,
		challenge, expires.UTC().Format(record.TimeFormat))
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.Conflict, Message: "this was answered already; begin again", Cause: err}
	}
	return err
}

// DeleteExpiredChallenges removes challenges that expired before t.
func (db *DB) DeleteExpiredChallenges(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete expired challenges", `DELETE FROM Used_challenges WHERE expires < ?`, t.UTC().Format(record.TimeFormat))
}
