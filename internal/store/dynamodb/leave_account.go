package dynamodb

import (
	"context"
	"fmt"
	"slices"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveAccount returns a person's account; empty at Version 0 when none is
// stored.
func (db *DB) LeaveAccount(ctx context.Context, username string) (hajir.LeaveAccount, error) {
	a, err := one[record.LeaveAccount](ctx, db, "leave account", leaveAccounts, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveAccount{Username: username}, nil
	}
	return a, err
}

// LeaveAccounts returns the accounts that are stored of the people named.
func (db *DB) LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error) {
	all := make(map[string]hajir.LeaveAccount, len(usernames))
	err := manyOf[record.LeaveAccount](ctx, db, "leave accounts", leaveAccounts, usernames, func(a hajir.LeaveAccount) { all[a.Username] = a })
	return all, err
}

// SaveLeaveAccount stores a as the successor of a.Version.
func (db *DB) SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error {
	return db.save(ctx, "leave account", row{
		table: leaveAccounts, hash: a.Username, version: a.Version, doc: record.StoreLeaveAccount(a),
		index: map[string]string{"company": a.Company}, fixed: []string{"company"},
	})
}

// LeaveEntries returns a person's ledger in order of its keys.
func (db *DB) LeaveEntries(ctx context.Context, username string) ([]hajir.LeaveEntry, error) {
	return listOf[leaveEntry](ctx, db, "leave entries", query{table: leaveLedger, hash: username})
}

// leaveEntry is a line of a ledger, which has no version.
type leaveEntry record.LeaveEntry

// Load returns what is stored.
func (doc leaveEntry) Load(int) hajir.LeaveEntry { return hajir.LeaveEntry(doc) }

// LeaveEntriesOf returns the ledgers of the people named, each in order of its
// keys.
func (db *DB) LeaveEntriesOf(ctx context.Context, usernames []string) (map[string][]hajir.LeaveEntry, error) {
	found, err := listsOf[leaveEntry](ctx, db, "leave entries", usernames,
		func(username string) query { return query{table: leaveLedger, hash: username} })
	all := make(map[string][]hajir.LeaveEntry, len(usernames))
	for i, entries := range found {
		if len(entries) > 0 {
			all[usernames[i]] = entries
		}
	}
	return all, err
}

// PostLeaveEntries adds entries to ledgers. One that is there already stays as
// it is, which is no error. Of more than one transaction takes, those before may
// be there when others fail.
func (db *DB) PostLeaveEntries(ctx context.Context, entries []hajir.LeaveEntry) error {
	for batch := range slices.Chunk(entries, mostParts) {
		err := db.transact(ctx, func(_ context.Context, t *tx) error {
			known := map[string]bool{}
			for _, e := range batch {
				if id := within(e.Username, e.ID); !known[id] {
					known[id] = true
					if err := t.add(row{
						table: leaveLedger, hash: e.Username, sort: e.ID, doc: record.LeaveEntry(e), index: map[string]string{"company": e.Company},
					}); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("post leave entries: %w", err)
		}
	}
	return nil
}
