package record

import (
	"cmp"
	"time"

	"hajir/internal/hajir"
)

// Employee is how an employee is stored; it may not change with
// hajir.Employee.
type Employee struct {
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

// EmployeeRow is the row that a value is sealed for.
func EmployeeRow(company, username string) string {
	return "Employee_details/" + company + "/" + username
}

// StoreEmployee returns e as it is stored.
func StoreEmployee(e hajir.Employee) Employee {
	var history []consentDoc
	for _, d := range e.ConsentHistory {
		history = append(history, consentDoc(d))
	}
	return Employee{
		Username: e.Username, Company: e.Company, Name: e.Name, Email: e.Email, Code: e.Code,
		Department: e.Department, Role: cmp.Or(e.Role, hajir.RoleEmployee), Manager: e.Manager,
		Picture: e.Picture, Active: e.Active, CreatedAt: e.CreatedAt,
		Consent: consentDoc(e.Consent), History: history, JoinedBy: e.JoinedBy, Renewal: renewalDoc(e.Renewal),
		TimeZone: e.TimeZone, Calendar: e.Dates.Calendar, Both: e.Dates.Both, Language: e.Language,
	}
}

// Load returns an employee without what is sealed.
func (doc Employee) Load(version int) hajir.Employee {
	e := hajir.Employee{
		Username: doc.Username, Company: doc.Company, Name: doc.Name, Email: doc.Email, Code: doc.Code,
		Department: doc.Department, Role: cmp.Or(doc.Role, hajir.RoleEmployee), Manager: doc.Manager,
		Picture: doc.Picture, Active: doc.Active, CreatedAt: doc.CreatedAt,
		Consent: consent(doc.Consent, doc.Username), JoinedBy: doc.JoinedBy, Renewal: hajir.Renewal(doc.Renewal), Version: version,
		TimeZone: doc.TimeZone, Dates: hajir.DateStyle{Calendar: doc.Calendar, Both: doc.Both}, Language: doc.Language,
	}
	for _, d := range doc.History {
		e.ConsentHistory = append(e.ConsentHistory, consent(d, doc.Username))
	}
	return e
}
