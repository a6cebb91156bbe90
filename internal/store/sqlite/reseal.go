package sqlite

import (
	"context"
	"fmt"
)

// SealedTables are the tables that have a column "sealed". Reseal does each of
// them.
func SealedTables() []string {
	return []string{"Employee_details", "Employee_pins", "Employee_presignup", "Face_templates", "Questions", "Slack_details", "Two_factor", "Webhooks"}
}

// Reseal encrypts every sealed column anew, with the newest key.
func (db *DB) Reseal(ctx context.Context) error {
	if err := db.resealTemplates(ctx); err != nil {
		return err
	}
	if err := db.resealSecondFactors(ctx); err != nil {
		return err
	}
	if err := db.resealPINs(ctx); err != nil {
		return err
	}
	if err := resealEach(ctx, db, `SELECT questionid FROM Questions WHERE sealed IS NOT NULL`, db.Question, db.SaveQuestion); err != nil {
		return err
	}
	if err := resealEach(ctx, db, `SELECT webhookid FROM Webhooks`, db.Webhook, db.SaveWebhook); err != nil {
		return err
	}
	if err := db.resealSlack(ctx); err != nil {
		return err
	}
	return db.resealPhones(ctx)
}

func (db *DB) resealPhones(ctx context.Context) error {
	err := resealEach(ctx, db, `SELECT Username FROM Employee_details WHERE sealed IS NOT NULL`, db.Employee, db.SaveEmployee)
	if err != nil {
		return err
	}
	return resealEach(ctx, db, `SELECT Username FROM Employee_presignup WHERE sealed IS NOT NULL`, db.Invitation, db.SaveInvitation)
}

// resealEach loads and saves every record whose key query selects.
func resealEach[T any](
	ctx context.Context, db *DB, query string, load func(context.Context, string) (T, error), save func(context.Context, T) error,
) error {
	keys, err := db.column(ctx, query)
	if err != nil {
		return err
	}
	for _, key := range keys {
		record, err := load(ctx, key)
		if err != nil {
			return err
		}
		if err := save(ctx, record); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) resealPINs(ctx context.Context) error {
	return resealEach(ctx, db, `SELECT Username FROM Employee_pins`, db.PIN, db.SavePIN)
}

func (db *DB) resealTemplates(ctx context.Context) error {
	companies, err := db.Companies(ctx)
	if err != nil {
		return err
	}
	for _, c := range companies {
		templates, err := db.Templates(ctx, c.Username)
		if err != nil {
			return err
		}
		for _, t := range templates {
			if err := db.SaveTemplate(ctx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

func (db *DB) resealSecondFactors(ctx context.Context) error {
	return resealEach(ctx, db, `SELECT Username FROM Two_factor`, db.SecondFactor, db.SaveSecondFactor)
}

// column returns the one column of text that query selects.
func (db *DB) column(ctx context.Context, query string) ([]string, error) {
	rows, err := db.read.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("select: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	var all []string
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, fmt.Errorf("scan: %w", err)
		}
		all = append(all, s)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return all, nil
}
