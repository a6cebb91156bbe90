package record

import (
	"cmp"
	"time"

	"hajir/internal/hajir"
)

// Invitation is how an invitation is stored; it may not change with
// hajir.Invitation.
type Invitation struct {
	Username   string          `json:"username"`
	Company    string          `json:"company"`
	Name       string          `json:"name"`
	Email      string          `json:"email,omitempty"`
	Code       string          `json:"code,omitempty"`
	Department string          `json:"department,omitempty"`
	Role       hajir.Role      `json:"role,omitempty"` // records from before there were roles have none
	Manager    string          `json:"managerusername,omitempty"`
	Language   hajir.Language  `json:"language,omitempty"`
	TokenHash  []byte          `json:"token_hash"`
	Mail       hajir.MailState `json:"mail"`
	CreatedAt  time.Time       `json:"created_at"`
	SentAt     time.Time       `json:"sent_at"`
	ExpiresAt  time.Time       `json:"expires_at"`
	BegunAt    time.Time       `json:"begun_at,omitzero"`
}

// InvitationRow is the row that a value is sealed for.
func InvitationRow(company, username string) string {
	return "Employee_presignup/" + company + "/" + username
}

// Load returns what is stored.
func (doc Invitation) Load(version int) hajir.Invitation {
	return hajir.Invitation{
		Username: doc.Username, Company: doc.Company, Name: doc.Name, Email: doc.Email, Code: doc.Code,
		Department: doc.Department, Role: cmp.Or(doc.Role, hajir.RoleEmployee), Manager: doc.Manager, Language: doc.Language, TokenHash: doc.TokenHash, Mail: doc.Mail, CreatedAt: doc.CreatedAt,
		SentAt: doc.SentAt, ExpiresAt: doc.ExpiresAt, BegunAt: doc.BegunAt, Version: version,
	}
}

// StoreInvitation returns i as it is stored.
func StoreInvitation(i hajir.Invitation) Invitation {
	return Invitation{
		Username: i.Username, Company: i.Company, Name: i.Name, Email: i.Email, Code: i.Code,
		Department: i.Department, Role: cmp.Or(i.Role, hajir.RoleEmployee), Manager: i.Manager, Language: i.Language, TokenHash: i.TokenHash, Mail: i.Mail, CreatedAt: i.CreatedAt,
		SentAt: i.SentAt, ExpiresAt: i.ExpiresAt, BegunAt: i.BegunAt,
	}
}
