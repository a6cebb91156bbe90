package record

import (
	"time"

	"hajir/internal/hajir"
)

// SignUp is how a sign-up is stored; it may not change with hajir.SignUp.
type SignUp struct {
	ID        string         `json:"id"`
	Username  string         `json:"username"`
	Name      string         `json:"name"`
	Email     string         `json:"email"`
	TimeZone  string         `json:"time_zone"`
	Language  hajir.Language `json:"language,omitempty"`
	TokenHash []byte         `json:"token_hash"`
	Client    string         `json:"client"`
	CreatedAt time.Time      `json:"created_at"`
	ExpiresAt time.Time      `json:"expires_at"`
	BegunAt   time.Time      `json:"begun_at,omitzero"`
	UsedAt    time.Time      `json:"used_at,omitzero"`
}

// StoreSignUp returns s as it is stored.
func StoreSignUp(s hajir.SignUp) SignUp {
	return SignUp{
		ID: s.ID, Username: s.Username, Name: s.Name, Email: s.Email, TimeZone: s.TimeZone, Language: s.Language,
		TokenHash: s.TokenHash, Client: s.Client, CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
		BegunAt: s.BegunAt, UsedAt: s.UsedAt,
	}
}

// Load returns a sign-up.
func (doc SignUp) Load(version int) hajir.SignUp {
	return hajir.SignUp{
		ID: doc.ID, Username: doc.Username, Name: doc.Name, Email: doc.Email, TimeZone: doc.TimeZone, Language: doc.Language,
		TokenHash: doc.TokenHash, Client: doc.Client, CreatedAt: doc.CreatedAt, ExpiresAt: doc.ExpiresAt,
		BegunAt: doc.BegunAt, UsedAt: doc.UsedAt, Version: version,
	}
}
