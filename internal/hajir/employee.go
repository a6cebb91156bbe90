package hajir

import (
	"crypto/subtle"
	"strings"
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
	Active     bool   // an inactive person is not recognised and cannot sign in
	CreatedAt  time.Time
	Consent    Consent // to the recognition of their face
	JoinedBy   []byte  // hash of the invitation by which the person joined, so that its link is known to be used
	Version    int     // grows by one with every stored change; zero means never stored
}

// Validate returns an Invalid error that names the first thing wrong with e.
func (e Employee) Validate() error {
	if err := ValidateUsername(e.Username); err != nil {
		return err
	}
	if strings.TrimSpace(e.Name) == "" || len(e.Name) > maxName {
		return Errorf(Invalid, "the person's name must have 1 to %d characters", maxName)
	}
	if e.Email != "" {
		if err := validateEmail(e.Email); err != nil {
			return err
		}
	}
	if len(e.Code) > 64 {
		return Errorf(Invalid, "the employee code must have at most 64 characters")
	}
	if len(e.Department) > maxName {
		return Errorf(Invalid, "the department must have at most %d characters", maxName)
	}
	return nil
}

// JoinedByLink says whether the person joined by the link whose secret has
// tokenHash.
func (e Employee) JoinedByLink(tokenHash []byte) bool {
	return len(e.JoinedBy) > 0 && subtle.ConstantTimeCompare(e.JoinedBy, tokenHash) == 1
}
