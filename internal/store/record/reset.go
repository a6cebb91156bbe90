package record

import (
	"time"

	"hajir/internal/hajir"
)

// PasswordReset is how a link to a new password is stored; it may not change with
// hajir.PasswordReset.
type PasswordReset struct {
	Username  string    `json:"username"`
	Company   string    `json:"company"`
	TokenHash []byte    `json:"token_hash,omitempty"`
	UsedHash  []byte    `json:"used_hash,omitempty"`
	Account   []byte    `json:"account"`
	MadeAt    time.Time `json:"made_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// StorePasswordReset returns r as it is stored.
func StorePasswordReset(r hajir.PasswordReset) PasswordReset {
	return PasswordReset{
		Username: r.Username, Company: r.Company, TokenHash: r.TokenHash, UsedHash: r.UsedHash,
		Account: r.Account, MadeAt: r.MadeAt, ExpiresAt: r.ExpiresAt,
	}
}

// Load returns a link to a new password.
func (doc PasswordReset) Load(version int) hajir.PasswordReset {
	return hajir.PasswordReset{
		Username: doc.Username, Company: doc.Company, TokenHash: doc.TokenHash, UsedHash: doc.UsedHash,
		Account: doc.Account, MadeAt: doc.MadeAt, ExpiresAt: doc.ExpiresAt, Version: version,
	}
}
