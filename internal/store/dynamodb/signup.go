package dynamodb

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// SignUp returns one sign-up.
func (db *DB) SignUp(ctx context.Context, id string) (hajir.SignUp, error) {
	return one[record.SignUp](ctx, db, "sign-up", signUps, id)
}

// CountSignUps returns how many sign-ups are a client's, to an address, and in
// all.
func (db *DB) CountSignUps(ctx context.Context, client, address string) (ofClient, toAddress, inAll int, err error) {
	for _, c := range []struct {
		n           *int
		index, hash string
	}{{&ofClient, "client-index", client}, {&toAddress, "address-index", address}, {&inAll, "expires-index", everything}} {
		if *c.n, err = db.count(ctx, query{table: signUps, index: c.index, hash: c.hash}); err != nil {
			return 0, 0, 0, err
		}
	}
	return ofClient, toAddress, inAll, nil
}

// SaveSignUp stores s as the successor of s.Version.
func (db *DB) SaveSignUp(ctx context.Context, s hajir.SignUp) error {
	return db.save(ctx, "sign-up", row{
		table: signUps, hash: s.ID, version: s.Version, doc: record.StoreSignUp(s),
		index:   map[string]string{"client": s.Client, "address": s.Address(), "expiring": everything, "expires": record.Sortable(s.ExpiresAt)},
		expires: s.ExpiresAt,
	})
}

// DeleteSignUp removes a sign-up at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteSignUp(ctx context.Context, id string, version int) error {
	return db.deleteAt(ctx, "sign-up", signUps, version, id)
}

// DeleteExpiredSignUps removes sign-ups that ended before t.
func (db *DB) DeleteExpiredSignUps(ctx context.Context, t time.Time) error {
	return db.sweep(ctx, over(signUps, record.Sortable(t)), nil)
}
