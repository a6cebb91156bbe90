package dynamodb

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// MailChoices returns what somebody chose to be told of by mail; at Version 0
// they never did.
func (db *DB) MailChoices(ctx context.Context, username string) (hajir.MailChoices, error) {
	c, err := one[record.MailChoices](ctx, db, "choices about mail", mailChoices, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailChoices{Username: username}, nil
	}
	return c, err
}

// SaveMailChoices stores c as the successor of c.Version.
func (db *DB) SaveMailChoices(ctx context.Context, c hajir.MailChoices) error {
	return db.saveAudited(ctx, "choices about mail", subject{Audit: record.AuditedMailChoices, company: c.Company, key: c.Username, person: c.Username}, row{
		table: mailChoices, hash: c.Username, version: c.Version, doc: record.StoreMailChoices(c),
		index: map[string]string{"company": c.Company}, fixed: []string{"company"},
	})
}

// MailPile returns what waits to be told to somebody; at Version 0 nothing ever
// did.
func (db *DB) MailPile(ctx context.Context, username string) (hajir.MailPile, error) {
	m, err := one[record.MailPile](ctx, db, "mail", mailPiles, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailPile{Username: username}, nil
	}
	return m, err
}

// SaveMailPile stores m as the successor of m.Version.
func (db *DB) SaveMailPile(ctx context.Context, m hajir.MailPile) error {
	return db.save(ctx, "mail", row{
		table: mailPiles, hash: m.Username, version: m.Version, doc: record.StoreMailPile(m),
		index: map[string]string{"company": m.Company}, fixed: []string{"company"},
	})
}
