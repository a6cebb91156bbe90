package hajir

import "time"

// FeedKind says what a calendar feed shows.
type FeedKind string

// The kinds.
const (
	FeedOwn    FeedKind = "own"    // the person's shifts, leave, holidays and events
	FeedTeam   FeedKind = "team"   // the leave of those who report to them
	FeedEvents FeedKind = "events" // the company's holidays and events that they see
)

// Feed is a calendar that an account gives away by a secret link. Whoever has
// the link reads it, without signing in.
type Feed struct {
	Username  string // half of the record's key
	Kind      FeedKind
	Company   string
	TokenHash string // SHA-256 of the secret in the link, in hexadecimal
	MadeAt    time.Time
	Version   int // grows by one with every stored change; zero means never stored
}

// FeedsOf returns the kinds of feeds that an account with a role may have.
func FeedsOf(r Role) []FeedKind {
	switch r {
	case RoleAdmin, RoleAuditor:
		return []FeedKind{FeedTeam, FeedEvents}
	case RoleManager:
		return []FeedKind{FeedOwn, FeedTeam, FeedEvents}
	case RoleEmployee:
		return []FeedKind{FeedOwn, FeedEvents}
	case RoleKiosk:
	}
	return nil
}
