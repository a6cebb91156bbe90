package company

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"sync"

	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/objects"
	"hajir/internal/report"
)

// setup guards the first run: while there is no company, whoever has the token
// that the log prints may make the first one.
type setup struct {
	mu    sync.Mutex
	token string
}

// SetupURL returns the link to the set-up page with a one-time token, or ""
// when a company exists.
func (s *Service) SetupURL(ctx context.Context) (string, error) {
	needed, err := s.SetupNeeded(ctx)
	if err != nil || !needed {
		return "", err
	}
	s.setup.mu.Lock()
	defer s.setup.mu.Unlock()
	made := s.setup.token == ""
	if made {
		s.setup.token = rand.Text()
	}
	// The fragment stays in the browser: no log on the way sees the token.
	link := s.SiteURL + "/setup#token=" + s.setup.token
	if made {
		s.Announce(ctx, link)
	}
	return link, nil
}

// SetupNeeded says whether there is no company yet.
func (s *Service) SetupNeeded(ctx context.Context) (bool, error) {
	all, err := s.Store.Companies(ctx)
	if err != nil {
		return false, fmt.Errorf("list companies: %w", err)
	}
	return len(all) == 0, nil
}

// SetUp makes the first company. The token works once.
func (s *Service) SetUp(ctx context.Context, token string, c hajir.Company, password string) (hajir.Company, error) {
	s.setup.mu.Lock()
	defer s.setup.mu.Unlock()
	needed, err := s.SetupNeeded(ctx)
	if err != nil {
		return c, err
	}
	if !needed {
		return c, hajir.Errorf(hajir.SetupClosed, "a company exists already; sign in, or ask the operator to make another one")
	}
	if s.setup.token == "" || subtle.ConstantTimeCompare([]byte(token), []byte(s.setup.token)) != 1 {
		return c, hajir.Errorf(hajir.Forbidden, "the set-up token is wrong; open the link that the program's log printed last")
	}
	if err := c.Validate(); err != nil {
		return c, err
	}
	c, err = s.Create(identity.Prove(ctx, root(c)), c, password)
	if err == nil {
		s.setup.token = ""
	}
	return c, err
}

// Create makes a company and its root account. The company is saved last: it
// is what makes the account count.
func (s *Service) Create(ctx context.Context, c hajir.Company, password string) (hajir.Company, error) {
	if err := c.Validate(); err != nil {
		return c, err
	}
	if password == "" {
		return c, hajir.Errorf(hajir.WeakPassword, "a password is needed")
	}
	ctx = context.WithoutCancel(ctx) // once begun, both are seen through
	s.creating.Lock()
	defer s.creating.Unlock()
	// Strangers, too, may want this username: whoever has an account of this
	// name without a company may be about to make it, and somebody who was
	// invited under it is about to join.
	err := s.notInvited(ctx, hajir.Employee{Username: c.Username, Company: c.Username})
	if err == nil {
		err = s.claim(ctx, root(c), password, hajir.JoinWindow, func() error {
			_, err := s.Store.Company(ctx, c.Username)
			return err
		})
	}
	if err != nil {
		return c, err
	}
	if err := s.Store.SaveCompany(ctx, c); err != nil {
		return c, fmt.Errorf("save company: %w", err)
	}
	c.Version = 1
	if !c.Demo {
		return c, nil
	}
	if err := s.FillDemo(ctx, c); err != nil {
		if undo := s.RemoveDemo(ctx, c.Username); undo != nil {
			s.Log.WarnContext(ctx, "part of an example company stays", "company", c.Username, "error", undo)
		}
		return c, fmt.Errorf("fill example company: %w", err)
	}
	return c, nil
}

// root returns a company's root account.
func root(c hajir.Company) identity.User {
	return identity.User{Username: c.Username, Name: c.Name, Email: c.Email, Company: c.Username, Role: hajir.RoleAdmin}
}

// RemoveDemo removes a company of example data with all that belongs to it.
func (s *Service) RemoveDemo(ctx context.Context, company string) error {
	c, err := s.Store.Company(ctx, company)
	if err != nil {
		return fmt.Errorf("load company: %w", err)
	}
	if !c.Demo {
		return hajir.Errorf(hajir.Conflict, "%s is not an example company; it is not removed", c.Name)
	}
	people, err := s.everyone(ctx, company)
	if err != nil {
		return err
	}
	for _, e := range people {
		if err := s.Faces.Remove(ctx, company, e.Username); err != nil {
			return fmt.Errorf("remove faces: %w", err)
		}
	}
	for _, prefix := range []string{
		objects.FacesPrefix(company), objects.ProfilesPrefix(company), objects.DailyPrefix(company), objects.PunchPrefix(company),
		report.CompanyPrefix(company),
		objects.RefusalPrefix(company),
	} {
		if err := s.Objects.DeleteAll(ctx, prefix); err != nil {
			return fmt.Errorf("remove pictures and files: %w", err)
		}
	}
	if err := s.Store.DeleteCompany(ctx, company); err != nil {
		return fmt.Errorf("remove records: %w", err)
	}
	return nil
}
