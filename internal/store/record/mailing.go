package record

import (
	"time"

	"hajir/internal/hajir"
)

// MailChoices is how one is stored.
type MailChoices struct {
	Username string                       `json:"username"`
	Company  string                       `json:"company"`
	Manners  map[hajir.Topic]hajir.Manner `json:"manners,omitempty"`
}

// MailPile is how one is stored.
type MailPile struct {
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
	Notice
}

// StoreMailChoices returns c as it is stored.
func StoreMailChoices(c hajir.MailChoices) MailChoices {
	return MailChoices{c.Username, c.Company, c.Manners}
}

// Load returns what somebody chose to be told of by mail.
func (doc MailChoices) Load(version int) hajir.MailChoices {
	return hajir.MailChoices{Username: doc.Username, Company: doc.Company, Manners: doc.Manners, Version: version}
}

// Load returns what waits to be told to somebody.
func (doc MailPile) Load(version int) hajir.MailPile {
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
	return m
}

// StoreMailPile returns m as it is stored.
func StoreMailPile(m hajir.MailPile) MailPile {
	kept := MailPile{Username: m.Username, Company: m.Company, Lately: m.Lately}
	for manner, p := range m.Waiting {
		doc := pileDoc{Due: p.Due, More: p.More}
		for _, i := range p.Items {
			doc.Items = append(doc.Items, piledDoc{Topic: i.Topic, Notice: StoreNotice(i.Notice)})
		}
		if kept.Waiting == nil {
			kept.Waiting = map[hajir.Manner]pileDoc{}
		}
		kept.Waiting[manner] = doc
	}
	return kept
}
