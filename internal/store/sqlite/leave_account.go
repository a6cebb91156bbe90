package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// LeaveAccount returns a person's account; empty at Version 0 when none is
// stored.
func (db *DB) LeaveAccount(ctx context.Context, username string) (hajir.LeaveAccount, error) {
	doc, version, err := decode[record.LeaveAccount](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_accounts WHERE Username = ?`, username), "leave account")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveAccount{Username: username}, nil
	}
	return doc.Load(version), err
}

// LeaveAccounts returns the accounts that are stored of the people named.
func (db *DB) LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error) {
	wanted, err := encode(usernames, "names")
	if err != nil {
		return nil, err
	}
	all := make(map[string]hajir.LeaveAccount, len(usernames))
	err = list(ctx, db, "leave accounts", func(doc record.LeaveAccount, version int) { all[doc.Username] = doc.Load(version) },
		`SELECT version, doc FROM Leave_accounts WHERE Username IN (SELECT value FROM json_each(?))`, wanted)
	return all, err
}

// SaveLeaveAccount stores a as the successor of a.Version.
func (db *DB) SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error {
	doc, err := encode(record.StoreLeaveAccount(a), "leave account")
	if err != nil {
		return err
	}
	return db.save(ctx, "leave account", `
		INSERT INTO Leave_accounts (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Leave_accounts WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		a.Username, a.Company, a.Version, doc)
}

// LeaveEntries returns a person's ledger in order of its keys.
func (db *DB) LeaveEntries(ctx context.Context, username string) ([]hajir.LeaveEntry, error) {
	var all []hajir.LeaveEntry
	err := list(ctx, db, "leave entries", func(doc record.LeaveEntry, _ int) { all = append(all, hajir.LeaveEntry(doc)) },
		`SELECT 0, doc FROM Leave_ledger WHERE Username = ? ORDER BY entryid`, username)
	return all, err
}

// LeaveEntriesOf returns the ledgers of the people named, each in order of its
// keys.
func (db *DB) LeaveEntriesOf(ctx context.Context, usernames []string) (map[string][]hajir.LeaveEntry, error) {
	wanted, err := encode(usernames, "names")
	if err != nil {
		return nil, err
	}
	all := make(map[string][]hajir.LeaveEntry, len(usernames))
	err = list(ctx, db, "leave entries", func(doc record.LeaveEntry, _ int) {
		all[doc.Username] = append(all[doc.Username], hajir.LeaveEntry(doc))
	}, `SELECT 0, doc FROM Leave_ledger WHERE Username IN (SELECT value FROM json_each(?)) ORDER BY Username, entryid`, wanted)
	return all, err
}

// PostLeaveEntries adds entries to ledgers. One that is there already stays as
// it is, which is no error.
func (db *DB) PostLeaveEntries(ctx context.Context, entries []hajir.LeaveEntry) error {
	if len(entries) == 0 {
		return nil
	}
	docs, err := json.Marshal(record.Convert(entries, func(e hajir.LeaveEntry) record.LeaveEntry { return record.LeaveEntry(e) }))
	if err != nil {
		return fmt.Errorf("encode leave entries: %w", err)
	}
	return db.exec(ctx, "post leave entries", `
		INSERT INTO Leave_ledger (Username, entryid, company, doc)
		SELECT value ->> 'username', value ->> 'id', value ->> 'company', value FROM json_each(?) WHERE true
		ON CONFLICT DO NOTHING`, string(docs))
}
