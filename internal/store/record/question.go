package record

import (
	"time"

	"hajir/internal/hajir"
)

// Question is how a question is stored; it may not change with
// hajir.Question. Who a visitor says they are is in Asker, sealed.
type Question struct {
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

// Asker is how one is stored.
type Asker struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// QuestionRow is the row that a value is sealed for.
func QuestionRow(company, id string) string { return "Questions/" + company + "/" + id }

// Load returns what is stored.
func (doc Question) Load(version int) hajir.Question {
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

// QuestionSettings is how settings are stored; it may not change with
// hajir.QuestionSettings.
type QuestionSettings struct {
	Open          bool     `json:"open"`
	Categories    []string `json:"categories,omitempty"`
	RetentionDays int      `json:"retention_days"`
}

// StoreAsker returns q as it is stored.
func StoreAsker(q hajir.Question) Asker {
	return Asker{Name: q.Asker.Name, Email: q.Asker.Email}
}

// StoreQuestionSettings returns s as it is stored.
func StoreQuestionSettings(s hajir.QuestionSettings) QuestionSettings {
	return QuestionSettings{Open: s.Open, Categories: s.Categories, RetentionDays: s.RetentionDays}
}

// Load returns settings of questions.
func (doc QuestionSettings) Load(company string, version int) hajir.QuestionSettings {
	return hajir.QuestionSettings{
		Company: company, Open: doc.Open, Categories: doc.Categories, RetentionDays: doc.RetentionDays, Version: version,
	}
}

// StoreQuestion returns q as it is stored, without what is sealed.
func StoreQuestion(q hajir.Question) Question {
	d := Question{
		ID: q.ID, Company: q.Company, Text: q.Text, Category: q.Category, Asker: q.Asker.Username, Personal: q.Personal(), Language: q.Asker.Language,
		State: q.State, Assignee: q.Assignee, Into: q.Into, At: q.At, ClosedAt: q.ClosedAt, Told: q.Told, ToldAt: q.ToldAt, Mail: q.Mail, ForgottenAt: q.ForgottenAt,
	}
	if q.Answer.Number > 0 {
		answer := questionAnswerDoc(q.Answer)
		d.Answer = &answer
	}
	if !q.Public.At.IsZero() {
		public := publicQuestionDoc(q.Public)
		d.Public = &public
	}
	return d
}
