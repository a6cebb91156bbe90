package record

import (
	"time"

	"hajir/internal/hajir"
)

// Feed is how one is stored.
type Feed struct {
	Username string         `json:"username"`
	Kind     hajir.FeedKind `json:"kind"`
	Company  string         `json:"company"`
	MadeAt   time.Time      `json:"made_at"`
}

// Load returns what is stored.
func (doc Feed) Load(version int, hash string) hajir.Feed {
	return hajir.Feed{
		Username: doc.Username, Kind: doc.Kind, Company: doc.Company, TokenHash: hash, MadeAt: doc.MadeAt, Version: version,
	}
}

// StoreFeed returns f as it is stored.
func StoreFeed(f hajir.Feed) Feed {
	return Feed{f.Username, f.Kind, f.Company, f.MadeAt}
}
