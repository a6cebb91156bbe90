package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// occasionDoc is how an event is stored; it may not change with hajir.Occasion.
type occasionDoc struct {
	ID      string             `json:"id"`
	Company string             `json:"company"`
	Title   string             `json:"title"`
	Kind    hajir.OccasionKind `json:"kind"`
	From    string             `json:"from"`
	To      string             `json:"to"`
	Start   *hajir.Clock       `json:"start,omitempty"` // minutes after midnight
	End     *hajir.Clock       `json:"end,omitempty"`
	Note    string             `json:"note,omitempty"`
	Scope   hajir.Scope        `json:"scope"`
	Subject string             `json:"subject,omitempty"`
	UID     string             `json:"uid,omitempty"`
}

func occasion(doc occasionDoc, version int) hajir.Occasion {
	return hajir.Occasion{
		ID: doc.ID, Company: doc.Company, Title: doc.Title, Kind: doc.Kind, From: doc.From, To: doc.To, Start: doc.Start, End: doc.End,
		Note: doc.Note, Scope: doc.Scope, Subject: doc.Subject, UID: doc.UID, Version: version,
	}
}

// occasionKey is the value of the sort key "date".
func occasionKey(date, id string) string { return date + "/" + id }

const (
	occasionsBetween = `SELECT version, doc FROM Events_records WHERE companyusername = ? AND date >= ? AND date < ? ORDER BY date`
	occasionsInMonth = `SELECT count(*) FROM Events_records WHERE companyusername = ? AND monthvalue = ?`
)

// Occasions returns a company's events that begin on the dates from–to, in order
// of these.
func (db *DB) Occasions(ctx context.Context, company, from, to string) ([]hajir.Occasion, error) {
	var all []hajir.Occasion
	err := list(ctx, db, "events", func(doc occasionDoc, version int) { all = append(all, occasion(doc, version)) },
		occasionsBetween, company, from, to+"0") // behind every key of the date, since "/" comes before "0"
	return all, err
}

// Occasion returns one event.
func (db *DB) Occasion(ctx context.Context, company, date, id string) (hajir.Occasion, error) {
	doc, version, err := decode[occasionDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Events_records WHERE companyusername = ? AND date = ?`, company, occasionKey(date, id)), "event")
	return occasion(doc, version), err
}

// OccasionsInMonth returns how many events begin in the month YYYY-MM.
func (db *DB) OccasionsInMonth(ctx context.Context, company, month string) (int, error) {
	var n int
	if err := db.read.QueryRowContext(ctx, occasionsInMonth, company, month).Scan(&n); err != nil {
		return 0, fmt.Errorf("count events: %w", err)
	}
	return n, nil
}

// SaveOccasion stores o as the successor of o.Version, which began on the date
// was. When it begins on another date now, its record is replaced by another
// one: both or neither.
func (db *DB) SaveOccasion(ctx context.Context, o hajir.Occasion, was string) error {
	doc, err := encode(occasionDoc{
		ID: o.ID, Company: o.Company, Title: o.Title, Kind: o.Kind, From: o.From, To: o.To, Start: o.Start, End: o.End,
		Note: o.Note, Scope: o.Scope, Subject: o.Subject, UID: o.UID,
	}, "event")
	if err != nil {
		return err
	}
	const query = `
		INSERT INTO Events_records (companyusername, date, monthvalue, version, doc) SELECT ?1, ?2, ?3, ?4 + 1, ?5
		WHERE ?4 = 0 OR ?6 OR EXISTS (SELECT 1 FROM Events_records WHERE companyusername = ?1 AND date = ?2)
		ON CONFLICT (companyusername, date) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?4`
	moved := o.Version > 0 && was != o.From
	args := []any{o.Company, occasionKey(o.From, o.ID), hajir.MonthValue(o.From), o.Version, doc, moved}
	if !moved {
		return db.saveAudited(ctx, auditedOccasions.where(`companyusername = ? AND date = ?`, args[:2]...), "event", query, args...)
	}
	old := occasionKey(was, o.ID)
	return db.audit(ctx, auditedOccasions.where(`companyusername = ? AND date IN (?, ?)`, o.Company, old, args[1]), func(tx *sql.Tx) error {
		if err := save(ctx, tx, "event", deleteOccasion, o.Company, old, o.Version); err != nil {
			return err
		}
		return save(ctx, tx, "event", query, args...)
	})
}

const deleteOccasion = `DELETE FROM Events_records WHERE companyusername = ? AND date = ? AND version = ?`

// DeleteOccasion removes an event at the version that was read; one that is not
// there, or was changed, is a conflict.
func (db *DB) DeleteOccasion(ctx context.Context, company, date, id string, version int) error {
	key := occasionKey(date, id)
	return db.saveAudited(ctx, auditedOccasions.where(`companyusername = ? AND date = ?`, company, key), "event", deleteOccasion, company, key, version)
}

type choicesDoc struct {
	Username string      `json:"username"`
	Company  string      `json:"company"`
	Chosen   []choiceDoc `json:"chosen"`
}

type choiceDoc struct {
	Occasion string    `json:"event"`
	Date     string    `json:"date"`
	Title    string    `json:"title"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

func choices(doc choicesDoc, version int) hajir.HolidayChoices {
	return hajir.HolidayChoices{
		Username: doc.Username, Company: doc.Company, Version: version,
		Chosen: convert(doc.Chosen, func(c choiceDoc) hajir.HolidayChoice { return hajir.HolidayChoice(c) }),
	}
}

// HolidayChoices returns what the people named have chosen, by username; those
// who never chose are not among them.
func (db *DB) HolidayChoices(ctx context.Context, usernames []string) (map[string]hajir.HolidayChoices, error) {
	wanted, err := encode(usernames, "names")
	if err != nil {
		return nil, err
	}
	all := map[string]hajir.HolidayChoices{}
	err = list(ctx, db, "chosen holidays", func(doc choicesDoc, version int) { all[doc.Username] = choices(doc, version) },
		`SELECT version, doc FROM Holiday_choices WHERE Username IN (SELECT value FROM json_each(?))`, wanted)
	return all, err
}

// SaveHolidayChoices stores c as the successor of c.Version.
func (db *DB) SaveHolidayChoices(ctx context.Context, c hajir.HolidayChoices) error {
	doc, err := encode(choicesDoc{
		Username: c.Username, Company: c.Company,
		Chosen: convert(c.Chosen, func(x hajir.HolidayChoice) choiceDoc { return choiceDoc(x) }),
	}, "chosen holidays")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedChoices.where(`Username = ?`, c.Username), "chosen holidays", `
		INSERT INTO Holiday_choices (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Holiday_choices WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		c.Username, c.Company, c.Version, doc)
}
