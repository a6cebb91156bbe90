package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"hajir/internal/hajir"
	"hajir/internal/notify"
)

var _ notify.Channel = (*Desk)(nil)

// Name is the channel's.
func (d *Desk) Name() string { return "webhook" }

// Targets returns the IDs of the webhooks that want a notice.
func (d *Desk) Targets(ctx context.Context, n hajir.Notice) ([]notify.Target, error) {
	if n.Company == "" { // the operator has none
		return nil, nil
	}
	all, err := d.Store.Webhooks(ctx, n.Company)
	if err != nil {
		return nil, fmt.Errorf("load webhooks: %w", err)
	}
	var to []notify.Target
	for _, w := range all {
		if w.Wants(n) {
			to = append(to, notify.Target{ID: w.ID})
		}
	}
	return to, nil
}

// Deliver posts a notice to a webhook, with the notice's ID as webhook-id. What
// is posted is written anew with every try.
func (d *Desk) Deliver(ctx context.Context, x hajir.Delivery) error {
	w, err := d.One(ctx, x.Company, x.Target)
	if hajir.CodeOf(err) == hajir.NotFound { // it was deleted, and wants nothing any more
		return nil
	}
	if err != nil {
		return err
	}
	if w.State != hajir.WebhookOn {
		return notify.Permanent(errors.New("the webhook was turned off; turn it on, and send this again"))
	}
	body, err := d.body(ctx, x.Notice)
	if err != nil || body == nil {
		return err
	}
	a, after, err := d.post(ctx, w, x.Notice, body, x.Tries+1)
	if err != nil {
		return err
	}
	d.answered(context.WithoutCancel(ctx), w, a)
	switch {
	case a.Problem == "":
		return nil
	case a.Status == http.StatusGone:
		return notify.Permanent(errors.New(a.Problem))
	}
	return notify.RetryAfter(after, errors.New(a.Problem))
}

// post posts and writes down what came of it. An error is the store's; what the
// receiver does wrong is the attempt's Problem.
func (d *Desk) post(ctx context.Context, w hajir.Webhook, n hajir.Notice, body []byte, try int) (_ hajir.Attempt, after time.Duration, _ error) {
	begun := d.Now()
	got, err := d.Client.post(ctx, w, n.ID, body, begun)
	if err != nil && errors.Is(ctx.Err(), context.Canceled) { // cut off with the program: it was no try
		return hajir.Attempt{}, 0, ctx.Err()
	}
	a := hajir.Attempt{
		Company: w.Company, Webhook: w.ID, ID: hajir.AttemptID(begun, uuid.NewString()[:8]), Notice: n.ID, Kind: n.Kind, At: begun, Try: try,
		Status: got.status, Took: d.Now().Sub(begun), Answer: got.text, Problem: problem(got.status, err),
	}.Tidy()
	if err := d.Store.AddAttempt(context.WithoutCancel(ctx), a); err != nil {
		return a, 0, fmt.Errorf("log attempt: %w", err)
	}
	return a, got.after, nil
}

// problem says why a post failed; "" when it did not.
func problem(status int, err error) string {
	switch {
	case err != nil:
		return err.Error()
	case status/100 == 2:
		return ""
	case status/100 == 3:
		return fmt.Sprintf("it answered %d and leads elsewhere; give the address that it leads to", status)
	case status == http.StatusGone:
		return "it answered 410 Gone, and is turned off"
	}
	return fmt.Sprintf("it answered %d %s", status, http.StatusText(status))
}

// answered notes in the webhook how it does, where that changes anything. Of
// several at once one is enough.
func (d *Desk) answered(ctx context.Context, w hajir.Webhook, a hajir.Attempt) {
	for range 3 {
		after, changed := w.Answered(a.Problem == "", a.Status == http.StatusGone, a.At)
		if !changed {
			return
		}
		err := d.Store.SaveWebhook(ctx, after)
		if err == nil {
			if after.State != hajir.WebhookOn {
				d.Log.WarnContext(ctx, "a webhook was turned off; the company's admin sees why", "company", w.Company, "webhook", w.ID, "state", string(after.State))
			}
			return
		}
		if hajir.CodeOf(err) == hajir.Conflict {
			w, err = d.One(ctx, w.Company, w.ID)
		}
		if err != nil {
			if hajir.CodeOf(err) != hajir.NotFound {
				d.Log.WarnContext(ctx, "how a webhook does was not noted", "company", w.Company, "webhook", w.ID, "error", err)
			}
			return
		}
	}
}
