package record

import (
	"net/netip"
	"time"

	"hajir/internal/hajir"
)

// Slack is how a connection is stored; it may not change with hajir.Slack.
// The token is sealed beside it.
type Slack struct {
	Company      string         `json:"company"`
	Team         string         `json:"team,omitempty"`
	TeamName     string         `json:"team_name,omitempty"`
	Bot          string         `json:"bot,omitempty"`
	InstalledAt  time.Time      `json:"installed_at,omitzero"`
	InstalledBy  string         `json:"installed_by,omitempty"`
	Channel      string         `json:"channel,omitempty"`
	ChannelName  string         `json:"channel_name,omitempty"`
	Digest       bool           `json:"post_digest"`
	Questions    bool           `json:"post_questions"`
	Doubtful     bool           `json:"post_doubtful"`
	MissingExits bool           `json:"post_missing_exits"`
	DigestAt     hajir.Clock    `json:"digest_at"`
	Remind       bool           `json:"remind"`
	Punch        bool           `json:"punch"`
	Networks     []netip.Prefix `json:"networks,omitempty"`
	Fence        *fenceDoc      `json:"fence,omitempty"`
	Digested     string         `json:"digested,omitempty"`
}

// SlackRow is the row that a value is sealed for.
func SlackRow(company string) string { return "Slack_details/" + company }

// SlackLink is how one is stored.
type SlackLink struct {
	Username string    `json:"username"`
	Company  string    `json:"company"`
	Team     string    `json:"team"`
	User     string    `json:"user"`
	LinkedAt time.Time `json:"linked_at"`
}

// Load returns what is stored.
func (doc SlackLink) Load(version int) hajir.SlackLink {
	return hajir.SlackLink{Username: doc.Username, Company: doc.Company, Team: doc.Team, User: doc.User, LinkedAt: doc.LinkedAt, Version: version}
}

// SlackMessage is how one is stored.
type SlackMessage struct {
	Team string `json:"team"`
	User string `json:"user"`
}

// StoreSlack returns s as it is stored.
func StoreSlack(s hajir.Slack) Slack {
	return Slack{
		Company: s.Company, Team: s.Team, TeamName: s.TeamName, Bot: s.Bot, InstalledAt: s.InstalledAt, InstalledBy: s.InstalledBy,
		Channel: s.Channel, ChannelName: s.ChannelName,
		Digest: s.Post.Digest, Questions: s.Post.Questions, Doubtful: s.Post.Doubtful, MissingExits: s.Post.MissingExits,
		DigestAt: s.DigestAt, Remind: s.Remind, Punch: s.Punch, Networks: s.Networks, Fence: (*fenceDoc)(s.Fence), Digested: s.Digested,
	}
}

// StoreSlackLink returns l as it is stored.
func StoreSlackLink(l hajir.SlackLink) SlackLink {
	return SlackLink{Username: l.Username, Company: l.Company, Team: l.Team, User: l.User, LinkedAt: l.LinkedAt}
}

// StoreSlackMessage returns m as it is stored.
func StoreSlackMessage(m hajir.SlackMessage) SlackMessage {
	return SlackMessage{m.Team, m.User}
}

// Load returns a connection without what is sealed.
func (doc Slack) Load(version int) hajir.Slack {
	return hajir.Slack{
		Company: doc.Company, Team: doc.Team, TeamName: doc.TeamName, Bot: doc.Bot,
		InstalledAt: doc.InstalledAt, InstalledBy: doc.InstalledBy, Channel: doc.Channel, ChannelName: doc.ChannelName,
		Post:     hajir.SlackPost{Digest: doc.Digest, Questions: doc.Questions, Doubtful: doc.Doubtful, MissingExits: doc.MissingExits},
		DigestAt: doc.DigestAt, Remind: doc.Remind, Punch: doc.Punch, Networks: doc.Networks, Fence: (*hajir.Geofence)(doc.Fence),
		Digested: doc.Digested, Version: version,
	}
}
