package record

import (
	"net/netip"
	"time"

	"hajir/internal/hajir"
)

// Kiosk and Pairing are how kiosks and pairings are stored; they may not
// change with the domain's types.
type Kiosk struct {
	Username string          `json:"username"`
	Company  string          `json:"company"`
	Networks []netip.Prefix  `json:"networks,omitempty"`
	Fence    *fenceDoc       `json:"fence,omitempty"`
	Mode     hajir.KioskMode `json:"mode,omitempty"`
}

type fenceDoc struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Radius    float64 `json:"radius"`
}

// Pairing is how one is stored.
type Pairing struct {
	ID         string    `json:"id"`
	CodeHash   []byte    `json:"code_hash"`
	SecretHash []byte    `json:"secret_hash"`
	Client     string    `json:"client"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"expires_at"`
	Kiosk      string    `json:"kiosk,omitempty"`
}

// Load returns what is stored.
func (doc Kiosk) Load(version int) hajir.Kiosk {
	return hajir.Kiosk{
		Username: doc.Username, Company: doc.Company, Networks: doc.Networks,
		Fence: (*hajir.Geofence)(doc.Fence), Mode: doc.Mode, Version: version,
	}
}

// Load returns what is stored.
func (doc Pairing) Load(version int) hajir.Pairing {
	return hajir.Pairing{
		ID: doc.ID, CodeHash: doc.CodeHash, SecretHash: doc.SecretHash, Client: doc.Client,
		CreatedAt: doc.CreatedAt, ExpiresAt: doc.ExpiresAt, Kiosk: doc.Kiosk, Version: version,
	}
}

// StoreKiosk returns k as it is stored.
func StoreKiosk(k hajir.Kiosk) Kiosk {
	return Kiosk{
		Username: k.Username, Company: k.Company, Networks: k.Networks, Fence: (*fenceDoc)(k.Fence), Mode: k.Mode,
	}
}

// StorePairing returns p as it is stored.
func StorePairing(p hajir.Pairing) Pairing {
	return Pairing{
		ID: p.ID, CodeHash: p.CodeHash, SecretHash: p.SecretHash, Client: p.Client,
		CreatedAt: p.CreatedAt, ExpiresAt: p.ExpiresAt, Kiosk: p.Kiosk,
	}
}
