package sqlite

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// signUpDoc is how a sign-up is stored; it may not change with hajir.SignUp.
type signUpDoc struct {
	ID        string         `json:"id"`
	Username  string         `json:"username"`
	Name      string         `json:"name"`
	Email     string         `json:"email"`
	TimeZone  string         `json:"time_zone"`
	Language  hajir.Language `json:"language,omitempty"`
	TokenHash []byte         `json:"token_hash"`
	Client    string         `json:"client"`
	CreatedAt time.Time      `json:"created_at"`
	ExpiresAt time.Time      `json:"expires_at"`
	BegunAt   time.Time      `json:"begun_at,omitzero"`
	UsedAt    time.Time      `json:"used_at,omitzero"`
}

// SignUp returns one sign-up.
func (db *DB) SignUp(ctx context.Context, id string) (hajir.SignUp, error) {
	doc, version, err := decode[signUpDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Company_presignup WHERE id = ?`, id), "sign-up")
	return hajir.SignUp{
		ID: doc.ID, Username: doc.Username, Name: doc.Name, Email: doc.Email, TimeZone: doc.TimeZone, Language: doc.Language,
		TokenHash: doc.TokenHash, Client: doc.Client, CreatedAt: doc.CreatedAt, ExpiresAt: doc.ExpiresAt,
		BegunAt: doc.BegunAt, UsedAt: doc.UsedAt, Version: version,
	}, err
}

// CountSignUps returns how many sign-ups are a client's, to an address, and in
// all.
func (db *DB) CountSignUps(ctx context.Context, client, address string) (ofClient, toAddress, inAll int, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM Company_presignup WHERE client = ?),
			(SELECT count(*) FROM Company_presignup WHERE address = ?), (SELECT count(*) FROM Company_presignup)`, client, address).
		Scan(&ofClient, &toAddress, &inAll)
	if err != nil {
		return 0, 0, 0, fmt.Errorf("count sign-ups: %w", err)
	}
	return ofClient, toAddress, inAll, nil
}

// SaveSignUp stores s as the successor of s.Version.
func (db *DB) SaveSignUp(ctx context.Context, s hajir.SignUp) error {
	doc, err := encode(signUpDoc{
		ID: s.ID, Username: s.Username, Name: s.Name, Email: s.Email, TimeZone: s.TimeZone, Language: s.Language,
		TokenHash: s.TokenHash, Client: s.Client, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
		BegunAt: s.BegunAt, UsedAt: s.UsedAt,
	}, "sign-up")
	if err != nil {
		return err
	}
	return db.save(ctx, "sign-up", `
		INSERT INTO Company_presignup (id, client, address, expires, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Company_presignup WHERE id = ?1)
		ON CONFLICT (id) DO UPDATE SET version = version + 1, expires = excluded.expires, doc = excluded.doc
		WHERE version = ?5`,
		s.ID, s.Client, s.Address(), s.ExpiresAt.UTC().Format(timeFormat), s.Version, doc)
}

// DeleteSignUp removes a sign-up at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteSignUp(ctx context.Context, id string, version int) error {
	return db.save(ctx, "sign-up", `DELETE FROM Company_presignup WHERE id = ? AND version = ?`, id, version)
}

// DeleteExpiredSignUps removes sign-ups that ended before t.
func (db *DB) DeleteExpiredSignUps(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete expired sign-ups", `DELETE FROM Company_presignup WHERE expires < ?`, t.UTC().Format(timeFormat))
}
