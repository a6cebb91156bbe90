package dynamodb

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// Passkey returns one passkey.
func (db *DB) Passkey(ctx context.Context, id string) (identity.Credential, error) {
	doc, s, err := load[record.Passkey](ctx, db, "passkey", passkeys, id)
	return doc.Load(s.version), err
}

// passkeyName is a passkey's name on a list: its ID may be longer than that.
func passkeyName(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:])
}

// listed returns what the names on a list stand for, or the names that stand
// for nothing else.
func (db *DB) listed(ctx context.Context, list string) (all []string, err error) {
	err = db.each(ctx, query{table: directory, hash: list}, nil, func(s stored) error {
		all = append(all, cmp.Or(s.text("of"), s.text("name")))
		return nil
	})
	slices.Sort(all)
	return all, err
}

// Passkeys returns an account's passkeys.
func (db *DB) Passkeys(ctx context.Context, username string) ([]identity.Credential, error) {
	ids, err := db.listed(ctx, listPasskeys+username)
	if err != nil {
		return nil, err
	}
	found, err := db.byKeys(ctx, passkeys, ids)
	if err != nil {
		return nil, err
	}
	var all []identity.Credential
	for _, s := range found {
		doc, err := decode[record.Passkey](s, "passkey")
		if err != nil {
			return nil, err
		}
		all = append(all, doc.Load(s.version))
	}
	slices.SortFunc(all, func(a, b identity.Credential) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// SavePasskey stores c as the successor of c.Version. A passkey stays with its
// account.
func (db *DB) SavePasskey(ctx context.Context, c identity.Credential) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		about, err := db.ofAccount(ctx, record.AuditedPasskeys, c.ID, c.Username)
		if err != nil {
			return err
		}
		if c.Version == 0 {
			t.note(listPasskeys+c.Username, passkeyName(c.ID), c.ID)
		}
		_, err = t.saveAudited(ctx, "passkey", about, row{
			table: passkeys, hash: c.ID, version: c.Version, doc: record.StorePasskey(c),
			index: map[string]string{"Username": c.Username}, fixed: []string{"Username"},
		})
		return err
	})
}

func (t *tx) deletePasskey(ctx context.Context, id string) error {
	return t.deleteAudited(ctx, "passkey", func(s stored) (subject, error) {
		doc, err := decode[record.Passkey](s, "passkey")
		if err != nil {
			return subject{}, err
		}
		t.strike(listPasskeys+doc.Username, passkeyName(id))
		return t.db.ofAccount(ctx, record.AuditedPasskeys, id, doc.Username)
	}, 0, passkeys, id)
}

// DeletePasskey removes one passkey; one that is not there is no error.
func (db *DB) DeletePasskey(ctx context.Context, id string) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error { return t.deletePasskey(ctx, id) })
}

// DeletePasskeys removes an account's passkeys.
func (db *DB) DeletePasskeys(ctx context.Context, username string) error {
	ids, err := db.listed(ctx, listPasskeys+username)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(ids, listedTogether) {
		err := db.transact(ctx, func(ctx context.Context, t *tx) error {
			for _, id := range some {
				if err := t.deletePasskey(ctx, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// UseChallenge notes that a challenge was answered; a Conflict if it was
// answered before. It may be forgotten after expires.
func (db *DB) UseChallenge(ctx context.Context, challenge string, expires time.Time) error {
	err := db.save(ctx, "challenge", row{
		table: challenges, hash: challenge, doc: struct{}{}, expires: expires,
		index: map[string]string{"expiring": everything, "expires": record.Sortable(expires)},
	})
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.Conflict, Message: "this was answered already; begin again", Cause: err}
	}
	return err
}

// DeleteExpiredChallenges removes challenges that expired before t.
func (db *DB) DeleteExpiredChallenges(ctx context.Context, t time.Time) error {
	return db.sweep(ctx, over(challenges, record.Sortable(t)), nil)
}
