package dynamodb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// historyTime is fine enough, and sorts.
const historyTime = "2006-01-02T15:04:05.000000000Z"

// Alarms returns all alarms, in order of their names.
func (db *DB) Alarms(ctx context.Context) ([]hajir.Alarm, error) {
	return listOf[record.Alarm](ctx, db, "alarms", query{table: alarms, hash: everything})
}

// SaveAlarm stores a as the successor of a.Version, with a line of history if c
// is one, and what follows from it for people.
func (db *DB) SaveAlarm(ctx context.Context, a hajir.Alarm, c *hajir.AlarmChange) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		before, err := one[record.Alarm](ctx, db, "alarm", alarms, everything, a.Name)
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return err
		}
		t.notices = hajir.AlarmNotices(before, a)
		_, err = t.put("alarm", row{table: alarms, hash: everything, sort: a.Name, version: a.Version, doc: record.StoreAlarm(a)})
		if err != nil || c == nil {
			return err
		}
		_, err = t.put("alarm's change", row{
			table: alarmHistory, hash: everything, sort: within(c.At.UTC().Format(historyTime), c.Name),
			doc: alarmChangeDoc{record.StoreAlarmChange(*c), c.Name, c.At.UTC().Round(0)},
		})
		if err == nil {
			unconditional(t) // written again, it is the same
		}
		return err
	})
}

// alarmChangeDoc has what SQLite has in columns.
type alarmChangeDoc struct {
	record.AlarmChange
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// AlarmHistory returns at most limit changes, the newest first.
func (db *DB) AlarmHistory(ctx context.Context, limit int) ([]hajir.AlarmChange, error) {
	var all []hajir.AlarmChange
	err := db.each(ctx, query{table: alarmHistory, hash: everything, down: true, limit: limit + sameMoment}, nil, func(s stored) error {
		doc, err := decode[alarmChangeDoc](s, "alarm's change")
		if err != nil {
			return err
		}
		c := doc.Load(doc.Name)
		c.At = doc.At
		all = append(all, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read alarms' history: %w", err)
	}
	slices.SortStableFunc(all, func(a, b hajir.AlarmChange) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Name, b.Name))
	})
	return all[:min(limit, len(all))], nil
}

// sameMoment is more than how many alarms there are: so many can change at one
// moment, and are put in order by their names.
const sameMoment = 100

// DeleteAlarmHistory removes changes from before a time.
func (db *DB) DeleteAlarmHistory(ctx context.Context, before time.Time) error {
	return db.sweep(ctx, query{table: alarmHistory, hash: everything, below: before.UTC().Format(historyTime)}, nil)
}

// Silences returns what a company's admin silenced, also what is over.
func (db *DB) Silences(ctx context.Context, company string) ([]hajir.Silence, error) {
	var all []hajir.Silence
	err := list(ctx, db, "silences", query{table: alarmSilences, hash: company}, func(doc record.Silence, s stored) {
		all = append(all, doc.Load(company, s.text("name"), s.version))
	})
	return all, err
}

// SaveSilence stores s as the successor of s.Version.
func (db *DB) SaveSilence(ctx context.Context, s hajir.Silence) error {
	return db.saveAudited(ctx, "silence", silenceSubject(s.Company, s.Name),
		row{table: alarmSilences, hash: s.Company, sort: s.Name, version: s.Version, doc: record.StoreSilence(s)})
}

// silenceSubject is what the audit log says of a silence.
func silenceSubject(company, name string) subject {
	return subject{Audit: record.AuditedSilences, company: company, key: name}
}

// DeleteSilence ends a silence; one that is not there is no error.
func (db *DB) DeleteSilence(ctx context.Context, company, name string) error {
	return db.deleteAudited(ctx, "silence", silenceSubject(company, name).in, 0, alarmSilences, company, name)
}
