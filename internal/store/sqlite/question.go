package sqlite

import (
	"context"
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

// readQuestion reads a row of version, document and sealed asker.
func (db *DB) readQuestion(r row) (hajir.Question, error) {
	var sealed []byte
	doc, version, err := decode[record.Question](r, "question", &sealed)
	if err != nil {
		return hajir.Question{}, err
	}
	q := doc.Load(version)
	text, err := db.openText(sealed, record.QuestionRow(q.Company, q.ID))
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

func (db *DB) questions(ctx context.Context, query string, args ...any) ([]hajir.Question, error) {
	var page []hajir.Question
	err := db.each(ctx, "questions", func(r row) error {
		q, err := db.readQuestion(r)
		page = append(page, q)
		return err
	}, query, args...)
	return page, err
}

// Question returns one question.
func (db *DB) Question(ctx context.Context, id string) (hajir.Question, error) {
	return db.readQuestion(db.read.QueryRowContext(ctx, `SELECT version, doc, sealed FROM Questions WHERE questionid = ?`, id))
}

// SaveQuestion stores q as the successor of q.Version.
func (db *DB) SaveQuestion(ctx context.Context, q hajir.Question) error {
	published, closed := "", ""
	if q.Published() {
		published = record.Sortable(q.Public.At)
	}
	var asker string
	if q.Personal() {
		text, err := encode(record.StoreAsker(q), "asker")
		if err != nil {
			return err
		}
		asker = text
		if !q.ClosedAt.IsZero() {
			closed = record.Sortable(q.ClosedAt)
		}
	}
	doc, err := encode(record.StoreQuestion(q), "question")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(asker, record.QuestionRow(q.Company, q.ID))
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedQuestions.where(`questionid = ?`, q.ID), "question", `
		INSERT INTO Questions (questionid, company, status, askerusername, assigneeusername, category, intoid, at, published, closed, version, doc, sealed)
		SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11 + 1, ?12, ?13
		WHERE ?11 = 0 OR EXISTS (SELECT 1 FROM Questions WHERE questionid = ?1)
		ON CONFLICT (questionid) DO UPDATE SET version = version + 1, status = excluded.status, assigneeusername = excluded.assigneeusername,
			category = excluded.category, intoid = excluded.intoid, published = excluded.published, closed = excluded.closed,
			doc = excluded.doc, sealed = excluded.sealed
		WHERE version = ?11 AND company = excluded.company AND askerusername = excluded.askerusername AND at = excluded.at`,
		q.ID, q.Company, q.Status(), q.Asker.Username, q.Assignee, q.Category, q.Into, record.Sortable(q.At), published, closed, q.Version, doc, sealed)
}

// DeleteQuestion removes q if it is still at q.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteQuestion(ctx context.Context, q hajir.Question) error {
	return db.saveAudited(ctx, auditedQuestions.where(`questionid = ?`, q.ID), "question",
		`DELETE FROM Questions WHERE questionid = ? AND version = ?`, q.ID, q.Version)
}

// QuestionSettings returns a company's settings of questions: the default, at
// Version 0, when it has set nothing.
func (db *DB) QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error) {
	doc, version, err := decode[record.QuestionSettings](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Question_settings WHERE company = ?`, company), "question settings")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DefaultQuestionSettings(company), nil
	}
	return doc.Load(company, version), err
}

// SaveQuestionSettings stores s as the successor of s.Version.
func (db *DB) SaveQuestionSettings(ctx context.Context, s hajir.QuestionSettings) error {
	doc, err := encode(record.StoreQuestionSettings(s), "question settings")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedQuestionSettings.where(`company = ?`, s.Company), "question settings", `
		INSERT INTO Question_settings (company, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Question_settings WHERE company = ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		s.Company, s.Version, doc)
}
