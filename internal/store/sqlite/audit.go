package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/record"
)

// audited is a table of which every change is an entry of the audit log. A
// statement that changes it is run by saveAudited or execAudited, and the entry
// is written in the same transaction.
type audited struct {
	record.Audit
	// rows selects company, key, person and the rest as JSON, without WHERE;
	// with phone also the sealed phone number.
	rows string
	// phone returns the row that the phone number is sealed for. It is opened to
	// see whether it changed, and the log tells no more than that.
	phone func(company, username string) string
}

// The audited tables. What is sealed is not selected: that it changed shows in
// the fields beside it, such as when it was set.
var (
	auditedCompanies = audited{
		Audit: record.AuditedCompanies,
		rows:  `SELECT Username, Username, '', doc FROM Company_details`,
	}
	auditedEmployees = audited{
		Audit: record.AuditedEmployees,
		rows:  `SELECT company, Username, Username, doc, sealed FROM Employee_details`,
		phone: record.EmployeeRow,
	}
	auditedInvitations = audited{
		Audit: record.AuditedInvitations,
		rows:  `SELECT company, Username, Username, doc, sealed FROM Employee_presignup`,
		phone: record.InvitationRow,
	}
	auditedDays = audited{
		Audit: record.AuditedDays,
		rows:  `SELECT company, Name || '/' || Date, Name, doc FROM Employee`,
	}
	auditedTemplates = audited{
		Audit: record.AuditedTemplates,
		rows: `SELECT company, faceid, username, json_object('face_id', faceid, 'model', models, 'indexed_at', indexed)
			FROM (SELECT company, username, faceid, group_concat(model, ', ' ORDER BY model) AS models, min(indexed) AS indexed
				FROM Face_templates GROUP BY company, username, faceid)`,
	}
	auditedModels = audited{
		Audit: record.AuditedModels,
		rows:  `SELECT company, company, '', doc FROM Face_models`,
	}
	auditedUsers = audited{
		Audit: record.AuditedUsers,
		rows:  `SELECT company, Username, Username, doc FROM Users`,
	}
	auditedSessions = audited{
		Audit: record.AuditedSessions,
		rows:  `SELECT u.company, s.id, s.Username, s.doc FROM Sessions s JOIN Users u ON u.Username = s.Username`,
	}
	auditedSecondFactors = audited{
		Audit: record.AuditedSecondFactors,
		rows: `SELECT u.company, f.Username, f.Username, json_object('confirmed_at', f.doc ->> 'confirmed_at',
				'recovery_codes', coalesce(json_array_length(f.doc, '$.recovery'), 0))
			FROM Two_factor f JOIN Users u ON u.Username = f.Username`,
	}
	auditedPasskeys = audited{
		Audit: record.AuditedPasskeys,
		rows: `SELECT u.company, p.credentialid, p.Username, p.doc
			FROM Passkeys p JOIN Users u ON u.Username = p.Username`,
	}
	auditedResets = audited{
		Audit: record.AuditedResets,
		rows:  `SELECT company, Username, Username, doc FROM Password_resets`,
	}
	auditedErasures = audited{
		Audit: record.AuditedErasures,
		rows:  `SELECT company, Username || '/' || number, Username, doc FROM Erasures`,
	}
	auditedReviews = audited{
		Audit: record.AuditedReviews,
		rows:  `SELECT company, id, username, doc FROM Recognition_reviews`,
	}
	auditedShifts = audited{
		Audit: record.AuditedShifts,
		rows:  `SELECT company, id, '', doc FROM Shift_details`,
	}
	auditedAssignments = audited{
		Audit: record.AuditedAssignments,
		rows:  `SELECT company, subject || '/' || fromdate, '', doc FROM Shift_assignments`,
	}
	auditedRoster = audited{
		Audit: record.AuditedRoster,
		rows:  `SELECT company, Username || '/' || Date, Username, doc FROM Shift_roster`,
	}
	auditedLeave = audited{
		Audit: record.AuditedLeave,
		rows:  `SELECT company, leaveid, employeeusername, doc FROM Leave_requests`,
	}
	auditedLeaveTypes = audited{
		Audit: record.AuditedLeaveTypes,
		rows:  `SELECT company, typeid, '', doc FROM Leave_types`,
	}
	auditedLeaveSettings = audited{
		Audit: record.AuditedLeaveSettings,
		rows:  `SELECT company, company, '', doc FROM Leave_settings`,
	}
	auditedDelegates = audited{
		Audit: record.AuditedDelegates,
		rows:  `SELECT company, managerusername, managerusername, doc FROM Leave_delegates`,
	}
	auditedQuestions = audited{
		Audit: record.AuditedQuestions,
		rows:  `SELECT company, questionid, askerusername, doc FROM Questions`,
	}
	auditedQuestionSettings = audited{
		Audit: record.AuditedQuestionSettings,
		rows:  `SELECT company, company, '', doc FROM Question_settings`,
	}
	auditedCorrections = audited{
		Audit: record.AuditedCorrections,
		rows:  `SELECT company, Username || '/' || Date, Username, doc FROM Day_corrections`,
	}
	auditedPayroll = audited{
		Audit: record.AuditedPayroll,
		rows:  `SELECT company, mappingid, '', doc FROM Payroll_mappings`,
	}
	auditedOccasions = audited{
		Audit: record.AuditedOccasions,
		rows:  `SELECT companyusername, date, CASE doc ->> 'scope' WHEN 'person' THEN doc ->> 'subject' ELSE '' END, doc FROM Events_records`,
	}
	auditedChoices = audited{
		Audit: record.AuditedChoices,
		rows:  `SELECT company, Username, Username, doc FROM Holiday_choices`,
	}
	auditedFeeds = audited{
		Audit: record.AuditedFeeds,
		rows:  `SELECT company, Username || '/' || kind, Username, doc FROM Calendar_feeds`,
	}
	auditedMailChoices = audited{
		Audit: record.AuditedMailChoices,
		rows:  `SELECT company, Username, Username, doc FROM Mail_choices`,
	}
	auditedImports = audited{
		Audit: record.AuditedImports,
		rows:  `SELECT company, importid, '', doc FROM Imports`,
	}
	auditedWebhooks = audited{
		Audit: record.AuditedWebhooks,
		rows:  `SELECT company, webhookid, '', doc FROM Webhooks`,
	}
	auditedSilences = audited{
		Audit: record.AuditedSilences,
		rows:  `SELECT company, name, '', doc FROM Alarm_silences`,
	}
	auditedKiosks = audited{
		Audit: record.AuditedKiosks,
		rows:  `SELECT company, Username, Username, doc FROM Kiosk_details`,
	}
	auditedSlack = audited{
		Audit: record.AuditedSlack,
		rows:  `SELECT company, company, '', doc FROM Slack_details`,
	}
	auditedSlackLinks = audited{
		Audit: record.AuditedSlackLinks,
		rows:  `SELECT company, Username, Username, doc FROM Slack_links`,
	}
	auditedPINs = audited{
		Audit: record.AuditedPINs,
		rows:  `SELECT company, Username, Username, json_object('set_at', setat) FROM Employee_pins`,
	}
)

// AuditedTables lists the audited tables.
func AuditedTables() []string {
	var names []string
	for _, a := range []audited{
		auditedCompanies, auditedEmployees, auditedInvitations, auditedDays, auditedTemplates, auditedModels,
		auditedUsers, auditedSessions, auditedSecondFactors, auditedPasskeys, auditedResets,
		auditedErasures, auditedReviews, auditedKiosks, auditedPINs, auditedShifts, auditedAssignments, auditedRoster,
		auditedLeave, auditedLeaveTypes, auditedLeaveSettings, auditedDelegates, auditedCorrections, auditedPayroll,
		auditedOccasions, auditedChoices, auditedFeeds, auditedImports, auditedMailChoices,
		auditedQuestions, auditedQuestionSettings, auditedSlack, auditedSlackLinks, auditedWebhooks, auditedSilences,
	} {
		names = append(names, a.Table)
	}
	slices.Sort(names)
	return names
}

// UnauditedTables says of every other table why it is not audited.
func UnauditedTables() map[string]string {
	return map[string]string{
		"Alarms":                "what the installation's own metrics come to, which nobody sets",
		"Alarm_history":         "what they came to before",
		"Audit_log":             "it is the log",
		"Company_presignup":     "a wish of somebody who is not known yet, for a day; the company that it becomes is audited",
		"Day_closings":          "what was found when a date was closed follows from its days; a guess that it leaves with a day is an entry",
		"Deliveries":            "what waits to be delivered follows from changes that are told; that somebody sends it again is an entry",
		"Webhook_attempts":      "a log itself: what was posted and answered, for some days",
		"Notice_wants":          "it follows from what the channels are told to deliver, which is audited",
		"Face_leftovers":        "what was found when faces were changed to another model, which nobody sets",
		"Failures":              "counts of wrong tries, which nobody sets",
		"Kiosk_pairings":        "a device that waits belongs to no company; the account that it is given is audited",
		"Used_challenges":       "answered questions, which are random and expire in minutes",
		"Mail_piles":            "what waits to be told follows from what has happened, which is audited",
		"Leave_accounts":        "what is booked follows from requests and ledger",
		"Leave_ledger":          "it is a ledger itself: lines are added with their cause and who, and never changed",
		"Questions_fts":         "an index over the words of Questions, kept by triggers",
		"Questions_fts_config":  "a part of that index",
		"Questions_fts_content": "a part of that index",
		"Questions_fts_data":    "a part of that index",
		"Questions_fts_docsize": "a part of that index",
		"Questions_fts_idx":     "a part of that index",
		"Slack_messages":        "where a message lies that is changed when somebody decides, which is an entry",
		"Tries":                 "counts of wrong tries, which nobody sets; a failed sign-in is an entry of its own",
		"goose_db_version":      "the schema's version",
	}
}

// records are the rows of an audited table that a statement is about to change.
type records struct {
	audited
	where string
	args  []any
}

func (a audited) where(condition string, args ...any) records {
	return records{audited: a, where: condition, args: args}
}

// saveAudited is save for records of an audited table.
func (db *DB) saveAudited(ctx context.Context, of records, what, query string, args ...any) error {
	return db.audit(ctx, of, func(tx *sql.Tx) error { return save(ctx, tx, what, query, args...) })
}

// execAudited is exec for records of an audited table.
func (db *DB) execAudited(ctx context.Context, of records, what, query string, args ...any) error {
	return db.audit(ctx, of, func(tx *sql.Tx) error { return exec(ctx, tx, what, query, args...) })
}

// audit runs a change and appends an entry for each of the records that is not
// as it was before. Either all of it is stored or nothing.
func (db *DB) audit(ctx context.Context, of records, change func(*sql.Tx) error) error {
	return db.transact(ctx, func(tx *sql.Tx) error { return db.auditIn(ctx, tx, of, change) })
}

// auditIn is audit within a transaction.
func (db *DB) auditIn(ctx context.Context, tx *sql.Tx, of records, change func(*sql.Tx) error) error {
	before, err := db.snapshot(ctx, tx, of)
	if err != nil {
		return err
	}
	if err := change(tx); err != nil {
		return err
	}
	after, err := db.snapshot(ctx, tx, of)
	if err != nil {
		return err
	}
	for _, e := range of.events(before, after) {
		if of.Notices != nil {
			notices, err := of.Notices(before[e.Subject].doc, after[e.Subject].doc)
			if err != nil {
				return fmt.Errorf("notices of %s: %w", of.Table, err)
			}
			if err := db.tell(ctx, tx, notices); err != nil {
				return err
			}
		}
		if e.Before, e.After, err = of.Differ(before[e.Subject].doc, after[e.Subject].doc); err != nil {
			return fmt.Errorf("audit %s: %w", of.Table, err)
		}
		if e.Before == nil && e.After == nil {
			continue
		}
		if err := db.append(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// snapshot holds audited rows by what they are.
type snapshot map[hajir.Subject]auditedRow

type auditedRow struct {
	company string
	doc     []byte
}

// events says what became of each row, in a fixed order.
func (of records) events(before, after snapshot) []hajir.Event {
	var all []hajir.Event
	for subject, row := range before {
		action := hajir.ActionDelete
		if _, stays := after[subject]; stays {
			action = hajir.ActionChange
		}
		all = append(all, hajir.Event{Company: row.company, Action: action, Subject: subject})
	}
	for subject, row := range after {
		if _, known := before[subject]; !known {
			all = append(all, hajir.Event{Company: row.company, Action: hajir.ActionCreate, Subject: subject})
		}
	}
	slices.SortFunc(all, func(a, b hajir.Event) int {
		return strings.Compare(a.Subject.Key, b.Subject.Key)
	})
	return all
}

func (db *DB) snapshot(ctx context.Context, tx *sql.Tx, of records) (snapshot, error) {
	rows, err := tx.QueryContext(ctx, of.rows+" WHERE "+of.where, of.args...)
	if err != nil {
		return nil, fmt.Errorf("audit %s: %w", of.Table, err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	all := snapshot{}
	for rows.Next() {
		subject, row, sealed := hajir.Subject{Table: of.Table}, auditedRow{}, []byte(nil)
		columns := []any{&row.company, &subject.Key, &subject.Person, &row.doc}
		if of.phone != nil {
			columns = append(columns, &sealed)
		}
		if err := rows.Scan(columns...); err != nil {
			return nil, fmt.Errorf("audit %s: %w", of.Table, err)
		}
		if sealed != nil {
			if row.doc, err = db.withPhone(row.doc, sealed, of.phone(row.company, subject.Key)); err != nil {
				return nil, fmt.Errorf("audit %s: %w", of.Table, err)
			}
		}
		all[subject] = row
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("audit %s: %w", of.Table, err)
	}
	return all, nil
}

// withPhone adds a sealed phone number to what is compared.
func (db *DB) withPhone(doc, sealed []byte, row string) ([]byte, error) {
	phone, err := db.openText(sealed, row)
	if err != nil {
		return nil, err
	}
	return record.WithPhone(doc, phone)
}

// Record appends an event that changed no record.
func (db *DB) Record(ctx context.Context, e hajir.Event) error {
	return db.transact(ctx, func(tx *sql.Tx) error {
		if e.Once > 0 {
			known, err := db.recorded(ctx, tx, e)
			if err != nil || known {
				return err
			}
		}
		return db.append(ctx, tx, e)
	})
}

// recorded says whether the actor's same event is in the log already, and is
// not older than e.Once.
func (db *DB) recorded(ctx context.Context, tx *sql.Tx, e hajir.Event) (bool, error) {
	act := identity.ActOf(ctx)
	var known bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (
		SELECT 1 FROM Audit_log INDEXED BY Audit_log_at WHERE company = ? AND at > ?
		AND doc ->> '$.actor.username' = ? AND doc ->> '$.operation' = ?
		AND doc ->> '$.action' = ? AND doc ->> '$.subject.table' = ? AND doc ->> '$.subject.key' = ?)`,
		e.Company, db.now().Add(-e.Once).UTC().Format(record.TimeFormat), act.Actor.Username, act.Operation,
		e.Action, e.Subject.Table, e.Subject.Key).Scan(&known)
	if err != nil {
		return false, fmt.Errorf("select audit entry: %w", err)
	}
	return known, nil
}

// append writes e at the end of its company's chain: done by whom, by which
// operation and from where ctx says.
func (db *DB) append(ctx context.Context, tx *sql.Tx, e hajir.Event) error {
	head, err := auditHead(tx.QueryRowContext(ctx, auditEnd, e.Company))
	if err != nil {
		return err
	}
	act, client := identity.ActOf(ctx), identity.ClientOf(ctx)
	entry, err := head.Next(hajir.AuditEntry{
		Company: e.Company, At: db.now(), Actor: act.Actor, Address: client.Address, Device: client.Device,
		Operation: act.Operation, Function: act.Function, Action: e.Action, Subject: e.Subject, Before: e.Before, After: e.After,
	})
	if err != nil {
		return err
	}
	doc, err := encode(entry, "audit entry")
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO Audit_log (company, seq, at, doc) VALUES (?, ?, ?, ?)`,
		entry.Company, entry.Seq, entry.At.Format(record.TimeFormat), doc)
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	return nil
}
