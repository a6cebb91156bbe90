package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// leaveAccountDoc is how an account is stored; it may not change with
// hajir.LeaveAccount.
type leaveAccountDoc struct {
	Username string            `json:"username"`
	Company  string            `json:"company"`
	Since    string            `json:"since,omitempty"`
	Until    string            `json:"until,omitempty"`
	Booked   []leaveBookingDoc `json:"booked,omitempty"`
	Step     *leaveStepDoc     `json:"step,omitempty"`
}

type leaveBookingDoc struct {
	Span     leaveSpanDoc   `json:"span"`
	Request  string         `json:"request"`
	Type     string         `json:"type"`
	Parts    []leavePartDoc `json:"parts"`
	Off      []string       `json:"off,omitempty"`
	Holidays []string       `json:"holidays,omitempty"`
	Open     bool           `json:"open,omitempty"`
	Decider  string         `json:"decider,omitempty"`
}

type leaveStepDoc struct {
	Request *leaveRequestDoc `json:"request,omitempty"`
	Version int              `json:"version,omitempty"` // the request's
	Entries []leaveEntryDoc  `json:"entries,omitempty"`
}

type leaveEntryDoc struct {
	Username string          `json:"username"`
	ID       string          `json:"id"`
	Company  string          `json:"company"`
	Type     string          `json:"type"`
	Kind     hajir.EntryKind `json:"kind"`
	Date     string          `json:"date"`
	Amount   hajir.LeaveDays `json:"amount"`
	Basis    hajir.LeaveDays `json:"basis,omitempty"`
	Whole    bool            `json:"whole,omitempty"`
	Request  string          `json:"request,omitempty"`
	Note     string          `json:"note,omitempty"`
	By       string          `json:"by,omitempty"`
	At       time.Time       `json:"at"`
}

func leaveAccount(doc leaveAccountDoc, version int) hajir.LeaveAccount {
	a := hajir.LeaveAccount{
		Username: doc.Username, Company: doc.Company, Since: doc.Since, Until: doc.Until, Version: version,
		Booked: convert(doc.Booked, func(b leaveBookingDoc) hajir.LeaveBooking {
			return hajir.LeaveBooking{
				LeaveSpan: hajir.LeaveSpan(b.Span), Request: b.Request, Type: b.Type, Open: b.Open, Decider: b.Decider,
				Off: b.Off, Holidays: b.Holidays, Parts: convert(b.Parts, func(p leavePartDoc) hajir.LeavePart { return hajir.LeavePart(p) }),
			}
		}),
	}
	if doc.Step != nil {
		a.Step = &hajir.LeaveStep{Entries: convert(doc.Step.Entries, func(e leaveEntryDoc) hajir.LeaveEntry { return hajir.LeaveEntry(e) })}
		if doc.Step.Request != nil {
			r := leaveRequest(*doc.Step.Request, doc.Step.Version)
			a.Step.Request = &r
		}
	}
	return a
}

func storeLeaveAccount(a hajir.LeaveAccount) leaveAccountDoc {
	doc := leaveAccountDoc{
		Username: a.Username, Company: a.Company, Since: a.Since, Until: a.Until,
		Booked: convert(a.Booked, func(b hajir.LeaveBooking) leaveBookingDoc {
			return leaveBookingDoc{
				Span: leaveSpanDoc(b.LeaveSpan), Request: b.Request, Type: b.Type, Open: b.Open, Decider: b.Decider,
				Off: b.Off, Holidays: b.Holidays, Parts: convert(b.Parts, func(p hajir.LeavePart) leavePartDoc { return leavePartDoc(p) }),
			}
		}),
	}
	if a.Step != nil {
		doc.Step = &leaveStepDoc{Entries: convert(a.Step.Entries, func(e hajir.LeaveEntry) leaveEntryDoc { return leaveEntryDoc(e) })}
		if a.Step.Request != nil {
			r := storeLeaveRequest(*a.Step.Request)
			doc.Step.Request, doc.Step.Version = &r, a.Step.Request.Version
		}
	}
	return doc
}

// LeaveAccount returns a person's account; empty at Version 0 when none is
// stored.
func (db *DB) LeaveAccount(ctx context.Context, username string) (hajir.LeaveAccount, error) {
	doc, version, err := decode[leaveAccountDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Leave_accounts WHERE Username = ?`, username), "leave account")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.LeaveAccount{Username: username}, nil
	}
	return leaveAccount(doc, version), err
}

// LeaveAccounts returns the accounts that are stored of the people named.
func (db *DB) LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error) {
	wanted, err := encode(usernames, "names")
	if err != nil {
		return nil, err
	}
	all := make(map[string]hajir.LeaveAccount, len(usernames))
	err = list(ctx, db, "leave accounts", func(doc leaveAccountDoc, version int) { all[doc.Username] = leaveAccount(doc, version) },
		`SELECT version, doc FROM Leave_accounts WHERE Username IN (SELECT value FROM json_each(?))`, wanted)
	return all, err
}

// SaveLeaveAccount stores a as the successor of a.Version.
func (db *DB) SaveLeaveAccount(ctx context.Context, a hajir.LeaveAccount) error {
	doc, err := encode(storeLeaveAccount(a), "leave account")
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
	err := list(ctx, db, "leave entries", func(doc leaveEntryDoc, _ int) { all = append(all, hajir.LeaveEntry(doc)) },
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
	err = list(ctx, db, "leave entries", func(doc leaveEntryDoc, _ int) {
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
	docs, err := json.Marshal(convert(entries, func(e hajir.LeaveEntry) leaveEntryDoc { return leaveEntryDoc(e) }))
	if err != nil {
		return fmt.Errorf("encode leave entries: %w", err)
	}
	return db.exec(ctx, "post leave entries", `
		INSERT INTO Leave_ledger (Username, entryid, company, doc)
		SELECT value ->> 'username', value ->> 'id', value ->> 'company', value FROM json_each(?) WHERE true
		ON CONFLICT DO NOTHING`, string(docs))
}
