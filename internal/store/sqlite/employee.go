package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// readEmployee reads a row of version, document and sealed phone number.
func (db *DB) readEmployee(r row) (hajir.Employee, error) {
	var sealed []byte
	doc, version, err := decode[record.Employee](r, "employee", &sealed)
	if err != nil {
		return hajir.Employee{}, err
	}
	e := doc.Load(version)
	e.Phone, err = db.openText(sealed, record.EmployeeRow(e.Company, e.Username))
	return e, err
}

// employees reads every row of a query as readEmployee does.
func (db *DB) employees(ctx context.Context, query string, args ...any) ([]hajir.Employee, error) {
	var all []hajir.Employee
	err := db.each(ctx, "employees", func(r row) error {
		e, err := db.readEmployee(r)
		all = append(all, e)
		return err
	}, query, args...)
	return all, err
}

// Employee returns one person.
func (db *DB) Employee(ctx context.Context, username string) (hajir.Employee, error) {
	return db.readEmployee(db.read.QueryRowContext(ctx,
		`SELECT version, doc, sealed FROM Employee_details WHERE Username = ?`, username))
}

// Employees returns at most limit of a company's people, in order of their
// usernames, beginning behind after.
func (db *DB) Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error) {
	return db.employees(ctx,
		`SELECT version, doc, sealed FROM Employee_details WHERE company = ? AND Username > ? ORDER BY Username LIMIT ?`,
		company, after, limit)
}

// SaveEmployee stores e as the successor of e.Version. A code that somebody
// else of the company has is a conflict, unless e had it before.
func (db *DB) SaveEmployee(ctx context.Context, e hajir.Employee) error {
	doc, err := encode(record.StoreEmployee(e), "employee")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(e.Phone, record.EmployeeRow(e.Company, e.Username))
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedEmployees.where(`Username = ?`, e.Username), "employee", `
		INSERT INTO Employee_details (Username, company, managerusername, version, doc, sealed) SELECT ?1, ?2, ?6, ?3 + 1, ?4, ?7
		WHERE (?3 = 0 OR EXISTS (SELECT 1 FROM Employee_details WHERE Username = ?1))
		AND (?5 = ''
			OR NOT EXISTS (SELECT 1 FROM Employee_details WHERE company = ?2 AND lower(doc ->> 'code') = lower(?5) AND Username <> ?1)
			OR EXISTS (SELECT 1 FROM Employee_details WHERE Username = ?1 AND lower(doc ->> 'code') = lower(?5)))
		ON CONFLICT (Username) DO UPDATE
		SET version = version + 1, managerusername = excluded.managerusername, doc = excluded.doc, sealed = excluded.sealed
		WHERE version = ?3 AND company = excluded.company`,
		e.Username, e.Company, e.Version, doc, e.Code, e.Manager, sealed)
}

// EmployeesByManager returns at most limit of a company's people whose records
// name this manager, in order of their usernames, beginning behind after.
func (db *DB) EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error) {
	return db.employees(ctx, byManager, manager, company, after, limit)
}

// byManager says that the name is not empty so that the index, which leaves
// those out who have no manager, can be used.
const byManager = `SELECT version, doc, sealed FROM Employee_details
	WHERE managerusername <> '' AND managerusername = ? AND company = ? AND Username > ? ORDER BY Username LIMIT ?`

// EmployeesByCode returns a company's people with this employee code, whatever
// the case of its Latin letters: one at most, except where codes were given
// twice before that was refused.
func (db *DB) EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error) {
	return db.employees(ctx,
		`SELECT version, doc, sealed FROM Employee_details WHERE company = ? AND lower(doc ->> 'code') = lower(?) ORDER BY Username LIMIT 10`,
		company, code)
}
