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
	Username   string         `json:"username"`
	Company    string         `json:"company"`
	Name       string         `json:"name"`
	Email      string         `json:"email,omitempty"`
	Code       string         `json:"code,omitempty"`
	Department string         `json:"department,omitempty"`
	Role       hajir.Role     `json:"role,omitempty"` // records from before there were roles have none
	Manager    string         `json:"managerusername,omitempty"`
	TimeZone   string         `json:"time_zone,omitempty"`
	Calendar   hajir.Calendar `json:"calendar,omitempty"` // of who chose one
	Both       bool           `json:"both_calendars,omitempty"`
	Language   hajir.Language `json:"language,omitempty"` // likewise
	Picture    string         `json:"picture,omitempty"`
	Active     bool           `json:"active"`
	CreatedAt  time.Time      `json:"created_at"`
	Consent    consentDoc     `json:"consent,omitzero"`
	History    []consentDoc   `json:"consent_history,omitempty"`
	JoinedBy   string         `json:"joined_by,omitempty"`
	Renewal    renewalDoc     `json:"renewal,omitzero"`
}

type renewalDoc struct {
	Reason hajir.RenewalReason `json:"reason"`
	At     time.Time           `json:"at"`
	Before float64             `json:"before,omitempty"`
	Lately float64             `json:"lately,omitempty"`
	PINs   int                 `json:"pins,omitempty"`
}

type consentDoc struct {
	State         hajir.ConsentState `json:"state"`
	TextVersion   string             `json:"text_version"`
	At            time.Time          `json:"at"`
	Means         hajir.ConsentMeans `json:"means,omitempty"`
	By            string             `json:"by,omitempty"`
	RetentionDays int                `json:"retention_days,omitempty"`
}

// consent returns a decision. Before its means were kept, people decided when
// they joined and in no other way.
func consent(doc consentDoc, username string) hajir.Consent {
	if doc.State != hajir.ConsentNone && doc.Means == "" {
		doc.Means, doc.By = hajir.ConsentSelf, username
	}
	return hajir.Consent(doc)
}

func employeeRow(company, username string) string {
	return "Employee_details/" + company + "/" + username
}

// readEmployee reads a row of version, document and sealed phone number.
func (db *DB) readEmployee(r row) (hajir.Employee, error) {
	var sealed []byte
	doc, version, err := decode[employeeDoc](r, "employee", &sealed)
	if err != nil {
		return hajir.Employee{}, err
	}
	e := hajir.Employee{
		Username: doc.Username, Company: doc.Company, Name: doc.Name, Email: doc.Email, Code: doc.Code,
		Department: doc.Department, Role: cmp.Or(doc.Role, hajir.RoleEmployee), Manager: doc.Manager,
		Picture: doc.Picture, Active: doc.Active, CreatedAt: doc.CreatedAt,
		Consent: consent(doc.Consent, doc.Username), JoinedBy: doc.JoinedBy, Version: version,
		Renewal:  hajir.Renewal(doc.Renewal),
		TimeZone: doc.TimeZone, Dates: hajir.DateStyle{Calendar: doc.Calendar, Both: doc.Both}, Language: doc.Language,
	}
	for _, d := range doc.History {
		e.ConsentHistory = append(e.ConsentHistory, consent(d, doc.Username))
	}
	e.Phone, err = db.openText(sealed, employeeRow(e.Company, e.Username))
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
	var history []consentDoc
	for _, d := range e.ConsentHistory {
		history = append(history, consentDoc(d))
	}
	doc, err := encode(employeeDoc{
		Username: e.Username, Company: e.Company, Name: e.Name, Email: e.Email, Code: e.Code,
		Department: e.Department, Role: cmp.Or(e.Role, hajir.RoleEmployee), Manager: e.Manager,
		Picture: e.Picture, Active: e.Active, CreatedAt: e.CreatedAt,
		Consent: consentDoc(e.Consent), History: history, JoinedBy: e.JoinedBy, Renewal: renewalDoc(e.Renewal),
		TimeZone: e.TimeZone, Calendar: e.Dates.Calendar, Both: e.Dates.Both, Language: e.Language,
	}, "employee")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(e.Phone, employeeRow(e.Company, e.Username))
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
