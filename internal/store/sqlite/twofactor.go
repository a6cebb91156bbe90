package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// SecondFactor returns an account's second factor.
func (db *DB) SecondFactor(ctx context.Context, username string) (identity.SecondFactor, error) {
	f := identity.SecondFactor{Username: username}
	var sealed []byte
	var text string
	err := db.read.QueryRowContext(ctx, `SELECT version, sealed, doc FROM Two_factor WHERE Username = ?`, username).
		Scan(&f.Version, &sealed, &text)
	if errors.Is(err, sql.ErrNoRows) {
		return identity.SecondFactor{}, hajir.Errorf(hajir.NotFound, "no such second factor")
	}
	if err != nil {
		return f, fmt.Errorf("select second factor: %w", err)
	}
	var doc record.SecondFactor
	if err := json.Unmarshal([]byte(text), &doc); err != nil {
		return f, fmt.Errorf("decode second factor: %w", err)
	}
	secret, err := db.seal.Open(sealed, record.SecondFactorRow(username))
	if err != nil {
		return f, err
	}
	version := f.Version
	f = doc.Load(username, version)
	f.Secret = string(secret)
	return f, nil
}

// SaveSecondFactor stores f as the successor of f.Version.
func (db *DB) SaveSecondFactor(ctx context.Context, f identity.SecondFactor) error {
	sealed, err := db.seal.Seal([]byte(f.Secret), record.SecondFactorRow(f.Username))
	if err != nil {
		return err
	}
	doc, err := encode(record.StoreSecondFactor(f), "second factor")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedSecondFactors.where(`f.Username = ?`, f.Username), "second factor", `
		INSERT INTO Two_factor (Username, version, sealed, doc) SELECT ?1, ?2 + 1, ?3, ?4
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Two_factor WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, sealed = excluded.sealed, doc = excluded.doc
		WHERE version = ?2`,
		f.Username, f.Version, sealed, doc)
}

// DeleteSecondFactor removes an account's second factor; none is no error.
func (db *DB) DeleteSecondFactor(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedSecondFactors.where(`f.Username = ?`, username), "delete second factor",
		`DELETE FROM Two_factor WHERE Username = ?`, username)
}
