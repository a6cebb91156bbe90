package company

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/report"
)

// AuditStore reads audit logs.
type AuditStore interface {
	// Audit returns at most q.Limit entries of a company's chain that q
	// chooses. One that cannot be read is a *hajir.ChainError.
	Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error)
	// AuditHead returns where a company's chain ends.
	AuditHead(ctx context.Context, company string) (hajir.AuditHead, error)
}

// auditPage is how many entries one read takes of a chain that is walked.
const auditPage = 500

// AuditReport is what became of a check of a company's audit log.
type AuditReport struct {
	Head  hajir.AuditHead   // the last entry that is right
	Fault *hajir.ChainError // nil when all are
}

// VerifyAudit checks every entry of a company's audit log, and that it did not
// lose its end since known was written down; the zero value knows nothing.
func (s *Service) VerifyAudit(ctx context.Context, company string, known hajir.AuditHead) (AuditReport, error) {
	check := hajir.AuditCheck{Company: company, Known: known}
	err := s.WalkAudit(ctx, company, hajir.AuditQuery{}, check.Add)
	if err == nil {
		err = check.End()
	}
	report := AuditReport{Head: check.Head()}
	if errors.As(err, &report.Fault) {
		err = nil
	}
	return report, err
}

// WalkAudit visits the entries that q chooses, the oldest first.
func (s *Service) WalkAudit(ctx context.Context, company string, q hajir.AuditQuery, visit func(hajir.AuditEntry) error) error {
	q.Oldest, q.Limit = true, auditPage
	for {
		page, err := s.Store.Audit(ctx, company, q)
		if err != nil {
			return fmt.Errorf("read audit log: %w", err)
		}
		for _, e := range page {
			if err := visit(e); err != nil {
				return err
			}
		}
		if len(page) < q.Limit {
			return nil
		}
		q.Behind = page[len(page)-1].Seq
	}
}

// AuditDates brings dates YYYY-MM-DD of a company, of which either may be "",
// into q: from the beginning of the first to the end of the last.
func (s *Service) AuditDates(ctx context.Context, company, from, to string, q *hajir.AuditQuery) (*time.Location, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	loc, err := c.Location()
	if err != nil {
		return nil, err
	}
	date := func(text string, days int, t *time.Time) error {
		if text == "" {
			return nil
		}
		parsed, err := time.ParseInLocation(time.DateOnly, text, loc)
		if err != nil {
			return &hajir.Error{Code: hajir.Invalid, Message: "a date has the form YYYY-MM-DD", Cause: err}
		}
		*t = parsed.AddDate(0, 0, days)
		return nil
	}
	return loc, errors.Join(date(from, 0, &q.From), date(to, 1, &q.To))
}

// AuditFormat is a form in which an audit log is exported.
type AuditFormat string

// The formats. JSON Lines has everything, so that the chain can be checked by
// others; CSV is for spreadsheets.
const (
	AuditCSV   AuditFormat = "csv"
	AuditJSONL AuditFormat = "jsonl"
)

// ExportAudit writes the entries that q chooses to w as they are read, the
// oldest first.
func (s *Service) ExportAudit(ctx context.Context, company string, q hajir.AuditQuery, format AuditFormat, w io.Writer) error {
	if format == AuditJSONL {
		lines := json.NewEncoder(w)
		return s.WalkAudit(ctx, company, q, func(e hajir.AuditEntry) error { return lines.Encode(e) })
	}
	table := csv.NewWriter(w)
	if err := table.Write(auditColumns); err != nil {
		return fmt.Errorf("write header: %w", err)
	}
	err := s.WalkAudit(ctx, company, q, func(e hajir.AuditEntry) error { return table.Write(auditRow(e)) })
	table.Flush()
	return errors.Join(err, table.Error())
}

var auditColumns = []string{
	"seq", "at", "actor_kind", "actor", "actor_name", "actor_role", "address", "device", "operation", "function",
	"action", "table", "key", "person", "before", "after", "prev_hash", "hash",
}

func auditRow(e hajir.AuditEntry) []string {
	row := []string{
		strconv.FormatInt(e.Seq, 10), e.At.Format(time.RFC3339Nano), string(e.Actor.Kind), e.Actor.Username, e.Actor.Name,
		string(e.Actor.Role), e.Address, e.Device, e.Operation, e.Function, string(e.Action), e.Subject.Table, e.Subject.Key,
		e.Subject.Person, string(e.Before), string(e.After), e.PrevHash.String(), e.Hash.String(),
	}
	for i := range row {
		row[i] = report.PlainCell(row[i])
	}
	return row
}
