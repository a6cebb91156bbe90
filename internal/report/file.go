package report

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/api"
	"hajir/internal/hajir"
)

// Format is how a file is written.
type Format string

// The formats.
const (
	CSV  Format = "csv"
	XLSX Format = "xlsx"
)

// ContentType returns the format's media type.
func (f Format) ContentType() string {
	if f == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Keep is for how long a file waits to be fetched.
const Keep = time.Hour

// prefix is where all files are.
const prefix = "reports/"

// CompanyPrefix is where a company's files are.
func CompanyPrefix(company string) string { return prefix + company + "/" }

// Files keeps files, sealed, until they are fetched.
type Files interface {
	Put(ctx context.Context, key string, content []byte) error
	Get(ctx context.Context, key string) ([]byte, error)
	// DeleteAll removes a folder, which ends in a slash, with all that is in it.
	DeleteAll(ctx context.Context, prefix string) error
	// Each calls visit with every key that begins with prefix.
	Each(ctx context.Context, prefix string, visit func(key string) error) error
}

// Log is the audit log.
type Log interface {
	Record(ctx context.Context, e hajir.Event) error
}

type writer interface {
	Row(r Row) error
	Close(t *Totals) error
}

// Write writes a report to w, and returns how many rows it has. It holds one
// chunk of people in memory; of XLSX the whole sheet, compressed only at its end.
func (d *Desk) Write(ctx context.Context, q Query, format Format, withBOM bool, w *bytes.Buffer, progress func(done, total int)) (rows int, err error) {
	var out writer
	if format == XLSX {
		out, err = newXLSX(w, q, d.Now())
	} else {
		out, err = newCSV(w, q, withBOM)
	}
	if err != nil {
		return 0, err
	}
	totals := NewTotals(q.Columns())
	_, err = d.Walk(ctx, q, func(r Row) error {
		rows++
		totals.Add(r)
		return out.Row(r)
	}, progress)
	if x, ok := out.(*xlsxFile); ok && err != nil {
		return rows, errors.Join(err, x.file.Close())
	}
	if err != nil {
		return rows, err
	}
	return rows, out.Close(totals)
}

// Make returns the work that makes a file for the caller. It is kept for Keep,
// and the audit log tells who exported what.
func (d *Desk) Make(q Query, format Format, withBOM bool) api.Work {
	return func(ctx context.Context, progress func(done, total int)) (api.Made, error) {
		var content bytes.Buffer
		rows, err := d.Write(ctx, q, format, withBOM, &content, progress)
		if err != nil {
			return api.Made{}, err
		}
		id, err := uuid.NewV7()
		if err != nil {
			return api.Made{}, fmt.Errorf("name file: %w", err)
		}
		name, now := q.fileName(format), d.Now()
		if err := d.Files.Put(ctx, keyOf(q.Company.Username, api.Caller(ctx).Username, id.String(), now, name), content.Bytes()); err != nil {
			return api.Made{}, fmt.Errorf("keep file: %w", err)
		}
		if err := d.note(ctx, q, format, rows); err != nil {
			return api.Made{}, err
		}
		return api.Made{ID: id.String(), Name: name, Bytes: content.Len(), Rows: rows, ExpiresAt: now.Add(Keep).UTC().Truncate(time.Second)}, nil
	}
}

// note tells the audit log who exported what.
func (d *Desk) note(ctx context.Context, q Query, format Format, rows int) error {
	what := map[string]any{"report": q.Kind, "from": q.Period.From, "to": q.Period.To, "format": format, "rows": rows}
	if q.Department != "" {
		what["department"] = q.Department
	}
	if q.Kind == Payroll {
		what["mapping"] = q.Mapping.Name
	}
	after, err := json.Marshal(what)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	e := hajir.Event{
		Company: q.Company.Username, Action: hajir.ActionLook, After: after,
		Subject: hajir.Subject{Table: "reports", Key: string(q.Kind) + "/" + q.Period.From + "/" + q.Period.To},
	}
	if q.Kind == TimeSheet && len(q.People) == 1 {
		e.Subject.Person = q.People[0].Username
	}
	if err := d.Log.Record(ctx, e); err != nil {
		return fmt.Errorf("note export: %w", err)
	}
	return nil
}

// fileName is of letters, digits, dots and dashes.
func (q Query) fileName(format Format) string {
	parts := []string{string(q.Kind), q.Company.Username}
	if q.Kind == TimeSheet && len(q.People) == 1 {
		parts[1] = q.People[0].Username
	}
	if q.Kind == Payroll {
		parts = append(parts, q.Mapping.Name)
	}
	if q.Department != "" {
		parts = append(parts, q.Department)
	}
	if m := q.Period.Month(); m != "" {
		parts = append(parts, m)
	} else {
		parts = append(parts, q.Period.From, q.Period.To)
	}
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, strings.ToLower(strings.Join(parts, "-")))
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	return strings.Trim(name, "-") + "." + string(format)
}

// keyOf names a file by whom it is for and when it was made.
func keyOf(company, username, id string, at time.Time, name string) string {
	return CompanyPrefix(company) + path.Join(username, id, at.UTC().Format(keyTime), name)
}

const keyTime = "20060102T150405Z"

// expired says whether the file of a key has had its time; a key that is none of
// ours has.
func expired(key string, now time.Time) bool {
	parts := strings.Split(key, "/")
	if len(parts) != 6 {
		return true
	}
	at, err := time.Parse(keyTime, parts[4])
	return err != nil || !now.Before(at.Add(Keep))
}

// Fetch returns a file that was made for somebody, and its name.
func (d *Desk) Fetch(ctx context.Context, company, username, id string) (content []byte, name string, err error) {
	gone := hajir.Errorf(hajir.NotFound, "there is no such file for you, or it has had its hour; make it again")
	if uuid.Validate(id) != nil {
		return nil, "", gone
	}
	found := ""
	err = d.Files.Each(ctx, CompanyPrefix(company)+path.Join(username, id)+"/", func(key string) error {
		found = key
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("find file: %w", err)
	}
	if found == "" || expired(found, d.Now()) {
		return nil, "", gone
	}
	content, err = d.Files.Get(ctx, found)
	if hajir.CodeOf(err) == hajir.NotFound {
		err = gone
	}
	return content, path.Base(found), err
}

// folder is what one file, or something that is none of ours, has for itself.
func folder(key string) string {
	parts := strings.Split(key, "/")
	return strings.Join(parts[:min(len(parts)-1, 4)], "/") + "/"
}

// Sweep deletes files that have had their time.
func (d *Desk) Sweep(ctx context.Context, now time.Time) error {
	var old []string
	err := d.Files.Each(ctx, prefix, func(key string) error {
		if expired(key, now) {
			old = append(old, key)
		}
		return nil
	})
	errs := []error{err}
	for _, key := range old {
		errs = append(errs, d.Files.DeleteAll(ctx, folder(key)))
	}
	return errors.Join(errs...)
}
