package attendance

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"time"

	"hajir/internal/hajir"
)

// newTicket gives r a new ticket, which ends any before, and returns the offer of
// it. Of the secret only the hash is kept.
func newTicket(r *hajir.Review, now time.Time) *hajir.ConfirmOffer {
	secret := make([]byte, 24)
	_, _ = rand.Read(secret) // never fails
	hash := sha256.Sum256(secret)
	r.Ticket = hajir.Ticket{Hash: hash[:], ExpiresAt: now.Add(hajir.TicketLife)}
	return &hajir.ConfirmOffer{Ticket: r.ID + "~" + base64.RawURLEncoding.EncodeToString(secret), ExpiresAt: r.Ticket.ExpiresAt}
}

// ticketed returns the review that a ticket confirms, if it may be by this device
// now.
func (s *Service) ticketed(ctx context.Context, a Attempt, ticket string) (hajir.Review, error) {
	id, text, _ := strings.Cut(ticket, "~")
	secret, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		secret = nil
	}
	r, err := s.Store.Review(ctx, a.Company, id)
	if err != nil && hajir.CodeOf(err) != hajir.NotFound {
		return r, fmt.Errorf("load review: %w", err)
	}
	return r, r.Admits(secret, a.By, s.Now())
}

// confirm records the person whom r names, whose PIN was right, as one of those
// whom the camera could not tell apart.
func (s *Service) confirm(ctx context.Context, r Result, a Attempt, q hajir.Review) (Result, error) {
	who := r.Employee.Username
	if !slices.Contains(q.Ask, who) || r.Employee.FaceAllowed() != nil {
		return r, hajir.Errorf(hajir.TicketOther, "the camera saw somebody who does not look like you; look at it yourself, or check in with your PIN alone")
	}
	r.Punch.Decision = q.Decision.ConfirmedBy(hajir.ByPIN, who)
	return s.redeem(ctx, r, a, q, []hajir.Doubt{hajir.DoubtPIN})
}

// redeem records the person whom r names with q's picture, and uses q's ticket up.
// doubts are what remains doubtful of it.
func (s *Service) redeem(ctx context.Context, r Result, a Attempt, q hajir.Review, doubts []hajir.Doubt) (Result, error) {
	picture := func(ctx context.Context) ([]byte, error) { return s.Objects.Get(ctx, q.Picture) }
	if a.DryRun {
		return s.finish(ctx, r, a, picture)
	}
	// Of two who use it, one saves.
	q.Ticket.UsedAt = s.Now().UTC()
	ctx = context.WithoutCancel(ctx)
	err := s.Store.SaveReview(ctx, q)
	if hajir.CodeOf(err) == hajir.Conflict {
		return r, hajir.Errorf(hajir.TicketEnded, "this was confirmed already, or somebody else stands before the camera; look at it again")
	}
	if err != nil {
		return r, err
	}
	q.Version++
	if r, err = s.finish(ctx, r, a, picture); err != nil {
		return r, err
	}
	s.settle(ctx, r, q, doubts)
	return r, nil
}

// settle has the refusal be the review of the punch that it became, which keeps
// decision and picture, if anything is doubtful about it. That it fails leaves a refusal that expires, so it is
// logged only.
func (s *Service) settle(ctx context.Context, r Result, q hajir.Review, doubts []hajir.Doubt) {
	var err error
	if r.Recorded && len(doubts) > 0 {
		punch := doubtful(r, q.ID, doubts)
		punch.Version = q.Version
		err = s.Store.SaveReview(ctx, punch)
	} else { // nothing is to be looked at, or they were recorded a moment ago
		err = s.Store.DeleteReview(ctx, q.Company, q.ID)
	}
	if err == nil && q.Picture != "" {
		err = s.Objects.Delete(ctx, q.Picture)
	}
	if err != nil {
		s.Log.WarnContext(ctx, "what was confirmed stays as a refusal", "review", q.ID, "error", err)
	}
}
