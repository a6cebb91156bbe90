package sqlite

import (
	"context"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Kiosk returns what one kiosk is held to; nothing, at Version 0, when none is
// stored.
func (db *DB) Kiosk(ctx context.Context, username string) (hajir.Kiosk, error) {
	doc, version, err := decode[record.Kiosk](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Kiosk_details WHERE Username = ?`, username), "kiosk")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Kiosk{Username: username}, nil
	}
	return doc.Load(version), err
}

// Kiosks returns what each of a company's kiosks is held to.
func (db *DB) Kiosks(ctx context.Context, company string) ([]hajir.Kiosk, error) {
	var all []hajir.Kiosk
	err := list(ctx, db, "kiosks", func(doc record.Kiosk, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Kiosk_details WHERE company = ? ORDER BY Username`, company)
	return all, err
}

// SaveKiosk stores k as the successor of k.Version.
func (db *DB) SaveKiosk(ctx context.Context, k hajir.Kiosk) error {
	doc, err := encode(record.StoreKiosk(k), "kiosk")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedKiosks.where(`Username = ?`, k.Username), "kiosk", `
		INSERT INTO Kiosk_details (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Kiosk_details WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		k.Username, k.Company, k.Version, doc)
}

// DeleteKiosk removes what a kiosk was held to; nothing there is no error.
func (db *DB) DeleteKiosk(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedKiosks.where(`Username = ?`, username), "delete kiosk",
		`DELETE FROM Kiosk_details WHERE Username = ?`, username)
}

// Pairing returns one pairing.
func (db *DB) Pairing(ctx context.Context, id string) (hajir.Pairing, error) {
	doc, version, err := decode[record.Pairing](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Kiosk_pairings WHERE id = ?`, id), "pairing")
	return doc.Load(version), err
}

// PairingByCode returns the pairing whose code has this hash.
func (db *DB) PairingByCode(ctx context.Context, hash []byte) (hajir.Pairing, error) {
	doc, version, err := decode[record.Pairing](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Kiosk_pairings WHERE code = ?`, hash), "pairing")
	return doc.Load(version), err
}

// CountPairings returns how many pairings there are, and how many of them are
// one client's.
func (db *DB) CountPairings(ctx context.Context, client string) (ofClient, inAll int, err error) {
	err = db.read.QueryRowContext(ctx, `
		SELECT (SELECT count(*) FROM Kiosk_pairings WHERE client = ?), (SELECT count(*) FROM Kiosk_pairings)`, client).
		Scan(&ofClient, &inAll)
	if err != nil {
		return 0, 0, fmt.Errorf("count pairings: %w", err)
	}
	return ofClient, inAll, nil
}

// SavePairing stores p as the successor of p.Version. A code that another
// pairing has is a conflict too.
func (db *DB) SavePairing(ctx context.Context, p hajir.Pairing) error {
	doc, err := encode(record.StorePairing(p), "pairing")
	if err != nil {
		return err
	}
	return db.save(ctx, "pairing", `
		INSERT INTO Kiosk_pairings (id, code, client, expires, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE (?5 = 0 OR EXISTS (SELECT 1 FROM Kiosk_pairings WHERE id = ?1))
		AND NOT EXISTS (SELECT 1 FROM Kiosk_pairings WHERE code = ?2 AND id <> ?1)
		ON CONFLICT (id) DO UPDATE SET version = version + 1, expires = excluded.expires, doc = excluded.doc
		WHERE version = ?5 AND code = excluded.code`,
		p.ID, p.CodeHash, p.Client, p.ExpiresAt.UTC().Format(record.TimeFormat), p.Version, doc)
}

// DeletePairing removes a pairing at the version that was read; one that is
// not there, or was changed, is a conflict.
func (db *DB) DeletePairing(ctx context.Context, id string, version int) error {
	return db.save(ctx, "pairing", `DELETE FROM Kiosk_pairings WHERE id = ? AND version = ?`, id, version)
}

// DeleteExpiredPairings removes pairings that ended before t.
func (db *DB) DeleteExpiredPairings(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete expired pairings", `DELETE FROM Kiosk_pairings WHERE expires < ?`, t.UTC().Format(record.TimeFormat))
}
