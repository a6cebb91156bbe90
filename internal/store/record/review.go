package record

import (
	"time"

	"hajir/internal/hajir"
)

// Review is how a review is stored; it may not change with hajir.Review.
type Review struct {
	Company       string            `json:"company"`
	ID            string            `json:"id"`
	At            time.Time         `json:"at"`
	Code          hajir.Code        `json:"code,omitempty"`
	Doubts        []hajir.Doubt     `json:"doubts,omitempty"`
	Username      string            `json:"username,omitempty"`
	Date          string            `json:"date,omitempty"`
	Punch         string            `json:"punch,omitempty"`
	By            string            `json:"by,omitempty"`
	Place         string            `json:"place,omitempty"`
	Picture       string            `json:"picture,omitempty"`
	PictureErased bool              `json:"picture_erased,omitempty"`
	Decision      *decisionDoc      `json:"decision,omitempty"`
	Ask           []string          `json:"ask,omitempty"`
	LastAt        time.Time         `json:"last_at,omitzero"`
	Count         int               `json:"count,omitempty"`
	TicketHash    []byte            `json:"ticket_hash,omitempty"`
	TicketExpires time.Time         `json:"ticket_expires_at,omitzero"`
	TicketUsed    time.Time         `json:"ticket_used_at,omitzero"`
	Challenge     *challengeDoc     `json:"challenge,omitempty"`
	State         hajir.ReviewState `json:"state"`
	Begun         hajir.ReviewState `json:"begun,omitempty"`
	DoneBy        string            `json:"done_by,omitempty"`
	DoneAt        time.Time         `json:"done_at,omitzero"`
	To            string            `json:"to,omitempty"`
	ExpiresAt     time.Time         `json:"expires_at,omitzero"`
}

// challengeDoc is how far a challenge is; what is kept of it is with the decision.
type challengeDoc struct {
	Steps    []hajir.Step `json:"steps"`
	Done     int          `json:"done"`
	Stance   stanceDoc    `json:"stance"`
	Frames   int          `json:"frames"`
	Strange  int          `json:"strange"`
	Likeness float64      `json:"likeness"`
	Session  string       `json:"session,omitempty"`
	EndsAt   time.Time    `json:"ends_at"`
	Failed   bool         `json:"failed,omitempty"`
}

type stanceDoc struct {
	Ready  bool    `json:"ready"`
	Yaw    float64 `json:"yaw"`
	Aspect float64 `json:"aspect"`
	Shut   bool    `json:"shut"`
}

func storeTrial(t *hajir.Trial) *challengeDoc {
	if t == nil {
		return nil
	}
	return &challengeDoc{t.Steps, t.Done, stanceDoc(t.Stance), t.Frames, t.Strange, t.Likeness, t.Session, t.EndsAt.UTC(), t.Failed}
}

func loadTrial(d *challengeDoc) *hajir.Trial {
	if d == nil {
		return nil
	}
	return &hajir.Trial{
		Steps: d.Steps, Done: d.Done, Stance: hajir.Stance(d.Stance), Frames: d.Frames, Strange: d.Strange,
		Likeness: d.Likeness, Session: d.Session, EndsAt: d.EndsAt, Failed: d.Failed,
	}
}

// Load returns what is stored.
func (doc Review) Load(version int) hajir.Review {
	return hajir.Review{
		Company: doc.Company, ID: doc.ID, At: doc.At, Code: doc.Code, Doubts: doc.Doubts,
		Username: doc.Username, Date: doc.Date, Punch: doc.Punch, By: doc.By, Place: doc.Place,
		Picture: doc.Picture, PictureErased: doc.PictureErased, Decision: loadDecision(doc.Decision), Ask: doc.Ask,
		LastAt: doc.LastAt, Count: doc.Count,
		Ticket:    hajir.Ticket{Hash: doc.TicketHash, ExpiresAt: doc.TicketExpires, UsedAt: doc.TicketUsed},
		Challenge: loadTrial(doc.Challenge),
		State:     doc.State, Begun: doc.Begun, DoneBy: doc.DoneBy, DoneAt: doc.DoneAt, To: doc.To, ExpiresAt: doc.ExpiresAt, Version: version,
	}
}

// StoreReview returns r as it is stored.
func StoreReview(r hajir.Review) Review {
	return Review{
		Company: r.Company, ID: r.ID, At: r.At.UTC().Round(0), Code: r.Code, Doubts: r.Doubts,
		Username: r.Username, Date: r.Date, Punch: r.Punch, By: r.By, Place: r.Place,
		Picture: r.Picture, PictureErased: r.PictureErased, Decision: storeDecision(r.Decision), Ask: r.Ask,
		LastAt: r.LastAt.UTC().Round(0), Count: r.Count,
		TicketHash: r.Ticket.Hash, TicketExpires: r.Ticket.ExpiresAt, TicketUsed: r.Ticket.UsedAt,
		Challenge: storeTrial(r.Challenge),
		State:     r.State, Begun: r.Begun, DoneBy: r.DoneBy, DoneAt: r.DoneAt, To: r.To, ExpiresAt: r.ExpiresAt,
	}
}
