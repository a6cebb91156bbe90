package record

import (
	"time"

	"hajir/internal/hajir"
)

// Notice is how a notice is stored, beside its company; it may not change with
// hajir.Notice.
type Notice struct {
	ID      string           `json:"id"`
	Kind    hajir.NoticeKind `json:"kind"`
	At      time.Time        `json:"at"`
	Person  string           `json:"person,omitempty"`
	By      string           `json:"by,omitempty"`
	Ref     string           `json:"ref,omitempty"`
	Date    string           `json:"date,omitempty"`
	State   string           `json:"state,omitempty"`
	Action  string           `json:"action,omitempty"`
	Decider string           `json:"decider,omitempty"`
}

// StoreNotice returns it as it is stored.
func StoreNotice(n hajir.Notice) Notice {
	return Notice{
		ID: n.ID, Kind: n.Kind, At: n.At.UTC().Round(0), Person: n.Person, By: n.By, Ref: n.Ref, Date: n.Date,
		State: n.State, Action: n.Action, Decider: n.Decider,
	}
}

func (d Notice) notice(company string) hajir.Notice {
	return hajir.Notice{
		ID: d.ID, Company: company, Kind: d.Kind, At: d.At, Person: d.Person, By: d.By, Ref: d.Ref, Date: d.Date,
		State: d.State, Action: d.Action, Decider: d.Decider,
	}
}

// Delivery is how a delivery is stored; it may not change with hajir.Delivery.
type Delivery struct {
	Notice
	Company string `json:"company"`

	Channel string    `json:"channel,omitempty"`
	Target  string    `json:"target,omitempty"`
	Tries   int       `json:"tries,omitempty"`
	Due     time.Time `json:"due,omitzero"`
	TriedAt time.Time `json:"tried_at,omitzero"`
	Reason  string    `json:"reason,omitempty"`
	DeadAt  time.Time `json:"dead_at,omitzero"`
}

// Load returns what is stored.
func (d Delivery) Load(version int) hajir.Delivery {
	return hajir.Delivery{
		Notice:  d.notice(d.Company),
		Channel: d.Channel, Target: d.Target, Tries: d.Tries, Due: d.Due, TriedAt: d.TriedAt, Reason: d.Reason, DeadAt: d.DeadAt, Version: version,
	}
}

// StoreDelivery returns d as it is stored.
func StoreDelivery(d hajir.Delivery) Delivery {
	return Delivery{
		Notice: StoreNotice(d.Notice), Company: d.Company,
		Channel: d.Channel, Target: d.Target, Tries: d.Tries, Due: d.Due.UTC().Round(0), TriedAt: d.TriedAt.UTC().Round(0), Reason: d.Reason,
		DeadAt: d.DeadAt.UTC().Round(0),
	}
}
