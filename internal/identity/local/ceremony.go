package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwt"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// A ceremony's state is a token that the pool signs: the challenge, what it is
// for, and until when. So whoever only asks leaves nothing behind, and any
// process takes the answer. That a challenge was answered is kept, and it is
// good once.

// CeremonyLife is for how long a browser may take to answer.
const CeremonyLife = 5 * time.Minute

const (
	ceremonyAudience = "hajir-passkey" // no access token has it
	useAdd           = "passkey-add"
	useSignIn        = "passkey-sign-in"
)

// ceremony returns the question options, whose challenge data has, for a use by
// a person and a session; both are "" when they are not known yet.
func (p *Pool) ceremony(options any, data *webauthn.SessionData, use, username, session string) (identity.Ceremony, error) {
	asked, err := json.Marshal(options)
	if err != nil {
		return identity.Ceremony{}, fmt.Errorf("encode options: %w", err)
	}
	now := p.now()
	token, err := jwt.NewBuilder().
		Issuer(p.issuer).Audience([]string{ceremonyAudience}).Subject(username).JwtID(data.Challenge).
		IssuedAt(now).Expiration(now.Add(CeremonyLife)).
		Claim(identity.ClaimUse, use).Claim(identity.ClaimSession, session).
		Build()
	if err != nil {
		return identity.Ceremony{}, fmt.Errorf("build state: %w", err)
	}
	state, err := jwt.Sign(token, jwt.WithKey(jwa.RS256(), p.private))
	if err != nil {
		return identity.Ceremony{}, fmt.Errorf("sign state: %w", err)
	}
	return identity.Ceremony{Options: asked, State: string(state)}, nil
}

// challenge is what a ceremony's state says.
type challenge struct {
	text    string
	expires time.Time
}

// stateOf reads a state that was made for the same use, person and session.
func (p *Pool) stateOf(state, use, username, session string) (challenge, error) {
	t, err := jwt.Parse([]byte(state),
		jwt.WithKeySet(p.public), jwt.WithIssuer(p.issuer), jwt.WithAudience(ceremonyAudience),
		jwt.WithRequiredClaim(jwt.ExpirationKey), jwt.WithRequiredClaim(jwt.JwtIDKey),
		jwt.WithClaimValue(identity.ClaimUse, use), jwt.WithClaimValue(identity.ClaimSession, session),
		jwt.WithClock(jwt.ClockFunc(p.now)))
	if errors.Is(err, jwt.TokenExpiredError()) {
		return challenge{}, &hajir.Error{Code: hajir.PasskeyExpired, Message: "that took too long; try again", Cause: err}
	}
	if err != nil {
		return challenge{}, refusedPasskey(err)
	}
	if who, _ := t.Subject(); who != username {
		return challenge{}, refusedPasskey(errors.New("the challenge was made for another account"))
	}
	c := challenge{}
	c.text, _ = t.JwtID()
	c.expires, _ = t.Expiration()
	return c, nil
}

// use makes sure that a challenge is answered once.
func (p *Pool) use(ctx context.Context, c challenge) error {
	err := p.store.UseChallenge(ctx, c.text, c.expires)
	if hajir.CodeOf(err) == hajir.Conflict {
		return refusedPasskey(err)
	}
	if err != nil {
		return fmt.Errorf("use challenge: %w", err)
	}
	return nil
}

// session returns what the library compares an answer with.
func (c challenge) session(party *webauthn.WebAuthn, userID []byte) webauthn.SessionData {
	return webauthn.SessionData{
		Challenge: c.text, RelyingPartyID: party.Config.RPID, UserID: userID,
		UserVerification: protocol.VerificationRequired,
		CredParams:       webauthn.CredentialParametersDefault(),
	}
}

// refusedPasskey is the one answer to whatever is wrong with a passkey; its
// cause is for the log.
func refusedPasskey(cause error) error {
	return &hajir.Error{
		Code: hajir.PasskeyRefused, Cause: cause,
		Message: "this passkey was not accepted; try again, or use another way to sign in",
	}
}
