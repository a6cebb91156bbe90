package dynamodb

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Company returns the company whose key is username.
func (db *DB) Company(ctx context.Context, username string) (hajir.Company, error) {
	doc, s, err := load[record.Company](ctx, db, "company", companies, username)
	return doc.Load(s.version), err
}

// Companies returns every company, for the operator's commands and set-up.
func (db *DB) Companies(ctx context.Context) ([]hajir.Company, error) {
	names, err := db.names(ctx, listCompanies)
	if err != nil {
		return nil, err
	}
	all, err := db.byKeys(ctx, companies, names)
	if err != nil {
		return nil, err
	}
	var found []hajir.Company
	for _, s := range all {
		doc, err := decode[record.Company](s, "company")
		if err != nil {
			return nil, err
		}
		found = append(found, doc.Load(s.version))
	}
	slices.SortFunc(found, func(a, b hajir.Company) int { return cmp.Compare(a.Username, b.Username) })
	return found, nil
}

// SaveCompany stores c as the successor of c.Version.
func (db *DB) SaveCompany(ctx context.Context, c hajir.Company) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		if c.Version == 0 {
			t.note(listCompanies, c.Username, "")
		}
		_, err := t.saveAudited(ctx, "company", subject{Audit: record.AuditedCompanies, company: c.Username, key: c.Username},
			row{table: companies, hash: c.Username, version: c.Version, doc: record.StoreCompany(c)})
		return err
	})
}

// DeleteCompany removes a company with everything that belongs to it, its audit
// log too. What was removed, and where that log ended, is told by the
// installation's. It is no single transaction: the company itself goes last but
// its log, so that whoever was cut off begins again.
func (db *DB) DeleteCompany(ctx context.Context, username string) error {
	accounts, err := db.keysOf(ctx, query{table: users, index: byCompany.name, hash: username})
	if err != nil {
		return err
	}
	if err := eachOf(ctx, accounts, db.purgeAccount); err != nil {
		return err
	}
	for _, q := range ofCompany() {
		q.hash = username
		if err := db.purge(ctx, q); err != nil {
			return err
		}
	}
	for _, q := range []query{
		{table: deliveries, index: "company-index", hash: within(username, queueDue)},
		{table: deliveries, index: "company-index", hash: within(username, queueDead)},
		{table: directory, hash: listCodes + username},
		{table: directory, hash: listOnce + username},
	} {
		if err := db.purge(ctx, q); err != nil {
			return err
		}
	}
	if err := db.purgeSlack(ctx, username); err != nil {
		return err
	}
	if err := db.recordRemoval(ctx, username); err != nil {
		return err
	}
	if err := db.purge(ctx, query{table: auditLog, hash: username}); err != nil {
		return err
	}
	return db.delete(ctx, directory, listChains, username)
}

// ofCompany finds what belongs to a company, by its hash key, in the order in
// which it is removed.
func ofCompany() []query {
	return []query{
		{table: users, index: byCompany.name},
		{table: resets, index: byCompany.name},
		{table: leftFaces},
		{table: templates},
		{table: faceModels},
		{table: kiosks, index: byCompany.name},
		{table: pins, index: byCompany.name},
		{table: failures},
		{table: erasures, index: byCompany.name},
		{table: days, index: byCompany.name},
		{table: noticeWants},
		{table: employees, index: byCompany.name},
		{table: invitations, index: byCompany.name},
		{table: reviews},
		{table: events},
		{table: shiftDetails},
		{table: dayClosings},
		{table: leaveTypes},
		{table: leaveSettings},
		{table: questionSettings},
		{table: payrollMappings},
		{table: imports},
		{table: alarmSilences},
		{table: dayCorrections, index: byCompany.name},
		{table: shiftRoster, index: byCompany.name},
		{table: shiftAssignments, index: byCompany.name},
		{table: calendarFeeds, index: byCompany.name},
		{table: holidayChoices, index: byCompany.name},
		{table: leaveRequests, index: byCompany.name},
		{table: leaveLedger, index: byCompany.name},
		{table: leaveAccounts, index: byCompany.name},
		{table: leaveDelegates, index: byCompany.name},
		{table: questions, index: byCompany.name},
		{table: webhooks, index: byCompany.name},
		{table: webhookAttempts, index: byCompany.name},
		{table: slackMessages, index: byCompany.name},
		{table: mailChoices, index: byCompany.name},
		{table: mailPiles, index: byCompany.name},
	}
}

// keysOf returns the hash keys of what q finds.
func (db *DB) keysOf(ctx context.Context, q query) (keys []string, err error) {
	err = db.pages(ctx, q, func(items []attributes) (bool, error) {
		for _, item := range items {
			keys = append(keys, text(item, q.table.hash))
		}
		return true, nil
	})
	return keys, err
}

// purgeAccount removes what belongs to an account, but not the account.
func (db *DB) purgeAccount(ctx context.Context, username string) error {
	for list, of := range map[string]*table{listSessions + username: sessions, listPasskeys + username: passkeys} {
		names, err := db.listed(ctx, list)
		if err != nil {
			return err
		}
		keys := make([]attributes, len(names))
		for i, name := range names {
			keys[i] = of.key(name)
		}
		if err := db.remove(ctx, of, keys); err != nil {
			return err
		}
		if err := db.purge(ctx, query{table: directory, hash: list}); err != nil {
			return err
		}
	}
	return db.delete(ctx, secondFactors, username)
}

// recordRemoval removes a company's own record, if there is one, and tells it.
func (db *DB) recordRemoval(ctx context.Context, username string) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		s, found, err := db.get(ctx, companies, username)
		if err != nil || !found {
			return err
		}
		head, err := db.AuditHead(ctx, username)
		if err != nil {
			return err
		}
		before, _, err := record.AuditedCompanies.Differ(s.doc, nil)
		if err != nil {
			return fmt.Errorf("audit company: %w", err)
		}
		after, err := json.Marshal(map[string]string{"audit_head": head.String()})
		if err != nil {
			return fmt.Errorf("encode audit head: %w", err)
		}
		t.delete("company", companies, s.version, username)
		t.writes[len(t.writes)-1].failed = nil
		t.strike(listCompanies, username)
		t.events = append(t.events, hajir.Event{
			Action: hajir.ActionDelete, Subject: hajir.Subject{Table: record.AuditedCompanies.Table, Key: username}, Before: before, After: after,
		})
		return nil
	})
}
