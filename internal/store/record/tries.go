package record

import (
	"time"

	"hajir/internal/identity"
)

// Tries is how wrong tries are stored.
type Tries struct {
	Failures
	ForgottenAt time.Time `json:"forgotten_at"`
}

// StoreTries returns t as it is stored.
func StoreTries(t identity.Tries) Tries {
	return Tries{StoreFailures(t.Failures), t.ForgottenAt.UTC().Round(0)}
}

// Load returns the wrong tries at a key.
func (doc Tries) Load(key string, version int) identity.Tries {
	return identity.Tries{Key: key, Failures: doc.Failures.Load(), ForgottenAt: doc.ForgottenAt, Version: version}
}
