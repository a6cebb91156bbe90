package dynamodb

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// PIN returns a person's PIN.
func (db *DB) PIN(ctx context.Context, username string) (hajir.PIN, error) {
	doc, s, err := load[record.PIN](ctx, db, "PIN", pins, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.PIN{}, hajir.Errorf(hajir.NotFound, "no PIN is set")
	}
	if err != nil {
		return hajir.PIN{}, err
	}
	p, err := doc.Load(s.version)
	if err != nil {
		return hajir.PIN{}, err
	}
	p.Username, p.Company = username, s.text("company")
	hash, err := db.seal.Open(s.sealed, record.PINRow(p))
	if err != nil {
		return hajir.PIN{}, err //nolint:wrapcheck // the sealer says what it could not open
	}
	p.Hash = string(hash)
	return p, nil
}

// SavePIN stores p as the successor of p.Version.
func (db *DB) SavePIN(ctx context.Context, p hajir.PIN) error {
	sealed, err := db.seal.Seal([]byte(p.Hash), record.PINRow(p))
	if err != nil {
		return err //nolint:wrapcheck // the sealer says what it could not seal
	}
	return db.saveAudited(ctx, "PIN", subject{Audit: record.AuditedPINs, company: p.Company, key: p.Username, person: p.Username}, row{
		table: pins, hash: p.Username, version: p.Version, doc: record.StorePIN(p), sealed: sealed,
		index: map[string]string{"company": p.Company}, fixed: []string{"company"},
	})
}

// DeletePIN removes a person's PIN; none there is no error.
func (db *DB) DeletePIN(ctx context.Context, username string) error {
	return db.deleteAudited(ctx, "PIN", func(s stored) (subject, error) {
		return subject{Audit: record.AuditedPINs, company: s.text("company"), key: username, person: username}, nil
	}, 0, pins, username)
}

// Failures returns how often a subject failed; none, at Version 0, when none
// are stored.
func (db *DB) Failures(ctx context.Context, company, subject string) (hajir.Guesses, error) {
	doc, s, err := load[record.Failures](ctx, db, "failures", failures, company, subject)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Guesses{Company: company, Subject: subject}, nil
	}
	return hajir.Guesses{Company: company, Subject: subject, Failures: doc.Load(), Version: s.version}, err
}

// SaveFailures stores f as the successor of f.Version.
func (db *DB) SaveFailures(ctx context.Context, f hajir.Guesses) error {
	return db.save(ctx, "count of failures", row{
		table: failures, hash: f.Company, sort: f.Subject, version: f.Version, doc: record.StoreFailures(f.Failures),
		index: map[string]string{"expiring": everything, "expires": record.Sortable(f.Last)},
	})
}

// DeleteFailures forgets a subject's failures; none there is no error.
func (db *DB) DeleteFailures(ctx context.Context, company, subject string) error {
	return db.delete(ctx, failures, company, subject)
}

// DeleteOldFailures forgets failures of which the last was before t.
func (db *DB) DeleteOldFailures(ctx context.Context, t time.Time) error {
	return db.sweep(ctx, over(failures, record.Sortable(t)), nil)
}
