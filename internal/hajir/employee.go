package hajir

import (
	"crypto/subtle"
	"encoding/hex"
	"time"
)

// Employee is a person of a company. Usernames are unique across companies,
// as they are in one user pool.
type Employee struct {
	Username   string
	Company    string // the company's Username
	Name       string // as shown and greeted
	Email      string // optional
	Code       string // the company's own number for the person, optional
	Department string // optional
	TimeZone   string // an IANA name; "" is the company's
	Active     bool   // an inactive person is not recognised and cannot sign in
	CreatedAt  time.Time
	Consent    Consent // to the recognition of their face
	JoinedBy   string  // hash of the link by which the person joined, in hexadecimal: so it is known to be used
	Version    int     // grows by one with every stored change; zero means never stored
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
	return validateText("the department", e.Department, 0, maxName)
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
