package company

import (
	"context"
	"encoding/json"
	"fmt"

	"hajir/internal/hajir"
)

// DeliveryStore keeps what waits to be delivered, and what was given up.
type DeliveryStore interface {
	// Deliveries returns a company's deliveries behind the one given: those that
	// wait, the next one first, or those that are dead, the latest first.
	Deliveries(ctx context.Context, company string, dead bool, behind hajir.Delivery, limit int) ([]hajir.Delivery, error)
	Delivery(ctx context.Context, id, channel, target string) (hajir.Delivery, error)
	// CountDeliveries returns most when there are more.
	CountDeliveries(ctx context.Context, company string, dead bool, most int) (int, error)
	// SaveDelivery stores d as the successor of d.Version; a stale version is a
	// Conflict.
	SaveDelivery(ctx context.Context, d hajir.Delivery) error
	// Record writes an event into the audit log.
	Record(ctx context.Context, e hajir.Event) error
}

// deliveriesAtOnce is how many are read at once to be sent again.
const deliveriesAtOnce = 200

// SendAgain has one delivery made at once that waits, or was given up, with all
// its tries.
func (s *Service) SendAgain(ctx context.Context, company, id, channel, target string) error {
	d, err := s.Store.Delivery(ctx, id, channel, target)
	if err == nil && d.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such delivery; it may have been made meanwhile")
	}
	if err != nil {
		return fmt.Errorf("load delivery: %w", err)
	}
	if err := s.again(ctx, d); err != nil {
		return err
	}
	return s.Store.Record(context.WithoutCancel(ctx), hajir.Event{
		Company: company, Action: hajir.ActionChange, Subject: hajir.Subject{Table: "Deliveries", Key: d.Key(), Person: d.Person},
	})
}

// SendAllAgain has everything delivered that was given up, and returns how much
// that is.
func (s *Service) SendAllAgain(ctx context.Context, company string) (n int, err error) {
	ctx = context.WithoutCancel(ctx) // once begun, it is seen through
	var last hajir.Delivery
	for {
		dead, err := s.Store.Deliveries(ctx, company, true, last, deliveriesAtOnce)
		if err != nil {
			return n, fmt.Errorf("list deliveries: %w", err)
		}
		for _, d := range dead {
			last = d
			if err := s.again(ctx, d); hajir.CodeOf(err) == hajir.Conflict {
				continue // somebody else did
			} else if err != nil {
				return n, err
			}
			n++
		}
		if len(dead) < deliveriesAtOnce {
			break
		}
	}
	if n == 0 {
		return 0, nil
	}
	after, err := json.Marshal(map[string]int{"sent_again": n})
	if err != nil {
		return n, fmt.Errorf("encode event: %w", err)
	}
	return n, s.Store.Record(ctx, hajir.Event{
		Company: company, Action: hajir.ActionChange, Subject: hajir.Subject{Table: "Deliveries", Key: "*"}, Before: json.RawMessage(`{}`), After: after,
	})
}

func (s *Service) again(ctx context.Context, d hajir.Delivery) error {
	if err := s.Store.SaveDelivery(ctx, d.Again(s.Now())); err != nil {
		return fmt.Errorf("save delivery: %w", err)
	}
	return nil
}
