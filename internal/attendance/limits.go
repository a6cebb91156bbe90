package attendance

import (
	"context"
	"fmt"

	"hajir/internal/hajir"
)

// admit refuses a kiosk that is not where its limits allow. It is asked at
// every attempt, dry or not, since devices are carried about. It returns
// what the kiosk is held to.
func (s *Service) admit(ctx context.Context, a Attempt) (hajir.Kiosk, error) {
	if !a.Kiosk {
		return hajir.Kiosk{}, nil
	}
	k, err := s.Store.Kiosk(ctx, a.By)
	if err != nil {
		return k, fmt.Errorf("load kiosk: %w", err)
	}
	return k, k.Admit(a.Client, a.Position)
}
