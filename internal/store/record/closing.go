package record

import (
	"time"

	"hajir/internal/hajir"
)

// ClosedDate is how a closed date is stored; it may not change with
// hajir.ClosedDate.
type ClosedDate struct {
	Company      string               `json:"company"`
	Date         string               `json:"date"`
	ClosedAt     time.Time            `json:"closed_at"`
	Counts       map[hajir.Status]int `json:"counts"`
	Absent       []string             `json:"absent,omitempty"`
	MissingExits []string             `json:"missing_exits,omitempty"`
	AutoExits    []string             `json:"auto_exits,omitempty"`
	Waiting      []string             `json:"waiting,omitempty"`
	Next         time.Time            `json:"next,omitzero"`
}

// Load returns what is stored.
func (doc ClosedDate) Load(version int) hajir.ClosedDate {
	return hajir.ClosedDate{
		Company: doc.Company, Date: doc.Date, ClosedAt: doc.ClosedAt, Counts: doc.Counts, Absent: doc.Absent,
		MissingExits: doc.MissingExits, AutoExits: doc.AutoExits, Waiting: doc.Waiting, Next: doc.Next, Version: version,
	}
}

// StoreClosedDate returns c as it is stored.
func StoreClosedDate(c hajir.ClosedDate) ClosedDate {
	return ClosedDate{
		Company: c.Company, Date: c.Date, ClosedAt: c.ClosedAt, Counts: c.Counts, Absent: c.Absent,
		MissingExits: c.MissingExits, AutoExits: c.AutoExits, Waiting: c.Waiting, Next: c.Next,
	}
}
