package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/config"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/mail"
	"hajir/internal/mail/outbox"
	"hajir/internal/mail/ses"
	"hajir/internal/mail/smtp"
	"hajir/internal/mail/template"
)

// openMail returns what carries messages: the mail server or service that the
// operator names, or a directory.
func openMail(ctx context.Context, c config.Config, now func() time.Time, log *slog.Logger) (mail.Sender, error) {
	from := mail.Address{Name: "Hajir", Address: "hajir@localhost"}
	if c.Mail.MailFrom != "" {
		var err error
		if from, err = mail.ParseAddress(c.Mail.MailFrom); err != nil {
			return nil, fmt.Errorf("--mail-from: %s", reason(err))
		}
	}
	if !c.Mail.Leaves() {
		return outbox.New(c.Outbox(), from, now, log)
	}
	if c.Mail.MailFrom == "" {
		return nil, errors.New("a mail server needs a sender: give --mail-from, such as \"Hajir <hajir@example.com>\"")
	}
	if c.Mail.Service != "" {
		return openSES(ctx, c.Mail.Service, from, now)
	}
	password, err := c.Mail.Password()
	if err != nil {
		return nil, err
	}
	sender, err := smtp.New(smtp.Config{
		Host: c.Mail.SMTPHost, Port: c.Mail.SMTPPort, Security: smtp.Security(c.Mail.SMTPTLS),
		Username: c.Mail.SMTPUsername, Password: password, From: from,
	}, now)
	if err != nil {
		return nil, fmt.Errorf("mail server: %s", reason(err))
	}
	return sender, nil
}

func openSES(ctx context.Context, address string, from mail.Address, now func() time.Time) (mail.Sender, error) {
	config, err := ses.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("--mail: %w", err)
	}
	config.From = from
	return ses.New(ctx, config, now)
}

// signUpLetter writes the message that brings the link of a sign-up, with times
// as the clocks of the company will show them. It has no word that a stranger
// chose: it may reach somebody else.
func signUpLetter(s hajir.SignUp, link string) (mail.Message, error) {
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		return mail.Message{}, fmt.Errorf("load time zone: %w", err)
	}
	return template.Render(mail.SignUp, string(s.Language), template.Data{
		Link: link, Expires: s.ExpiresAt.In(zone), Dates: hajir.UsualDateStyle(s.TimeZone),
	})
}

// invitationLetter writes the message that brings an invited person their
// link, with times as the company's clocks show them.
func invitationLetter(c hajir.Company, i hajir.Invitation, link string) (mail.Message, error) {
	zone, err := c.Location()
	if err != nil {
		return mail.Message{}, err
	}
	return template.Render(mail.Invitation, string(c.LanguageOf(hajir.Employee{Language: i.Language})), template.Data{
		Company: c.Name, Name: i.Name, Link: link, Expires: i.ExpiresAt.In(zone), Dates: c.DatesOf(hajir.Employee{}),
	})
}

// resetLetter writes the message that brings a link to a new password.
func resetLetter(c hajir.Company, e hajir.Employee, u identity.User, link string, expires time.Time) (mail.Message, error) {
	zone, err := c.LocationOf(e)
	if err != nil {
		return mail.Message{}, err
	}
	return template.Render(mail.PasswordReset, string(c.LanguageOf(e)), template.Data{
		Name: u.Name, Username: u.Username, Link: link, Expires: expires.In(zone), Dates: c.DatesOf(e),
	})
}

// changedLetter writes the message that says that a password was changed.
func changedLetter(c hajir.Company, e hajir.Employee, u identity.User, link string, at time.Time) (mail.Message, error) {
	zone, err := c.LocationOf(e)
	if err != nil {
		return mail.Message{}, err
	}
	return template.Render(mail.PasswordChanged, string(c.LanguageOf(e)), template.Data{
		Name: u.Name, Username: u.Username, Link: link, At: at.In(zone), Dates: c.DatesOf(e),
	})
}
