package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

func (db *DB) loadInvitation(s stored) (hajir.Invitation, error) {
	doc, err := decode[record.Invitation](s, "invitation")
	if err != nil {
		return hajir.Invitation{}, err
	}
	i := doc.Load(s.version)
	i.Phone, err = record.OpenText(db.seal, s.sealed, record.InvitationRow(i.Company, i.Username))
	return i, err //nolint:wrapcheck // the sealer says what it could not open
}

// Invitation returns the invitation of one person.
func (db *DB) Invitation(ctx context.Context, username string) (hajir.Invitation, error) {
	s, found, err := db.get(ctx, invitations, username)
	if err == nil && !found {
		err = hajir.Errorf(hajir.NotFound, "no such invitation")
	}
	if err != nil {
		return hajir.Invitation{}, err
	}
	return db.loadInvitation(s)
}

// Invitations returns at most limit of a company's invitations, in order of
// their usernames, beginning behind after.
func (db *DB) Invitations(ctx context.Context, company, after string, limit int) ([]hajir.Invitation, error) {
	var page []hajir.Invitation
	err := db.each(ctx, query{table: invitations, index: byCompany.name, hash: company, behind: after, limit: limit}, nil, func(s stored) error {
		i, err := db.loadInvitation(s)
		page = append(page, i)
		return err
	})
	return page, err
}

func (db *DB) aboutInvitation(i hajir.Invitation) subject {
	return subject{
		Audit: record.AuditedInvitations, company: i.Company, key: i.Username, person: i.Username,
		view: db.withPhone(record.InvitationRow(i.Company, i.Username)),
	}
}

// SaveInvitation stores i as the successor of i.Version.
func (db *DB) SaveInvitation(ctx context.Context, i hajir.Invitation) error {
	sealed, err := record.SealText(db.seal, i.Phone, record.InvitationRow(i.Company, i.Username))
	if err != nil {
		return err //nolint:wrapcheck // the sealer says what it could not seal
	}
	return db.saveAudited(ctx, "invitation", db.aboutInvitation(i), row{
		table: invitations, hash: i.Username, version: i.Version, doc: record.StoreInvitation(i), sealed: sealed, fixed: []string{"company"},
		index: map[string]string{"company": i.Company},
	})
}

// DeleteInvitation removes i if it is still at i.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteInvitation(ctx context.Context, i hajir.Invitation) error {
	if i.Version < 1 {
		return conflict("invitation")
	}
	return db.deleteAudited(ctx, "invitation", func(s stored) (subject, error) {
		is, err := db.loadInvitation(s)
		return db.aboutInvitation(is), err
	}, i.Version, invitations, i.Username)
}
