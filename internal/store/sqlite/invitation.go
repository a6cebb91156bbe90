package sqlite

import (
	"cmp"
	"context"
	"time"

	"hajir/internal/hajir"
)

// invitationDoc is how an invitation is stored; it may not change with
// hajir.Invitation.
type invitationDoc struct {
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

func invitationRow(company, username string) string {
	return "Employee_presignup/" + company + "/" + username
}

// readInvitation reads a row of version, document and sealed phone number.
func (db *DB) readInvitation(r row) (hajir.Invitation, error) {
	var sealed []byte
	doc, version, err := decode[invitationDoc](r, "invitation", &sealed)
	if err != nil {
		return hajir.Invitation{}, err
	}
	i := invitation(doc, version)
	i.Phone, err = db.openText(sealed, invitationRow(i.Company, i.Username))
	return i, err
}

// invitation is an invitation without what is sealed.
func invitation(doc invitationDoc, version int) hajir.Invitation {
	return hajir.Invitation{
		Username: doc.Username, Company: doc.Company, Name: doc.Name, Email: doc.Email, Code: doc.Code,
		Department: doc.Department, Role: cmp.Or(doc.Role, hajir.RoleEmployee), Manager: doc.Manager, Language: doc.Language, TokenHash: doc.TokenHash, Mail: doc.Mail, CreatedAt: doc.CreatedAt,
		SentAt: doc.SentAt, ExpiresAt: doc.ExpiresAt, BegunAt: doc.BegunAt, Version: version,
	}
}

// Invitation returns the invitation of one person.
func (db *DB) Invitation(ctx context.Context, username string) (hajir.Invitation, error) {
	return db.readInvitation(db.read.QueryRowContext(ctx,
		`SELECT version, doc, sealed FROM Employee_presignup WHERE Username = ?`, username))
}

// Invitations returns at most limit of a company's invitations, in order of
// their usernames, beginning behind after.
func (db *DB) Invitations(ctx context.Context, company, after string, limit int) ([]hajir.Invitation, error) {
	var page []hajir.Invitation
	err := db.each(ctx, "invitations", func(r row) error {
		i, err := db.readInvitation(r)
		page = append(page, i)
		return err
	}, `SELECT version, doc, sealed FROM Employee_presignup WHERE company = ? AND Username > ? ORDER BY Username LIMIT ?`,
		company, after, limit)
	return page, err
}

// SaveInvitation stores i as the successor of i.Version.
func (db *DB) SaveInvitation(ctx context.Context, i hajir.Invitation) error {
	doc, err := encode(invitationDoc{
		Username: i.Username, Company: i.Company, Name: i.Name, Email: i.Email, Code: i.Code,
		Department: i.Department, Role: cmp.Or(i.Role, hajir.RoleEmployee), Manager: i.Manager, Language: i.Language, TokenHash: i.TokenHash, Mail: i.Mail, CreatedAt: i.CreatedAt,
		SentAt: i.SentAt, ExpiresAt: i.ExpiresAt, BegunAt: i.BegunAt,
	}, "invitation")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(i.Phone, invitationRow(i.Company, i.Username))
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedInvitations.where(`Username = ?`, i.Username), "invitation", `
		INSERT INTO Employee_presignup (Username, company, version, doc, sealed) SELECT ?1, ?2, ?3 + 1, ?4, ?5
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Employee_presignup WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc, sealed = excluded.sealed
		WHERE version = ?3 AND company = excluded.company`,
		i.Username, i.Company, i.Version, doc, sealed)
}

// DeleteInvitation removes i if it is still at i.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteInvitation(ctx context.Context, i hajir.Invitation) error {
	return db.saveAudited(ctx, auditedInvitations.where(`Username = ?`, i.Username), "invitation",
		`DELETE FROM Employee_presignup WHERE Username = ? AND version = ?`, i.Username, i.Version)
}
