package company

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// Where the operator opens sign-up, anybody may ask for a company. They are
// sent a link, ID.SECRET, of which the store keeps the secret's hash, and who
// follows it chooses the password. The company is made then and not before, so
// that a wish claims nothing: of two who want one username, the first to
// confirm has it. Whether a username or an address is known here is told to
// nobody who has not confirmed an address.

// SignUpStore keeps sign-ups. Loading what is not there returns a *hajir.Error
// with NotFound; saving or deleting at a stale version returns Conflict.
type SignUpStore interface {
	SignUp(ctx context.Context, id string) (hajir.SignUp, error)
	// CountSignUps returns how many there are: a client's, to an address, and
	// in all.
	CountSignUps(ctx context.Context, client, address string) (ofClient, toAddress, inAll int, err error)
	SaveSignUp(ctx context.Context, s hajir.SignUp) error
	DeleteSignUp(ctx context.Context, id string, version int) error
	DeleteExpiredSignUps(ctx context.Context, t time.Time) error
}

// How many sign-ups may wait at once: strangers ask for them, and must fill
// neither the disk nor somebody's mailbox.
const (
	maxSignUps        = 1000
	maxClientSignUps  = 10
	maxAddressSignUps = 3
)

const (
	letterTimeout = 30 * time.Second // of one message
	letterBearers = 4                // messages that travel at once
)

// letters go out after their requests were answered, since a mail server takes
// its time, and how much would tell what it knows of an address.
type letters struct {
	counting sync.Mutex // held while a sign-up is counted and added
	slots    chan struct{}
	once     sync.Once
	running  sync.WaitGroup
	stopping atomic.Bool
}

// SignUp notes the wish for a company and sends the link that confirms it. For
// an address that was sent enough it does nothing, and says so to nobody.
func (s *Service) SignUp(ctx context.Context, client netip.Addr, wish hajir.SignUp) (hajir.SignUp, error) {
	if err := s.signUpIsOpen(); err != nil {
		return wish, err
	}
	if err := mail.ValidateAddress(mail.Address{Address: wish.Email}); err != nil {
		return wish, err
	}
	s.letters.counting.Lock()
	defer s.letters.counting.Unlock()
	if err := s.Store.DeleteExpiredSignUps(ctx, s.Now().UTC()); err != nil {
		return wish, err
	}
	wish.Client = sameClient(client)
	ofClient, toAddress, inAll, err := s.Store.CountSignUps(ctx, wish.Client, wish.Address())
	if err != nil {
		return wish, err
	}
	if ofClient >= maxClientSignUps || inAll >= maxSignUps {
		e := hajir.Errorf(hajir.RateLimited, "too many companies are being signed up; confirm one by the link in its mail, or try again in an hour")
		e.RetryAfter = time.Hour
		return wish, e
	}
	if toAddress >= maxAddressSignUps {
		s.Log.InfoContext(ctx, "an address that waits for enough links already was sent no more", "domain", mail.Domain(mail.Address{Address: wish.Email}))
		return wish, nil
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	text := base64.RawURLEncoding.EncodeToString(secret)
	wish.ID, wish.TokenHash = uuid.NewString(), hashOf(text)
	if err := s.Store.SaveSignUp(ctx, wish); err != nil {
		return wish, fmt.Errorf("save sign-up: %w", err)
	}
	wish.Version = 1
	// The fragment stays in the browser: no log on the way sees the token.
	s.post(context.WithoutCancel(ctx), wish, s.SiteURL+"/sign-up/confirm#token="+wish.ID+"."+text)
	return wish, nil
}

// post sends a link after the caller has gone. A sign-up whose link does not go
// out is removed: nobody could confirm it, and it would count.
func (s *Service) post(ctx context.Context, wish hajir.SignUp, link string) {
	s.letters.once.Do(func() { s.letters.slots = make(chan struct{}, letterBearers) })
	s.letters.running.Go(func() {
		s.letters.slots <- struct{}{}
		defer func() { <-s.letters.slots }()
		err := context.Canceled
		if !s.letters.stopping.Load() {
			err = s.send(ctx, wish, link)
		}
		if err == nil {
			return
		}
		s.Log.WarnContext(ctx, "a sign-up was not mailed and is dropped", "sign_up", wish.ID, "error", err)
		if err := s.Store.DeleteSignUp(ctx, wish.ID, wish.Version); err != nil {
			s.Log.WarnContext(ctx, "a sign-up that was not mailed stays", "sign_up", wish.ID, "error", err)
		}
	})
}

func (s *Service) send(ctx context.Context, wish hajir.SignUp, link string) error {
	limited, cancel := context.WithTimeout(ctx, letterTimeout)
	defer cancel()
	m, err := s.Letter(wish, link)
	if err != nil {
		return err
	}
	m.ID, m.To = "sign-up-"+uuid.NewString(), mail.Address{Address: wish.Email}
	return s.Mail.Send(limited, m)
}

// Wait returns when every link that was to be sent is, or is given up.
func (s *Service) Wait() { s.letters.running.Wait() }

// Close ends the sending of links.
func (s *Service) Close() {
	s.letters.stopping.Store(true)
	s.Wait()
}

func (s *Service) signUpIsOpen() error {
	if !s.OpenSignUp {
		return hajir.Errorf(hajir.SignUpClosed, "here, companies are made by the operator; ask them for yours")
	}
	return nil
}

// FindSignUp returns the sign-up that a link's token confirms.
func (s *Service) FindSignUp(ctx context.Context, token string) (hajir.SignUp, error) {
	if err := s.signUpIsOpen(); err != nil {
		return hajir.SignUp{}, err
	}
	id, secret, _ := strings.Cut(token, ".")
	wish, err := s.Store.SignUp(ctx, id)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return hajir.SignUp{}, fmt.Errorf("load sign-up: %w", err)
	}
	// One that is not there has no hash, and refuses every secret.
	if err := wish.Check(hashOf(secret), s.Now()); err != nil {
		return hajir.SignUp{}, err
	}
	if wish.BegunAt.IsZero() {
		return wish, nil
	}
	// Somebody was cut off: before the company was made, or after it.
	c, err := s.Store.Company(ctx, wish.Username)
	switch {
	case err == nil && wish.Became(c):
		return hajir.SignUp{}, wish.Used()
	case err != nil && hajir.CodeOf(err) != hajir.NotFound:
		return hajir.SignUp{}, fmt.Errorf("load company: %w", err)
	}
	return wish, nil
}

// ConfirmSignUp makes the company of a sign-up, under the username that was
// wanted or another one. It cannot half-happen because each step can be taken
// again:
//
//  1. the sign-up notes that somebody has begun: of several who follow one link
//     at once, one goes on;
//  2. the account is made, and then the company, which counts (see Create). Of
//     several who want one username, one has it;
//  3. the sign-up notes that it was used. Who was cut off before that is told so
//     all the same, since the company was made when they began.
func (s *Service) ConfirmSignUp(ctx context.Context, token, username, password string) (hajir.Company, error) {
	none := hajir.Company{}
	wish, err := s.FindSignUp(ctx, token)
	if err != nil {
		return none, err
	}
	now := s.Now().UTC()
	if wish.Confirming(now) {
		return none, confirming()
	}
	wanted := wish.Username
	if username != "" {
		wish.Username = username
	}
	wish.BegunAt = now
	c := wish.Company()
	wish.Username = c.Username
	if err := c.Validate(); err != nil {
		return none, err
	}
	if err := s.Users.CheckPassword(password); err != nil {
		return none, err
	}
	guesses := hajir.Guesses{Subject: "sign-up/" + wish.ID}
	if _, err := s.Guard.Begin(ctx, hajir.SlowSignUp, guesses); err != nil {
		return none, err
	}
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	if err := s.Store.SaveSignUp(ctx, wish); err != nil {
		if hajir.CodeOf(err) == hajir.Conflict {
			return none, confirming()
		}
		return none, fmt.Errorf("save sign-up: %w", err)
	}
	wish.Version++
	c, err = s.Create(ctx, c, password)
	if err != nil {
		wish.Username, wish.BegunAt = wanted, time.Time{} // they may try again at once
	} else {
		wish.UsedAt = now
	}
	if err := s.Store.SaveSignUp(ctx, wish); err != nil {
		s.Log.WarnContext(ctx, "how a sign-up ended is not noted", "sign_up", wish.ID, "error", err)
	}
	if err != nil {
		return none, err
	}
	return c, s.Guard.Clear(ctx, guesses)
}

func confirming() error {
	e := hajir.Errorf(hajir.Unavailable, "this link is being followed at this moment; try again in a few minutes")
	e.RetryAfter = hajir.JoinWindow
	return e
}
