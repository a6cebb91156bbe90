package sqlite

import (
	"context"
	"database/sql"
	"time"

	"hajir/internal/hajir"
)

type alarmDoc struct {
	Name    string           `json:"name"`
	State   hajir.AlarmState `json:"state"`
	Since   time.Time        `json:"since"`
	Value   *float64         `json:"value,omitempty"`
	Told    hajir.AlarmState `json:"told,omitempty"`
	Company string           `json:"company,omitempty"`
}

func readAlarm(d alarmDoc, version int) hajir.Alarm {
	a := hajir.Alarm{Name: d.Name, State: d.State, Since: d.Since, Told: d.Told, Company: d.Company, Version: version}
	a.Value, a.HasValue = known(d.Value)
	return a
}

type alarmChangeDoc struct {
	From  hajir.AlarmState `json:"from"`
	To    hajir.AlarmState `json:"to"`
	Value *float64         `json:"value,omitempty"`
}

type silenceDoc struct {
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// historyScope is the key of all history.
const historyScope = "installation"

// historyTime is fine enough, and sorts.
const historyTime = "2006-01-02T15:04:05.000000000Z"

func optional(v float64, has bool) *float64 {
	if !has {
		return nil
	}
	return &v
}

func known(v *float64) (float64, bool) {
	if v == nil {
		return 0, false
	}
	return *v, true
}

// Alarms returns all alarms, in order of their names.
func (db *DB) Alarms(ctx context.Context) ([]hajir.Alarm, error) {
	var all []hajir.Alarm
	err := list(ctx, db, "alarm", func(d alarmDoc, version int) {
		all = append(all, readAlarm(d, version))
	}, `SELECT version, doc FROM Alarms ORDER BY name`)
	return all, err
}

// SaveAlarm stores a as the successor of a.Version, with a line of history if c
// is one, and what follows from it for people.
func (db *DB) SaveAlarm(ctx context.Context, a hajir.Alarm, c *hajir.AlarmChange) error {
	doc, err := encode(alarmDoc{a.Name, a.State, a.Since, optional(a.Value, a.HasValue), a.Told, a.Company}, "alarm")
	if err != nil {
		return err
	}
	return db.transact(ctx, func(tx *sql.Tx) error {
		was, version, err := decode[alarmDoc](tx.QueryRowContext(ctx, `SELECT version, doc FROM Alarms WHERE name = ?`, a.Name), "alarm")
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
		if err := db.tell(ctx, tx, hajir.AlarmNotices(readAlarm(was, version), a)); err != nil || c == nil {
			return err
		}
		line, err := encode(alarmChangeDoc{c.From, c.To, optional(c.Value, c.HasValue)}, "alarm's change")
		if err != nil {
			return err
		}
		return exec(ctx, tx, "save alarm's change", `INSERT OR REPLACE INTO Alarm_history (scope, at, name, doc) VALUES (?, ?, ?, ?)`,
			historyScope, c.At.UTC().Format(historyTime), c.Name, line)
	})
}

const alarmHistory = `SELECT 0, doc, at, name FROM Alarm_history WHERE scope = ? ORDER BY at DESC, name LIMIT ?`

// AlarmHistory returns at most limit changes, the newest first.
func (db *DB) AlarmHistory(ctx context.Context, limit int) ([]hajir.AlarmChange, error) {
	var all []hajir.AlarmChange
	err := db.each(ctx, "alarms' history", func(r row) error {
		var at, name string
		d, _, err := decode[alarmChangeDoc](r, "alarm's change", &at, &name)
		if err != nil {
			return err
		}
		c := hajir.AlarmChange{Name: name, From: d.From, To: d.To}
		c.Value, c.HasValue = known(d.Value)
		c.At, err = time.Parse(historyTime, at)
		all = append(all, c)
		return err
	}, alarmHistory, historyScope, limit)
	return all, err
}

// DeleteAlarmHistory removes changes from before a time.
func (db *DB) DeleteAlarmHistory(ctx context.Context, before time.Time) error {
	return db.exec(ctx, "delete alarms' history", `DELETE FROM Alarm_history WHERE scope = ? AND at < ?`, historyScope, before.UTC().Format(historyTime))
}

// Silences returns what a company's admin silenced, also what is over.
func (db *DB) Silences(ctx context.Context, company string) ([]hajir.Silence, error) {
	var all []hajir.Silence
	err := db.each(ctx, "silences", func(r row) error {
		var name string
		d, version, err := decode[silenceDoc](r, "silence", &name)
		all = append(all, hajir.Silence{Company: company, Name: name, Until: d.Until, Reason: d.Reason, By: d.By, At: d.At, Version: version})
		return err
	}, `SELECT version, doc, name FROM Alarm_silences WHERE company = ? ORDER BY name`, company)
	return all, err
}

// SaveSilence stores s as the successor of s.Version.
func (db *DB) SaveSilence(ctx context.Context, s hajir.Silence) error {
	doc, err := encode(silenceDoc{s.Until, s.Reason, s.By, s.At}, "silence")
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
