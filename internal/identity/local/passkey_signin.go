package local

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// BeginPasskeySignIn implements identity.Passkeys. It asks for any passkey of
// the site, whoever comes, and so tells nothing about accounts.
func (p *Pool) BeginPasskeySignIn(_ context.Context, _ string) (identity.Ceremony, error) {
	if err := p.needParty(); err != nil {
		return identity.Ceremony{}, err
	}
	options, data, err := p.party.BeginDiscoverableLogin()
	if err != nil {
		return identity.Ceremony{}, fmt.Errorf("begin sign-in: %w", err)
	}
	return p.ceremony(options.Response, data, useSignIn, "", "")
}

// SignInWithPasskey implements identity.Passkeys. The account's failures do not
// count: a signature is not guessed, and who guesses at the password must not
// keep the owner of a passkey out.
func (p *Pool) SignInWithPasskey(ctx context.Context, answer identity.Answer) (identity.User, identity.Tokens, error) {
	none := identity.Tokens{}
	if err := p.needParty(); err != nil {
		return identity.User{}, none, err
	}
	asked, err := p.stateOf(answer.State, useSignIn, "", "")
	if err != nil {
		return identity.User{}, none, err
	}
	made, err := p.count(ctx, clientGuesses(ctx))
	if err != nil {
		return identity.User{}, none, err
	}
	if err := p.use(ctx, asked); err != nil {
		return identity.User{}, none, err
	}
	u, c, err := p.prove(ctx, asked, answer.Credential)
	if err != nil {
		return identity.User{}, none, err
	}
	err = p.store.SavePasskey(ctx, c)
	if hajir.CodeOf(err) == hajir.Conflict { // removed, or used by another at the same moment
		return identity.User{}, none, refusedPasskey(err)
	}
	if err != nil {
		return identity.User{}, none, fmt.Errorf("save passkey: %w", err)
	}
	if c.Copied {
		return identity.User{}, none, copied()
	}
	if err := p.uncount(ctx, made); err != nil {
		return identity.User{}, none, err
	}
	tokens, err := p.newSession(ctx, u)
	return u, tokens, err
}

// prove returns whose passkey made an answer, and the passkey as it is after
// that.
func (p *Pool) prove(ctx context.Context, asked challenge, answer []byte) (identity.User, identity.Credential, error) {
	none := identity.Credential{}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return identity.User{}, none, refusedPasskey(err)
	}
	c, err := p.store.Passkey(ctx, base64.RawURLEncoding.EncodeToString(parsed.RawID))
	if hajir.CodeOf(err) == hajir.NotFound {
		return identity.User{}, none, refusedPasskey(err)
	}
	if err != nil {
		return identity.User{}, none, fmt.Errorf("load passkey: %w", err)
	}
	u, err := p.store.User(ctx, c.Username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && u.Disabled {
		return u, none, refusedPasskey(errors.Join(errors.New("the account is closed or gone"), err))
	}
	if err != nil {
		return u, none, fmt.Errorf("load account: %w", err)
	}
	owner := func(_, _ []byte) (webauthn.User, error) {
		return holder{account: u, credentials: []identity.Credential{c}}, nil
	}
	_, seen, err := p.party.ValidatePasskeyLogin(owner, asked.session(p.party, nil), parsed)
	if err != nil {
		return u, none, refusedPasskey(err)
	}
	if c.Copied {
		return u, none, copied()
	}
	c.Copied = seen.Authenticator.CloneWarning
	c.Counter, c.Synced = seen.Authenticator.SignCount, seen.Flags.BackupState
	if !c.Copied {
		c.UsedAt = p.now()
	}
	return u, c, nil
}

// copied is told to who has the key, and to nobody else: the answer was signed
// with it.
func copied() error {
	return hajir.Errorf(hajir.PasskeyCopied, "this passkey seems to have been copied: its counter went back. "+
		"It is not accepted any more; sign in with your password, remove it, and add a new one")
}
