package sqlite

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Erasure returns one erasure of a person.
func (db *DB) Erasure(ctx context.Context, username string, number int) (hajir.Erasure, error) {
	doc, version, err := decode[record.Erasure](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Erasures WHERE Username = ? AND number = ?`, username, number), "erasure")
	return doc.Load(version), err
}

// Erasures returns every erasure of a person, newest first.
func (db *DB) Erasures(ctx context.Context, username string) ([]hajir.Erasure, error) {
	return db.erasures(ctx, `SELECT version, doc FROM Erasures WHERE Username = ? ORDER BY number DESC`, username)
}

// CompanyErasures returns at most limit of a company's erasures, newest first,
// beginning behind before; its zero value begins with the newest.
func (db *DB) CompanyErasures(ctx context.Context, company string, before hajir.Erasure, limit int) ([]hajir.Erasure, error) {
	if before.Version == 0 {
		return db.erasures(ctx, `
			SELECT version, doc FROM Erasures WHERE company = ? ORDER BY asked DESC, Username DESC, number DESC LIMIT ?`, company, limit)
	}
	return db.erasures(ctx, `
		SELECT version, doc FROM Erasures WHERE company = ? AND (asked, Username, number) < (?, ?, ?)
		ORDER BY asked DESC, Username DESC, number DESC LIMIT ?`,
		company, before.AskedAt.UTC().Format(record.TimeFormat), before.Username, before.Number, limit)
}

// OpenErasures returns at most limit of all companies' erasures that have
// something left to do, those due first before others, beginning behind after.
func (db *DB) OpenErasures(ctx context.Context, after hajir.Erasure, limit int) ([]hajir.Erasure, error) {
	return db.erasures(ctx, `
		SELECT version, doc FROM Erasures WHERE due IS NOT NULL AND (due, Username, number) > (?, ?, ?)
		ORDER BY due, Username, number LIMIT ?`,
		after.DueAt.UTC().Format(record.TimeFormat), after.Username, after.Number, limit)
}

func (db *DB) erasures(ctx context.Context, query string, args ...any) ([]hajir.Erasure, error) {
	var all []hajir.Erasure
	err := list(ctx, db, "erasures", func(doc record.Erasure, version int) { all = append(all, doc.Load(version)) }, query, args...)
	return all, err
}

// SaveErasure stores x as the successor of x.Version.
func (db *DB) SaveErasure(ctx context.Context, x hajir.Erasure) error {
	doc, err := encode(record.StoreErasure(x), "erasure")
	if err != nil {
		return err
	}
	var due any
	if x.Open() {
		due = x.DueAt.UTC().Format(record.TimeFormat)
	}
	return db.saveAudited(ctx, auditedErasures.where(`Username = ? AND number = ?`, x.Username, x.Number), "erasure", `
		INSERT INTO Erasures (Username, number, company, asked, due, version, doc) SELECT ?1, ?2, ?3, ?4, ?5, ?6 + 1, ?7
		WHERE ?6 = 0 OR EXISTS (SELECT 1 FROM Erasures WHERE Username = ?1 AND number = ?2)
		ON CONFLICT (Username, number) DO UPDATE SET version = version + 1, due = excluded.due, doc = excluded.doc
		WHERE version = ?6 AND company = excluded.company`,
		x.Username, x.Number, x.Company, x.AskedAt.UTC().Format(record.TimeFormat), due, x.Version, doc)
}

// scrubPatience is how long Scrub keeps writers waiting for readers of the
// journal, in milliseconds.
const scrubPatience = 2000

// Scrub empties the journal, in which deleted values may still stand. The
// database itself overwrites them when they are deleted (secure_delete). While
// somebody reads what is older it cannot, which is no error: the next time will.
func (db *DB) Scrub(ctx context.Context) error {
	c, err := db.write.Conn(ctx)
	if err != nil {
		return fmt.Errorf("take connection: %w", err)
	}
	defer func() { _ = c.Close() }() // it goes back to the pool
	for _, pragma := range []string{
		fmt.Sprintf(`PRAGMA busy_timeout = %d`, scrubPatience), `PRAGMA wal_checkpoint(TRUNCATE)`,
		fmt.Sprintf(`PRAGMA busy_timeout = %d`, busyTimeout),
	} {
		if _, err := c.ExecContext(ctx, pragma); err != nil {
			return fmt.Errorf("scrub: %w", err)
		}
	}
	return nil
}
