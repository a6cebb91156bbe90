package sqlite

import (
	"context"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// MailChoices returns what somebody chose to be told of by mail; at Version 0
// they never did.
func (db *DB) MailChoices(ctx context.Context, username string) (hajir.MailChoices, error) {
	doc, version, err := decode[record.MailChoices](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Mail_choices WHERE Username = ?`, username), "choices about mail")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailChoices{Username: username}, nil
	}
	return doc.Load(version), err
}

// SaveMailChoices stores c as the successor of c.Version.
func (db *DB) SaveMailChoices(ctx context.Context, c hajir.MailChoices) error {
	doc, err := encode(record.StoreMailChoices(c), "choices about mail")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedMailChoices.where(`Username = ?`, c.Username), "choices about mail", `
		INSERT INTO Mail_choices (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Mail_choices WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		c.Username, c.Company, c.Version, doc)
}

// MailPile returns what waits to be told to somebody; at Version 0 nothing ever
// did.
func (db *DB) MailPile(ctx context.Context, username string) (hajir.MailPile, error) {
	doc, version, err := decode[record.MailPile](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Mail_piles WHERE Username = ?`, username), "mail")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailPile{Username: username}, nil
	}
	if err != nil {
		return hajir.MailPile{}, err
	}
	return doc.Load(version), nil
}

// SaveMailPile stores m as the successor of m.Version.
func (db *DB) SaveMailPile(ctx context.Context, m hajir.MailPile) error {
	doc, err := encode(record.StoreMailPile(m), "mail")
	if err != nil {
		return err
	}
	return db.save(ctx, "mail", `
		INSERT INTO Mail_piles (Username, company, version, doc) SELECT ?1, ?2, ?3 + 1, ?4
		WHERE ?3 = 0 OR EXISTS (SELECT 1 FROM Mail_piles WHERE Username = ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, doc = excluded.doc
		WHERE version = ?3 AND company = excluded.company`,
		m.Username, m.Company, m.Version, doc)
}
