package hajir

import (
	"crypto/subtle"
	"strings"
	"time"
)

// Why nobody can sign a company up, or a link that confirms it does not work.
const (
	SignUpClosed  Code = "sign_up_closed"  // the operator makes companies
	SignUpUnknown Code = "sign_up_unknown" // never there, or gone for long
	SignUpExpired Code = "sign_up_expired" // too old
	SignUpUsed    Code = "sign_up_used"    // a company was made by it
)

// SignUpLife is for how long the link that confirms a sign-up works.
const SignUpLife = 24 * time.Hour

// SlowSignUp slows who tries one username after another by one link: a
// username that is in use is some account's.
var SlowSignUp = Slowdown{Free: 10, First: 10 * time.Second, Max: 10 * time.Minute, Decay: 20 * time.Minute}

// SignUp is a company that somebody wants to make, until they follow the link
// that they were sent. It claims nothing: several may want one username.
type SignUp struct {
	ID        string
	Username  string // wanted for the company
	Name      string // of the company
	Email     string
	TimeZone  string
	Language  Language // of the page on which they asked; "" is English
	TokenHash []byte   // SHA-256 of the secret in the link
	Client    string   // whose requests are counted together
	CreatedAt time.Time
	ExpiresAt time.Time
	BegunAt   time.Time // when somebody began to confirm; zero when nobody is at it
	UsedAt    time.Time // when the company was made; zero until then
	Version   int       // grows by one with every stored change; zero means never stored
}

// NewSignUp returns a sign-up, still without an ID and a link, or says what is
// wrong with it.
func NewSignUp(username, name, email, timeZone string, l Language, at time.Time) (SignUp, error) {
	c := NewCompany(username, name, email, timeZone, at)
	c.Language = l
	return SignUp{
		Username: c.Username, Name: c.Name, Email: c.Email, TimeZone: c.TimeZone, Language: c.Language,
		CreatedAt: at, ExpiresAt: at.Add(SignUpLife),
	}, c.Validate()
}

// Address returns what stands for the mail address when mails are counted.
func (s SignUp) Address() string { return strings.ToLower(s.Email) }

// Check says whether the link whose secret has tokenHash works at a time.
func (s SignUp) Check(tokenHash []byte, at time.Time) error {
	switch {
	case len(s.TokenHash) == 0 || subtle.ConstantTimeCompare(s.TokenHash, tokenHash) != 1:
		return Errorf(SignUpUnknown, "this link is not valid, or not any more; sign up again")
	case !s.UsedAt.IsZero():
		return s.Used()
	case !at.Before(s.ExpiresAt):
		return Errorf(SignUpExpired, "this link has expired; sign up again")
	}
	return nil
}

// Used is the refusal of a link by which a company was made.
func (s SignUp) Used() error {
	return Errorf(SignUpUsed, "this link was used already; sign in with the username and the password that were chosen then")
}

// Confirming says whether somebody may be in the midst of confirming at a time.
func (s SignUp) Confirming(at time.Time) bool {
	return !s.BegunAt.IsZero() && at.Before(s.BegunAt.Add(JoinWindow))
}

// Company returns the company that whoever has begun to confirm makes.
func (s SignUp) Company() Company {
	c := NewCompany(s.Username, s.Name, s.Email, s.TimeZone, s.BegunAt)
	c.Language = s.Language
	return c
}

// Became says whether c was made by whoever began to confirm.
func (s SignUp) Became(c Company) bool {
	return !s.BegunAt.IsZero() && c.Username == s.Username && c.CreatedAt.Equal(s.BegunAt)
}
