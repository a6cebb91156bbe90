package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// Tries returns the wrong tries at key; none is no error.
func (db *DB) Tries(ctx context.Context, key string) (identity.Tries, error) {
	t := identity.Tries{Key: key}
	var last, forgotten string
	err := db.read.QueryRowContext(ctx, `SELECT count, last, forgotten, version FROM Tries WHERE key = ?`, key).
		Scan(&t.Count, &last, &forgotten, &t.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return t, nil
	}
	if err != nil {
		return t, fmt.Errorf("select tries: %w", err)
	}
	if t.Last, err = time.Parse(record.TimeFormat, last); err != nil {
		return t, fmt.Errorf("decode tries: %w", err)
	}
	if t.ForgottenAt, err = time.Parse(record.TimeFormat, forgotten); err != nil {
		return t, fmt.Errorf("decode tries: %w", err)
	}
	return t, nil
}

// SaveTries stores t as the successor of t.Version.
func (db *DB) SaveTries(ctx context.Context, t identity.Tries) error {
	return db.save(ctx, "count of tries", `
		INSERT INTO Tries (key, count, last, forgotten, version) SELECT ?1, ?2, ?3, ?4, ?5 + 1
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Tries WHERE key = ?1)
		ON CONFLICT (key) DO UPDATE SET count = excluded.count, last = excluded.last, forgotten = excluded.forgotten,
			version = version + 1 WHERE version = ?5`,
		t.Key, t.Count, t.Last.UTC().Format(record.TimeFormat), t.ForgottenAt.UTC().Format(record.TimeFormat), t.Version)
}

// DeleteTries forgets the tries at key.
func (db *DB) DeleteTries(ctx context.Context, key string) error {
	return db.exec(ctx, "delete tries", `DELETE FROM Tries WHERE key = ?`, key)
}

// DeleteForgottenTries removes what was forgotten before t.
func (db *DB) DeleteForgottenTries(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete forgotten tries", `DELETE FROM Tries WHERE forgotten < ?`, t.UTC().Format(record.TimeFormat))
}
