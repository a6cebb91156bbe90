package presignup

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// courier sends the mails of an import while its request is answered already.
type courier struct {
	running  sync.WaitGroup
	stopping atomic.Bool
}

const (
	mailTimeout = 15 * time.Second // of one message; an admin waits for it
	couriers    = 4                // that carry the mails of one import
)

// letter is a message to be carried.
type letter struct {
	invitation hajir.Invitation
	link       string
}

// deliver sends the link of i and waits for what becomes of it.
func (s *Invitations) deliver(ctx context.Context, c hajir.Company, i hajir.Invitation, token string) Invited {
	out := Invited{Invitation: i, Link: s.link(token)}
	if i.Mail == hajir.MailSending {
		out.Mail, out.MailError = s.send(ctx, c, letter{i, out.Link})
	}
	return out
}

// deliverLater sends letters after the caller has gone. What is not sent when
// the program ends is noted as failed, and the admin sends it again.
func (s *Invitations) deliverLater(ctx context.Context, c hajir.Company, letters []letter) {
	ctx = context.WithoutCancel(ctx)
	queue := make(chan letter)
	for range min(couriers, len(letters)) {
		s.courier.running.Go(func() {
			for l := range queue {
				if s.courier.stopping.Load() {
					s.note(ctx, l.invitation, hajir.MailFailed)
					continue
				}
				_, _ = s.send(ctx, c, l) // it is noted and logged
			}
		})
	}
	s.courier.running.Go(func() {
		defer close(queue)
		for _, l := range letters {
			queue <- l
		}
	})
}

// Wait returns when every mail that was handed to the program is sent or noted
// as failed.
func (s *Invitations) Wait() { s.courier.running.Wait() }

// Close ends the sending of mails.
func (s *Invitations) Close() {
	s.courier.stopping.Store(true)
	s.Wait()
}

// send hands one letter to the mail port and notes what became of it.
func (s *Invitations) send(ctx context.Context, c hajir.Company, l letter) (hajir.MailState, error) {
	limited, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	m, err := s.Letter(c, l.invitation, l.link)
	if err == nil {
		m.ID, m.To = "invitation-"+uuid.NewString(), mail.Address{Name: l.invitation.Name, Address: l.invitation.Email}
		err = s.Mail.Send(limited, m)
	}
	state := hajir.MailSent
	if s.Kept {
		state = hajir.MailKept
	}
	if err != nil {
		state = hajir.MailFailed
		s.Log.WarnContext(ctx, "an invitation was not mailed; its link can be sent again", "username", l.invitation.Username, "error", err)
	}
	s.note(context.WithoutCancel(ctx), l.invitation, state)
	return state, err
}

// note writes down what became of a link's mail, unless there is a newer link.
func (s *Invitations) note(ctx context.Context, sent hajir.Invitation, state hajir.MailState) {
	_, err := s.change(ctx, sent.Username, func(i hajir.Invitation) (hajir.Invitation, error) {
		i.Mail = state
		return i, i.Check(sent.TokenHash, sent.SentAt)
	})
	code := hajir.CodeOf(err)
	if err != nil && code != hajir.NotFound && code != hajir.InvitationUnknown { // joined, withdrawn or replaced already
		s.Log.WarnContext(ctx, "what became of a mail is not noted", "username", sent.Username, "error", err)
	}
}
