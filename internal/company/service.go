// Package company is CompanyRequestHandler: everything the admin's dashboard
// asks. Read service.go first; setup.go begins a company, people.go keeps its
// employees, roles.go who reports to whom, board.go shows who is here, kiosk.go
// its devices, pairing.go how a device becomes one, pin.go sets PINs, shift.go
// plans shifts and week.go who works which of them. http.go declares the
// operations, http_leave.go those about leave, which package leave answers.
package company

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hajir/internal/api"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/leave"
	"hajir/internal/roster"
	"hajir/internal/slow"
)

// Store keeps what the dashboard shows. Loading what is not there returns a
// *hajir.Error with NotFound; saving at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	SaveCompany(ctx context.Context, c hajir.Company) error
	// DeleteCompany removes a company with every record that belongs to it.
	DeleteCompany(ctx context.Context, username string) error
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	// Employees returns at most limit people in order of their usernames,
	// beginning behind after.
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)
	// EmployeesByManager does so with the people whose records name a manager.
	EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error)
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	Invitation(ctx context.Context, username string) (hajir.Invitation, error)
	// Days returns the days that are stored of one date, by name.
	Days(ctx context.Context, date string, names []string) (map[string]hajir.Day, error)
	KioskStore
	PairingStore
	PINStore
	ShiftStore
}

// Faces is what the dashboard needs of face recognition.
type Faces interface {
	List(ctx context.Context, company, username string) ([]faces.Indexed, error)
	Remove(ctx context.Context, company, username string, faceIDs ...string) error
}

// Objects removes a company's pictures.
type Objects interface {
	DeleteAll(ctx context.Context, prefix string) error
}

// Changes tells whose day changed.
type Changes interface {
	Publish(company, username string)
	Subscribe(company string) (usernames <-chan string, cancel func())
}

// Service answers the dashboard.
type Service struct {
	Store    Store
	Book     roster.Book // says what is planned
	Users    identity.Pool
	Faces    Faces
	Objects  Objects
	Changes  Changes
	Sessions api.Sessions
	Secrets  identity.Hasher
	Guard    slow.Guard // against guessing the codes of devices
	Leave    *leave.Desk
	Now      func() time.Time
	Log      *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string
	// Announce is told of the set-up link when one is made.
	Announce func(ctx context.Context, link string)
	// FillDemo fills a new company with example people and days.
	FillDemo func(ctx context.Context, c hajir.Company) error

	setup   setup
	pairing sync.Mutex // held while a pairing is counted and added
}

// Settings are the parts of a company that its admin may change; nil leaves
// one as it is.
type Settings struct {
	Name, Email, TimeZone *string
	RepeatWindow          *time.Duration
	WeeklyOff             *hajir.Weekdays
	QueueBound            *time.Duration
	MatchThreshold        *float64
	MatchMargin           *float64
	MinFacePixels         *int
	Version               *int // the one that was read; nil takes what is there
}

// Change saves settings.
func (s *Service) Change(ctx context.Context, company string, in Settings) (hajir.Company, error) {
	var c hajir.Company
	err := retry(in.Version == nil, func() error {
		var err error
		if c, err = s.Store.Company(ctx, company); err != nil {
			return fmt.Errorf("load company: %w", err)
		}
		set(&c.Name, in.Name)
		set(&c.Email, in.Email)
		set(&c.TimeZone, in.TimeZone)
		set(&c.RepeatWindow, in.RepeatWindow)
		set(&c.WeeklyOff, in.WeeklyOff)
		set(&c.QueueBound, in.QueueBound)
		set(&c.Match.Threshold, in.MatchThreshold)
		set(&c.Match.Margin, in.MatchMargin)
		set(&c.Match.MinFacePixels, in.MinFacePixels)
		set(&c.Version, in.Version)
		if err := c.Validate(); err != nil {
			return err
		}
		return s.Store.SaveCompany(ctx, c)
	})
	if err != nil {
		return c, err
	}
	c.Version++
	if in.Name != nil { // the root account goes by the company's name
		if err := s.Users.Rename(context.WithoutCancel(ctx), c.Username, c.Name); err != nil {
			return c, fmt.Errorf("rename account: %w", err)
		}
	}
	return c, nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
