// Package feed gives calendars away by a secret link, for phones and mail
// programs that cannot sign in. Read feed.go first, which makes links and
// follows them; calendar.go writes the calendars.
package feed

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"hajir/internal/events"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/roster"
)

// Store keeps feeds. Loading what is not there returns a *hajir.Error with
// NotFound.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)
	Feed(ctx context.Context, tokenHash string) (hajir.Feed, error)
	Feeds(ctx context.Context, username string) ([]hajir.Feed, error)
	SaveFeed(ctx context.Context, f hajir.Feed) error
	DeleteFeed(ctx context.Context, username string, kind hajir.FeedKind) error
	LeaveAccounts(ctx context.Context, usernames []string) (map[string]hajir.LeaveAccount, error)
	LeaveTypes(ctx context.Context, company string) ([]hajir.LeaveType, error)
}

// Accounts knows whether an account is still open.
type Accounts interface {
	User(ctx context.Context, username string) (identity.User, error)
}

// Service makes links to calendars, and follows them.
type Service struct {
	Store    Store
	Accounts Accounts
	Book     roster.Book
	Events   *events.Desk
	Now      func() time.Time
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string
	// Path is where links lead, with a slash at the end.
	Path string
}

// tokenBytes are as many that nobody guesses a link.
const tokenBytes = 32

// Made is a new link.
type Made struct {
	hajir.Feed
	Link string // it is told only now
}

// Make makes a link to one of an account's calendars; the one before is dead
// from then on.
func (s *Service) Make(ctx context.Context, who identity.Principal, kind hajir.FeedKind) (Made, error) {
	if !slices.Contains(hajir.FeedsOf(who.Role), kind) {
		return Made{}, hajir.Errorf(hajir.Invalid, "there is no such calendar for your account")
	}
	if who.Issuer != "" {
		return Made{}, hajir.Errorf(hajir.Forbidden, "your account lives elsewhere, at %s: nothing would tell Hajir to close the link with it", who.Issuer)
	}
	secret := make([]byte, tokenBytes)
	if _, err := rand.Read(secret); err != nil {
		return Made{}, fmt.Errorf("make a link: %w", err)
	}
	token := base64.RawURLEncoding.EncodeToString(secret)
	for attempt := 1; ; attempt++ {
		all, err := s.Store.Feeds(ctx, who.Username)
		if err != nil {
			return Made{}, fmt.Errorf("load calendar links: %w", err)
		}
		f := hajir.Feed{Username: who.Username, Kind: kind, Company: who.Company, TokenHash: hash(token), MadeAt: s.Now().UTC()}
		for _, before := range all {
			if before.Kind == kind {
				f.Version = before.Version
			}
		}
		err = s.Store.SaveFeed(ctx, f)
		if err != nil && hajir.CodeOf(err) == hajir.Conflict && attempt < attempts {
			continue
		}
		if err != nil {
			return Made{}, err
		}
		return Made{Feed: f, Link: s.SiteURL + s.Path + token + ".ics"}, nil
	}
}

const attempts = 16

// Of returns the feeds that an account has, and the kinds that it may have.
func (s *Service) Of(ctx context.Context, who identity.Principal) ([]hajir.Feed, []hajir.FeedKind, error) {
	all, err := s.Store.Feeds(ctx, who.Username)
	if err != nil {
		return nil, nil, fmt.Errorf("load calendar links: %w", err)
	}
	kinds := hajir.FeedsOf(who.Role)
	return slices.DeleteFunc(all, func(f hajir.Feed) bool { return !slices.Contains(kinds, f.Kind) }), kinds, nil
}

// Remove kills a link.
func (s *Service) Remove(ctx context.Context, username string, kind hajir.FeedKind) error {
	return s.Store.DeleteFeed(ctx, username, kind)
}

// End kills all links of an account.
func (s *Service) End(ctx context.Context, username string) error {
	all, err := s.Store.Feeds(ctx, username)
	if err != nil {
		return fmt.Errorf("load calendar links: %w", err)
	}
	for _, f := range all {
		if err := s.Store.DeleteFeed(ctx, username, f.Kind); err != nil {
			return err
		}
	}
	return nil
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Follow returns the calendar that a link's token leads to. Whatever is wrong
// with the link, the answer is the same.
func (s *Service) Follow(ctx context.Context, token string) ([]byte, error) {
	unknown := hajir.Errorf(hajir.NotFound, "this calendar link does not work any more; make a new one on the page of your account")
	f, err := s.Store.Feed(ctx, hash(token))
	if hajir.CodeOf(err) == hajir.NotFound && err != nil {
		return nil, unknown
	}
	if err != nil {
		return nil, fmt.Errorf("load calendar link: %w", err)
	}
	u, err := s.Accounts.User(ctx, f.Username)
	switch {
	case err != nil && hajir.CodeOf(err) == hajir.NotFound,
		err == nil && (u.Disabled || u.Company != f.Company || !slices.Contains(hajir.FeedsOf(u.Role), f.Kind)):
		return nil, unknown
	case err != nil:
		return nil, fmt.Errorf("load account: %w", err)
	}
	c, err := s.Store.Company(ctx, f.Company)
	if err != nil {
		return nil, fmt.Errorf("load company: %w", err)
	}
	var owner hajir.Employee
	if u.Role != hajir.RoleAdmin {
		if owner, err = s.Events.Person(ctx, f.Company, f.Username); err != nil {
			return nil, err
		}
		if !owner.Active {
			return nil, unknown
		}
	}
	w, err := s.open(c, f)
	if err != nil {
		return nil, err
	}
	switch f.Kind {
	case hajir.FeedOwn:
		err = s.own(ctx, w, owner)
	case hajir.FeedTeam:
		var team []hajir.Employee
		if u.Role == hajir.RoleManager {
			if team, err = s.Events.Team(ctx, f.Company, f.Username, u.Role); err != nil {
				return nil, err
			}
			team = team[1:] // but themselves
		} else if team, err = s.everyone(ctx, f.Company); err != nil {
			return nil, err
		}
		err = s.team(ctx, w, team)
	case hajir.FeedEvents:
		err = s.events(ctx, w, u)
	}
	if err != nil {
		return nil, err
	}
	return w.bytes()
}

// everyone returns a company's people.
func (s *Service) everyone(ctx context.Context, company string) ([]hajir.Employee, error) {
	var all []hajir.Employee
	for after := ""; ; {
		page, err := s.Store.Employees(ctx, company, after, pageSize)
		if err != nil {
			return nil, fmt.Errorf("list employees: %w", err)
		}
		if all = append(all, page...); len(page) < pageSize {
			return all, nil
		}
		after = page[len(page)-1].Username
	}
}

// pageSize is how many records one read of the store takes.
const pageSize = 500
