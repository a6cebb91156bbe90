package doctor

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Mail is how messages go out.
type Mail struct {
	// Err is what is wrong with the configuration.
	Err error
	// Outbox is where mails are kept, if there is no server.
	Outbox string
	// Server describes the server, and Try signs in to it without sending
	// anything.
	Server string
	Try    func(context.Context) error
	// To, if set, is sent a message by Send.
	To   string
	Send func(context.Context) error
}

// Check examines m.
func (m Mail) Check() Check {
	return Check{"mail", func(ctx context.Context, c *Chart) {
		const why = "Invitations, links to new passwords and alarms go out by mail."
		switch {
		case m.Err != nil:
			c.Fail("mail", "The mail server is not configured as it must be: "+m.Err.Error(), why, "hajir serve --help lists the flags of mail.")
			return
		case m.Try == nil:
			c.Warn("mail", fmt.Sprintf("No mail server is configured; mails are kept as files in %[2]s (%[1]d so far).", Kept(m.Outbox), m.Outbox), why,
				"Name a mail server with --smtp-host and a sender with --mail-from, or pass the mails on by hand.")
		default:
			if err := m.Try(ctx); err != nil {
				c.Fail("mail", fmt.Sprintf("The mail server %s does not take mails: %v", m.Server, err), why, "Mend what it says; the flags begin with --smtp.")
				return
			}
			c.OK("mail", "The mail server %s answers, by the protection that it should, and lets Hajir sign in.", m.Server)
		}
		if m.To == "" {
			return
		}
		if err := m.Send(ctx); err != nil {
			c.Fail("mail.send", fmt.Sprintf("A mail to %s was not taken: %v", m.To, err), why, "See whether the address is right, and what the server says.")
			return
		}
		c.OK("mail.send", "A mail to %s was handed over; see whether it arrives.", m.To)
	}}
}

// Kept returns how many mails lie in an outbox.
func Kept(dir string) int {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return 0 // there is none
	}
	n := 0
	for _, e := range entries {
		if filepath.Ext(e.Name()) == ".eml" {
			n++
		}
	}
	return n
}
