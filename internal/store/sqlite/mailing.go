package sqlite

import (
	"context"
	"time"

	"hajir/internal/hajir"
)

type mailChoicesDoc struct {
	Username string                       `json:"username"`
	Company  string                       `json:"company"`
	Manners  map[hajir.Topic]hajir.Manner `json:"manners,omitempty"`
}

// MailChoices returns what somebody chose to be told of by mail; at Version 0
// they never did.
func (db *DB) MailChoices(ctx context.Context, username string) (hajir.MailChoices, error) {
	doc, version, err := decode[mailChoicesDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Mail_choices WHERE Username = ?`, username), "choices about mail")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailChoices{Username: username}, nil
	}
	return hajir.MailChoices{Username: doc.Username, Company: doc.Company, Manners: doc.Manners, Version: version}, err
}

// SaveMailChoices stores c as the successor of c.Version.
func (db *DB) SaveMailChoices(ctx context.Context, c hajir.MailChoices) error {
	doc, err := encode(mailChoicesDoc{c.Username, c.Company, c.Manners}, "choices about mail")
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

type mailPileDoc struct {
	Username string                      `json:"username"`
	Company  string                      `json:"company"`
	Waiting  map[hajir.Manner]pileDoc    `json:"waiting,omitempty"`
	Lately   map[hajir.Topic][]time.Time `json:"lately,omitempty"`
}

type pileDoc struct {
	Due   time.Time  `json:"due"`
	Items []piledDoc `json:"items"`
	More  []string   `json:"more,omitempty"`
}

type piledDoc struct {
	Topic hajir.Topic `json:"topic"`
	noticeDoc
}

// MailPile returns what waits to be told to somebody; at Version 0 nothing ever
// did.
func (db *DB) MailPile(ctx context.Context, username string) (hajir.MailPile, error) {
	doc, version, err := decode[mailPileDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Mail_piles WHERE Username = ?`, username), "mail")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.MailPile{Username: username}, nil
	}
	if err != nil {
		return hajir.MailPile{}, err
	}
	m := hajir.MailPile{Username: doc.Username, Company: doc.Company, Lately: doc.Lately, Version: version}
	for manner, p := range doc.Waiting {
		kept := &hajir.Pile{Due: p.Due, More: p.More}
		for _, i := range p.Items {
			kept.Items = append(kept.Items, hajir.Piled{Topic: i.Topic, Notice: i.notice(doc.Company)})
		}
		if m.Waiting == nil {
			m.Waiting = map[hajir.Manner]*hajir.Pile{}
		}
		m.Waiting[manner] = kept
	}
	return m, nil
}

// SaveMailPile stores m as the successor of m.Version.
func (db *DB) SaveMailPile(ctx context.Context, m hajir.MailPile) error {
	kept := mailPileDoc{Username: m.Username, Company: m.Company, Lately: m.Lately}
	for manner, p := range m.Waiting {
		doc := pileDoc{Due: p.Due, More: p.More}
		for _, i := range p.Items {
			doc.Items = append(doc.Items, piledDoc{Topic: i.Topic, noticeDoc: storeNotice(i.Notice)})
		}
		if kept.Waiting == nil {
			kept.Waiting = map[hajir.Manner]pileDoc{}
		}
		kept.Waiting[manner] = doc
	}
	doc, err := encode(kept, "mail")
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
