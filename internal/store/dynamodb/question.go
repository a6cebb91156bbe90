package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// readQuestion makes a question of what is stored.
func (db *DB) readQuestion(s stored) (hajir.Question, error) {
	doc, err := decode[record.Question](s, "question")
	if err != nil {
		return hajir.Question{}, err
	}
	q := doc.Load(s.version)
	text, err := record.OpenText(db.seal, s.sealed, record.QuestionRow(q.Company, q.ID))
	if err != nil || text == "" {
		return q, err
	}
	var asker record.Asker
	if err := json.Unmarshal([]byte(text), &asker); err != nil {
		return q, fmt.Errorf("decode asker: %w", err)
	}
	q.Asker.Name, q.Asker.Email = asker.Name, asker.Email
	return q, nil
}

// Question returns one question.
func (db *DB) Question(ctx context.Context, id string) (hajir.Question, error) {
	_, s, err := load[record.Question](ctx, db, "question", questions, id)
	if err != nil {
		return hajir.Question{}, err
	}
	return db.readQuestion(s)
}

// SaveQuestion stores q as the successor of q.Version.
func (db *DB) SaveQuestion(ctx context.Context, q hajir.Question) error {
	r := row{
		table: questions, hash: q.ID, version: q.Version, doc: record.StoreQuestion(q), fixed: []string{"company", "companyasker", "at"},
		index: map[string]string{
			"company": q.Company, "at": questionOrder(q), "companystatus": within(q.Company, string(q.Status())), "intoid": q.Into,
			"companyasker": within(q.Company, q.Asker.Username),
		},
	}
	if q.Assignee != "" {
		r.index["companyassignee"] = within(q.Company, q.Assignee)
	}
	if q.Published() {
		r.index["published"] = publishedOrder(q)
	}
	if q.Personal() {
		text, err := json.Marshal(record.StoreAsker(q))
		if err != nil {
			return fmt.Errorf("encode asker: %w", err)
		}
		if r.sealed, err = record.SealText(db.seal, string(text), record.QuestionRow(q.Company, q.ID)); err != nil {
			return err
		}
		if !q.ClosedAt.IsZero() {
			r.index["closed"] = within(record.Sortable(q.ClosedAt), q.ID)
		}
	}
	return db.saveAudited(ctx, "question", questionSubject(q), r)
}

// questionSubject is what the audit log says of a question.
func questionSubject(q hajir.Question) subject {
	return subject{Audit: record.AuditedQuestions, company: q.Company, key: q.ID, person: q.Asker.Username}
}

// questionOrder is where a question stands among others, and publishedOrder
// among what is published.
func questionOrder(q hajir.Question) string  { return within(record.Sortable(q.At), q.ID) }
func publishedOrder(q hajir.Question) string { return within(record.Sortable(q.Public.At), q.ID) }

// DeleteQuestion removes q if it is still at q.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteQuestion(ctx context.Context, q hajir.Question) error {
	return db.deleteAuditedAt(ctx, "question", questionSubject(q), q.Version, questions, q.ID)
}

// QuestionSettings returns a company's settings of questions: the default, at
// Version 0, when it has set nothing.
func (db *DB) QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error) {
	doc, s, err := load[record.QuestionSettings](ctx, db, "question settings", questionSettings, company)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DefaultQuestionSettings(company), nil
	}
	return doc.Load(company, s.version), err
}

// SaveQuestionSettings stores s as the successor of s.Version.
func (db *DB) SaveQuestionSettings(ctx context.Context, s hajir.QuestionSettings) error {
	return db.saveAudited(ctx, "question settings", subject{Audit: record.AuditedQuestionSettings, company: s.Company, key: s.Company}, row{
		table: questionSettings, hash: s.Company, version: s.Version, doc: record.StoreQuestionSettings(s),
	})
}
