package dynamodb

import (
	"context"
	"encoding/hex"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Kiosk returns what one kiosk is held to; nothing, at Version 0, when none is
// stored.
func (db *DB) Kiosk(ctx context.Context, username string) (hajir.Kiosk, error) {
	doc, s, err := load[record.Kiosk](ctx, db, "kiosk", kiosks, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Kiosk{Username: username}, nil
	}
	return doc.Load(s.version), err
}

// Kiosks returns what each of a company's kiosks is held to.
func (db *DB) Kiosks(ctx context.Context, company string) ([]hajir.Kiosk, error) {
	var all []hajir.Kiosk
	err := list(ctx, db, "kiosks", query{table: kiosks, index: byCompany.name, hash: company}, func(doc record.Kiosk, s stored) {
		all = append(all, doc.Load(s.version))
	})
	return all, err
}

func aboutKiosk(doc record.Kiosk) subject {
	return subject{Audit: record.AuditedKiosks, company: doc.Company, key: doc.Username, person: doc.Username}
}

// SaveKiosk stores k as the successor of k.Version.
func (db *DB) SaveKiosk(ctx context.Context, k hajir.Kiosk) error {
	doc := record.StoreKiosk(k)
	return db.saveAudited(ctx, "kiosk", aboutKiosk(doc), row{
		table: kiosks, hash: k.Username, version: k.Version, doc: doc, index: map[string]string{"company": k.Company}, fixed: []string{"company"},
	})
}

// DeleteKiosk removes what a kiosk is held to; none there is no error.
func (db *DB) DeleteKiosk(ctx context.Context, username string) error {
	return db.deleteAudited(ctx, "kiosk", func(s stored) (subject, error) {
		doc, err := decode[record.Kiosk](s, "kiosk")
		return aboutKiosk(doc), err
	}, 0, kiosks, username)
}

// Pairing returns one pairing.
func (db *DB) Pairing(ctx context.Context, id string) (hajir.Pairing, error) {
	doc, s, err := load[record.Pairing](ctx, db, "pairing", pairings, id)
	return doc.Load(s.version), err
}

// PairingByCode returns the pairing whose code has this hash.
func (db *DB) PairingByCode(ctx context.Context, hash []byte) (hajir.Pairing, error) {
	id, err := db.named(ctx, listPairings, hex.EncodeToString(hash))
	if err != nil {
		return hajir.Pairing{}, err
	}
	return db.Pairing(ctx, id)
}

// CountPairings returns how many pairings there are, and how many of them are
// one client's.
func (db *DB) CountPairings(ctx context.Context, client string) (ofClient, inAll int, err error) {
	if ofClient, err = db.count(ctx, query{table: pairings, index: "client-index", hash: client}); err != nil {
		return 0, 0, err
	}
	inAll, err = db.count(ctx, query{table: pairings, index: byExpiry.name, hash: everything})
	return ofClient, inAll, err
}

// SavePairing stores p as the successor of p.Version. A code that another
// pairing has is a conflict too.
func (db *DB) SavePairing(ctx context.Context, p hajir.Pairing) error {
	code := hex.EncodeToString(p.CodeHash)
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		if p.Version == 0 {
			t.claim(listPairings, code, p.ID, p.ExpiresAt, conflict("pairing"))
		}
		_, err := t.put("pairing", row{
			table: pairings, hash: p.ID, version: p.Version, doc: record.StorePairing(p), expires: p.ExpiresAt, fixed: []string{"code"},
			index: map[string]string{"code": code, "client": p.Client, "expiring": everything, "expires": record.Sortable(p.ExpiresAt)},
		})
		return err
	})
}

// DeletePairing removes a pairing at the version that was read; one that is
// not there, or was changed, is a conflict.
func (db *DB) DeletePairing(ctx context.Context, id string, version int) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		s, found, err := db.get(ctx, pairings, id)
		if err != nil {
			return err
		}
		if !found || s.version != version {
			return conflict("pairing")
		}
		t.delete("pairing", pairings, version, id)
		return t.release(ctx, listPairings, s.text("code"), id)
	})
}

// DeleteExpiredPairings removes pairings that ended before t.
func (db *DB) DeleteExpiredPairings(ctx context.Context, before time.Time) error {
	return db.sweep(ctx, over(pairings, record.Sortable(before)), func(t *tx, s stored) error {
		return t.release(ctx, listPairings, s.text("code"), s.text("id"))
	})
}
