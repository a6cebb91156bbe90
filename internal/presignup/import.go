package presignup

import (
	"context"
	"errors"
	"fmt"
	"io"

	"hajir/internal/hajir"
)

// Imported is what became of one line of a file.
type Imported struct {
	Line     int
	Username string
	Name     string
	Link     string // "" if the line was refused, or nothing was to be done
	Err      error  // why the line was refused
}

// Import invites the people of a CSV file line by line. A dry run only says
// what would become of each.
func (s *Invitations) Import(ctx context.Context, company string, file io.Reader, dryRun bool) ([]Imported, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	rows, err := ReadPeople(file)
	if err != nil {
		return nil, err
	}
	report := make([]Imported, len(rows))
	var letters []letter
	coming := map[string]hajir.Employee{}
	// Whatever stops the import half-way: who is invited by then gets the mail.
	defer func() { s.deliverLater(ctx, c, letters) }()
	for _, n := range ManagersFirst(rows) {
		row := rows[n]
		line := Imported{Line: row.Line, Username: row.Person.Username, Name: row.Person.Name, Err: row.Err}
		row.Person.Company = company
		switch {
		case line.Err != nil:
		case dryRun:
			var i hajir.Invitation
			if i, line.Err = s.admit(ctx, row.Person, coming); line.Err == nil {
				coming[i.Username] = i.Join(hajir.Consent{}, i.CreatedAt)
			}
		default:
			var i hajir.Invitation
			var token string
			if i, token, line.Err = s.enter(ctx, row.Person); line.Err == nil {
				line.Link = s.link(token)
				if i.Mail == hajir.MailSending {
					letters = append(letters, letter{i, line.Link})
				}
			}
		}
		if _, ours := errors.AsType[*hajir.Error](line.Err); line.Err != nil && !ours {
			return nil, fmt.Errorf("line %d: %w", row.Line, line.Err)
		}
		report[n] = line
	}
	return report, nil
}
