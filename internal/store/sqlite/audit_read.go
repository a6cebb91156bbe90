package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

const auditEnd = `SELECT seq, doc ->> '$.hash' FROM Audit_log WHERE company = ? ORDER BY seq DESC LIMIT 1`

// auditHead reads the row of auditEnd.
func auditHead(r row) (hajir.AuditHead, error) {
	var head hajir.AuditHead
	var hash string
	err := r.Scan(&head.Seq, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return hajir.AuditHead{}, nil
	}
	if err == nil {
		err = head.Hash.UnmarshalText([]byte(hash))
	}
	if err != nil {
		return head, fmt.Errorf("select audit head: %w", err)
	}
	return head, nil
}

// AuditHead returns where a company's chain ends.
func (db *DB) AuditHead(ctx context.Context, company string) (hajir.AuditHead, error) {
	return auditHead(db.read.QueryRowContext(ctx, auditEnd, company))
}

// AuditChains lists whose chains there are: companies', and "" for the
// installation's.
func (db *DB) AuditChains(ctx context.Context) ([]string, error) {
	return db.column(ctx, `SELECT DISTINCT company FROM Audit_log ORDER BY company`)
}

// LastAudit returns when the newest entry of all chains was written; zero when
// there is none.
func (db *DB) LastAudit(ctx context.Context) (last time.Time, err error) {
	chains, err := db.AuditChains(ctx)
	if err != nil {
		return last, err
	}
	for _, company := range chains {
		page, err := db.Audit(ctx, company, hajir.AuditQuery{Limit: 1})
		if err != nil {
			return last, err
		}
		if len(page) > 0 && page[0].At.After(last) {
			last = page[0].At
		}
	}
	return last, nil
}

// Audit returns at most q.Limit entries of a company's chain that q chooses.
func (db *DB) Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error) {
	query, args := `SELECT seq, doc FROM Audit_log WHERE company = ?`, []any{company}
	and := func(condition string, arg any) {
		query += " AND " + condition
		args = append(args, arg)
	}
	order := " ORDER BY seq DESC LIMIT ?"
	if q.Oldest {
		order = " ORDER BY seq LIMIT ?"
		and(`seq > ?`, q.Behind)
	} else if q.Behind > 0 {
		and(`seq < ?`, q.Behind)
	}
	for _, f := range []struct{ path, value string }{
		{"$.actor.username", q.Actor},
		{"$.subject.person", q.Person},
		{"$.operation", q.Operation},
		{"$.action", string(q.Action)},
		{"$.subject.table", q.Table},
	} {
		if f.value != "" {
			and(`doc ->> '`+f.path+`' = ?`, f.value)
		}
	}
	if !q.From.IsZero() {
		and(`at >= ?`, q.From.UTC().Format(record.TimeFormat))
	}
	if !q.To.IsZero() {
		and(`at < ?`, q.To.UTC().Format(record.TimeFormat))
	}
	rows, err := db.read.QueryContext(ctx, query+order, append(args, q.Limit)...)
	if err != nil {
		return nil, fmt.Errorf("select audit entries: %w", err)
	}
	defer func() { _ = rows.Close() }() // its error shows in rows.Err
	var all []hajir.AuditEntry
	for rows.Next() {
		var seq int64
		var doc []byte
		if err := rows.Scan(&seq, &doc); err != nil {
			return nil, fmt.Errorf("scan audit entry: %w", err)
		}
		var e hajir.AuditEntry
		if err := json.Unmarshal(doc, &e); err != nil {
			return nil, fmt.Errorf("decode audit entry: %w (%w)", &hajir.ChainError{Seq: seq, Reason: "it cannot be read"}, err)
		}
		all = append(all, e)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read audit entries: %w", err)
	}
	return all, nil
}
