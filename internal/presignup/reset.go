package presignup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/mail"
	"hajir/internal/slow"
)

// ResetStore keeps links to new passwords. Loading what is not there returns a
// *hajir.Error with NotFound; saving at a stale version returns Conflict.
type ResetStore interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	PasswordReset(ctx context.Context, username string) (hajir.PasswordReset, error)
	SavePasswordReset(ctx context.Context, r hajir.PasswordReset) error
}

// Resets lets people choose a new password by a link that they are mailed.
// Whoever asks learns nothing about accounts: the answer is the same and comes
// before anything is looked up. A second factor stays on.
type Resets struct {
	Store ResetStore
	Users identity.Pool
	Guard slow.Guard // against asking too often
	Mail  mail.Sender
	// Letter writes the message that brings a link, and Notice the one that says
	// afterwards that the password was changed; ID and recipient are ours. The
	// employee is empty for the root account.
	Letter func(c hajir.Company, e hajir.Employee, u identity.User, link string, expires time.Time) (mail.Message, error)
	Notice func(c hajir.Company, e hajir.Employee, u identity.User, link string, at time.Time) (mail.Message, error)
	Now    func() time.Time
	Log    *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string

	running sync.WaitGroup
	busy    atomic.Int32
}

// maxBusy bounds the requests that are worked on after their answer.
const maxBusy = 64

// Ask sends links to the open accounts that a name may mean, after it has
// returned. A client that asks too often is slowed.
func (s *Resets) Ask(ctx context.Context, name string) error {
	if network := hajir.Network(identity.ClientOf(ctx).Address); network != "" {
		client := hajir.Guesses{Subject: "reset/" + hex.EncodeToString(hashSecret(network))}
		if _, err := s.Guard.Begin(ctx, hajir.ResetClientSlowdown, client); err != nil {
			return err
		}
	}
	if s.busy.Add(1) > maxBusy {
		s.busy.Add(-1)
		return hajir.Errorf(hajir.RateLimited, "too many people ask for a new password at once; try again in a minute")
	}
	ctx = context.WithoutCancel(ctx)
	s.running.Go(func() {
		defer s.busy.Add(-1)
		if err := s.answer(ctx, name); err != nil {
			s.Log.ErrorContext(ctx, "a link to a new password was not sent", "error", err)
		}
	})
	return nil
}

// answer sends links to whoever a name means.
func (s *Resets) answer(ctx context.Context, name string) error {
	found, err := s.Users.Find(ctx, name)
	if err != nil {
		return fmt.Errorf("find account: %w", err)
	}
	for _, u := range found {
		// Who never had a password was not let in by the admin, and devices have
		// none.
		if u.Role == hajir.RoleKiosk || u.PasswordHash == "" || u.Email == "" {
			continue
		}
		account := hajir.Guesses{Company: u.Company, Subject: "reset/" + u.Username}
		if _, err := s.Guard.Begin(ctx, hajir.ResetAccountSlowdown, account); hajir.CodeOf(err) == hajir.RateLimited {
			s.Log.InfoContext(ctx, "no further link to a new password for now", "username", u.Username)
			continue
		} else if err != nil {
			return err
		}
		if err := s.sendLink(ctx, u); err != nil {
			return err
		}
	}
	return nil
}

func (s *Resets) sendLink(ctx context.Context, u identity.User) error {
	c, err := s.Store.Company(ctx, u.Company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	link, expires, err := s.Link(ctx, u)
	if err != nil {
		return err
	}
	e, err := s.person(ctx, u)
	if err != nil {
		return err
	}
	m, err := s.Letter(c, e, u, link, expires)
	return s.send(ctx, u, m, err)
}

// person returns the record of whom an account is of, which says how they are
// written to: an empty one for the root account.
func (s *Resets) person(ctx context.Context, u identity.User) (hajir.Employee, error) {
	e, err := s.Store.Employee(ctx, u.Username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.Employee{}, nil
	}
	if err != nil {
		return e, fmt.Errorf("load employee: %w", err)
	}
	return e, nil
}

// send hands a message to the mail port, which may take its time.
func (s *Resets) send(ctx context.Context, u identity.User, m mail.Message, err error) error {
	if err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	limited, cancel := context.WithTimeout(ctx, mailTimeout)
	defer cancel()
	m.ID, m.To = "password-"+uuid.NewString(), mail.Address{Name: u.Name, Address: u.Email}
	if err := s.Mail.Send(limited, m); err != nil {
		return fmt.Errorf("send mail to %s: %w", u.Username, err)
	}
	return nil
}

// Link makes an account's link to a new password. The one before is dead.
func (s *Resets) Link(ctx context.Context, u identity.User) (link string, expires time.Time, err error) {
	if u.Role == hajir.RoleKiosk {
		return "", expires, hajir.Errorf(hajir.Invalid, "a kiosk has no password; pair it again on the site")
	}
	if u.Disabled {
		return "", expires, hajir.Errorf(hajir.Conflict, "the account is closed; open it first")
	}
	token, hash := newToken(u.Username)
	for attempt := 1; ; attempt++ {
		r, err := s.load(ctx, u.Username)
		if err != nil {
			return "", expires, err
		}
		r.Username, r.Company = u.Username, u.Company
		r = r.WithLink(hash, asItIs(u), s.Now().UTC())
		err = s.Store.SavePasswordReset(ctx, r)
		if err == nil {
			return s.SiteURL + "/reset#token=" + token, r.ExpiresAt, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return "", expires, fmt.Errorf("save link: %w", err)
		}
	}
}

// load returns an account's link; none is the zero value.
func (s *Resets) load(ctx context.Context, username string) (hajir.PasswordReset, error) {
	r, err := s.Store.PasswordReset(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.PasswordReset{}, nil
	}
	if err != nil {
		return r, fmt.Errorf("load link: %w", err)
	}
	return r, nil
}

// asItIs stands for an account with this password and mail address: a link
// that was made before either changed must not outlive the change, nor go over
// to who gets the username next.
func asItIs(u identity.User) []byte {
	sum := sha256.New()
	for _, part := range []string{u.Username, u.CreatedAt.UTC().Format(time.RFC3339Nano), u.Email, u.PasswordHash} {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return sum.Sum(nil)
}

// Find returns the account that a link's token belongs to, and until when it
// works.
func (s *Resets) Find(ctx context.Context, token string) (identity.User, time.Time, error) {
	u, r, err := s.prove(ctx, token)
	return u, r.ExpiresAt, err
}

// prove returns the account whose link has token, if it works now.
func (s *Resets) prove(ctx context.Context, token string) (identity.User, hajir.PasswordReset, error) {
	username, hash := splitToken(token)
	r, err := s.load(ctx, username)
	if err != nil {
		return identity.User{}, r, err
	}
	u, err := s.Users.User(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return u, r, fmt.Errorf("load account: %w", err)
	}
	account := asItIs(u)
	if err != nil || u.Disabled {
		account = nil
	}
	return u, r, r.Check(hash, account, s.Now())
}

// Complete replaces the password of the account whose link has token, and ends
// its sessions. Of several who follow one link, one wins.
func (s *Resets) Complete(ctx context.Context, token, password string) (identity.User, error) {
	if _, _, err := s.prove(ctx, token); err != nil {
		return identity.User{}, err
	}
	if err := s.Users.CheckPassword(password); err != nil {
		return identity.User{}, err
	}
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	u, r, err := s.claim(ctx, token)
	if err != nil {
		return u, err
	}
	if err := s.Users.SetPassword(ctx, u.Username, password); err != nil {
		r.Version++ // the link is given back: nobody's password has changed
		if undo := s.Store.SavePasswordReset(ctx, r); undo != nil {
			s.Log.WarnContext(ctx, "a link that was not used is lost", "username", u.Username, "error", undo)
		}
		return u, fmt.Errorf("set password: %w", err)
	}
	s.running.Go(func() { s.notify(ctx, u) })
	return u, nil
}

// claim uses a link up, and returns it as it was before.
func (s *Resets) claim(ctx context.Context, token string) (identity.User, hajir.PasswordReset, error) {
	for attempt := 1; ; attempt++ {
		u, r, err := s.prove(ctx, token)
		if err != nil {
			return u, r, err
		}
		err = s.Store.SavePasswordReset(ctx, r.Use())
		if err == nil {
			return u, r, nil
		}
		if hajir.CodeOf(err) != hajir.Conflict || attempt == attempts {
			return u, r, fmt.Errorf("use link: %w", err)
		}
	}
}

// notify tells an account's owner that the password was changed.
func (s *Resets) notify(ctx context.Context, u identity.User) {
	if u.Email == "" {
		return
	}
	c, err := s.Store.Company(ctx, u.Company)
	var e hajir.Employee
	if err == nil {
		e, err = s.person(ctx, u)
	}
	if err == nil {
		var m mail.Message
		m, err = s.Notice(c, e, u, s.SiteURL+"/forgot", s.Now())
		err = s.send(ctx, u, m, err)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "nobody was told that a password was changed", "username", u.Username, "error", err)
	}
}

// Wait returns when every mail is sent or given up.
func (s *Resets) Wait() { s.running.Wait() }
