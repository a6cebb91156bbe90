package company

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/netip"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// A device shows a code and polls with a secret that it shows nobody; an admin
// enters the code; the next poll brings the device its session, once. The code
// says which device is meant, and the secret is what the session is given for,
// so that whoever sees the screen gains nothing. The store keeps the hashes of
// both.

// PairingStore keeps pairings. Loading what is not there returns a *hajir.Error
// with NotFound; saving or deleting at a stale version returns Conflict.
type PairingStore interface {
	Pairing(ctx context.Context, id string) (hajir.Pairing, error)
	PairingByCode(ctx context.Context, hash []byte) (hajir.Pairing, error)
	CountPairings(ctx context.Context, client string) (ofClient, inAll int, err error)
	SavePairing(ctx context.Context, p hajir.Pairing) error
	DeletePairing(ctx context.Context, id string, version int) error
	DeleteExpiredPairings(ctx context.Context, t time.Time) error
}

// How many pairings may wait at once: strangers ask for them, and must fill
// neither the disk nor the time of the next company's devices.
const (
	maxPairings       = 1000
	maxClientPairings = 20 // a company's devices often share one address
)

// NewPairing is a pairing as its device is told of it.
type NewPairing struct {
	hajir.Pairing
	Code   string
	Secret string
}

// Pair begins the pairing of a device at client.
func (s *Service) Pair(ctx context.Context, client netip.Addr) (NewPairing, error) {
	s.pairing.Lock()
	defer s.pairing.Unlock()
	now := s.Now().UTC()
	if err := s.Store.DeleteExpiredPairings(ctx, now); err != nil {
		return NewPairing{}, err
	}
	of := sameClient(client)
	ofClient, inAll, err := s.Store.CountPairings(ctx, of)
	if err != nil {
		return NewPairing{}, err
	}
	if ofClient >= maxClientPairings || inAll >= maxPairings {
		e := hajir.Errorf(hajir.RateLimited, "too many devices wait to be paired; try again in a few minutes")
		e.RetryAfter = time.Minute
		return NewPairing{}, e
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	p := NewPairing{Code: newCode(), Secret: base64.RawURLEncoding.EncodeToString(secret)}
	p.Pairing = hajir.Pairing{
		ID: uuid.NewString(), CodeHash: hashOf(p.Code), SecretHash: hashOf(p.Secret), Client: of,
		CreatedAt: now, ExpiresAt: now.Add(hajir.PairingLife),
	}
	// Two of 650 billion codes meet so seldom that the device may ask again.
	if err := s.Store.SavePairing(ctx, p.Pairing); err != nil {
		return NewPairing{}, fmt.Errorf("save pairing: %w", err)
	}
	return p, nil
}

// ApprovePairing makes the device that shows code the company's kiosk at place.
func (s *Service) ApprovePairing(ctx context.Context, company, code, place string) (identity.User, error) {
	place, err := placeName(place)
	if err != nil {
		return identity.User{}, err
	}
	if code, err = hajir.NormalizePairingCode(code); err != nil {
		return identity.User{}, err
	}
	guesses := hajir.Guesses{Company: company, Subject: "pairing"}
	if _, err := s.Guard.Begin(ctx, hajir.SlowPairing, guesses); err != nil {
		return identity.User{}, err
	}
	unknown := hajir.Errorf(hajir.NotFound, "no device shows this code now; read it from the device again, since it changes every 10 minutes")
	p, err := s.Store.PairingByCode(ctx, hashOf(code))
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && (!p.Live(s.Now()) || p.Kiosk != "") {
		return identity.User{}, unknown
	}
	if err != nil {
		return identity.User{}, fmt.Errorf("find pairing: %w", err)
	}
	// The account is made first: a pairing never names one that is not there.
	device, err := s.addDevice(ctx, company, place)
	if err != nil {
		return device, err
	}
	p.Kiosk = device.Username
	if err := s.Store.SavePairing(ctx, p); err != nil {
		if undo := s.Users.Delete(context.WithoutCancel(ctx), device.Username); undo != nil {
			s.Log.WarnContext(ctx, "kiosk without a device stays", "username", device.Username, "error", undo)
		}
		if hajir.CodeOf(err) == hajir.Conflict { // another admin was faster
			return device, unknown
		}
		return device, fmt.Errorf("save pairing: %w", err)
	}
	return device, s.Guard.Clear(ctx, guesses)
}

// FetchPairing hands the paired device its session, once; paired is false
// while no admin has entered the code.
func (s *Service) FetchPairing(ctx context.Context, id, secret string) (device identity.User, tokens identity.Tokens, paired bool, err error) {
	over := hajir.Errorf(hajir.NotFound, "this pairing is over; ask for a new code")
	p, err := s.Store.Pairing(ctx, id)
	if hajir.CodeOf(err) == hajir.NotFound {
		return device, tokens, false, over
	}
	if err != nil {
		return device, tokens, false, fmt.Errorf("load pairing: %w", err)
	}
	if subtle.ConstantTimeCompare(p.SecretHash, hashOf(secret)) != 1 || !p.Live(s.Now()) {
		return device, tokens, false, over
	}
	if p.Kiosk == "" {
		return device, tokens, false, nil
	}
	// Whoever removes the pairing has the session.
	err = s.Store.DeletePairing(ctx, p.ID, p.Version)
	if hajir.CodeOf(err) == hajir.Conflict {
		return device, tokens, false, over
	}
	if err != nil {
		return device, tokens, false, fmt.Errorf("take pairing: %w", err)
	}
	device, err = s.Users.User(ctx, p.Kiosk)
	if hajir.CodeOf(err) == hajir.NotFound { // revoked meanwhile
		return device, tokens, false, over
	}
	if err != nil {
		return device, tokens, false, fmt.Errorf("load device: %w", err)
	}
	tokens, err = s.Users.Issue(ctx, device.Username)
	return device, tokens, true, err
}

func hashOf(s string) []byte {
	h := sha256.Sum256([]byte(s))
	return h[:]
}

func newCode() string {
	code := make([]byte, hajir.PairingCodeLength)
	for i := range code {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(hajir.PairingAlphabet))))
		if err != nil {
			panic(err) // never: the system's randomness does not fail
		}
		code[i] = hajir.PairingAlphabet[n.Int64()]
	}
	return string(code)
}

// sameClient names whom an address belongs to: a subscriber has one IPv4
// address, or a whole /64 of IPv6.
func sameClient(a netip.Addr) string {
	if a.Is6() {
		if n, err := a.Prefix(64); err == nil {
			return n.String()
		}
	}
	return a.String()
}
