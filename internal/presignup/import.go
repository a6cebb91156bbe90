package presignup

import (
	"context"
	"fmt"
	"io"

	"hajir/internal/hajir"
	"hajir/internal/sheet"
)

// Import invites the people of a CSV file line by line. A dry run only says
// what would become of each.
func (s *Invitations) Import(ctx context.Context, company string, file io.Reader, dryRun bool) (sheet.FileReport, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return sheet.FileReport{}, fmt.Errorf("load company: %w", err)
	}
	rows, err := ReadPeople(file)
	if err != nil {
		return sheet.FileReport{}, err
	}
	report := make([]sheet.LineReport, len(rows))
	var letters []letter
	coming := map[string]hajir.Employee{}
	// Whatever stops the import half-way: who is invited by then gets the mail.
	defer func() { s.deliverLater(ctx, c, letters) }()
	for _, n := range ManagersFirst(rows) {
		row := rows[n]
		row.Person.Company = company
		line := sheet.LineReport{Line: row.Line, Username: row.Person.Username, Name: row.Person.Name, Outcome: sheet.New}
		err := row.Err
		switch {
		case err != nil:
		case dryRun:
			var i hajir.Invitation
			if i, err = s.admit(ctx, row.Person, coming); err == nil {
				coming[i.Username] = i.Unasked(i.CreatedAt)
			}
		default:
			var i hajir.Invitation
			var token string
			if i, token, err = s.enter(ctx, row.Person); err == nil {
				line.Link = s.link(token)
				if i.Mail == hajir.MailSending {
					letters = append(letters, letter{i, line.Link})
				}
			}
		}
		if hajir.CodeOf(err) == hajir.Conflict && row.Err == nil {
			same, lookErr := s.asInvited(ctx, row.Person)
			if lookErr != nil {
				return sheet.FileReport{}, fmt.Errorf("line %d: %w", row.Line, lookErr)
			}
			if same {
				line.Outcome, line.Detail, err = sheet.Same, "they are invited already", nil
			}
		}
		if err != nil && !line.Refuse(err) {
			return sheet.FileReport{}, fmt.Errorf("line %d: %w", row.Line, err)
		}
		report[n] = line
	}
	return sheet.Tell(dryRun, nil, report), nil
}

// asInvited says whether somebody waits already who was invited with the very
// same words, as when a file is sent again.
func (s *Invitations) asInvited(ctx context.Context, p hajir.Employee) (bool, error) {
	i, err := s.Store.Invitation(ctx, p.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load invitation: %w", err)
	}
	return i.Company == p.Company && i.Name == p.Name && i.Email == p.Email && i.Code == p.Code &&
		i.Department == p.Department && i.Phone == p.Phone && i.Role == p.Role && i.Manager == p.Manager, nil
}
