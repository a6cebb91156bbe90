package doctor

import (
	"context"
	"errors"
	"fmt"

	"hajir/internal/hajir"
)

// Records is the database.
type Records interface {
	Check(ctx context.Context) error
	QuickCheck(ctx context.Context) error
	// Migrations returns the newest migration that was applied, and the newest
	// that the program knows.
	Migrations(ctx context.Context) (have, want int64, err error)
	AuditChains(ctx context.Context) ([]string, error)
	AuditHead(ctx context.Context, company string) (hajir.AuditHead, error)
	Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error)
}

const restore = "Stop the server, keep a copy of the data directory, and restore the last sound moment: docs/backup.md."

// Database checks the pages of the database and its schema; full looks at every
// index entry, too. open returns the database.
func Database(open func(context.Context) (Records, error), full bool) Check {
	return Check{"database", func(ctx context.Context, c *Chart) {
		const why = "The database holds every punch."
		db, err := open(ctx)
		if err != nil {
			c.Fail("database.open", "The database does not open: "+err.Error(), why, restore)
			return
		}
		have, want, err := db.Migrations(ctx)
		switch {
		case err != nil:
			c.Fail("database.schema", "The schema's version could not be read: "+err.Error(), why, restore)
		case have > want:
			c.Fail("database.schema", fmt.Sprintf("The database is of a newer version of Hajir (schema %d; this one knows %d).", have, want), why, "Run the newer version.")
		case have < want:
			c.Warn("database.schema", fmt.Sprintf("The schema is %d, and this version's is %d.", have, want), "Commands bring it up to date before they do anything.", "Start the server of this version once.")
		default:
			c.OK("database.schema", "The schema is up to date (%d).", have)
		}
		how, look := "every page", db.QuickCheck
		if full {
			how, look = "every page and every index", db.Check
		}
		c.Working("looking at " + how)
		if err := look(ctx); err != nil {
			c.Fail("database.integrity", err.Error(), why, restore)
			return
		}
		c.OK("database.integrity", "The database is sound: %s was looked at.", how)
	}}
}

// recent is how many entries of each audit log are checked, unless all are.
const recent = 5_000

// auditPage is how many entries are read at once.
const auditPage = 500

// Audit checks the newest entries of each audit log, or all.
func Audit(open func(context.Context) (Records, error), full bool) Check {
	return Check{"audit", func(ctx context.Context, c *Chart) {
		const why = "Somebody may have changed what was recorded."
		const fix = "Keep a copy of the data directory, and find out who had access. hajir audit verify says more."
		db, err := open(ctx)
		if err != nil {
			c.Fail("audit", "The audit logs could not be read: "+err.Error(), why, "See what is said of the database.")
			return
		}
		chains, err := db.AuditChains(ctx)
		if err != nil {
			c.Fail("audit", "The audit logs could not be listed: "+err.Error(), why, "See what is said of the database.")
			return
		}
		total := int64(0)
		for _, company := range chains {
			n, err := verify(ctx, db, company, full, func(seq, last int64) { c.Working(fmt.Sprintf("%d of %d entries", seq, last)) })
			total += n
			if err == nil {
				continue
			}
			name := company
			if name == "" {
				name = "the installation"
			}
			if broken := (*hajir.ChainError)(nil); errors.As(err, &broken) {
				c.Fail("audit", fmt.Sprintf("The audit log of %s is broken at entry %d: %s.", name, broken.Seq, broken.Reason), why, fix)
			} else {
				c.Fail("audit", fmt.Sprintf("The audit log of %s could not be read: %v", name, err), why, "See what is said of the database.")
			}
		}
		if len(c.findings) == 0 {
			c.OK("audit", "%d audit logs are as they were written; %d entries were looked at.", len(chains), total)
		}
	}}
}

// verify checks one chain and returns how many of its entries are right.
func verify(ctx context.Context, db Records, company string, full bool, progress func(seq, last int64)) (n int64, err error) {
	end, err := db.AuditHead(ctx, company)
	if err != nil {
		return 0, err
	}
	check := hajir.AuditCheck{Company: company, Known: end}
	if !full && end.Seq > recent {
		before, err := db.Audit(ctx, company, hajir.AuditQuery{Oldest: true, Behind: end.Seq - recent - 1, Limit: 1})
		if err != nil {
			return 0, err
		}
		if len(before) == 0 {
			return 0, &hajir.ChainError{Seq: end.Seq - recent, Reason: "it is missing"}
		}
		check.Begin(before[0].Head())
	}
	q := hajir.AuditQuery{Oldest: true, Limit: auditPage, Behind: check.Head().Seq}
	for {
		page, err := db.Audit(ctx, company, q)
		if err != nil {
			return n, err
		}
		for _, e := range page {
			if err := check.Add(e); err != nil {
				return n, err
			}
			n++
		}
		if len(page) < q.Limit {
			return n, check.End()
		}
		q.Behind = page[len(page)-1].Seq
		progress(q.Behind, max(end.Seq, q.Behind))
	}
}
