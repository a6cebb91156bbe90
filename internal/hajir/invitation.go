package hajir

import (
	"crypto/subtle"
	"encoding/hex"
	"time"
)

// Why a link that invites somebody does not work.
const (
	InvitationUnknown Code = "invitation_unknown" // withdrawn, replaced by a newer one, or never there
	InvitationExpired Code = "invitation_expired" // too old
	InvitationUsed    Code = "invitation_used"    // somebody has joined by it
)

// MailState is what became of the message that brings a link.
type MailState string

// The states of an invitation's mail.
const (
	MailNone    MailState = "none"    // there is no address to send it to
	MailSending MailState = "sending" // handed to the program, or cut off with it
	MailSent    MailState = "sent"    // a server has it
	MailKept    MailState = "kept"    // it is a file, since there is no server
	MailFailed  MailState = "failed"
)

const (
	// InvitationLife is for how long a link works.
	InvitationLife = 7 * 24 * time.Hour
	// JoinWindow is for how long somebody who has begun to join is let finish
	// alone. No request lives that long, so later they were cut off.
	JoinWindow = 3 * time.Minute
	// mailPatience is for how long a mail may be on its way: those of an import
	// of thousands wait for one another.
	mailPatience = 2 * time.Hour
)

// Invitation is a person who waits to become an employee, until they follow
// the link that they were sent. Its Username becomes the employee's.
type Invitation struct {
	Username   string
	Company    string // the company's Username
	Name       string
	Email      string // optional; without one the admin hands the link over
	Code       string
	Department string
	Role       Role   // that the person will have
	Manager    string // the Username of whom they will report to, optional
	Phone      string
	Language   Language // in which they are written to; "" is the company's
	TokenHash  []byte   // SHA-256 of the secret in the link that is good now
	Mail       MailState
	CreatedAt  time.Time
	SentAt     time.Time // when the link was made
	ExpiresAt  time.Time
	BegunAt    time.Time // when somebody began to join by the link; zero until then
	Version    int       // grows by one with every stored change; zero means never stored
}

// Invite returns the invitation of a person, still without a link.
func Invite(e Employee, at time.Time) (Invitation, error) {
	e = e.Tidy()
	i := Invitation{
		Username: e.Username, Company: e.Company, Name: e.Name, Email: e.Email, Code: e.Code, Department: e.Department,
		Phone: e.Phone, Role: e.Role, Manager: e.Manager, Language: e.Language, CreatedAt: at,
	}
	return i, i.employee().Validate()
}

// WithLink returns i with a new link; the one before is dead.
func (i Invitation) WithLink(tokenHash []byte, at time.Time) Invitation {
	i.TokenHash, i.SentAt, i.ExpiresAt, i.BegunAt = tokenHash, at, at.Add(InvitationLife), time.Time{}
	i.Mail = MailSending
	if i.Email == "" {
		i.Mail = MailNone
	}
	return i
}

// Check says whether the link whose secret has tokenHash works at a time.
func (i Invitation) Check(tokenHash []byte, at time.Time) error {
	if len(i.TokenHash) == 0 || subtle.ConstantTimeCompare(i.TokenHash, tokenHash) != 1 {
		return Errorf(InvitationUnknown, "this link is not valid: it was withdrawn or replaced by a newer one; look for a newer mail, or ask your administrator")
	}
	if i.Expired(at) {
		return Errorf(InvitationExpired, "this link has expired; ask your administrator to send a new one")
	}
	return nil
}

// Expired says whether the link is too old at a time.
func (i Invitation) Expired(at time.Time) bool { return !at.Before(i.ExpiresAt) }

// Joining says whether somebody may be in the midst of joining at a time.
func (i Invitation) Joining(at time.Time) bool {
	return !i.BegunAt.IsZero() && at.Before(i.BegunAt.Add(JoinWindow))
}

// MailAt returns what to tell of the mail at a time: one that was cut off with
// the program is not on its way for ever.
func (i Invitation) MailAt(at time.Time) MailState {
	if i.Mail == MailSending && at.After(i.SentAt.Add(mailPatience)) {
		return MailFailed
	}
	return i.Mail
}

// Unasked returns the employee that the person becomes who was not asked about
// their face.
func (i Invitation) Unasked(at time.Time) Employee {
	e := i.employee()
	e.Active, e.CreatedAt, e.JoinedBy = true, at, hex.EncodeToString(i.TokenHash)
	return e
}

// Join returns the employee that the person becomes, with their decision. An
// auditor has no attendance, and so is not asked.
func (i Invitation) Join(consent Consent, at time.Time) (Employee, error) {
	e := i.Unasked(at)
	if e.Role == RoleAuditor {
		return e, nil
	}
	consent.At, consent.Means, consent.By = at, ConsentSelf, i.Username
	return e.Decide(consent)
}

// Became says whether e is the employee that i's person became.
func (i Invitation) Became(e Employee) bool {
	return e.Company == i.Company && e.JoinedByLink(i.TokenHash)
}

func (i Invitation) employee() Employee {
	return Employee{
		Username: i.Username, Company: i.Company, Name: i.Name, Email: i.Email, Code: i.Code, Department: i.Department,
		Phone: i.Phone, Role: i.Role, Manager: i.Manager, Language: i.Language,
	}
}
