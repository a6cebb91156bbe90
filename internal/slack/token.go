package slack

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/hajir"
)

// purpose is what a signed link is for: one for another purpose is none.
type purpose string

const (
	toInstall purpose = "slack install"
	toLink    purpose = "slack link"
	toPunch   purpose = "slack punch"
)

// For how long links are good. Who connects a workspace reads what it asks for.
const (
	installLife = 15 * time.Minute
	linkLife    = 15 * time.Minute
	punchLife   = 5 * time.Minute
)

// ticket is what a signed link says. It is good once.
type ticket struct {
	ID       string
	Company  string
	Team     string
	Member   string          // in Slack
	Username string          // of the account
	Session  string          // the sign-in in which it is used
	Want     hajir.Direction // of a punch
	Until    time.Time
}

const (
	claimCompany = "company"
	claimTeam    = "team"
	claimMember  = "member"
	claimSession = "session"
	claimWant    = "want"
)

func (s *Service) sign(why purpose, life time.Duration, t ticket) (string, error) {
	now := s.Now()
	token, err := jwt.NewBuilder().
		Issuer(s.SiteURL).Audience([]string{string(why)}).Subject(t.Username).JwtID(uuid.NewString()).
		IssuedAt(now).Expiration(now.Add(life)).
		Claim(claimCompany, t.Company).Claim(claimTeam, t.Team).Claim(claimMember, t.Member).
		Claim(claimSession, t.Session).Claim(claimWant, string(t.Want)).Build()
	if err != nil {
		return "", fmt.Errorf("make link: %w", err)
	}
	text, err := jwt.Sign(token, jwt.WithKey(jwa.HS256(), s.Key))
	if err != nil {
		return "", fmt.Errorf("sign link: %w", err)
	}
	return string(text), nil
}

var errTicket = hajir.Errorf(hajir.Invalid, "this link is not right; ask for a new one in Slack")

// read returns what sign has signed for the same purpose. Whether it was used
// is use's to say.
func (s *Service) read(why purpose, text string) (ticket, error) {
	token, err := jwt.Parse([]byte(text), jwt.WithKey(jwa.HS256(), s.Key), jwt.WithIssuer(s.SiteURL), jwt.WithAudience(string(why)),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithRequiredClaim(jwt.JwtIDKey), jwt.WithClock(jwt.ClockFunc(s.Now)))
	if errors.Is(err, jwt.TokenExpiredError()) {
		return ticket{}, hajir.Errorf(hajir.Invalid, "this link has expired; ask for a new one in Slack")
	}
	if err != nil {
		return ticket{}, &hajir.Error{Code: errTicket.Code, Message: errTicket.Message, Cause: err}
	}
	var t ticket
	var want string
	for name, into := range map[string]*string{
		claimCompany: &t.Company, claimTeam: &t.Team, claimMember: &t.Member, claimSession: &t.Session, claimWant: &want,
	} {
		if err := token.Get(name, into); err != nil {
			return ticket{}, &hajir.Error{Code: errTicket.Code, Message: errTicket.Message, Cause: err}
		}
	}
	t.ID, _ = token.JwtID()
	t.Username, _ = token.Subject()
	t.Until, _ = token.Expiration()
	t.Want = hajir.Direction(want)
	return t, nil
}

// use notes that a link was used; a Conflict if it was before.
func (s *Service) use(ctx context.Context, t ticket) error {
	err := s.Store.UseChallenge(ctx, "slack-link/"+t.ID, t.Until.Add(time.Minute))
	if hajir.CodeOf(err) == hajir.Conflict {
		return &hajir.Error{Code: hajir.Conflict, Message: "this link was used already; ask for a new one in Slack", Cause: err}
	}
	return err
}
