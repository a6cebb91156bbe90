package record

import (
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// User and Session are how accounts and sessions are stored; they may
// not change with the port's types.
type User struct {
	Username     string     `json:"username"`
	Name         string     `json:"name"`
	Email        string     `json:"email,omitempty"`
	Company      string     `json:"company"`
	Role         hajir.Role `json:"role"`
	Disabled     bool       `json:"disabled,omitempty"`
	CreatedAt    time.Time  `json:"created_at"`
	PasswordHash string     `json:"password_hash,omitempty"`
}

// Session is how one is stored.
type Session struct {
	ID        string    `json:"id"`
	Username  string    `json:"username"`
	Address   string    `json:"address,omitempty"`
	Device    string    `json:"device,omitempty"`
	Current   []byte    `json:"current"`
	Previous  []byte    `json:"previous,omitempty"`
	CreatedAt time.Time `json:"created_at"`
	RotatedAt time.Time `json:"rotated_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Load returns what is stored.
func (doc User) Load(version int) identity.User {
	return identity.User{
		Username: doc.Username, Name: doc.Name, Email: doc.Email, Company: doc.Company, Role: doc.Role, Disabled: doc.Disabled,
		CreatedAt: doc.CreatedAt, PasswordHash: doc.PasswordHash, Version: version,
	}
}

// Load returns what is stored.
func (doc Session) Load(version int) identity.Session {
	return identity.Session{
		ID: doc.ID, Username: doc.Username, Client: identity.Client{Address: doc.Address, Device: doc.Device},
		Current: doc.Current, Previous: doc.Previous,
		CreatedAt: doc.CreatedAt, RotatedAt: doc.RotatedAt, ExpiresAt: doc.ExpiresAt, Version: version,
	}
}

// StoreUser returns u as it is stored.
func StoreUser(u identity.User) User {
	return User{
		Username: u.Username, Name: u.Name, Email: u.Email, Company: u.Company, Role: u.Role, Disabled: u.Disabled,
		CreatedAt: u.CreatedAt, PasswordHash: u.PasswordHash,
	}
}

// StoreSession returns s as it is stored.
func StoreSession(s identity.Session) Session {
	return Session{
		ID: s.ID, Username: s.Username, Address: s.Client.Address, Device: s.Client.Device,
		Current: s.Current, Previous: s.Previous, CreatedAt: s.CreatedAt, RotatedAt: s.RotatedAt, ExpiresAt: s.ExpiresAt,
	}
}
