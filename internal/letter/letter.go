// Package letter tells people by mail what happened: it is the channel "mail" of
// notify. target.go says who is told of a notice, write.go reads what the letter
// tells and has it written in the reader's words, deliver.go sends it or lays it
// on the reader's pile, and digest.go makes one letter of a pile. answer.go brings
// answers to who asked. choose.go keeps
// what people choose to be told of, and link.go makes and follows the links that
// end letters. The rules are in internal/hajir/mailing.go. Read Desk first.
//
// What brings a secret in its link (invitations, sign-ups, new passwords) is not
// sent from here: a secret must not lie in the store until it is delivered.
package letter

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/alarm"
	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Store reads what letters tell, and keeps choices and piles. Loading what is not
// there returns a *hajir.Error with NotFound; choices and piles come empty at
// Version 0. Saving at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	Invitation(ctx context.Context, username string) (hajir.Invitation, error)
	LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error)
	LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error)
	Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error)
	Question(ctx context.Context, id string) (hajir.Question, error)
	SaveQuestion(ctx context.Context, q hajir.Question) error
	QuestionSettings(ctx context.Context, company string) (hajir.QuestionSettings, error)
	Review(ctx context.Context, company, id string) (hajir.Review, error)
	Erasures(ctx context.Context, username string) ([]hajir.Erasure, error)
	Webhook(ctx context.Context, id string) (hajir.Webhook, error)

	MailChoices(ctx context.Context, username string) (hajir.MailChoices, error)
	SaveMailChoices(ctx context.Context, c hajir.MailChoices) error
	MailPile(ctx context.Context, username string) (hajir.MailPile, error)
	SaveMailPile(ctx context.Context, m hajir.MailPile) error
	// Raise stores a notice; one with an ID that waits already is a Conflict.
	Raise(ctx context.Context, n hajir.Notice) error
	// Want stores which kinds that are written on request a channel wants of a
	// company.
	Want(ctx context.Context, company, channel string, kinds []hajir.NoticeKind) error
}

// Deciders knows who decides about people.
type Deciders interface {
	// Deciders returns who decides about a person, and at the second level.
	Deciders(ctx context.Context, c hajir.Company, e hajir.Employee) (first, second string, err error)
	// StandIn returns who decides in a manager's place today; "" is nobody.
	StandIn(ctx context.Context, c hajir.Company, manager string) (string, error)
}

// Desk writes letters. It is safe for concurrent use.
type Desk struct {
	Store    Store
	Deciders Deciders
	Mail     mail.Sender
	Kept     bool // Mail is a directory, so that nothing travels yet
	// Operators are told of alarms of the installation.
	Operators []mail.Address
	// Alarm returns what a notice of an alarm tells; false when it has changed
	// since.
	Alarm   func(ctx context.Context, n hajir.Notice) (alarm.Told, bool, error)
	Key     []byte // signs the links that end letters
	Now     func() time.Time
	Log     *slog.Logger
	SiteURL string // where people reach the site, without a slash at the end
}

// reader is who gets a letter.
type reader struct {
	Username string
	Role     hajir.Role
	company  hajir.Company
	address  mail.Address
	dates    hajir.DateStyle
	language hajir.Language
	loc      *time.Location
}

// reader returns who is told, with no address when they are not: they left, have
// none, or are not of the company any more.
func (d *Desk) reader(ctx context.Context, c hajir.Company, username string) (reader, error) {
	r := reader{Username: username, company: c}
	var e hajir.Employee
	var err error
	if username == c.Username {
		r.Role, r.address = hajir.RoleAdmin, mail.Address{Name: c.Name, Address: c.Email}
	} else {
		e, err = d.Store.Employee(ctx, username)
		switch {
		case gone(err) || err == nil && (e.Company != c.Username || !e.Active):
			return r, nil
		case err != nil:
			return r, fmt.Errorf("load employee: %w", err)
		}
		r.Role, r.address = e.Role, mail.Address{Name: e.Name, Address: e.Email}
	}
	if r.loc, err = c.LocationOf(e); err != nil {
		return r, err
	}
	r.dates, r.language = c.DatesOf(e), c.LanguageOf(e)
	return r, nil
}
