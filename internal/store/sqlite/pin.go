package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// PIN returns a person's PIN.
func (db *DB) PIN(ctx context.Context, username string) (hajir.PIN, error) {
	p := hajir.PIN{Username: username}
	var set string
	var sealed []byte
	err := db.read.QueryRowContext(ctx, `SELECT company, version, setat, sealed FROM Employee_pins WHERE Username = ?`, username).
		Scan(&p.Company, &p.Version, &set, &sealed)
	if errors.Is(err, sql.ErrNoRows) {
		return hajir.PIN{}, hajir.Errorf(hajir.NotFound, "no PIN is set")
	}
	if err != nil {
		return hajir.PIN{}, fmt.Errorf("select pin: %w", err)
	}
	if p.SetAt, err = time.Parse(record.TimeFormat, set); err != nil {
		return hajir.PIN{}, fmt.Errorf("decode pin: %w", err)
	}
	hash, err := db.seal.Open(sealed, record.PINRow(p))
	if err != nil {
		return hajir.PIN{}, err
	}
	p.Hash = string(hash)
	return p, nil
}

// SavePIN stores p as the successor of p.Version.
func (db *DB) SavePIN(ctx context.Context, p hajir.PIN) error {
	sealed, err := db.seal.Seal([]byte(p.Hash), record.PINRow(p))
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedPINs.where(`Username = ?`, p.Username), "PIN", `
		INSERT INTO Employee_pins (Username, company, version, setat, sealed) SELECT ?1, ?2, ?3 + 1, ?4, ?5
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Employee_pins WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, setat = excluded.setat, sealed = excluded.sealed
		WHERE version = ?3 AND company = excluded.company`,
		p.Username, p.Company, p.Version, p.SetAt.UTC().Format(record.TimeFormat), sealed)
}

// DeletePIN removes a person's PIN; none there is no error.
func (db *DB) DeletePIN(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedPINs.where(`Username = ?`, username), "delete pin",
		`DELETE FROM Employee_pins WHERE Username = ?`, username)
}

// Failures returns how often a subject failed; none, at Version 0, when none
// are stored.
func (db *DB) Failures(ctx context.Context, company, subject string) (hajir.Guesses, error) {
	f := hajir.Guesses{Company: company, Subject: subject}
	var last string
	err := db.read.QueryRowContext(ctx, `SELECT count, last, version FROM Failures WHERE company = ? AND subject = ?`, company, subject).
		Scan(&f.Count, &last, &f.Version)
	if errors.Is(err, sql.ErrNoRows) {
		return f, nil
	}
	if err != nil {
		return f, fmt.Errorf("select failures: %w", err)
	}
	if f.Last, err = time.Parse(record.TimeFormat, last); err != nil {
		return f, fmt.Errorf("decode failures: %w", err)
	}
	return f, nil
}

// SaveFailures stores f as the successor of f.Version.
func (db *DB) SaveFailures(ctx context.Context, f hajir.Guesses) error {
	return db.save(ctx, "count of failures", `
		INSERT INTO Failures (company, subject, count, last, version) SELECT ?1, ?2, ?3, ?4, ?5 + 1
		WHERE ?5 = 0 OR EXISTS (SELECT 1 FROM Failures WHERE company = ?1 AND subject = ?2)
		ON CONFLICT (company, subject) DO UPDATE SET version = version + 1, count = excluded.count, last = excluded.last
		WHERE version = ?5`,
		f.Company, f.Subject, f.Count, f.Last.UTC().Format(record.TimeFormat), f.Version)
}

// DeleteFailures forgets a subject's failures; none there is no error.
func (db *DB) DeleteFailures(ctx context.Context, company, subject string) error {
	return db.exec(ctx, "delete failures", `DELETE FROM Failures WHERE company = ? AND subject = ?`, company, subject)
}

// DeleteOldFailures forgets failures of which the last was before t.
func (db *DB) DeleteOldFailures(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete old failures", `DELETE FROM Failures WHERE last < ?`, t.UTC().Format(record.TimeFormat))
}
