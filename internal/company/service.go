// Package company is CompanyRequestHandler: everything the admin's dashboard
// asks. Read service.go first; setup.go begins a company, people.go keeps its
// employees, roles.go who reports to whom, signup.go lets strangers begin one,
// board.go shows who is here, kiosk.go its devices, pairing.go how a device
// becomes one, pin.go sets PINs, audit.go tells who did what. http.go declares
// the operations, http_consent.go those about what people decided on paper,
// http_leave.go those about leave, which package leave answers,
// http_review.go those about what the camera doubts, which package review does,
// http_correction.go and http_closing.go those about corrections of days and
// their close, which packages of these names answer. shift.go plans
// shifts, week.go who works which of them. calibration.go compares the enrolled
// faces with each other. payroll.go keeps the forms of files for payroll; reports
// are made by package report. import.go brings files in.
package company

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"hajir/internal/api"
	"hajir/internal/closing"
	"hajir/internal/correction"
	"hajir/internal/events"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/leave"
	"hajir/internal/mail"
	"hajir/internal/report"
	"hajir/internal/review"
	"hajir/internal/roster"
	"hajir/internal/slow"
	"hajir/internal/webhook"
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
	ErasureStore
	KioskStore
	PairingStore
	PINStore
	SignUpStore
	AuditStore
	ShiftStore
	PayrollStore
	DeliveryStore
	ImportStore
}

// Faces is what the dashboard needs of face recognition.
type Faces interface {
	Model() faces.Model
	Version(ctx context.Context, company string) (faces.Version, error)
	List(ctx context.Context, company, username string) ([]faces.Indexed, error)
	Remove(ctx context.Context, company, username string, faceIDs ...string) error
	Compare(ctx context.Context, company string, each func(username, faceID string, people []faces.Candidate) error) error
}

// Consents keeps what people decided about the recognition of their face, and
// erases what they no longer agree to.
type Consents interface {
	Decide(ctx context.Context, company, username string, d hajir.Consent) (hajir.Employee, error)
	// Before prepares the change of a person's record from was to will, and
	// Settle follows it, once it is saved. by is the account that changes it.
	Before(ctx context.Context, was, will hajir.Employee, by string) error
	Settle(ctx context.Context, company, username, by string) error
}

// Objects removes a company's pictures, and signs links to them.
type Objects interface {
	Link(ctx context.Context, key, person string, viewer identity.Principal) (string, time.Time, error)
	DeleteAll(ctx context.Context, prefix string) error
}

// Changes tells whose day changed.
type Changes interface {
	Publish(company, username string)
	Subscribe(company string) (usernames <-chan string, cancel func())
}

// Service answers the dashboard.
type Service struct {
	Store       Store
	Book        roster.Book // says what is planned
	Users       identity.Pool
	Faces       Faces
	Objects     Objects
	Consents    Consents
	Changes     Changes
	Sessions    api.Sessions
	Secrets     identity.Hasher
	Guard       slow.Guard // against guessing the codes of devices
	Leave       *leave.Desk
	Corrections *correction.Desk
	Closing     *closing.Service
	Reports     *report.Desk
	Events      *events.Desk
	Models      Models
	// EndFeeds kills an account's calendar links.
	EndFeeds func(ctx context.Context, username string) error
	Reviews  *review.Desk
	Webhooks *webhook.Desk
	Now      func() time.Time
	Log      *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string
	// Operator returns the company whose admin operates the installation; "" for
	// none.
	Operator func(ctx context.Context) (string, error)
	// Announce is told of the set-up link when one is made.
	Announce func(ctx context.Context, link string)
	// OpenSignUp lets everybody make a company who confirms a mail address.
	OpenSignUp bool
	Mail       mail.Sender
	// Letter writes the message that brings the link of a sign-up.
	Letter func(s hajir.SignUp, link string) (mail.Message, error)
	// FillDemo fills a new company with example people and days.
	FillDemo func(ctx context.Context, c hajir.Company) error

	setup     setup
	pairing   sync.Mutex // held while a pairing is counted and added
	letters   letters
	importing sync.Map // companies of which a file is being imported
	// creating is held while a company and its account are made, so that of two
	// who find the account of somebody who was cut off, one replaces it.
	creating sync.Mutex
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
	MatchDoubt            *float64
	Liveness              *hajir.LivenessRule
	MinLiveness           *float64
	Challenge             *hajir.ChallengeRule
	Frames                *int
	RetentionDays         *int
	Calendar              *hajir.Calendar
	BothCalendars         *bool
	CorrectionDays        *int
	Language              *hajir.Language
	DigestHour            *int
	Close                 *hajir.Close
	OptionalHolidays      *int
	RefusalDays           *int
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
		if in.MatchThreshold != nil {
			version, err := s.Faces.Version(ctx, company)
			if err != nil {
				return fmt.Errorf("find the face model: %w", err)
			}
			c.Match = c.Match.SetOwn(version, *in.MatchThreshold)
		}
		set(&c.Match.Margin, in.MatchMargin)
		set(&c.Match.MinFacePixels, in.MinFacePixels)
		set(&c.Match.Doubt, in.MatchDoubt)
		set(&c.Match.Liveness, in.Liveness)
		set(&c.Match.MinLiveness, in.MinLiveness)
		set(&c.Match.Challenge, in.Challenge)
		set(&c.Match.Frames, in.Frames)
		set(&c.RetentionDays, in.RetentionDays)
		set(&c.Dates.Calendar, in.Calendar)
		set(&c.Dates.Both, in.BothCalendars)
		set(&c.CorrectionDays, in.CorrectionDays)
		set(&c.Language, in.Language)
		set(&c.DigestHour, in.DigestHour)
		set(&c.Close, in.Close)
		set(&c.OptionalHolidays, in.OptionalHolidays)
		set(&c.RefusalDays, in.RefusalDays)
		set(&c.Version, in.Version)
		if err := c.Validate(); err != nil {
			return err
		}
		if in.Liveness != nil && c.Match.Liveness != hajir.LivenessOff && s.Faces.Model().Liveness == "" {
			return hajir.Errorf(hajir.Invalid, "no model that measures liveness is installed; leave liveness off, or ask the operator to install one")
		}
		if m := s.Faces.Model(); in.Challenge != nil && (c.Match.Challenge != hajir.ChallengeOff && m.Eyes == "" ||
			c.Match.Challenge == hajir.ChallengeDoubtful && m.Liveness == "") {
			return hajir.Errorf(hajir.Invalid, "no models that measure what a challenge asks for are installed; leave it off, or ask the operator to install them")
		}
		return s.Store.SaveCompany(ctx, c)
	})
	if err != nil {
		return c, err
	}
	c.Version++
	// The root account goes by the company's name and mail address.
	ctx = context.WithoutCancel(ctx)
	if in.Name != nil {
		if err := s.Users.Rename(ctx, c.Username, c.Name); err != nil {
			return c, fmt.Errorf("rename account: %w", err)
		}
	}
	if in.Email != nil {
		if err := s.Users.SetEmail(ctx, c.Username, c.Email); err != nil {
			return c, fmt.Errorf("change the account's mail address: %w", err)
		}
	}
	return c, nil
}

func set[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}
