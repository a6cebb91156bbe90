package sqlite

import (
	"cmp"
	"context"
	"time"

	"hajir/internal/hajir"
)

// employeeDoc is how an employee is stored; it may not change with
// hajir.Employee.
type employeeDoc struct {
	Username   string     `json:"username"`
	Company    string     `json:"company"`
	Name       string     `json:"name"`
	Email      string     `json:"email,omitempty"`
	Code       string     `json:"code,omitempty"`
	Department string     `json:"department,omitempty"`
	Role       hajir.Role `json:"role,omitempty"` // records from before there were roles have none
	Manager    string     `json:"managerusername,omitempty"`
	TimeZone   string     `json:"time_zone,omitempty"`
	Active     bool       `json:"active"`
	CreatedAt  time.Time  `json:"created_at"`
	Consent    consentDoc `json:"consent,omitzero"`
	JoinedBy   string     `json:"joined_by,omitempty"`
}

type consentDoc struct {
	State       hajir.ConsentState `json:"state"`
	TextVersion string             `json:"text_version"`
	At          time.Time          `json:"at"`
}

func employee(doc employeeDoc, version int) hajir.Employee {
	return hajir.Employee{
		Username: doc.Username, Company: doc.Company, Name: doc.Name, Email: doc.Email, Code: doc.Code,
		Department: doc.Department, Role: cmp.Or(doc.Role, hajir.RoleEmployee), Manager: doc.Manager, TimeZone: doc.TimeZone,
		Active: doc.Active, CreatedAt: doc.CreatedAt,
		Consent: hajir.Consent(doc.Consent), JoinedBy: doc.JoinedBy, Version: version,
	}
}

// Employee returns one person.
func (db *DB) Employee(ctx context.Context, username string) (hajir.Employee, error) {
	doc, version, err := decode[employeeDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Employee_details WHERE Username = ?`, username), "employee")
	return employee(doc, version), err
}

// Employees returns at most limit of a company's people, in order of their
// usernames, beginning behind after.
func (db *DB) Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error) {
	var page []hajir.Employee
	err := list(ctx, db, "employees", func(doc employeeDoc, version int) { page = append(page, employee(doc, version)) },
		`SELECT version, doc FROM Employee_details WHERE company = ? AND Username > ? ORDER BY Username LIMIT ?`,
		company, after, limit)
	return page, err
}

// SaveEmployee stores e as the successor of e.Version. A code that somebody
// else of the company has is a conflict, unless e had it before.
func (db *DB) SaveEmployee(ctx context.Context, e hajir.Employee) error {
	doc, err := encode(employeeDoc{
		Username: e.Username, Company: e.Company, Name: e.Name, Email: e.Email, Code: e.Code,
		Department: e.Department, Role: cmp.Or(e.Role, hajir.RoleEmployee), Manager: e.Manager, TimeZone: e.TimeZone,
		Active: e.Active, CreatedAt: e.CreatedAt,
		Consent: consentDoc(e.Consent), JoinedBy: e.JoinedBy,
	}, "employee")
	if err != nil {
		return err
	}
	return db.save(ctx, "employee", `
		INSERT INTO Employee_details (Username, company, managerusername, version, doc) SELECT ?1, ?2, ?6, ?3 + 1, ?4
		WHERE (?3 = 0 OR EXISTS (SELECT 1 FROM Employee_details WHERE Username = ?1))
		AND (?5 = ''
			OR NOT EXISTS (SELECT 1 FROM Employee_details WHERE company = ?2 AND lower(doc ->> 'code') = lower(?5) AND Username <> ?1)
			OR EXISTS (SELECT 1 FROM Employee_details WHERE Username = ?1 AND lower(doc ->> 'code') = lower(?5)))
		ON CONFLICT (Username) DO UPDATE
		SET version = version + 1, managerusername = excluded.managerusername, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		e.Username, e.Company, e.Version, doc, e.Code, e.Manager)
}

// EmployeesByManager returns at most limit of a company's people whose records
// name this manager, in order of their usernames, beginning behind after.
func (db *DB) EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error) {
	var page []hajir.Employee
	err := list(ctx, db, "employees", func(doc employeeDoc, version int) { page = append(page, employee(doc, version)) },
		byManager, manager, company, after, limit)
	return page, err
}

// byManager says that the name is not empty so that the index, which leaves
// those out who have no manager, can be used.
const byManager = `SELECT version, doc FROM Employee_details
	WHERE managerusername <> '' AND managerusername = ? AND company = ? AND Username > ? ORDER BY Username LIMIT ?`

// EmployeesByCode returns a company's people with this employee code, whatever
// the case of its Latin letters: one at most, except where codes were given
// twice before that was refused.
func (db *DB) EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error) {
	var all []hajir.Employee
	err := list(ctx, db, "employees", func(doc employeeDoc, version int) { all = append(all, employee(doc, version)) },
		`SELECT version, doc FROM Employee_details WHERE company = ? AND lower(doc ->> 'code') = lower(?) ORDER BY Username LIMIT 10`,
		company, code)
	return all, err
}
