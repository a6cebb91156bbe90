// Package webhook posts what happens to addresses that companies have chosen, by
// the conventions of Standard Webhooks (https://www.standardwebhooks.com). Read
// Desk here, which the admin's pages use; channel.go delivers, client.go posts
// and refuses private networks, payload.go says what is posted.
package webhook

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
)

// Store keeps webhooks and their logs, and is asked what notices are about.
type Store interface {
	// Webhooks returns all of a company's webhooks.
	Webhooks(ctx context.Context, company string) ([]hajir.Webhook, error)
	Webhook(ctx context.Context, id string) (hajir.Webhook, error)
	// SaveWebhook stores w as the successor of w.Version; a stale version is a
	// *hajir.Error with Conflict, as it is of DeleteWebhook.
	SaveWebhook(ctx context.Context, w hajir.Webhook) error
	DeleteWebhook(ctx context.Context, w hajir.Webhook) error
	AddAttempt(ctx context.Context, a hajir.Attempt) error
	// Attempts returns a webhook's attempts with IDs below before, the latest first.
	Attempts(ctx context.Context, webhook, before string, limit int) ([]hajir.Attempt, error)
	LeaveRequest(ctx context.Context, id string) (hajir.LeaveRequest, error)
}

// Desk keeps webhooks, and is the channel that delivers to them.
type Desk struct {
	Store  Store
	Client *Client
	Now    func() time.Time
	Log    *slog.Logger
}

// secretBytes is how long secrets are: as long as what they are hashed to.
const secretBytes = 32

// Show writes a secret as receivers take it.
func Show(secret []byte) string {
	return "whsec_" + base64.StdEncoding.EncodeToString(secret)
}

func newSecret() ([]byte, error) {
	secret := make([]byte, secretBytes)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make a secret: %w", err)
	}
	return secret, nil
}

// All returns a company's webhooks, the oldest first.
func (d *Desk) All(ctx context.Context, company string) ([]hajir.Webhook, error) {
	all, err := d.Store.Webhooks(ctx, company)
	if err != nil {
		return nil, fmt.Errorf("load webhooks: %w", err)
	}
	slices.SortFunc(all, func(a, b hajir.Webhook) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return all, nil
}

// One returns one of a company's webhooks.
func (d *Desk) One(ctx context.Context, company, id string) (hajir.Webhook, error) {
	w, err := d.Store.Webhook(ctx, id)
	if err == nil && w.Company != company {
		err = hajir.Errorf(hajir.NotFound, "no such webhook")
	}
	if err != nil {
		return hajir.Webhook{}, fmt.Errorf("load webhook: %w", err)
	}
	return w, nil
}

// Add stores a new webhook, which is on, with a new secret.
func (d *Desk) Add(ctx context.Context, w hajir.Webhook) (hajir.Webhook, error) {
	others, err := d.All(ctx, w.Company)
	if err != nil {
		return w, err
	}
	if len(others) >= hajir.MaxWebhooks {
		return w, hajir.Errorf(hajir.Conflict, "there are %d webhooks, which is the most; delete one first", hajir.MaxWebhooks)
	}
	secret, err := newSecret()
	if err != nil {
		return w, err
	}
	now := d.Now()
	w.ID, w.Version, w.State, w.CreatedAt = uuid.NewString(), 0, hajir.WebhookOn, now
	return d.save(ctx, w.WithSecret(secret, now))
}

// Change stores another address, name and kinds of the webhook that was read at
// w.Version, and turns it on or off.
func (d *Desk) Change(ctx context.Context, w hajir.Webhook, on bool) (hajir.Webhook, error) {
	is, err := d.One(ctx, w.Company, w.ID)
	if err != nil {
		return w, err
	}
	is.URL, is.Name, is.Kinds, is.Version = w.URL, w.Name, w.Kinds, w.Version
	return d.save(ctx, is.Turn(on))
}

func (d *Desk) save(ctx context.Context, w hajir.Webhook) (hajir.Webhook, error) {
	w.URL, w.Name = strings.TrimSpace(w.URL), strings.TrimSpace(w.Name)
	if err := w.Validate(d.Client.Plain()); err != nil {
		return w, err
	}
	if err := d.Store.SaveWebhook(ctx, w); err != nil {
		return w, fmt.Errorf("save webhook: %w", err)
	}
	w.Version++
	return w, nil
}

// Rotate gives a webhook a new secret. The old one signs beside it for a day.
func (d *Desk) Rotate(ctx context.Context, company, id string) (hajir.Webhook, error) {
	w, err := d.One(ctx, company, id)
	if err != nil {
		return w, err
	}
	secret, err := newSecret()
	if err != nil {
		return w, err
	}
	return d.save(ctx, w.WithSecret(secret, d.Now()))
}

// Remove removes a webhook at the version that was read, with its log.
func (d *Desk) Remove(ctx context.Context, company, id string, version int) error {
	w, err := d.One(ctx, company, id)
	if err != nil {
		return err
	}
	w.Version = version
	if err := d.Store.DeleteWebhook(ctx, w); err != nil {
		return fmt.Errorf("delete webhook: %w", err)
	}
	return nil
}

// Attempts returns at most limit of what was posted to a webhook lately, with IDs
// below before, the latest first.
func (d *Desk) Attempts(ctx context.Context, company, id, before string, limit int) ([]hajir.Attempt, error) {
	if _, err := d.One(ctx, company, id); err != nil {
		return nil, err
	}
	all, err := d.Store.Attempts(ctx, id, before, limit)
	if err != nil {
		return nil, fmt.Errorf("load attempts: %w", err)
	}
	return all, nil
}

// Test posts a test to a webhook, whether it is on or off, and returns what was
// answered.
func (d *Desk) Test(ctx context.Context, company, id string) (hajir.Attempt, error) {
	w, err := d.One(ctx, company, id)
	if err != nil {
		return hajir.Attempt{}, err
	}
	now := d.Now()
	n := hajir.Notice{ID: "test-" + uuid.NewString(), Company: company, Kind: TestKind, At: now}
	body, err := encode(n, hajir.LeaveRequest{})
	if err != nil {
		return hajir.Attempt{}, err
	}
	a, _, err := d.post(ctx, w, n, body, 1)
	return a, err
}
