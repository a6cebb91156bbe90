package record

import (
	"time"

	"hajir/internal/hajir"
)

// FaceModels is how it is stored in which versions a company's faces are kept; it
// may not change with hajir.Models.
type FaceModels struct {
	Company     string    `json:"company"`
	Current     string    `json:"current"`
	Next        string    `json:"next,omitempty"`
	StartedAt   time.Time `json:"started_at,omitzero"`
	Before      string    `json:"before,omitempty"`
	BeforeUntil time.Time `json:"before_until,omitzero"`
	FinishedAt  time.Time `json:"finished_at,omitzero"`
	Declined    string    `json:"declined,omitempty"`
	Worker      string    `json:"worker,omitempty"`
	WorkUntil   time.Time `json:"work_until,omitzero"`
}

// StoreFaceModels returns m as it is stored.
func StoreFaceModels(m hajir.Models) FaceModels {
	return FaceModels{
		Company: m.Company, Current: m.Current, Next: m.Next, StartedAt: m.StartedAt,
		Before: m.Before, BeforeUntil: m.BeforeUntil, FinishedAt: m.FinishedAt, Declined: m.Declined,
		Worker: m.Worker, WorkUntil: m.WorkUntil,
	}
}

// Load returns in which versions a company's faces are kept.
func (doc FaceModels) Load(version int) hajir.Models {
	return hajir.Models{
		Company: doc.Company, Current: doc.Current, Next: doc.Next, StartedAt: doc.StartedAt,
		Before: doc.Before, BeforeUntil: doc.BeforeUntil, FinishedAt: doc.FinishedAt, Declined: doc.Declined,
		Worker: doc.Worker, WorkUntil: doc.WorkUntil, Version: version,
	}
}
