package hajir

import (
	"crypto/subtle"
	"time"
)

// Why a link to a new password does not work.
const (
	ResetUnknown Code = "reset_unknown" // replaced by a newer one, overtaken by a change of the account, or never there
	ResetExpired Code = "reset_expired" // too old
	ResetUsed    Code = "reset_used"    // a password was chosen by it
)

// ResetLife is for how long a link to a new password works.
const ResetLife = time.Hour

// How asking for links is slowed. A whole office may share an address.
var (
	ResetAccountSlowdown = Slowdown{Free: 2, First: 10 * time.Minute, Max: time.Hour, Decay: time.Hour}
	ResetClientSlowdown  = Slowdown{Free: 9, First: 30 * time.Second, Max: 15 * time.Minute, Decay: 5 * time.Minute}
)

// PasswordReset is the link by which the owner of an account chooses a new
// password.
type PasswordReset struct {
	Username  string
	Company   string // the company's Username
	TokenHash []byte // SHA-256 of the secret in the link that is good now; empty when there is none
	UsedHash  []byte // of the link that was used last, so that this can be told
	// Account stands for the account as it was when the link was made. When its
	// password or mail address changed since, the link is dead.
	Account   []byte
	MadeAt    time.Time
	ExpiresAt time.Time
	Version   int // grows by one with every stored change; zero means never stored
}

// WithLink returns r with a new link; the one before is dead.
func (r PasswordReset) WithLink(tokenHash, account []byte, at time.Time) PasswordReset {
	r.TokenHash, r.Account, r.MadeAt, r.ExpiresAt = tokenHash, account, at, at.Add(ResetLife)
	return r
}

// Check says whether the link whose secret has tokenHash works at a time, on
// an account that is as account says.
func (r PasswordReset) Check(tokenHash, account []byte, at time.Time) error {
	switch {
	case sameHash(r.UsedHash, tokenHash):
		return Errorf(ResetUsed, "this link was used already; sign in with the password that was chosen then")
	case !sameHash(r.TokenHash, tokenHash) || !sameHash(r.Account, account):
		return Errorf(ResetUnknown, "this link is not valid: it was replaced by a newer one, or the account has changed since; look for a newer mail, or ask for a new one")
	case !at.Before(r.ExpiresAt):
		return Errorf(ResetExpired, "this link has expired; ask for a new one")
	}
	return nil
}

// Use returns r after its link was used.
func (r PasswordReset) Use() PasswordReset {
	r.UsedHash, r.TokenHash = r.TokenHash, nil
	return r
}

func sameHash(a, b []byte) bool {
	return len(a) > 0 && subtle.ConstantTimeCompare(a, b) == 1
}
