package record

import (
	"time"

	"hajir/internal/hajir"
)

// Webhook is how a webhook is stored; it may not change with hajir.Webhook.
// Its secrets are in WebhookSecrets, sealed.
type Webhook struct {
	ID           string             `json:"id"`
	Company      string             `json:"company"`
	URL          string             `json:"url"`
	Name         string             `json:"name,omitempty"`
	Kinds        []hajir.NoticeKind `json:"kinds"`
	SecretAt     time.Time          `json:"keyed_at"` // called a secret's, the audit log would hide it
	OldUntil     time.Time          `json:"old_until,omitzero"`
	State        hajir.WebhookState `json:"state"`
	FailingSince time.Time          `json:"failing_since,omitzero"`
	CreatedAt    time.Time          `json:"created_at"`
}

// WebhookSecrets is how one is stored.
type WebhookSecrets struct {
	New []byte `json:"new"`
	Old []byte `json:"old,omitempty"`
}

// WebhookRow is the row that a value is sealed for.
func WebhookRow(company, id string) string { return "Webhooks/" + company + "/" + id }

// Load returns what is stored.
func (doc Webhook) Load(version int) hajir.Webhook {
	return hajir.Webhook{
		ID: doc.ID, Company: doc.Company, URL: doc.URL, Name: doc.Name, Kinds: doc.Kinds, SecretAt: doc.SecretAt, OldUntil: doc.OldUntil,
		State: doc.State, FailingSince: doc.FailingSince, CreatedAt: doc.CreatedAt, Version: version,
	}
}

// Attempt is how an attempt is stored; it may not change with hajir.Attempt.
type Attempt struct {
	Company string           `json:"company"`
	Webhook string           `json:"webhook"`
	ID      string           `json:"id"`
	Notice  string           `json:"notice"`
	Kind    hajir.NoticeKind `json:"kind"`
	At      time.Time        `json:"at"`
	Try     int              `json:"try"`
	Status  int              `json:"status,omitempty"`
	Took    time.Duration    `json:"took"`
	Answer  string           `json:"answer,omitempty"`
	Problem string           `json:"problem,omitempty"`
}

// StoreWebhook returns w as it is stored.
func StoreWebhook(w hajir.Webhook) Webhook {
	return Webhook{
		ID: w.ID, Company: w.Company, URL: w.URL, Name: w.Name, Kinds: w.Kinds, SecretAt: w.SecretAt.UTC().Round(0), OldUntil: w.OldUntil.UTC().Round(0),
		State: w.State, FailingSince: w.FailingSince.UTC().Round(0), CreatedAt: w.CreatedAt.UTC().Round(0),
	}
}
