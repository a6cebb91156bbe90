package local

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Codes are those of RFC 6238 that every authenticator knows: SHA-1, six
// digits, 30 seconds. A clock may be one step off, and a step is good once
// (section 5.2): who looks over a shoulder comes too late.
const (
	totpPeriod   = 30
	totpSkew     = 1
	recoverySize = 10 // bytes: 80 bits need no slow hash
	recoveryMany = 10
)

var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// TwoFactor implements identity.Accounts.
func (p *Pool) TwoFactor(ctx context.Context, username string) (identity.TwoFactor, error) {
	f, err := p.secondFactor(ctx, username)
	if err != nil || f.ConfirmedAt.IsZero() {
		return identity.TwoFactor{}, err
	}
	return identity.TwoFactor{Enabled: true, Since: f.ConfirmedAt, RecoveryCodes: len(f.Recovery)}, nil
}

// secondFactor returns an account's second factor; none is the zero value.
func (p *Pool) secondFactor(ctx context.Context, username string) (identity.SecondFactor, error) {
	f, err := p.store.SecondFactor(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound {
		return identity.SecondFactor{Username: username}, nil
	}
	if err != nil {
		return f, fmt.Errorf("load second factor: %w", err)
	}
	return f, nil
}

// EnrolTwoFactor implements identity.Accounts.
func (p *Pool) EnrolTwoFactor(ctx context.Context, username, password string) (identity.Enrolment, error) {
	none := identity.Enrolment{}
	_, done, err := p.owner(ctx, username, password)
	if err != nil {
		return none, err
	}
	if err := done(ctx); err != nil {
		return none, err
	}
	f, err := p.secondFactor(ctx, username)
	if err != nil {
		return none, err
	}
	if !f.ConfirmedAt.IsZero() {
		return none, hajir.Errorf(hajir.Conflict, "two-factor sign-in is on already; turn it off first to use another device")
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Hajir", AccountName: username, SecretSize: 20})
	if err != nil {
		return none, fmt.Errorf("make secret: %w", err)
	}
	f.Secret, f.LastStep, f.Recovery = key.Secret(), 0, nil
	if err := p.store.SaveSecondFactor(ctx, f); err != nil {
		return none, fmt.Errorf("save second factor: %w", err)
	}
	return identity.Enrolment{Secret: key.Secret(), URL: key.URL()}, nil
}

// ConfirmTwoFactor implements identity.Accounts.
func (p *Pool) ConfirmTwoFactor(ctx context.Context, username, code string) ([]string, error) {
	done, err := p.guessed(ctx, username)
	if err != nil {
		return nil, err
	}
	f, err := p.secondFactor(ctx, username)
	if err != nil {
		return nil, err
	}
	if f.Secret == "" || !f.ConfirmedAt.IsZero() {
		return nil, hajir.Errorf(hajir.Conflict, "there is nothing to confirm; begin to set two-factor sign-in up")
	}
	if !useStep(&f, code, p.now()) {
		return nil, wrongCode(nil)
	}
	codes := make([]string, recoveryMany)
	for i := range codes {
		codes[i] = newRecoveryCode()
		f.Recovery = append(f.Recovery, recoveryHash(username, codes[i]))
	}
	f.ConfirmedAt = p.now()
	if err := p.store.SaveSecondFactor(ctx, f); err != nil {
		return nil, fmt.Errorf("save second factor: %w", err)
	}
	return codes, done(ctx)
}

// DisableTwoFactor implements identity.Accounts.
func (p *Pool) DisableTwoFactor(ctx context.Context, username, password, code string) error {
	if _, err := p.ownerWithCode(ctx, username, password, code); err != nil {
		return err
	}
	return p.ResetTwoFactor(ctx, username)
}

// ownerWithCode makes sure that who is signed in knows the password, and has
// the second factor if there is one.
func (p *Pool) ownerWithCode(ctx context.Context, username, password, code string) (identity.User, error) {
	u, done, err := p.owner(ctx, username, password)
	if err != nil {
		return u, err
	}
	if err := p.checkCode(ctx, username, code); err != nil {
		if hajir.CodeOf(err) == hajir.TOTPRequired {
			err = wrongCode(err) // who is signed in need not do so again
		}
		return u, err
	}
	return u, done(ctx)
}

// ResetTwoFactor implements identity.Accounts.
func (p *Pool) ResetTwoFactor(ctx context.Context, username string) error {
	if err := p.store.DeleteSecondFactor(ctx, username); err != nil {
		return fmt.Errorf("delete second factor: %w", err)
	}
	return nil
}

// checkCode lets through who needs no code, and uses up the one that is right.
func (p *Pool) checkCode(ctx context.Context, username, code string) error {
	f, err := p.secondFactor(ctx, username)
	if err != nil || f.ConfirmedAt.IsZero() {
		return err
	}
	code = strings.Join(strings.Fields(code), "")
	if code == "" {
		return hajir.Errorf(hajir.TOTPRequired, "this account asks for a code, too: the one your authenticator app shows, or a recovery code")
	}
	if !useStep(&f, code, p.now()) && !useRecovery(&f, code) {
		return wrongCode(nil)
	}
	err = p.store.SaveSecondFactor(ctx, f)
	if hajir.CodeOf(err) == hajir.Conflict { // somebody else used it at the same moment
		return wrongCode(err)
	}
	if err != nil {
		return fmt.Errorf("use code: %w", err)
	}
	return nil
}

func wrongCode(cause error) error {
	return &hajir.Error{
		Code: hajir.TOTPWrong, Cause: cause,
		Message: "the code is wrong or was used before; wait for the next one, and check that the clock of your device is right",
	}
}

// useStep says whether code is that of a step near now that was not used, and
// marks it as used.
func useStep(f *identity.SecondFactor, code string, now time.Time) bool {
	if !sixDigits.MatchString(code) {
		return false
	}
	found := int64(-1)
	for skew := int64(-totpSkew); skew <= totpSkew; skew++ {
		step := now.Unix()/totpPeriod + skew
		want, err := totp.GenerateCodeCustom(f.Secret, time.Unix(step*totpPeriod, 0), totp.ValidateOpts{
			Period: totpPeriod, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1,
		})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 && step > f.LastStep {
			found = step
		}
	}
	if found < 0 {
		return false
	}
	f.LastStep = found
	return true
}

// useRecovery says whether code is one of the recovery codes, and removes it.
func useRecovery(f *identity.SecondFactor, code string) bool {
	hash := recoveryHash(f.Username, code)
	i := slices.IndexFunc(f.Recovery, func(h []byte) bool { return subtle.ConstantTimeCompare(h, hash) == 1 })
	if i < 0 {
		return false
	}
	f.Recovery = slices.Delete(slices.Clone(f.Recovery), i, i+1)
	return true
}

// newRecoveryCode returns 16 letters and digits in groups of four, without
// those that look alike.
func newRecoveryCode() string {
	b := make([]byte, recoverySize)
	_, _ = rand.Read(b) // never fails
	s := strings.ToLower(base32.StdEncoding.EncodeToString(b))
	return strings.Join([]string{s[0:4], s[4:8], s[8:12], s[12:16]}, "-")
}

func recoveryHash(username, code string) []byte {
	code = strings.ToLower(strings.ReplaceAll(code, "-", ""))
	sum := sha256.Sum256([]byte("recovery code of " + username + "\x00" + code))
	return sum[:]
}
