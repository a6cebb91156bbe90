package dynamodb

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

func (db *DB) loadEmployee(s stored) (hajir.Employee, error) {
	doc, err := decode[record.Employee](s, "employee")
	if err != nil {
		return hajir.Employee{}, err
	}
	e := doc.Load(s.version)
	e.Phone, err = record.OpenText(db.seal, s.sealed, record.EmployeeRow(e.Company, e.Username))
	return e, err //nolint:wrapcheck // the sealer says what it could not open
}

// Employee returns one person.
func (db *DB) Employee(ctx context.Context, username string) (hajir.Employee, error) {
	s, found, err := db.get(ctx, employees, username)
	if err == nil && !found {
		err = hajir.Errorf(hajir.NotFound, "no such employee")
	}
	if err != nil {
		return hajir.Employee{}, err
	}
	return db.loadEmployee(s)
}

// people returns the people that q finds, and keep wants, which may be nil.
func (db *DB) people(ctx context.Context, q query, keep func(stored) bool) ([]hajir.Employee, error) {
	var all []hajir.Employee
	err := db.each(ctx, q, keep, func(s stored) error {
		e, err := db.loadEmployee(s)
		all = append(all, e)
		return err
	})
	return all, err
}

// Employees returns at most limit of a company's people, in order of their
// usernames, beginning behind after.
func (db *DB) Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error) {
	return db.people(ctx, query{table: employees, index: byCompany.name, hash: company, behind: after, limit: limit}, nil)
}

// EmployeesByManager returns at most limit of a company's people whose records
// name this manager, in order of their usernames, beginning behind after.
func (db *DB) EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error) {
	if manager == "" { // having none is no name
		return nil, nil
	}
	return db.people(ctx, query{table: employees, index: "managerusername-index", hash: manager, behind: after, limit: limit}, func(s stored) bool {
		return s.text("company") == company && s.text("managerusername") == manager
	})
}

// EmployeesByCode returns a company's people with this employee code, whatever
// the case of its Latin letters: one at most, except where codes were given
// twice before that was refused.
func (db *DB) EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error) {
	if code == "" {
		return nil, nil
	}
	key := within(company, lower(code))
	return db.people(ctx, query{table: employees, index: "code-index", hash: key, limit: 10}, func(s stored) bool {
		return s.text("companycode") == key
	})
}

// lower writes Latin letters small, and leaves all others as they are.
func lower(code string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, code)
}

// SaveEmployee stores e as the successor of e.Version. A code that somebody
// else of the company has is a conflict, unless e had it before.
func (db *DB) SaveEmployee(ctx context.Context, e hajir.Employee) error {
	sealed, err := record.SealText(db.seal, e.Phone, record.EmployeeRow(e.Company, e.Username))
	if err != nil {
		return err //nolint:wrapcheck // the sealer says what it could not seal
	}
	code := lower(e.Code)
	r := row{
		table: employees, hash: e.Username, version: e.Version, doc: record.StoreEmployee(e), sealed: sealed, fixed: []string{"company"},
		index: map[string]string{"company": e.Company, "managerusername": e.Manager},
	}
	if code != "" {
		r.index["companycode"] = within(e.Company, code)
	}
	s := subject{
		Audit: record.AuditedEmployees, company: e.Company, key: e.Username, person: e.Username,
		view: db.withPhone(record.EmployeeRow(e.Company, e.Username)),
	}
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		before, err := t.saveAudited(ctx, "employee", s, r)
		if err != nil {
			return err
		}
		_, had, _ := strings.Cut(before.text("companycode"), "#")
		if had == code {
			return nil
		}
		if code != "" {
			t.claim(listCodes+e.Company, code, e.Username, time.Time{}, conflict("employee"))
		}
		return t.release(ctx, listCodes+e.Company, had, e.Username)
	})
}

// release takes a name off a list, if it stands for of.
func (t *tx) release(ctx context.Context, list, name, of string) error {
	if name == "" {
		return nil
	}
	stands, err := t.db.named(ctx, list, name)
	if err != nil || stands != of {
		return err
	}
	t.strike(list, name)
	d := t.writes[len(t.writes)-1].Delete
	d.ConditionExpression = aws.String("#o = :o")
	d.ExpressionAttributeNames, d.ExpressionAttributeValues = map[string]string{"#o": "of"}, attributes{":o": value("of", of)}
	return nil
}

// withPhone is the view of a record with a phone number that is sealed for a
// row.
func (db *DB) withPhone(row string) func(doc, sealed []byte) ([]byte, error) {
	return func(doc, sealed []byte) ([]byte, error) {
		if sealed == nil {
			return doc, nil
		}
		phone, err := record.OpenText(db.seal, sealed, row)
		if err != nil {
			return nil, fmt.Errorf("open a phone number: %w", err)
		}
		return record.WithPhone(doc, phone)
	}
}
