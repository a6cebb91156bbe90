package presignup

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Joining touches three records: the account, the employee, and the invitation
// that ends. It cannot half-happen because each step can be taken again:
//
//  1. the invitation notes that somebody has begun, which holds off a
//     withdrawal and a new link;
//  2. the account is made with the password. There can be only one, so of
//     several who follow one link at once, one wins here;
//  3. the employee is made, which knows the link's hash;
//  4. the invitation is removed.
//
// Who was cut off follows the link again: with the same password they go on
// where they were; with another one the account of step 2 is replaced, once it
// is certain that nobody is in the midst of it.

// Find returns the invitation that a link's token belongs to, and the company.
func (s *Invitations) Find(ctx context.Context, token string) (hajir.Invitation, hajir.Company, error) {
	i, _, err := s.prove(ctx, token)
	if err != nil {
		return hajir.Invitation{}, hajir.Company{}, err
	}
	joined, err := s.joined(ctx, i)
	if err == nil && joined {
		err = used()
	}
	if err != nil {
		return i, hajir.Company{}, err
	}
	c, err := s.Store.Company(ctx, i.Company)
	if err != nil {
		return i, c, fmt.Errorf("load company: %w", err)
	}
	return i, c, nil
}

// prove returns the invitation whose link has token, if it works now.
func (s *Invitations) prove(ctx context.Context, token string) (hajir.Invitation, []byte, error) {
	username, hash := splitToken(token)
	i, err := s.Store.Invitation(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return i, hash, s.gone(ctx, username, hash)
	}
	if err != nil {
		return i, hash, fmt.Errorf("load invitation: %w", err)
	}
	return i, hash, i.Check(hash, s.Now())
}

// gone says why there is no invitation. Only who has the link learns that it
// was used.
func (s *Invitations) gone(ctx context.Context, username string, hash []byte) error {
	e, err := s.Store.Employee(ctx, username)
	if err == nil && e.JoinedByLink(hash) {
		return used()
	}
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load employee: %w", err)
	}
	return hajir.Invitation{}.Check(hash, s.Now())
}

func used() error {
	return hajir.Errorf(hajir.InvitationUsed, "this link was used already; sign in with the username and the password that were chosen then")
}

// Decision is what a person answers who follows a link.
type Decision struct {
	Password       string
	Consent        hajir.ConsentState
	ConsentVersion string
}

// Join makes an employee of the person whose link has token.
func (s *Invitations) Join(ctx context.Context, token string, d Decision) (hajir.Employee, error) {
	none := hajir.Employee{}
	consent, err := hajir.Decide(d.Consent, d.ConsentVersion, s.Now().UTC())
	if err != nil {
		return none, err
	}
	i, hash, err := s.prove(ctx, token)
	if err != nil {
		return none, err
	}
	if err := s.Users.CheckPassword(d.Password); err != nil {
		return none, err
	}
	// Once begun, it is seen through, even when the person leaves the page.
	ctx = context.WithoutCancel(ctx)
	if i, err = s.begin(ctx, i.Username, hash); err != nil {
		return none, err
	}
	if err := s.open(ctx, i, d.Password); err != nil {
		return none, err
	}
	if i.Role == hajir.RoleAuditor { // who has no attendance, and so was not asked
		consent = hajir.Consent{}
	}
	e := i.Join(consent, s.Now().UTC())
	switch err := s.saveEmployee(ctx, &e); {
	case err == nil:
		e.Version = 1
	case hajir.CodeOf(err) == hajir.Conflict:
		if e, err = s.finished(ctx, i, d.Password); err != nil {
			return none, err
		}
	default:
		return none, fmt.Errorf("save employee: %w", err)
	}
	if err := s.remove(ctx, i); err != nil {
		// The person has joined; the next look at the list clears this away.
		s.Log.WarnContext(ctx, "the invitation of somebody who has joined stays", "username", i.Username, "error", err)
	}
	return e, nil
}

// saveEmployee saves who joins. An employee code that was given to somebody else
// since the invitation keeps nobody out: they join without one.
func (s *Invitations) saveEmployee(ctx context.Context, e *hajir.Employee) error {
	err := s.Store.SaveEmployee(ctx, *e)
	if hajir.CodeOf(err) != hajir.Conflict || e.Code == "" {
		return err
	}
	given := s.codeGiven(ctx, *e)
	if hajir.CodeOf(given) != hajir.Conflict {
		return err
	}
	s.Log.WarnContext(ctx, "joined without the employee code, which is another's by now", "username", e.Username)
	e.Code = ""
	return s.Store.SaveEmployee(ctx, *e)
}

// codeGiven returns a Conflict error when somebody else has e's code.
func (s *Invitations) codeGiven(ctx context.Context, e hajir.Employee) error {
	if e.Code == "" {
		return nil
	}
	others, err := s.Store.EmployeesByCode(ctx, e.Company, e.Code)
	if err != nil {
		return fmt.Errorf("find employee code: %w", err)
	}
	return e.CodeGiven(others)
}

// begin notes that somebody is joining.
func (s *Invitations) begin(ctx context.Context, username string, hash []byte) (hajir.Invitation, error) {
	now := s.Now().UTC()
	i, err := s.change(ctx, username, func(i hajir.Invitation) (hajir.Invitation, error) {
		i.BegunAt = now
		return i, i.Check(hash, now)
	})
	if hajir.CodeOf(err) == hajir.NotFound {
		err = s.gone(ctx, username, hash)
	}
	return i, err
}

// open makes the account, or finds the one that an attempt before has made.
func (s *Invitations) open(ctx context.Context, i hajir.Invitation, password string) error {
	account := identity.User{Username: i.Username, Name: i.Name, Company: i.Company, Role: i.Role}
	err := s.Users.Create(ctx, account, password)
	if hajir.CodeOf(err) != hajir.Conflict {
		return err
	}
	made, err := s.Users.User(ctx, i.Username)
	if err != nil {
		return fmt.Errorf("load account: %w", err)
	}
	if !s.ours(made, i) {
		return lost()
	}
	_, err = s.Store.Employee(ctx, i.Username)
	if err == nil {
		_, err = s.finished(ctx, i, password)
		return err
	}
	if hajir.CodeOf(err) != hajir.NotFound {
		return fmt.Errorf("load employee: %w", err)
	}
	switch known, err := s.knows(ctx, i.Username, password); {
	case err != nil || known:
		return err
	case s.Now().Before(made.CreatedAt.Add(hajir.JoinWindow)):
		return hajir.Errorf(hajir.Conflict, "this link is being followed at this moment; try again in a few minutes, or with the password that you chose first")
	}
	if err := s.Users.Delete(ctx, i.Username); err != nil {
		return fmt.Errorf("replace account: %w", err)
	}
	return s.Users.Create(ctx, account, password)
}

// finished returns the employee that an attempt before has made, to whoever
// knows the password that was chosen then.
func (s *Invitations) finished(ctx context.Context, i hajir.Invitation, password string) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, i.Username)
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	if !i.Became(e) {
		return e, lost()
	}
	known, err := s.knows(ctx, i.Username, password)
	if err == nil && !known {
		err = used()
	}
	return e, err
}

func lost() error {
	return hajir.Errorf(hajir.Conflict, "your username was given to somebody else meanwhile; ask your administrator for a new invitation")
}

// knows says whether password is the account's.
func (s *Invitations) knows(ctx context.Context, username, password string) (bool, error) {
	_, tokens, err := s.Users.SignIn(ctx, username, password, "")
	if hajir.CodeOf(err) == hajir.TOTPRequired { // the password was right
		return true, nil
	}
	if hajir.CodeOf(err) == hajir.Unauthorized {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("try the password: %w", err)
	}
	if err := s.Users.SignOut(ctx, tokens.Refresh); err != nil {
		s.Log.WarnContext(ctx, "a session stays", "username", username, "error", err)
	}
	return true, nil
}
