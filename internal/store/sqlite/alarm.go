package sqlite

import (
	"context"
	"database/sql"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// historyScope is the key of all history.
const historyScope = "installation"

// Alarms returns all alarms, in order of their names.
func (db *DB) Alarms(ctx context.Context) ([]hajir.Alarm, error) {
	var all []hajir.Alarm
	err := list(ctx, db, "alarm", func(d record.Alarm, version int) {
		all = append(all, d.Load(version))
	}, `SELECT version, doc FROM Alarms ORDER BY name`)
	return all, err
}

// SaveAlarm stores a as the successor of a.Version, with a line of history if c
// is one, and what follows from it for people.
func (db *DB) SaveAlarm(ctx context.Context, a hajir.Alarm, c *hajir.AlarmChange) error {
	doc, err := encode(record.StoreAlarm(a), "alarm")
	if err != nil {
		return err
	}
	return db.transact(ctx, func(tx *sql.Tx) error {
		was, version, err := decode[record.Alarm](tx.QueryRowContext(ctx, `SELECT version, doc FROM Alarms WHERE name = ?`, a.Name), "alarm")
		if err != nil && hajir.CodeOf(err) != hajir.NotFound {
			return err
		}
		if err := save(ctx, tx, "alarm", `
			INSERT INTO Alarms (name, version, doc) SELECT ?1, ?2 + 1, ?3
			WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Alarms WHERE name = ?1)
			ON CONFLICT (name) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
			a.Name, a.Version, doc); err != nil {
			return err
		}
		if err := db.tell(ctx, tx, hajir.AlarmNotices(was.Load(version), a)); err != nil || c == nil {
			return err
		}
		line, err := encode(record.StoreAlarmChange(*c), "alarm's change")
		if err != nil {
			return err
		}
		return exec(ctx, tx, "save alarm's change", `INSERT OR REPLACE INTO Alarm_history (scope, at, name, doc) VALUES (?, ?, ?, ?)`,
			historyScope, c.At.UTC().Format(record.TimeFormat), c.Name, line)
	})
}

const alarmHistory = `SELECT 0, doc, at, name FROM Alarm_history WHERE scope = ? ORDER BY at DESC, name LIMIT ?`

// AlarmHistory returns at most limit changes, the newest first.
func (db *DB) AlarmHistory(ctx context.Context, limit int) ([]hajir.AlarmChange, error) {
	var all []hajir.AlarmChange
	err := db.each(ctx, "alarms' history", func(r row) error {
		var at, name string
		d, _, err := decode[record.AlarmChange](r, "alarm's change", &at, &name)
		if err != nil {
			return err
		}
		c := d.Load(name)
		c.At, err = time.Parse(record.TimeFormat, at)
		all = append(all, c)
		return err
	}, alarmHistory, historyScope, limit)
	return all, err
}

// DeleteAlarmHistory removes changes from before a time.
func (db *DB) DeleteAlarmHistory(ctx context.Context, before time.Time) error {
	return db.exec(ctx, "delete alarms' history", `DELETE FROM Alarm_history WHERE scope = ? AND at < ?`, historyScope, before.UTC().Format(record.TimeFormat))
}

// Silences returns what a company's admin silenced, also what is over.
func (db *DB) Silences(ctx context.Context, company string) ([]hajir.Silence, error) {
	var all []hajir.Silence
	err := db.each(ctx, "silences", func(r row) error {
		var name string
		d, version, err := decode[record.Silence](r, "silence", &name)
		all = append(all, d.Load(company, name, version))
		return err
	}, `SELECT version, doc, name FROM Alarm_silences WHERE company = ? ORDER BY name`, company)
	return all, err
}

// SaveSilence stores s as the successor of s.Version.
func (db *DB) SaveSilence(ctx context.Context, s hajir.Silence) error {
	doc, err := encode(record.StoreSilence(s), "silence")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedSilences.where(`company = ? AND name = ?`, s.Company, s.Name), "silence", `
		INSERT INTO Alarm_silences (company, name, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Alarm_silences WHERE company = ?1 AND name = ?2)
		ON CONFLICT (company, name) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?3`,
		s.Company, s.Name, s.Version, doc)
}

// DeleteSilence ends a silence; one that is not there is no error.
func (db *DB) DeleteSilence(ctx context.Context, company, name string) error {
	return db.execAudited(ctx, auditedSilences.where(`company = ? AND name = ?`, company, name), "delete silence",
		`DELETE FROM Alarm_silences WHERE company = ? AND name = ?`, company, name)
}
