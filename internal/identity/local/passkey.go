package local

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// maxPasskeys bounds how many an account may have.
const maxPasskeys = 20

// PasskeyOrigin implements identity.Passkeys.
func (p *Pool) PasskeyOrigin() string { return p.origin }

// holder is an account as the library sees it.
type holder struct {
	account     identity.User
	credentials []identity.Credential
}

// WebAuthnID returns the same for all passkeys of an account, so that a device
// keeps one of each.
func (h holder) WebAuthnID() []byte {
	sum := sha256.Sum256([]byte("passkeys of " + h.account.Username))
	return sum[:]
}

func (h holder) WebAuthnName() string        { return h.account.Username }
func (h holder) WebAuthnDisplayName() string { return cmp.Or(h.account.Name, h.account.Username) }

func (h holder) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, len(h.credentials))
	for i, c := range h.credentials {
		all[i] = record(c)
	}
	return all
}

// record returns the credential record that the library compares with.
func record(c identity.Credential) webauthn.Credential {
	flags := protocol.FlagUserPresent | protocol.FlagUserVerified
	if c.Syncable {
		flags |= protocol.FlagBackupEligible
	}
	if c.Synced {
		flags |= protocol.FlagBackupState
	}
	id, _ := base64.RawURLEncoding.DecodeString(c.ID) // it was encoded here
	r := webauthn.Credential{ID: id, PublicKey: c.PublicKey, Flags: webauthn.NewCredentialFlags(flags)}
	r.Authenticator.SignCount = c.Counter
	for _, t := range c.Transports {
		r.Transport = append(r.Transport, protocol.AuthenticatorTransport(t))
	}
	return r
}

// Passkeys implements identity.Passkeys.
func (p *Pool) Passkeys(ctx context.Context, username string) ([]identity.Passkey, error) {
	kept, err := p.store.Passkeys(ctx, username)
	if err != nil {
		return nil, fmt.Errorf("list passkeys: %w", err)
	}
	all := make([]identity.Passkey, len(kept))
	for i, c := range kept {
		all[i] = shown(c)
	}
	slices.SortFunc(all, func(a, b identity.Passkey) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.ID, b.ID))
	})
	return all, nil
}

func shown(c identity.Credential) identity.Passkey {
	return identity.Passkey{
		ID: c.ID, Name: c.Name, CreatedAt: c.CreatedAt, UsedAt: c.UsedAt, Synced: c.Synced, Copied: c.Copied,
	}
}

// BeginPasskey implements identity.Passkeys.
func (p *Pool) BeginPasskey(ctx context.Context, username, session, password, code string) (identity.Ceremony, error) {
	none := identity.Ceremony{}
	if err := p.needParty(); err != nil {
		return none, err
	}
	u, err := p.ownerWithCode(ctx, username, password, code)
	if err != nil {
		return none, err
	}
	kept, err := p.store.Passkeys(ctx, username)
	if err != nil {
		return none, fmt.Errorf("list passkeys: %w", err)
	}
	if len(kept) >= maxPasskeys {
		return none, hajir.Errorf(hajir.Conflict, "an account has at most %d passkeys; remove one that you do not use", maxPasskeys)
	}
	owner := holder{account: u, credentials: kept}
	options, data, err := p.party.BeginRegistration(owner,
		webauthn.WithExclusions(webauthn.Credentials(owner.WebAuthnCredentials()).CredentialDescriptors()))
	if err != nil {
		return none, fmt.Errorf("begin passkey: %w", err)
	}
	return p.ceremony(options.Response, data, useAdd, username, session)
}

// AddPasskey implements identity.Passkeys.
func (p *Pool) AddPasskey(ctx context.Context, username, session, name string, answer identity.Answer) (identity.Passkey, error) {
	none := identity.Passkey{}
	name = strings.TrimSpace(name)
	if err := hajir.ValidatePasskeyName(name); err != nil {
		return none, err
	}
	if err := p.needParty(); err != nil {
		return none, err
	}
	asked, err := p.stateOf(answer.State, useAdd, username, session)
	if err != nil {
		return none, err
	}
	if err := p.use(ctx, asked); err != nil {
		return none, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer.Credential)
	if err != nil {
		return none, refusedPasskey(err)
	}
	owner := holder{account: identity.User{Username: username}}
	made, err := p.party.CreateCredential(owner, asked.session(p.party, owner.WebAuthnID()), parsed)
	if err != nil {
		return none, refusedPasskey(err)
	}
	c := identity.Credential{
		ID: base64.RawURLEncoding.EncodeToString(made.ID), Username: username, Name: name,
		PublicKey: made.PublicKey, Counter: made.Authenticator.SignCount,
		Syncable: made.Flags.BackupEligible, Synced: made.Flags.BackupState, CreatedAt: p.now(),
	}
	for _, t := range made.Transport {
		c.Transports = append(c.Transports, string(t))
	}
	err = p.store.SavePasskey(ctx, c)
	if hajir.CodeOf(err) == hajir.Conflict { // somebody's credential already, whoever's
		return none, refusedPasskey(err)
	}
	if err != nil {
		return none, fmt.Errorf("save passkey: %w", err)
	}
	return shown(c), nil
}

// RenamePasskey implements identity.Passkeys.
func (p *Pool) RenamePasskey(ctx context.Context, username, id, name string) error {
	name = strings.TrimSpace(name)
	if err := hajir.ValidatePasskeyName(name); err != nil {
		return err
	}
	c, err := p.ownPasskey(ctx, username, id)
	if err != nil {
		return err
	}
	c.Name = name
	if err := p.store.SavePasskey(ctx, c); err != nil {
		return fmt.Errorf("save passkey: %w", err)
	}
	return nil
}

// RemovePasskey implements identity.Passkeys.
func (p *Pool) RemovePasskey(ctx context.Context, username, id string) error {
	if _, err := p.ownPasskey(ctx, username, id); err != nil {
		return err
	}
	if err := p.store.DeletePasskey(ctx, id); err != nil {
		return fmt.Errorf("delete passkey: %w", err)
	}
	return nil
}

// RemovePasskeys implements identity.Passkeys.
func (p *Pool) RemovePasskeys(ctx context.Context, username string) error {
	if err := p.store.DeletePasskeys(ctx, username); err != nil {
		return fmt.Errorf("delete passkeys: %w", err)
	}
	return nil
}

func (p *Pool) ownPasskey(ctx context.Context, username, id string) (identity.Credential, error) {
	c, err := p.store.Passkey(ctx, id)
	if err == nil && c.Username != username {
		err = hajir.Errorf(hajir.NotFound, "no such passkey")
	}
	if err != nil {
		return c, fmt.Errorf("load passkey: %w", err)
	}
	return c, nil
}

func (p *Pool) needParty() error {
	if p.party == nil {
		return hajir.Errorf(hajir.Unavailable, "passkeys need a site with HTTPS and a name; ask the operator to set the public address of this one")
	}
	return nil
}
