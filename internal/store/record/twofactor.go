package record

import (
	"time"

	"hajir/internal/identity"
)

// SecondFactor is how one is stored.
type SecondFactor struct {
	ConfirmedAt time.Time `json:"confirmed_at,omitzero"`
	LastStep    int64     `json:"last_step,omitempty"`
	Recovery    [][]byte  `json:"recovery,omitempty"`
}

// SecondFactorRow is what a secret is sealed for: in another row it does not
// open.
func SecondFactorRow(username string) string { return "Two_factor/" + username }

// StoreSecondFactor returns f as it is stored.
func StoreSecondFactor(f identity.SecondFactor) SecondFactor {
	return SecondFactor{ConfirmedAt: f.ConfirmedAt, LastStep: f.LastStep, Recovery: f.Recovery}
}

// Load returns an account's second factor without what is sealed.
func (doc SecondFactor) Load(username string, version int) identity.SecondFactor {
	return identity.SecondFactor{Username: username, ConfirmedAt: doc.ConfirmedAt, LastStep: doc.LastStep, Recovery: doc.Recovery, Version: version}
}
