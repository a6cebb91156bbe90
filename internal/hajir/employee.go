package hajir

import (
	"crypto/subtle"
	"encoding/hex"
	"strings"
	"time"
)

// Employee is a person of a company. Usernames are unique across companies,
// as they are in one user pool.
type Employee struct {
	Username   string
	Company    string    // the company's Username
	Name       string    // as shown and greeted
	Email      string    // optional
	Code       string    // the company's own number for the person, optional
	Department string    // optional
	Role       Role      // of their account; "" is an employee's
	Manager    string    // the Username of whom they report to, optional; see reports.go
	Phone      string    // optional, as CleanPhone returns it
	Picture    string    // the ID of the profile picture; "" without one
	TimeZone   string    // an IANA name; "" is the company's
	Dates      DateStyle // how dates are written for them; zero is the company's
	Language   Language  // in which they are written to; "" is the company's
	Active     bool      // an inactive person is not recognised and cannot sign in
	CreatedAt  time.Time
	Consent    Consent // to the recognition of their face
	// ConsentHistory are the decisions before Consent, oldest first. It only
	// ever grows, so that what was decided stays provable.
	ConsentHistory []Consent
	Renewal        Renewal // new pictures of their face are recommended, if it still holds
	JoinedBy       string  // hash of the link by which the person joined, in hexadecimal: so it is known to be used
	Version        int     // grows by one with every stored change; zero means never stored
}

// Validate returns an Invalid error that names the first thing wrong with e.
func (e Employee) Validate() error {
	if err := ValidateUsername(e.Username); err != nil {
		return err
	}
	if err := validateText("the person's name", e.Name, 1, maxName); err != nil {
		return err
	}
	if e.Email != "" {
		if err := validateEmail(e.Email); err != nil {
			return err
		}
	}
	if err := validateText("the employee code", e.Code, 0, 64); err != nil {
		return err
	}
	if e.TimeZone != "" {
		if _, err := zone(e.TimeZone); err != nil {
			return err
		}
	}
	if e.Dates.Calendar != "" {
		if err := e.Dates.Validate(); err != nil {
			return err
		}
	}
	if e.Language != "" {
		if err := e.Language.Validate(); err != nil {
			return err
		}
	}
	if err := validateText("the department", e.Department, 0, maxName); err != nil {
		return err
	}
	if e.Phone != "" {
		if err := ValidatePhone(e.Phone); err != nil {
			return err
		}
	}
	return e.validateRole()
}

func (e Employee) validateRole() error {
	if e.Role != "" && !e.Role.OfPerson() {
		return Errorf(Invalid, "a person's role is employee, manager or auditor")
	}
	switch {
	case e.Manager == "":
		return nil
	case ValidateUsername(e.Manager) != nil:
		return Errorf(Invalid, "name the manager by their username, such as asha")
	case e.Manager == e.Username:
		return Errorf(Invalid, "nobody can be their own manager")
	case e.Role == RoleAuditor:
		return Errorf(Invalid, "an auditor has no attendance, and so reports to no manager")
	}
	return nil
}

// Attends says whether e's comings and goings are recorded. An auditor only
// reads: they have no face, no PIN and no days.
func (e Employee) Attends() bool { return e.Active && e.Role != RoleAuditor }

// MayHave returns a Conflict error when e has no attendance by role, and so
// gets no face and no PIN; what names the thing.
func (e Employee) MayHave(what string) error {
	if e.Role == RoleAuditor {
		return Errorf(Conflict, "%s is an auditor, who has no attendance and so no %s; give them another role first", e.Name, what)
	}
	return nil
}

// Tidy returns e as it is kept: without space around what was typed, with the
// username in lower case and with a role.
func (e Employee) Tidy() Employee {
	e.Username, e.Manager = strings.ToLower(strings.TrimSpace(e.Username)), strings.ToLower(strings.TrimSpace(e.Manager))
	e.Name, e.Email = strings.TrimSpace(e.Name), strings.TrimSpace(e.Email)
	e.Code, e.Department, e.Phone = strings.TrimSpace(e.Code), strings.TrimSpace(e.Department), CleanPhone(e.Phone)
	if e.Role == "" {
		e.Role = RoleEmployee
	}
	if e.Dates.Calendar == "" { // follows the company in all of it
		e.Dates = DateStyle{}
	}
	return e
}

// CodeGiven returns a Conflict error when one of others, who have e's employee
// code, is not e: at the kiosk a code stands for one person.
func (e Employee) CodeGiven(others []Employee) error {
	for _, other := range others {
		if other.Username != e.Username {
			return Errorf(Conflict, "the employee code %s is %s's already; give each person one of their own", e.Code, other.Name)
		}
	}
	return nil
}

// BelongsTo returns a NotFound error when e is not company's: to a company,
// another one's people do not exist.
func (e Employee) BelongsTo(company string) error {
	if e.Company != company {
		return Errorf(NotFound, "no such employee")
	}
	return nil
}

// JoinedByLink says whether the person joined by the link whose secret has
// tokenHash.
func (e Employee) JoinedByLink(tokenHash []byte) bool {
	return e.JoinedBy != "" && subtle.ConstantTimeCompare([]byte(e.JoinedBy), []byte(hex.EncodeToString(tokenHash))) == 1
}

// Usernames returns those of people, in their order.
func Usernames(people []Employee) []string {
	names := make([]string, len(people))
	for i, e := range people {
		names[i] = e.Username
	}
	return names
}
