package company

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// AddKiosk makes an account for a device at a named place, and tokens for it.
// The account has no password: the tokens are all that it has.
func (s *Service) AddKiosk(ctx context.Context, company, place string) (identity.User, identity.Tokens, error) {
	place = strings.TrimSpace(place)
	if place == "" || len(place) > 100 {
		return identity.User{}, identity.Tokens{}, hajir.Errorf(hajir.Invalid, "name the kiosk's place with 1 to 100 characters, such as Front door")
	}
	device := identity.User{
		Username: "kiosk-" + strings.ToLower(rand.Text()[:16]),
		Name:     place, Company: company, Role: hajir.RoleKiosk,
	}
	if err := s.Users.Create(ctx, device, ""); err != nil {
		return device, identity.Tokens{}, fmt.Errorf("create device: %w", err)
	}
	device, err := s.Users.User(ctx, device.Username)
	if err != nil {
		return device, identity.Tokens{}, fmt.Errorf("load device: %w", err)
	}
	tokens, err := s.Users.Issue(ctx, device.Username)
	return device, tokens, err
}

// RemoveKiosk revokes a device at once.
func (s *Service) RemoveKiosk(ctx context.Context, company, username string) error {
	u, err := s.Users.User(ctx, username)
	if err == nil && (u.Company != company || u.Role != hajir.RoleKiosk) {
		err = hajir.Errorf(hajir.NotFound, "no such kiosk")
	}
	if err != nil {
		return err
	}
	return s.Users.Delete(ctx, username)
}
