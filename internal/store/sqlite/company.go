package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Company returns the company whose key is username.
func (db *DB) Company(ctx context.Context, username string) (hajir.Company, error) {
	doc, version, err := decode[record.Company](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Company_details WHERE Username = ?`, username), "company")
	return doc.Load(version), err
}

// Companies returns every company, for the operator's commands and set-up.
func (db *DB) Companies(ctx context.Context) ([]hajir.Company, error) {
	var all []hajir.Company
	err := list(ctx, db, "companies", func(doc record.Company, version int) { all = append(all, doc.Load(version)) },
		`SELECT version, doc FROM Company_details ORDER BY Username`)
	return all, err
}

// SaveCompany stores c as the successor of c.Version.
func (db *DB) SaveCompany(ctx context.Context, c hajir.Company) error {
	doc, err := encode(record.StoreCompany(c), "company")
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
