package company

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/netip"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// KioskStore keeps what kiosks are held to.
type KioskStore interface {
	// Kiosk returns what a kiosk is held to: nothing, at Version 0, when none is
	// stored.
	Kiosk(ctx context.Context, username string) (hajir.Kiosk, error)
	Kiosks(ctx context.Context, company string) ([]hajir.Kiosk, error)
	SaveKiosk(ctx context.Context, k hajir.Kiosk) error
	DeleteKiosk(ctx context.Context, username string) error
}

// AddKiosk makes an account for a device at a named place, and tokens for it.
// The account has no password: the tokens are all that it has.
func (s *Service) AddKiosk(ctx context.Context, company, place string) (identity.User, identity.Tokens, error) {
	place, err := placeName(place)
	if err != nil {
		return identity.User{}, identity.Tokens{}, err
	}
	device, err := s.addDevice(ctx, company, place)
	if err != nil {
		return device, identity.Tokens{}, err
	}
	tokens, err := s.Users.Issue(ctx, device.Username)
	return device, tokens, err
}

func placeName(place string) (string, error) {
	place = strings.TrimSpace(place)
	if place == "" || len(place) > 100 {
		return "", hajir.Errorf(hajir.Invalid, "name the kiosk's place with 1 to 100 characters, such as Front door")
	}
	return place, nil
}

func (s *Service) addDevice(ctx context.Context, company, place string) (identity.User, error) {
	device := identity.User{
		Username: "kiosk-" + strings.ToLower(rand.Text()[:16]),
		Name:     place, Company: company, Role: hajir.RoleKiosk,
	}
	if err := s.Users.Create(ctx, device, ""); err != nil {
		return device, fmt.Errorf("create device: %w", err)
	}
	device, err := s.Users.User(ctx, device.Username)
	if err != nil {
		return device, fmt.Errorf("load device: %w", err)
	}
	return device, nil
}

// device returns one of the company's kiosks.
func (s *Service) device(ctx context.Context, company, username string) (identity.User, error) {
	u, err := s.Users.User(ctx, username)
	if hajir.CodeOf(err) == hajir.NotFound || err == nil && (u.Company != company || u.Role != hajir.RoleKiosk) {
		return u, hajir.Errorf(hajir.NotFound, "no such kiosk")
	}
	if err != nil {
		return u, fmt.Errorf("load device: %w", err)
	}
	return u, nil
}

// Limits are the parts of a kiosk that its admin may change; nil leaves one as
// it is.
type Limits struct {
	Networks *[]netip.Prefix
	Fence    **hajir.Geofence
	Mode     *hajir.KioskMode
	Version  *int // the one that was read; nil takes what is there
}

// LimitKiosk changes what a kiosk is held to, from its next check-in on.
func (s *Service) LimitKiosk(ctx context.Context, company, username string, in Limits) (identity.User, hajir.Kiosk, error) {
	u, err := s.device(ctx, company, username)
	if err != nil {
		return u, hajir.Kiosk{}, err
	}
	k, err := s.Store.Kiosk(ctx, username)
	if err != nil {
		return u, k, fmt.Errorf("load kiosk: %w", err)
	}
	k.Username, k.Company = username, company
	set(&k.Networks, in.Networks)
	set(&k.Fence, in.Fence)
	set(&k.Mode, in.Mode)
	set(&k.Version, in.Version)
	if err := k.Validate(); err != nil {
		return u, k, err
	}
	if err := s.Store.SaveKiosk(ctx, k); err != nil {
		return u, k, err
	}
	k.Version++
	return u, k, nil
}

// RemoveKiosk revokes a device at once.
func (s *Service) RemoveKiosk(ctx context.Context, company, username string) error {
	if _, err := s.device(ctx, company, username); err != nil {
		return err
	}
	// The account goes first: without its limits it must not check in.
	if err := s.Users.Delete(ctx, username); err != nil {
		return err
	}
	return s.Store.DeleteKiosk(ctx, username)
}
