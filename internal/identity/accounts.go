package identity

import (
	"context"
	"time"
)

// Accounts is what people do with their own account when they are in. A wrong
// password or code is refused with PasswordWrong or TOTPWrong, and slows
// further tries like those at signing in, but apart from them.
type Accounts interface {
	// Sessions returns an account's sign-ins that have not ended, the one used
	// last first.
	Sessions(ctx context.Context, username string) ([]OpenSession, error)
	// EndSession ends one of an account's sessions at once, or returns NotFound.
	EndSession(ctx context.Context, username, id string) error
	// EndSessions ends all of an account's sessions at once but keep, which may
	// be "".
	EndSessions(ctx context.Context, username, keep string) error
	// ChangePassword replaces a password that its owner knows, and ends the
	// other sessions.
	ChangePassword(ctx context.Context, username, old, password, keep string) error

	// TwoFactor says whether signing in asks for a code.
	TwoFactor(ctx context.Context, username string) (TwoFactor, error)
	// EnrolTwoFactor returns a new secret, which takes effect when
	// ConfirmTwoFactor has seen a code of it; Conflict when one is in effect.
	EnrolTwoFactor(ctx context.Context, username, password string) (Enrolment, error)
	// ConfirmTwoFactor turns two-factor sign-in on and returns the recovery
	// codes, which cannot be had again.
	ConfirmTwoFactor(ctx context.Context, username, code string) (recovery []string, err error)
	// DisableTwoFactor turns it off for its owner.
	DisableTwoFactor(ctx context.Context, username, password, code string) error
	// ResetTwoFactor turns it off for somebody who has lost device and codes.
	ResetTwoFactor(ctx context.Context, username string) error
}

// TwoFactor is what an account's owner sees of the second factor.
type TwoFactor struct {
	Enabled       bool
	Since         time.Time
	RecoveryCodes int // how many are left
}

// Enrolment is a secret for an authenticator app.
type Enrolment struct {
	Secret string // base32
	URL    string // otpauth://, to be shown as a QR code
}

// SecondFactor is an account's second factor, as a store keeps it. The secret
// is encrypted at rest.
type SecondFactor struct {
	Username    string
	Secret      string    // base32
	ConfirmedAt time.Time // zero until a code was seen: it is not asked for
	LastStep    int64     // the last time step whose code was used
	Recovery    [][]byte  // hashes of the recovery codes that are left
	Version     int       // grows by one with every stored change; zero means never stored
}

// OpenSession is one sign-in, as its owner sees it.
type OpenSession struct {
	ID        string
	Client    Client // that signed in
	CreatedAt time.Time
	UsedAt    time.Time // when it was renewed last
	ExpiresAt time.Time
}
