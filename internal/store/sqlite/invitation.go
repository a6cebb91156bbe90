package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// readInvitation reads a row of version, document and sealed phone number.
func (db *DB) readInvitation(r row) (hajir.Invitation, error) {
	var sealed []byte
	doc, version, err := decode[record.Invitation](r, "invitation", &sealed)
	if err != nil {
		return hajir.Invitation{}, err
	}
	i := doc.Load(version)
	i.Phone, err = db.openText(sealed, record.InvitationRow(i.Company, i.Username))
	return i, err
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
	doc, err := encode(record.StoreInvitation(i), "invitation")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(i.Phone, record.InvitationRow(i.Company, i.Username))
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
