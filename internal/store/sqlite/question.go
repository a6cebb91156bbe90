package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hajir/internal/hajir"
)

// questionDoc is how a question is stored; it may not change with
// hajir.Question. Who a visitor says they are is in askerDoc, sealed.
type questionDoc struct {
	ID          string              `json:"id"`
	Company     string              `json:"company"`
	Text        string              `json:"text"`
	Category    string              `json:"category,omitempty"`
	Asker       string              `json:"asker,omitempty"`
	Personal    bool                `json:"personal,omitempty"` // there is something sealed
	Language    hajir.Language      `json:"language,omitempty"`
	State       hajir.QuestionState `json:"state"`
	Assignee    string              `json:"assignee,omitempty"`
	Answer      *questionAnswerDoc  `json:"answer,omitempty"`
	Public      *publicQuestionDoc  `json:"public,omitempty"`
	Into        string              `json:"into,omitempty"`
	At          time.Time           `json:"at"`
	ClosedAt    time.Time           `json:"closed_at,omitzero"`
	Told        int                 `json:"told,omitempty"`
	ToldAt      time.Time           `json:"told_at,omitzero"`
	Mail        hajir.MailState     `json:"mail,omitempty"`
	ForgottenAt time.Time           `json:"forgotten_at,omitzero"`
}

type questionAnswerDoc struct {
	Text   string    `json:"text"`
	By     string    `json:"by"`
	ByName string    `json:"by_name"`
	At     time.Time `json:"at"`
	Number int       `json:"number"`
}

type publicQuestionDoc struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

type askerDoc struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

func questionRow(company, id string) string { return "Questions/" + company + "/" + id }

// readQuestion reads a row of version, document and sealed asker.
func (db *DB) readQuestion(r row) (hajir.Question, error) {
	var sealed []byte
	doc, version, err := decode[questionDoc](r, "question", &sealed)
	if err != nil {
		return hajir.Question{}, err
	}
	q := question(doc, version)
	text, err := db.openText(sealed, questionRow(q.Company, q.ID))
	if err != nil || text == "" {
		return q, err
	}
	var asker askerDoc
	if err := json.Unmarshal([]byte(text), &asker); err != nil {
		return q, fmt.Errorf("decode asker: %w", err)
	}
	q.Asker.Name, q.Asker.Email = asker.Name, asker.Email
	return q, nil
}

// question is a question without what is sealed.
func question(doc questionDoc, version int) hajir.Question {
	q := hajir.Question{
		ID: doc.ID, Company: doc.Company, Text: doc.Text, Category: doc.Category, Asker: hajir.Asker{Username: doc.Asker, Language: doc.Language},
		State: doc.State, Assignee: doc.Assignee, Into: doc.Into, At: doc.At, ClosedAt: doc.ClosedAt, Told: doc.Told, ToldAt: doc.ToldAt, Mail: doc.Mail,
		ForgottenAt: doc.ForgottenAt, Version: version,
	}
	if doc.Answer != nil {
		q.Answer = hajir.QuestionAnswer(*doc.Answer)
	}
	if doc.Public != nil {
		q.Public = hajir.PublicQuestion(*doc.Public)
	}
	return q
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
	d := questionDoc{
		ID: q.ID, Company: q.Company, Text: q.Text, Category: q.Category, Asker: q.Asker.Username, Personal: q.Personal(), Language: q.Asker.Language,
		State: q.State, Assignee: q.Assignee, Into: q.Into, At: q.At, ClosedAt: q.ClosedAt, Told: q.Told, ToldAt: q.ToldAt, Mail: q.Mail, ForgottenAt: q.ForgottenAt,
	}
	published, closed := "", ""
	if q.Answer.Number > 0 {
		answer := questionAnswerDoc(q.Answer)
		d.Answer = &answer
	}
	if !q.Public.At.IsZero() {
		public := publicQuestionDoc(q.Public)
		d.Public = &public
	}
	if q.Published() {
		published = sortable(q.Public.At)
	}
	var asker string
	if q.Personal() {
		text, err := encode(askerDoc{Name: q.Asker.Name, Email: q.Asker.Email}, "asker")
		if err != nil {
			return err
		}
		asker = text
		if !q.ClosedAt.IsZero() {
			closed = sortable(q.ClosedAt)
		}
	}
	doc, err := encode(d, "question")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(asker, questionRow(q.Company, q.ID))
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
		q.ID, q.Company, q.Status(), q.Asker.Username, q.Assignee, q.Category, q.Into, sortable(q.At), published, closed, q.Version, doc, sealed)
}

// DeleteQuestion removes q if it is still at q.Version, and is a Conflict
// otherwise.
func (db *DB) DeleteQuestion(ctx context.Context, q hajir.Question) error {
	return db.saveAudited(ctx, auditedQuestions.where(`questionid = ?`, q.ID), "question",
		`DELETE FROM Questions WHERE questionid = ? AND version = ?`, q.ID, q.Version)
}

// questionSettingsDoc is how settings are stored; it may not change with
// hajir.QuestionSettings.
type questionSettingsDoc struct {
	Open          bool     `json:"open"`
	Categories    []string `json:"categories,omitempty"`
	RetentionDays int      `json:"retention_days"`
}

// QuestionSettings returns a company's settings of questions: the default, at
// Version 0, when it has set nothing.
func (db *DB) QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error) {
	doc, version, err := decode[questionSettingsDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Question_settings WHERE company = ?`, company), "question settings")
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DefaultQuestionSettings(company), nil
	}
	return hajir.QuestionSettings{
		Company: company, Open: doc.Open, Categories: doc.Categories, RetentionDays: doc.RetentionDays, Version: version,
	}, err
}

// SaveQuestionSettings stores s as the successor of s.Version.
func (db *DB) SaveQuestionSettings(ctx context.Context, s hajir.QuestionSettings) error {
	doc, err := encode(questionSettingsDoc{Open: s.Open, Categories: s.Categories, RetentionDays: s.RetentionDays}, "question settings")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedQuestionSettings.where(`company = ?`, s.Company), "question settings", `
		INSERT INTO Question_settings (company, version, doc) SELECT ?1, ?2 + 1, ?3
		WHERE ?2 = 0 OR EXISTS (SELECT 1 FROM Question_settings WHERE company = ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, doc = excluded.doc WHERE version = ?2`,
		s.Company, s.Version, doc)
}
