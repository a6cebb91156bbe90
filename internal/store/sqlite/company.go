package sqlite

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// companyDoc is how a company is stored; it may not change with hajir.Company.
type companyDoc struct {
	Username         string         `json:"username"`
	Name             string         `json:"name"`
	Email            string         `json:"email"`
	TimeZone         string         `json:"time_zone"`
	RepeatWindow     time.Duration  `json:"repeat_window"`
	Match            matchDoc       `json:"match"`
	WeeklyOff        *int           `json:"weekly_off,omitempty"`     // bit i is time.Weekday(i); absent: as usual in the zone
	QueueBound       *int           `json:"queue_bound,omitempty"`    // minutes; absent: the default
	RetentionDays    *int           `json:"retention_days,omitempty"` // absent in records from before there was such a setting
	Calendar         hajir.Calendar `json:"calendar,omitempty"`       // absent: gregorian, as all dates were before one could choose
	Both             bool           `json:"both_calendars,omitempty"`
	CorrectionDays   *int           `json:"correction_days,omitempty"` // absent: the default, as is close
	Close            *closeDoc      `json:"close,omitempty"`
	OptionalHolidays int            `json:"optional_holidays,omitempty"`
	RefusalDays      *int           `json:"refusal_days,omitempty"` // likewise
	Language         hajir.Language `json:"language,omitempty"`     // absent: English
	DigestHour       *int           `json:"digest_hour,omitempty"`  // absent: the default
	Demo             bool           `json:"demo,omitempty"`
	CreatedAt        time.Time      `json:"created_at"`
}

// closeDoc has minutes.
type closeDoc struct {
	At       int    `json:"at"`
	AutoExit bool   `json:"auto_exit"`
	Hours    [7]int `json:"hours"` // Sunday first
	Lunch    int    `json:"lunch"`
}

func storeClose(c hajir.Close) *closeDoc {
	doc := &closeDoc{At: int(c.At), AutoExit: c.AutoExit, Lunch: minutes(c.Lunch)}
	for i, h := range c.Hours {
		doc.Hours[i] = minutes(h)
	}
	return doc
}

func loadClose(doc closeDoc) hajir.Close {
	c := hajir.Close{At: hajir.Clock(doc.At), AutoExit: doc.AutoExit, Closing: hajir.Closing{Lunch: duration(doc.Lunch)}}
	for i, h := range doc.Hours {
		c.Hours[i] = duration(h)
	}
	return c
}

type matchDoc struct {
	Threshold     float64 `json:"threshold"`
	Model         string  `json:"threshold_model,omitempty"`
	Margin        float64 `json:"margin"`
	MinFacePixels int     `json:"min_face_pixels"`
	// Absent, with what follows, in records from before there were such settings.
	Doubt       *float64           `json:"doubt,omitempty"`
	Liveness    hajir.LivenessRule `json:"liveness,omitempty"`
	MinLiveness float64            `json:"min_liveness,omitempty"`
	Frames      int                `json:"frames,omitempty"`
	// Absent in records from before there was a challenge.
	Challenge hajir.ChallengeRule `json:"challenge,omitempty"`
}

func matchPolicy(doc matchDoc) hajir.MatchPolicy {
	p := hajir.DefaultMatchPolicy()
	p.Threshold, p.ThresholdModel, p.Margin, p.MinFacePixels = doc.Threshold, doc.Model, doc.Margin, doc.MinFacePixels
	if doc.Doubt != nil {
		p.Doubt, p.Liveness, p.MinLiveness, p.Frames = *doc.Doubt, doc.Liveness, doc.MinLiveness, doc.Frames
	}
	if doc.Challenge != "" {
		p.Challenge = doc.Challenge
	}
	return p
}

func storeMatch(p hajir.MatchPolicy) matchDoc {
	return matchDoc{
		Threshold: p.Threshold, Model: p.ThresholdModel, Margin: p.Margin, MinFacePixels: p.MinFacePixels,
		Doubt: &p.Doubt, Liveness: p.Liveness, MinLiveness: p.MinLiveness, Frames: p.Frames, Challenge: p.Challenge,
	}
}

// Company returns the company whose key is username.
func (db *DB) Company(ctx context.Context, username string) (hajir.Company, error) {
	doc, version, err := decode[companyDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Company_details WHERE Username = ?`, username), "company")
	return company(doc, version), err
}

func company(doc companyDoc, version int) hajir.Company {
	retention := hajir.DefaultRetentionDays
	if doc.RetentionDays != nil {
		retention = *doc.RetentionDays
	}
	c := hajir.Company{
		Username: doc.Username, Name: doc.Name, Email: doc.Email, TimeZone: doc.TimeZone,
		RepeatWindow: doc.RepeatWindow, Match: matchPolicy(doc.Match), Demo: doc.Demo, CreatedAt: doc.CreatedAt, Version: version,
		OptionalHolidays: doc.OptionalHolidays,
		RetentionDays:    retention, WeeklyOff: hajir.UsualWeeklyOff(doc.TimeZone), QueueBound: hajir.DefaultQueueBound,
		Dates:          hajir.DateStyle{Calendar: cmp.Or(doc.Calendar, hajir.Gregorian), Both: doc.Both},
		CorrectionDays: hajir.DefaultCorrectionDays, Close: hajir.DefaultClose(),
	}
	if doc.CorrectionDays != nil {
		c.CorrectionDays = *doc.CorrectionDays
	}
	if doc.Close != nil {
		c.Close = loadClose(*doc.Close)
	}
	c.Language, c.DigestHour = doc.Language, hajir.DefaultDigestHour
	if doc.DigestHour != nil {
		c.DigestHour = *doc.DigestHour
	}
	c.RefusalDays = hajir.DefaultRefusalDays
	if doc.RefusalDays != nil {
		c.RefusalDays = *doc.RefusalDays
	}
	if doc.WeeklyOff != nil {
		c.WeeklyOff = hajir.Weekdays(*doc.WeeklyOff) //nolint:gosec // seven bits were stored
	}
	if doc.QueueBound != nil {
		c.QueueBound = duration(*doc.QueueBound)
	}
	return c
}

// Companies returns every company, for the operator's commands and set-up.
func (db *DB) Companies(ctx context.Context) ([]hajir.Company, error) {
	var all []hajir.Company
	err := list(ctx, db, "companies", func(doc companyDoc, version int) { all = append(all, company(doc, version)) },
		`SELECT version, doc FROM Company_details ORDER BY Username`)
	return all, err
}

// SaveCompany stores c as the successor of c.Version.
func (db *DB) SaveCompany(ctx context.Context, c hajir.Company) error {
	off, bound := int(c.WeeklyOff), minutes(c.QueueBound)
	doc, err := encode(companyDoc{
		WeeklyOff: &off, QueueBound: &bound,
		Username: c.Username, Name: c.Name, Email: c.Email, TimeZone: c.TimeZone,
		RepeatWindow: c.RepeatWindow, Match: storeMatch(c.Match), Demo: c.Demo, CreatedAt: c.CreatedAt,
		RetentionDays: &c.RetentionDays, RefusalDays: &c.RefusalDays,
		OptionalHolidays: c.OptionalHolidays, Calendar: c.Dates.Calendar, Both: c.Dates.Both,
		CorrectionDays: &c.CorrectionDays, Close: storeClose(c.Close),
		Language: c.Language, DigestHour: &c.DigestHour,
	}, "company")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedCompanies.where(`Username = ?`, c.Username), "company", `
		INSERT INTO Company_details (Username, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Company_details WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		c.Username, c.Version, doc)
}

// DeleteCompany removes a company with everything that belongs to it, its audit
// log too. What was removed, and where that log ended, is told by the
// installation's.
func (db *DB) DeleteCompany(ctx context.Context, username string) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		if err := db.recordRemoval(ctx, tx, username); err != nil {
			return err
		}
		for _, stmt := range []string{
			`DELETE FROM Sessions WHERE Username IN (SELECT Username FROM Users WHERE company = ?)`,
			`DELETE FROM Two_factor WHERE Username IN (SELECT Username FROM Users WHERE company = ?)`,
			`DELETE FROM Passkeys WHERE Username IN (SELECT Username FROM Users WHERE company = ?)`,
			`DELETE FROM Users WHERE company = ?`,
			`DELETE FROM Password_resets WHERE company = ?`,
			`DELETE FROM Face_leftovers WHERE company = ?`,
			`DELETE FROM Face_templates WHERE company = ?`,
			`DELETE FROM Face_models WHERE company = ?`,
			`DELETE FROM Kiosk_details WHERE company = ?`,
			`DELETE FROM Employee_pins WHERE company = ?`,
			`DELETE FROM Failures WHERE company = ?`,
			`DELETE FROM Erasures WHERE company = ?`,
			`DELETE FROM Recognition_reviews WHERE company = ?`,
			`DELETE FROM Employee WHERE company = ?`,
			`DELETE FROM Day_corrections WHERE company = ?`,
			`DELETE FROM Day_closings WHERE company = ?`,
			`DELETE FROM Shift_roster WHERE company = ?`,
			`DELETE FROM Shift_assignments WHERE company = ?`,
			`DELETE FROM Shift_details WHERE company = ?`,
			`DELETE FROM Calendar_feeds WHERE company = ?`,
			`DELETE FROM Holiday_choices WHERE company = ?`,
			`DELETE FROM Events_records WHERE companyusername = ?`,
			`DELETE FROM Leave_requests WHERE company = ?`,
			`DELETE FROM Leave_types WHERE company = ?`,
			`DELETE FROM Leave_ledger WHERE company = ?`,
			`DELETE FROM Leave_accounts WHERE company = ?`,
			`DELETE FROM Leave_delegates WHERE company = ?`,
			`DELETE FROM Leave_settings WHERE company = ?`,
			`DELETE FROM Questions WHERE company = ?`,
			`DELETE FROM Question_settings WHERE company = ?`,
			`DELETE FROM Webhooks WHERE company = ?`,
			`DELETE FROM Webhook_attempts WHERE company = ?`,
			`DELETE FROM Slack_messages WHERE company = ?`,
			`DELETE FROM Slack_links WHERE company = ?`,
			`DELETE FROM Slack_details WHERE company = ?`,
			`DELETE FROM Deliveries WHERE company = ?`,
			`DELETE FROM Notice_wants WHERE company = ?`,
			`DELETE FROM Payroll_mappings WHERE company = ?`,
			`DELETE FROM Imports WHERE company = ?`,
			`DELETE FROM Mail_choices WHERE company = ?`,
			`DELETE FROM Mail_piles WHERE company = ?`,
			`DELETE FROM Alarm_silences WHERE company = ?`,
			`DELETE FROM Employee_details WHERE company = ?`,
			`DELETE FROM Employee_presignup WHERE company = ?`,
			`DELETE FROM Company_details WHERE Username = ?`,
			`DELETE FROM Audit_log WHERE company = ?`, // which it lets go once there is no such company
		} {
			if _, err := tx.ExecContext(ctx, stmt, username); err != nil {
				return fmt.Errorf("delete company: %w", err)
			}
		}
		return nil
	})
}

// recordRemoval notes a company's removal, if there is one.
func (db *DB) recordRemoval(ctx context.Context, tx *sql.Tx, username string) error {
	rows, err := db.snapshot(ctx, tx, auditedCompanies.where(`Username = ?`, username))
	if err != nil {
		return err
	}
	head, err := auditHead(tx.QueryRowContext(ctx, auditEnd, username))
	if err != nil {
		return err
	}
	for subject, row := range rows {
		before, _, err := auditedCompanies.Differ(row.doc, nil)
		if err != nil {
			return fmt.Errorf("audit company: %w", err)
		}
		after, err := encode(map[string]string{"audit_head": head.String()}, "audit head")
		if err != nil {
			return err
		}
		e := hajir.Event{Action: hajir.ActionDelete, Subject: subject, Before: before, After: json.RawMessage(after)}
		if err := db.append(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}
