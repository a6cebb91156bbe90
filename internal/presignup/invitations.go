package presignup

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/mail"
)

// InvitationStore keeps who waits. Loading what is not there returns a
// *hajir.Error with NotFound; saving or deleting at a stale version returns
// Conflict.
type InvitationStore interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	// EmployeesByCode returns a company's people with an employee code.
	EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error)
	Invitation(ctx context.Context, username string) (hajir.Invitation, error)
	// Invitations returns at most limit of a company's invitations in order of
	// their usernames, beginning behind after.
	Invitations(ctx context.Context, company, after string, limit int) ([]hajir.Invitation, error)
	SaveInvitation(ctx context.Context, i hajir.Invitation) error
	DeleteInvitation(ctx context.Context, i hajir.Invitation) error
}

// Invitations signs employees up: the admin invites them, and they join by the
// link that they were sent. join.go is their side, courier.go the mail.
type Invitations struct {
	Store InvitationStore
	Users identity.Pool
	Mail  mail.Sender
	// Kept says that Mail keeps messages as files, so that nobody gets them.
	Kept bool
	// Letter writes the message that brings a link; its ID and whom it goes to
	// are ours.
	Letter func(c hajir.Company, i hajir.Invitation, link string) (mail.Message, error)
	Now    func() time.Time
	Log    *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string

	courier courier
}

// Invited is an invitation with its link, which is known only now: the store
// has its hash.
type Invited struct {
	hajir.Invitation
	Link      string
	MailError error // why the mail did not go out
}

// Invite lets a person wait, and sends them a link. A mail that fails does not
// undo the invitation: the admin has the link.
func (s *Invitations) Invite(ctx context.Context, person hajir.Employee) (Invited, error) {
	c, err := s.Store.Company(ctx, person.Company)
	if err != nil {
		return Invited{}, fmt.Errorf("load company: %w", err)
	}
	i, token, err := s.enter(ctx, person)
	if err != nil {
		return Invited{}, err
	}
	return s.deliver(ctx, c, i, token), nil
}

// enter stores the invitation of a person.
func (s *Invitations) enter(ctx context.Context, person hajir.Employee) (i hajir.Invitation, token string, err error) {
	if i, err = s.admit(ctx, person, nil); err != nil {
		return i, "", err
	}
	token, hash := newToken(i.Username)
	i = i.WithLink(hash, s.Now().UTC())
	if err := s.Store.SaveInvitation(ctx, i); err != nil {
		if hajir.CodeOf(err) == hajir.Conflict {
			err = taken(err)
		}
		return i, "", fmt.Errorf("save invitation: %w", err)
	}
	i.Version++
	return i, token, nil
}

// admit says whether a person may be invited: whether the record is in order,
// the username free and the manager one. Those in coming count as invited.
func (s *Invitations) admit(ctx context.Context, person hajir.Employee, coming map[string]hajir.Employee) (hajir.Invitation, error) {
	i, err := hajir.Invite(person, s.Now().UTC())
	if err != nil {
		return i, err
	}
	if err := s.mayReport(ctx, i, coming); err != nil {
		return i, err
	}
	if err := s.codeGiven(ctx, person); err != nil {
		return i, err
	}
	waiting, err := s.Store.Invitation(ctx, i.Username)
	switch {
	case err == nil && waiting.Company == i.Company:
		return i, hajir.Errorf(hajir.Conflict, "%s is invited already; send the link again instead", i.Username)
	case err == nil:
		return i, taken(nil)
	case hajir.CodeOf(err) != hajir.NotFound:
		return i, fmt.Errorf("load invitation: %w", err)
	}
	_, err = s.Users.User(ctx, i.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		_, err = s.Store.Employee(ctx, i.Username)
	}
	switch {
	case err == nil:
		return i, taken(nil)
	case hajir.CodeOf(err) != hajir.NotFound:
		return i, fmt.Errorf("look for the username: %w", err)
	}
	return i, nil
}

func taken(cause error) error {
	return &hajir.Error{Code: hajir.Conflict, Message: "this username is in use; choose another", Cause: cause}
}

// Resend gives an invitation a new link and sends it. The link before is dead.
func (s *Invitations) Resend(ctx context.Context, company, username string) (Invited, error) {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return Invited{}, fmt.Errorf("load company: %w", err)
	}
	if err := s.idle(ctx, company, username); err != nil {
		return Invited{}, err
	}
	token, hash := newToken(username)
	i, err := s.change(ctx, username, func(i hajir.Invitation) (hajir.Invitation, error) {
		return i.WithLink(hash, s.Now().UTC()), s.stillIdle(i)
	})
	if err != nil {
		return Invited{}, err
	}
	if err := s.dropAccount(ctx, i); err != nil {
		return Invited{}, err
	}
	return s.deliver(ctx, c, i, token), nil
}

// Withdraw takes an invitation back; its link is dead.
func (s *Invitations) Withdraw(ctx context.Context, company, username string) error {
	if err := s.idle(ctx, company, username); err != nil {
		return err
	}
	// The link dies first, so that nobody begins to join while what an attempt
	// left behind is cleared away.
	i, err := s.change(ctx, username, func(i hajir.Invitation) (hajir.Invitation, error) {
		i.TokenHash = nil
		return i, s.stillIdle(i)
	})
	if err != nil {
		return err
	}
	if err := s.dropAccount(ctx, i); err != nil {
		return err
	}
	return s.remove(ctx, i)
}

// Waiting returns one page of who waits, and where the next begins: "" when
// there is none.
func (s *Invitations) Waiting(ctx context.Context, company, after string, limit int) (page []hajir.Invitation, next string, err error) {
	all, err := s.Store.Invitations(ctx, company, after, limit)
	if err != nil {
		return nil, "", fmt.Errorf("list invitations: %w", err)
	}
	if len(all) == limit {
		next = all[limit-1].Username
	}
	for _, i := range all {
		joined, err := s.joined(ctx, i)
		if err != nil {
			return nil, "", err
		}
		if !joined {
			page = append(page, i)
		}
	}
	return page, next, nil
}

// idle refuses an invitation that is not the company's, and one by which
// somebody has joined or is joining.
func (s *Invitations) idle(ctx context.Context, company, username string) error {
	i, err := s.Store.Invitation(ctx, username)
	if err == nil && i.Company != company {
		err = hajir.Errorf(hajir.NotFound, "nobody with this username is invited")
	}
	if err != nil {
		return fmt.Errorf("load invitation: %w", err)
	}
	joined, err := s.joined(ctx, i)
	if err != nil {
		return err
	}
	if joined {
		return hajir.Errorf(hajir.Conflict, "%s has joined already", i.Name)
	}
	return s.stillIdle(i)
}

func (s *Invitations) stillIdle(i hajir.Invitation) error {
	if i.Joining(s.Now()) {
		return hajir.Errorf(hajir.Conflict, "%s is following the link at this moment; look again in a few minutes", i.Name)
	}
	return nil
}

// joined says whether i's person is an employee already, and clears i away:
// the last step of joining was cut off.
func (s *Invitations) joined(ctx context.Context, i hajir.Invitation) (bool, error) {
	if i.BegunAt.IsZero() {
		return false, nil
	}
	e, err := s.Store.Employee(ctx, i.Username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && !i.Became(e) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("load employee: %w", err)
	}
	return true, s.remove(ctx, i)
}

// dropAccount removes the account that a join made before it was cut off.
func (s *Invitations) dropAccount(ctx context.Context, i hajir.Invitation) error {
	u, err := s.Users.User(ctx, i.Username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && !s.ours(u, i) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	_, err = s.Store.Employee(ctx, i.Username)
	if err == nil {
		return nil
	}
	if hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load employee: %w", err)
	}
	return s.Users.Delete(ctx, i.Username)
}

func (s *Invitations) ours(u identity.User, i hajir.Invitation) bool {
	return u.Company == i.Company && u.Role == i.Role
}

// attempts bounds how often a change that collides with another is made anew.
const attempts = 10

// change loads an invitation, changes it and saves it, until nobody else has
// saved it in between.
func (s *Invitations) change(
	ctx context.Context, username string, f func(hajir.Invitation) (hajir.Invitation, error),
) (hajir.Invitation, error) {
	for attempt := 1; ; attempt++ {
		i, err := s.Store.Invitation(ctx, username)
		if err != nil {
			return i, fmt.Errorf("load invitation: %w", err)
		}
		if i, err = f(i); err != nil {
			return i, err
		}
		err = s.Store.SaveInvitation(ctx, i)
		if err == nil {
			i.Version++
			return i, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return i, fmt.Errorf("save invitation: %w", err)
		}
	}
}

// remove deletes an invitation, whatever was noted on it meanwhile. One that is
// gone is no error, and a later one of the same person stays.
func (s *Invitations) remove(ctx context.Context, i hajir.Invitation) error {
	for attempt := 1; ; attempt++ {
		err := s.Store.DeleteInvitation(ctx, i)
		if err == nil {
			return nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return fmt.Errorf("delete invitation: %w", err)
		}
		now, err := s.Store.Invitation(ctx, i.Username)
		if hajir.CodeOf(err) == hajir.NotFound || err == nil && !now.CreatedAt.Equal(i.CreatedAt) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("load invitation: %w", err)
		}
		i.Version = now.Version
	}
}
