// Package slack is SlackIntegrationLambdaFunction: slash commands, approvals
// with buttons, notices, the digest of the morning. Read service.go first;
// verify.go lets Slack's requests in and nobody else's, queue.go does the work
// after they were acknowledged, command.go, action.go and event.go are the three
// kinds of them. install.go connects a workspace, link.go says who its members
// are, punch.go records who comes and goes, ask.go is leave, decide.go the
// buttons, day.go and home.go show days and balances, digest.go tells what is on,
// courier.go what happened.
// The http_ files declare the operations.
package slack

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"hajir/internal/correction"
	"hajir/internal/events"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/leave"
	"hajir/internal/roster"
)

// Store keeps connections and links. Loading what is not there returns a
// *hajir.Error with NotFound, but a connection, which comes as the default;
// saving at a stale version returns Conflict.
type Store interface {
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error)
	Corrections(ctx context.Context, username, date string) (hajir.DayCorrections, error)
	Closing(ctx context.Context, company, date string) (hajir.ClosedDate, error)

	Slack(ctx context.Context, company string) (hajir.Slack, error)
	SlackByTeam(ctx context.Context, team string) (hajir.Slack, error)
	// SaveSlack is a Conflict also when another company has the workspace.
	SaveSlack(ctx context.Context, s hajir.Slack) error
	SlackLink(ctx context.Context, username string) (hajir.SlackLink, error)
	SlackLinkByUser(ctx context.Context, team, user string) (hajir.SlackLink, error)
	SlackLinks(ctx context.Context, company, after string, limit int) ([]hajir.SlackLink, error)
	// SaveSlackLink is a Conflict also when the member is somebody else.
	SaveSlackLink(ctx context.Context, l hajir.SlackLink) error
	DeleteSlackLink(ctx context.Context, username string) error
	SlackMessages(ctx context.Context, ref string) ([]hajir.SlackMessage, error)
	AddSlackMessage(ctx context.Context, m hajir.SlackMessage) error
	DeleteOldSlackMessages(ctx context.Context, t time.Time) error
	// Raise stores a notice; one with an ID that waits already is a Conflict.
	Raise(ctx context.Context, n hajir.Notice) error
	// UseChallenge is a Conflict when the challenge was used before.
	UseChallenge(ctx context.Context, challenge string, expires time.Time) error
}

// App is the operator's Slack app.
type App struct {
	ClientID, ClientSecret, SigningSecret string
	// API is where Slack's API lies, with a slash at the end.
	API string
}

// Set says whether there is one.
func (a App) Set() bool { return a.ClientID != "" }

// Present is one person's day as it is now.
type Present struct {
	Employee hajir.Employee
	Day      hajir.Day
	hajir.Reckoning
}

// Attempt is somebody who says that they come or go.
type Attempt struct {
	Company, Username, Key string
	Want                   hajir.Direction
}

// Punched is what became of an Attempt.
type Punched struct {
	Punch    hajir.Punch
	Date     string
	Location *time.Location
	Repeated bool // it was recorded before
}

// Service is what Slack talks to. It is safe for concurrent use.
type Service struct {
	Store       Store
	Book        roster.Book
	Leave       *leave.Desk
	Corrections *correction.Desk
	Events      *events.Desk
	// Board returns who is where in a company today: of everybody, or of a
	// manager's people.
	Board func(ctx context.Context, company, team string) ([]Present, *time.Location, error)
	// Punch records who comes or goes.
	Punch func(ctx context.Context, a Attempt) (Punched, error)
	// Date writes a date YYYY-MM-DD.
	Date func(date string, how hajir.DateStyle) string
	App  App
	Key  []byte // signs links
	HTTP *http.Client
	Now  func() time.Time
	// After is time.After; tests have their own.
	After func(time.Duration) <-chan time.Time
	Log   *slog.Logger
	// SiteURL is where people reach the site, without a slash at the end.
	SiteURL string

	begin sync.Once
	queue *queue
	once  sync.Mutex // held while something is told that is told once
}

// How much work waits at most, and how much of it is done at once. A workspace
// of a thousand people sends a command a second in a busy minute.
const (
	queued  = 256
	workers = 4
	// workTime bounds one piece of work; waiting as Slack asks is part of it.
	workTime = 2 * time.Minute
)

func (s *Service) work() *queue {
	s.begin.Do(func() { s.queue = newQueue(queued, workers) })
	return s.queue
}

// Close does what was begun, and takes nothing more.
func (s *Service) Close() { s.work().close() }

// client asks Slack for a workspace.
func (s *Service) client(token string) *slackgo.Client {
	return slackgo.New(token, slackgo.OptionAPIURL(s.App.API), slackgo.OptionHTTPClient(s.HTTP))
}

// caller is a member of a workspace, and who they are here.
type caller struct {
	hajir.Slack
	company hajir.Company
	member  string // their ID in Slack
	// username is "" for one who is nobody yet; person is empty for the root
	// account.
	username string
	person   hajir.Employee
	role     hajir.Role
	loc      *time.Location
	dates    hajir.DateStyle
}

// who finds out who a member is. One who is not linked, or not active any more,
// comes without a username.
func (s *Service) who(ctx context.Context, team, member string) (caller, error) {
	c := caller{member: member}
	var err error
	if c.Slack, err = s.Store.SlackByTeam(ctx, team); err != nil {
		return c, fmt.Errorf("load Slack connection: %w", err)
	}
	if c.company, err = s.Store.Company(ctx, c.Company); err != nil {
		return c, fmt.Errorf("load company: %w", err)
	}
	link, err := s.Store.SlackLinkByUser(ctx, team, member)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && link.Company != c.Company {
		c.dates = c.company.DatesOf(hajir.Employee{})
		c.loc, err = c.company.Location()
		return c, err
	}
	if err != nil {
		return c, fmt.Errorf("load link with Slack: %w", err)
	}
	return s.as(ctx, c, link.Username)
}

// as fills in who a member is.
func (s *Service) as(ctx context.Context, c caller, username string) (caller, error) {
	var err error
	if username == c.Company {
		c.username, c.role, c.dates = username, hajir.RoleAdmin, c.company.DatesOf(hajir.Employee{})
		c.loc, err = c.company.Location()
		return c, err
	}
	e, err := s.Store.Employee(ctx, username)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return c, fmt.Errorf("load employee: %w", err)
	}
	if err != nil || e.Company != c.Company || !e.Active {
		c.loc, err = c.company.Location()
		return c, err
	}
	c.username, c.person, c.role, c.dates = username, e, e.Role, c.company.DatesOf(e)
	if c.role == "" {
		c.role = hajir.RoleEmployee
	}
	c.loc, err = c.company.LocationOf(e)
	return c, err
}

// name is how the caller is called.
func (c caller) name() string {
	if c.role == hajir.RoleAdmin {
		return c.company.Name
	}
	return c.person.Name
}

// decides is the caller as one who decides.
func (c caller) decides() leave.Caller {
	return leave.Caller{Username: c.username, Admin: c.role == hajir.RoleAdmin}
}

// acting notes for the audit log who does what by Slack.
func (c caller) acting(ctx context.Context, operation string) context.Context {
	if c.username == "" {
		return ctx
	}
	return identity.WithAct(ctx, identity.Act{
		Actor:     hajir.Actor{Kind: hajir.ActorAccount, Username: c.username, Name: c.name(), Role: c.role},
		Operation: operation, Function: function,
	})
}
