package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// audited is a table of which every change is an entry of the audit log. A
// statement that changes it is run by saveAudited or execAudited, and the entry
// is written in the same transaction.
type audited struct {
	table string
	// rows selects company, key, person and the rest as JSON, without WHERE;
	// with phone also the sealed phone number.
	rows string
	// phone returns the row that the phone number is sealed for. It is opened to
	// see whether it changed, and the log tells no more than that.
	phone func(company, username string) string
	// notices says what happened, to be told to whoever wants it; nil for nothing.
	notices noticing
	hajir.Redaction
}

// The audited tables. What is sealed is not selected: that it changed shows in
// the fields beside it, such as when it was set.
var (
	auditedCompanies = audited{
		table: "Company_details",
		rows:  `SELECT Username, Username, '', doc FROM Company_details`,
	}
	auditedEmployees = audited{
		table: "Employee_details",
		rows:  `SELECT company, Username, Username, doc, sealed FROM Employee_details`,
		phone: employeeRow,
		// What scores come to is nobody's change.
		Redaction: hajir.Redaction{Hidden: []string{"joined_by", "phone"}, Silent: []string{"renewal"}},
	}
	auditedInvitations = audited{
		table: "Employee_presignup",
		rows:  `SELECT company, Username, Username, doc, sealed FROM Employee_presignup`,
		phone: invitationRow,

		notices: noticed(invitation, hajir.InvitationNotices),
		// What becomes of the mail, and that somebody looks at the link, is
		// nobody's change.
		Redaction: hajir.Redaction{Hidden: []string{"phone"}, Silent: []string{"mail", "begun_at"}},
	}
	auditedDays = audited{
		table: "Employee",
		rows:  `SELECT company, Name || '/' || Date, Name, doc FROM Employee`,
	}
	auditedTemplates = audited{
		table: "Face_templates",
		rows: `SELECT company, faceid, username, json_object('face_id', faceid, 'model', models, 'indexed_at', indexed)
			FROM (SELECT company, username, faceid, group_concat(model, ', ' ORDER BY model) AS models, min(indexed) AS indexed
				FROM Face_templates GROUP BY company, username, faceid)`,
	}
	auditedModels = audited{
		table: "Face_models",
		rows:  `SELECT company, company, '', doc FROM Face_models`,
		// Who works at a change, and until when that holds, is nobody's change.
		Redaction: hajir.Redaction{Silent: []string{"worker", "work_until"}},
	}
	auditedUsers = audited{
		table: "Users",
		rows:  `SELECT company, Username, Username, doc FROM Users`,
	}
	auditedSessions = audited{
		table:     "Sessions",
		rows:      `SELECT u.company, s.id, s.Username, s.doc FROM Sessions s JOIN Users u ON u.Username = s.Username`,
		Redaction: hajir.Redaction{Silent: []string{"current", "previous", "rotated_at", "expires_at"}},
	}
	auditedSecondFactors = audited{
		table: "Two_factor",
		rows: `SELECT u.company, f.Username, f.Username, json_object('confirmed_at', f.doc ->> 'confirmed_at',
				'recovery_codes', coalesce(json_array_length(f.doc, '$.recovery'), 0))
			FROM Two_factor f JOIN Users u ON u.Username = f.Username`,
	}
	auditedPasskeys = audited{
		table: "Passkeys",
		rows: `SELECT u.company, p.credentialid, p.Username, p.doc
			FROM Passkeys p JOIN Users u ON u.Username = p.Username`,
		// That one signs in with it is an entry of its own.
		Redaction: hajir.Redaction{
			Hidden: []string{"public_key", "account"}, Silent: []string{"counter", "used_at", "synced", "syncable", "transports"},
		},
	}
	auditedResets = audited{
		table:     "Password_resets",
		rows:      `SELECT company, Username, Username, doc FROM Password_resets`,
		Redaction: hajir.Redaction{Hidden: []string{"account"}},
	}
	auditedErasures = audited{
		table:   "Erasures",
		rows:    `SELECT company, Username || '/' || number, Username, doc FROM Erasures`,
		notices: noticed(erasure, hajir.ErasureNotices),
	}
	auditedReviews = audited{
		table: "Recognition_reviews",
		rows:  `SELECT company, id, username, doc FROM Recognition_reviews`,
	}
	auditedShifts = audited{
		table: "Shift_details",
		rows:  `SELECT company, id, '', doc FROM Shift_details`,
	}
	auditedAssignments = audited{
		table: "Shift_assignments",
		rows:  `SELECT company, subject || '/' || fromdate, '', doc FROM Shift_assignments`,
	}
	auditedRoster = audited{
		table: "Shift_roster",
		rows:  `SELECT company, Username || '/' || Date, Username, doc FROM Shift_roster`,
	}
	auditedLeave = audited{
		table: "Leave_requests",
		rows:  `SELECT company, leaveid, employeeusername, doc FROM Leave_requests`,

		notices: noticed(leaveRequest, hajir.LeaveNotices),
	}
	auditedLeaveTypes = audited{
		table: "Leave_types",
		rows:  `SELECT company, typeid, '', doc FROM Leave_types`,
	}
	auditedLeaveSettings = audited{
		table: "Leave_settings",
		rows:  `SELECT company, company, '', doc FROM Leave_settings`,
	}
	auditedDelegates = audited{
		table: "Leave_delegates",
		rows:  `SELECT company, managerusername, managerusername, doc FROM Leave_delegates`,
	}
	// Who asked is sealed, and what people wrote can be deleted for good only if
	// the log does not keep it.
	auditedQuestions = audited{
		table:     "Questions",
		rows:      `SELECT company, questionid, askerusername, doc FROM Questions`,
		notices:   noticed(question, hajir.QuestionNotices),
		Redaction: hajir.Redaction{Hidden: []string{"text"}, Silent: []string{"told", "told_at", "mail"}},
	}
	auditedQuestionSettings = audited{
		table: "Question_settings",
		rows:  `SELECT company, company, '', doc FROM Question_settings`,
	}
	auditedCorrections = audited{
		table: "Day_corrections",
		rows:  `SELECT company, Username || '/' || Date, Username, doc FROM Day_corrections`,

		notices: noticed(dayCorrections, hajir.CorrectionNotices),
	}
	auditedPayroll = audited{
		table: "Payroll_mappings",
		rows:  `SELECT company, mappingid, '', doc FROM Payroll_mappings`,
	}
	auditedOccasions = audited{
		table: "Events_records",
		rows:  `SELECT companyusername, date, CASE doc ->> 'scope' WHEN 'person' THEN doc ->> 'subject' ELSE '' END, doc FROM Events_records`,
	}
	auditedChoices = audited{
		table: "Holiday_choices",
		rows:  `SELECT company, Username, Username, doc FROM Holiday_choices`,
	}
	auditedFeeds = audited{ // not the hash: that it is another link shows in when it was made
		table: "Calendar_feeds",
		rows:  `SELECT company, Username || '/' || kind, Username, doc FROM Calendar_feeds`,
	}
	auditedMailChoices = audited{
		table: "Mail_choices",
		rows:  `SELECT company, Username, Username, doc FROM Mail_choices`,
	}
	auditedImports = audited{
		table: "Imports",
		rows:  `SELECT company, importid, '', doc FROM Imports`,
		// How far it has come is nobody's change.
		Redaction: hajir.Redaction{Silent: []string{"done", "seen_at"}},
	}
	auditedWebhooks = audited{
		table:   "Webhooks",
		rows:    `SELECT company, webhookid, '', doc FROM Webhooks`,
		notices: noticed(webhook, hajir.WebhookNotices),
		// That it fails, or does again, is nobody's change; that it is turned off is one.
		Redaction: hajir.Redaction{Silent: []string{"failing_since"}},
	}
	auditedSilences = audited{
		table: "Alarm_silences",
		rows:  `SELECT company, name, '', doc FROM Alarm_silences`,
	}
	auditedKiosks = audited{
		table: "Kiosk_details",
		rows:  `SELECT company, Username, Username, doc FROM Kiosk_details`,
	}
	// The digest of the day is nobody's change.
	auditedSlack = audited{
		table:     "Slack_details",
		rows:      `SELECT company, company, '', doc FROM Slack_details`,
		Redaction: hajir.Redaction{Silent: []string{"digested"}},
	}
	auditedSlackLinks = audited{
		table: "Slack_links",
		rows:  `SELECT company, Username, Username, doc FROM Slack_links`,
	}
	auditedPINs = audited{
		table: "Employee_pins",
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
		names = append(names, a.table)
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
		if of.notices != nil {
			notices, err := of.notices(before[e.Subject].doc, after[e.Subject].doc)
			if err != nil {
				return fmt.Errorf("notices of %s: %w", of.table, err)
			}
			if err := db.tell(ctx, tx, notices); err != nil {
				return err
			}
		}
		if e.Before, e.After, err = of.Differ(before[e.Subject].doc, after[e.Subject].doc); err != nil {
			return fmt.Errorf("audit %s: %w", of.table, err)
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
		return nil, fmt.Errorf("audit %s: %w", of.table, err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	all := snapshot{}
	for rows.Next() {
		subject, row, sealed := hajir.Subject{Table: of.table}, auditedRow{}, []byte(nil)
		columns := []any{&row.company, &subject.Key, &subject.Person, &row.doc}
		if of.phone != nil {
			columns = append(columns, &sealed)
		}
		if err := rows.Scan(columns...); err != nil {
			return nil, fmt.Errorf("audit %s: %w", of.table, err)
		}
		if sealed != nil {
			if row.doc, err = db.withPhone(row.doc, sealed, of.phone(row.company, subject.Key)); err != nil {
				return nil, fmt.Errorf("audit %s: %w", of.table, err)
			}
		}
		all[subject] = row
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("audit %s: %w", of.table, err)
	}
	return all, nil
}

// withPhone adds a sealed phone number to what is compared.
func (db *DB) withPhone(doc, sealed []byte, row string) ([]byte, error) {
	phone, err := db.openText(sealed, row)
	if err != nil {
		return nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(doc, &fields); err != nil {
		return nil, err
	}
	if fields["phone"], err = json.Marshal(phone); err != nil {
		return nil, err
	}
	return json.Marshal(fields)
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
		e.Company, db.now().Add(-e.Once).UTC().Format(timeFormat), act.Actor.Username, act.Operation,
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
		entry.Company, entry.Seq, entry.At.Format(timeFormat), doc)
	if err != nil {
		return fmt.Errorf("append to the audit log: %w", err)
	}
	return nil
}
