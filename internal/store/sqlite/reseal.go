package sqlite

import (
	"context"
	"fmt"
)

// SealedTables are the tables that have a column "sealed". Reseal does each of
// them.
func SealedTables() []string { return []string{"Employee_pins", "Face_templates", "Two_factor"} }

// Reseal encrypts every sealed column anew, with the newest key.
func (db *DB) Reseal(ctx context.Context) error {
	if err := db.resealTemplates(ctx); err != nil {
		return err
	}
	if err := db.resealSecondFactors(ctx); err != nil {
		return err
	}
	return db.resealPINs(ctx)
}

func (db *DB) resealPINs(ctx context.Context) error {
	usernames, err := db.column(ctx, `SELECT Username FROM Employee_pins`)
	if err != nil {
		return err
	}
	for _, username := range usernames {
		p, err := db.PIN(ctx, username)
		if err != nil {
			return err
		}
		if err := db.SavePIN(ctx, p); err != nil {
			return err
		}
	}
	return nil
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
	usernames, err := db.column(ctx, `SELECT Username FROM Two_factor`)
	if err != nil {
		return err
	}
	for _, username := range usernames {
		f, err := db.SecondFactor(ctx, username)
		if err != nil {
			return err
		}
		if err := db.SaveSecondFactor(ctx, f); err != nil {
			return err
		}
	}
	return nil
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
