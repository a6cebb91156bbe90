package record

import (
	"time"

	"hajir/internal/hajir"
)

// Erasure is how an erasure is stored; it may not change with
// hajir.Erasure.
type Erasure struct {
	Username         string              `json:"username"`
	Number           int                 `json:"number"`
	Company          string              `json:"company"`
	Reason           hajir.ErasureReason `json:"reason"`
	AskedAt          time.Time           `json:"asked_at"`
	AskedBy          string              `json:"asked_by"`
	DueAt            time.Time           `json:"due_at"`
	For              int                 `json:"for"`
	Templates        int                 `json:"templates"`
	Models           []string            `json:"models,omitempty"`
	EnrolmentObjects int                 `json:"enrolment_objects"`
	DailyPictures    int                 `json:"daily_pictures"`
	ProfileObjects   int                 `json:"profile_objects"`
	TemplatesAt      time.Time           `json:"templates_at,omitzero"`
	BegunAt          time.Time           `json:"begun_at,omitzero"`
	ImagesAt         time.Time           `json:"images_at,omitzero"`
	CancelledAt      time.Time           `json:"cancelled_at,omitzero"`
	RanBy            string              `json:"ran_by,omitempty"`
	SHA256           string              `json:"sha256,omitempty"`
}

// Load returns what is stored.
func (doc Erasure) Load(version int) hajir.Erasure {
	return hajir.Erasure{
		Username: doc.Username, Number: doc.Number, Company: doc.Company, Reason: doc.Reason,
		AskedAt: doc.AskedAt, AskedBy: doc.AskedBy, DueAt: doc.DueAt, For: doc.For,
		Templates: doc.Templates, Models: doc.Models, EnrolmentObjects: doc.EnrolmentObjects,
		DailyPictures: doc.DailyPictures, ProfileObjects: doc.ProfileObjects, TemplatesAt: doc.TemplatesAt,
		BegunAt: doc.BegunAt, ImagesAt: doc.ImagesAt, CancelledAt: doc.CancelledAt, RanBy: doc.RanBy,
		SHA256: doc.SHA256, Version: version,
	}
}

// StoreErasure returns x as it is stored.
func StoreErasure(x hajir.Erasure) Erasure {
	return Erasure{
		Username: x.Username, Number: x.Number, Company: x.Company, Reason: x.Reason,
		AskedAt: x.AskedAt, AskedBy: x.AskedBy, DueAt: x.DueAt, For: x.For,
		Templates: x.Templates, Models: x.Models, EnrolmentObjects: x.EnrolmentObjects,
		DailyPictures: x.DailyPictures, ProfileObjects: x.ProfileObjects, TemplatesAt: x.TemplatesAt,
		BegunAt: x.BegunAt, ImagesAt: x.ImagesAt, CancelledAt: x.CancelledAt, RanBy: x.RanBy, SHA256: x.SHA256,
	}
}
