package identity

import (
	"context"
	"encoding/json"
	"time"
)

// Passkeys is signing in with a passkey (WebAuthn): a key pair in a device or a
// password manager, which makes sure of its owner by itself. So a passkey is
// two factors, and neither a password nor a code is asked for beside it.
//
// What is not a right answer is refused with PasskeyRefused, one that comes too
// late with PasskeyExpired, and one of a passkey that there seem to be two of
// with PasskeyCopied. Where the site cannot have passkeys, Begin… returns
// Unavailable.
type Passkeys interface {
	// PasskeyOrigin returns the one origin where passkeys work, such as
	// https://hajir.example.com; "" where they cannot.
	PasskeyOrigin() string
	// Passkeys returns an account's passkeys, oldest first.
	Passkeys(ctx context.Context, username string) ([]Passkey, error)
	// BeginPasskey asks for a new passkey of somebody signed in, who gives the
	// password, and a code if two-factor sign-in is on. Its answer counts for
	// this session alone.
	BeginPasskey(ctx context.Context, username, session, password, code string) (Ceremony, error)
	// AddPasskey takes the answer to BeginPasskey.
	AddPasskey(ctx context.Context, username, session, name string, answer Answer) (Passkey, error)
	// RenamePasskey gives a passkey another name, or returns NotFound.
	RenamePasskey(ctx context.Context, username, id, name string) error
	// RemovePasskey removes one passkey, or returns NotFound.
	RemovePasskey(ctx context.Context, username, id string) error
	// RemovePasskeys removes all of an account's passkeys, for somebody who has
	// lost them.
	RemovePasskeys(ctx context.Context, username string) error

	// BeginPasskeySignIn asks for any passkey of the site. A pool that must know
	// whose it will be takes username; others need none, "".
	BeginPasskeySignIn(ctx context.Context, username string) (Ceremony, error)
	// SignInWithPasskey exchanges the answer to BeginPasskeySignIn for tokens.
	// Failures slow the client's further tries: RateLimited.
	SignInWithPasskey(ctx context.Context, answer Answer) (User, Tokens, error)
}

// Passkey is what an account's owner sees of one.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero until it was used to sign in
	Synced    bool      // it is kept by more than one device
	Copied    bool      // its counter went back: it is refused from then on
}

// Ceremony is a question to a browser.
type Ceremony struct {
	// Options are for navigator.credentials, in the JSON of WebAuthn Level 3.
	Options json.RawMessage
	// State is to be given back with the answer. It works once and for a few
	// minutes.
	State string
}

// Answer is what a browser said.
type Answer struct {
	State      string          // of the Ceremony
	Credential json.RawMessage // in the JSON of WebAuthn Level 3
}

// Credential is a passkey, as a store keeps it.
type Credential struct {
	ID         string // the credential id in base64url
	Username   string
	Name       string
	PublicKey  []byte // COSE
	Counter    uint32 // of signatures, as of the last use; 0 where the authenticator does not count
	Transports []string
	Syncable   bool // backup eligible: may be kept by more than one device
	Synced     bool // backup state: is
	Copied     bool
	CreatedAt  time.Time
	UsedAt     time.Time
	Version    int // grows by one with every stored change; zero means never stored
}
