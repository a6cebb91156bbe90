package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// Closing returns how a company's date was closed; at Version 0 it was not.
func (db *DB) Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error) {
	c, err := one[record.ClosedDate](ctx, db, "closing", dayClosings, company, date)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.ClosedDate{Company: company, Date: date}, nil
	}
	return c, err
}

// Closings returns how a company's dates from–to were closed, in order; dates
// that were not are left out.
func (db *DB) Closings(ctx context.Context, company, from, to string) ([]hajir.ClosedDate, error) {
	return listOf[record.ClosedDate](ctx, db, "closings", query{table: dayClosings, hash: company, least: from, most: to})
}

// LastClosed returns the last of a company's dates that was closed; "" is none.
func (db *DB) LastClosed(ctx context.Context, company string) (string, error) {
	last, err := listOf[record.ClosedDate](ctx, db, "closings", query{table: dayClosings, hash: company, down: true, limit: 1})
	if len(last) == 0 {
		return "", err
	}
	return last[0].Date, err
}

// SaveClosing stores c as the successor of c.Version.
func (db *DB) SaveClosing(ctx context.Context, c hajir.ClosedDate) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		was, _, err := t.save(ctx, "closing", row{table: dayClosings, hash: c.Company, sort: c.Date, version: c.Version, doc: record.StoreClosedDate(c)})
		if err != nil {
			return err
		}
		var before record.ClosedDate
		if was.doc != nil {
			if before, err = decode[record.ClosedDate](was, "closing"); err != nil {
				return err
			}
		}
		t.notices = hajir.ClosingNotices(before.Load(was.version), c)
		return nil
	})
}
