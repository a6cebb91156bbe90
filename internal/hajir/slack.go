package hajir

import (
	"net/netip"
	"time"
)

// Slack is a company's connection with its Slack workspace, and what it wants
// of it. What was set stays when the workspace is disconnected.
type Slack struct {
	Company string // the record's key
	Team    string // the workspace's ID, such as T0123; "" when none is connected
	// TeamName is what people call the workspace.
	TeamName string
	Bot      string // the user ID of the bot there
	Token    string // the bot's, with which Slack is asked
	// InstalledAt is when the workspace was connected, and InstalledBy by whom.
	InstalledAt time.Time
	InstalledBy string
	// Channel is the ID of the channel that Post goes to; "" is none.
	Channel     string
	ChannelName string
	Post        SlackPost
	DigestAt    Clock // by the company's clocks
	// Remind writes to people who have not come, or forgot to leave.
	Remind bool
	// Punch lets people come and go by /hajir in and out: from Networks and
	// within Fence, where those are set.
	Punch    bool
	Networks []netip.Prefix
	Fence    *Geofence
	// Digested is the last date of which a digest was ordered.
	Digested string
	Version  int // grows by one with every stored change; zero means never stored
}

// SlackPost says what is posted in a company's channel.
type SlackPost struct {
	Digest       bool // each morning: who is in, late and on leave, and what is on
	Questions    bool // that somebody asks something
	Doubtful     bool // that a punch wants to be looked at
	MissingExits bool
}

// DefaultSlackDigest is when the digest is posted where nothing was chosen.
const DefaultSlackDigest = Clock(9*60 + 30)

// DefaultSlack is the connection of a company that has none.
func DefaultSlack(company string) Slack {
	return Slack{Company: company, DigestAt: DefaultSlackDigest, Remind: true, Post: SlackPost{Digest: true, Questions: true, MissingExits: true}}
}

// Connected says whether there is a workspace.
func (s Slack) Connected() bool { return s.Team != "" }

// Disconnected returns s without the workspace. The channel was one of it.
func (s Slack) Disconnected() Slack {
	s.Team, s.TeamName, s.Bot, s.Token, s.Channel, s.ChannelName = "", "", "", "", "", ""
	s.InstalledAt, s.InstalledBy = time.Time{}, ""
	return s
}

// Validate returns an Invalid error that names the first thing wrong with what
// was set.
func (s Slack) Validate() error {
	if s.DigestAt < 0 || s.DigestAt >= minutesADay {
		return Errorf(Invalid, "the digest is posted at a time between 00:00 and 23:59")
	}
	if err := validateText("the channel", s.Channel, 0, maxSlackID); err != nil {
		return err
	}
	if err := validateText("the channel's name", s.ChannelName, 0, maxName); err != nil {
		return err
	}
	if len(s.Networks) > MaxNetworks {
		return Errorf(Invalid, "name at most %d networks", MaxNetworks)
	}
	return Kiosk{Fence: s.Fence}.Validate()
}

const maxSlackID = 64

// Bound says whether coming and going is held to networks or a place, of which
// Slack tells nothing.
func (s Slack) Bound() bool { return len(s.Networks) > 0 || s.Fence != nil }

// Admit refuses a punch from elsewhere than the company allows. What is not
// known is refused too.
func (s Slack) Admit(client netip.Addr, at *Position) error {
	err := Kiosk{Networks: s.Networks, Fence: s.Fence}.Admit(client, at)
	e, ok := AsError(err)
	switch {
	case !ok:
		return err
	case e.Code == KioskNetwork:
		return Errorf(KioskNetwork, "you can come and go by Slack only from the networks that your company allows; connect to one of them, or use the kiosk")
	case at == nil:
		return Errorf(KioskPlace, "you can come and go by Slack only at a certain place; let the browser use the device's location")
	case e.Code == KioskPlace && (Kiosk{Fence: &Geofence{Latitude: at.Latitude, Longitude: at.Longitude, Radius: s.Fence.Radius}}).Admit(client, at) != nil:
		return Errorf(KioskPlace, "where you are is not known accurately enough; turn on the device's precise location, and try again")
	}
	return Errorf(KioskPlace, "you are not where your company lets people come and go by Slack; use the kiosk, or ask for a correction")
}

// DigestDue returns the date whose digest is to be posted at now; "" for none.
// One that is missed for hours is left out: a morning's news are none at night.
func (s Slack) DigestDue(now time.Time, loc *time.Location) string {
	today := dateAt(now, loc)
	due := today.moment(int(s.DigestAt), loc)
	if !s.Connected() || !s.Post.Digest || s.Channel == "" || s.Digested >= today.String() || now.Before(due) || now.Sub(due) > digestLate {
		return ""
	}
	return today.String()
}

// digestLate is for how long a digest is news.
const digestLate = 4 * time.Hour

// DigestStale says whether the digest of a date is no news any more.
func (s Slack) DigestStale(date string, now time.Time, loc *time.Location) bool {
	today := dateAt(now, loc)
	return today.String() != date || now.Sub(today.moment(int(s.DigestAt), loc)) > digestLate
}

// SlackLink says who a member of a workspace is: one of the company's people,
// or its root account.
type SlackLink struct {
	Username string // the record's key
	Company  string
	Team     string
	User     string // the member's ID, such as U0123
	LinkedAt time.Time
	Version  int // grows by one with every stored change; zero means never stored
}

// SlackMessage is a message with buttons that somebody was sent, so that it can
// be changed when somebody else decides.
type SlackMessage struct {
	Company string
	Ref     string // what is to be decided, such as leave/UUID
	Team    string
	Channel string // half of Slack's key
	TS      string // the other half
	User    string // who got it
	At      time.Time
}
