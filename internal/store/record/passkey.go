package record

import (
	"time"

	"hajir/internal/identity"
)

// Passkey is how a passkey is stored; it may not change with the port's
// type.
type Passkey struct {
	ID         string    `json:"id"`
	Username   string    `json:"username"`
	Name       string    `json:"name"`
	PublicKey  []byte    `json:"public_key"`
	Counter    uint32    `json:"counter,omitempty"`
	Transports []string  `json:"transports,omitempty"`
	Syncable   bool      `json:"syncable,omitempty"`
	Synced     bool      `json:"synced,omitempty"`
	Copied     bool      `json:"copied,omitempty"`
	CreatedAt  time.Time `json:"created_at"`
	UsedAt     time.Time `json:"used_at,omitzero"`
}

// Load returns what is stored.
func (doc Passkey) Load(version int) identity.Credential {
	return identity.Credential{
		ID: doc.ID, Username: doc.Username, Name: doc.Name, PublicKey: doc.PublicKey, Counter: doc.Counter,
		Transports: doc.Transports, Syncable: doc.Syncable, Synced: doc.Synced, Copied: doc.Copied,
		CreatedAt: doc.CreatedAt, UsedAt: doc.UsedAt, Version: version,
	}
}

// StorePasskey returns c as it is stored.
func StorePasskey(c identity.Credential) Passkey {
	return Passkey{
		ID: c.ID, Username: c.Username, Name: c.Name, PublicKey: c.PublicKey, Counter: c.Counter,
		Transports: c.Transports, Syncable: c.Syncable, Synced: c.Synced, Copied: c.Copied,
		CreatedAt: c.CreatedAt, UsedAt: c.UsedAt,
	}
}
