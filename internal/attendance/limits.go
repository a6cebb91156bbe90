package attendance

import (
	"context"
	"fmt"
)

// admit refuses a kiosk that is not where its limits allow. It is asked at
// every attempt, dry or not, since devices are carried about. It returns
// whether the kiosk's position was asked for.
func (s *Service) admit(ctx context.Context, a Attempt) (placed bool, err error) {
	if !a.Kiosk {
		return false, nil
	}
	k, err := s.Store.Kiosk(ctx, a.By)
	if err != nil {
		return false, fmt.Errorf("load kiosk: %w", err)
	}
	return k.Fence != nil, k.Admit(a.Client, a.Position)
}
