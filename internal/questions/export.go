package questions

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/report"
)

// columns are those of an export.
var columns = []string{
	"id", "asked_at", "state", "category", "question", "asker", "asker_name", "asker_email", "assignee",
	"answer", "answered_by", "answered_at", "published_at", "published_as", "merged_into",
}

func row(q hajir.Question, loc *time.Location) []string {
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.In(loc).Format(time.RFC3339)
	}
	return []string{
		q.ID, moment(q.At), string(q.Status()), q.Category, q.Text, q.Asker.Username, q.Asker.Name, q.Asker.Email, q.Assignee,
		q.Answer.Text, q.Answer.ByName, moment(q.Answer.At), moment(q.Public.At), q.Public.Text, q.Into,
	}
}

// Export writes the company's questions that f chooses to w, page by page, the
// newest first.
func (s *Service) Export(ctx context.Context, company string, f hajir.QuestionFilter, format report.Format, w io.Writer) error {
	loc, err := s.zone(ctx, company)
	if err != nil {
		return err
	}
	table, err := report.NewTexts(w, format, columns)
	if err != nil {
		return err
	}
	if err := s.walk(ctx, company, f, func(q hajir.Question) error { return table.Row(row(q, loc)) }); err != nil {
		table.Discard()
		return err
	}
	return table.Close()
}

// walk visits every question that f chooses.
func (s *Service) walk(ctx context.Context, company string, f hajir.QuestionFilter, visit func(hajir.Question) error) error {
	var behind hajir.Question
	for {
		page, err := s.Store.Questions(ctx, company, f, behind, pageSize)
		if err != nil {
			return fmt.Errorf("list questions: %w", err)
		}
		for _, q := range page {
			if err := visit(q); err != nil {
				return err
			}
		}
		if len(page) < pageSize {
			return nil
		}
		behind = page[len(page)-1]
	}
}

func (s *Service) zone(ctx context.Context, company string) (*time.Location, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	return c.Location()
}

// note tells the audit log that the names and addresses of who asked leave the
// program.
func (s *Service) note(ctx context.Context, company string, format report.Format) error {
	after, err := json.Marshal(map[string]report.Format{"format": format})
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	err = s.Store.Record(ctx, hajir.Event{
		Company: company, Action: hajir.ActionLook, Subject: hajir.Subject{Table: "Questions", Key: "export"}, After: after,
	})
	if err != nil {
		return fmt.Errorf("note export: %w", err)
	}
	return nil
}
