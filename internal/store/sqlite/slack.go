package sqlite

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"time"

	"hajir/internal/hajir"
)

// slackDoc is how a connection is stored; it may not change with hajir.Slack.
// The token is sealed beside it.
type slackDoc struct {
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

func slackRow(company string) string { return "Slack_details/" + company }

func (db *DB) readSlack(r row) (hajir.Slack, error) {
	var sealed []byte
	doc, version, err := decode[slackDoc](r, "Slack connection", &sealed)
	if err != nil {
		return hajir.Slack{}, err
	}
	s := slackDetails(doc, version)
	s.Token, err = db.openText(sealed, slackRow(doc.Company))
	return s, err
}

// slackDetails is a connection without what is sealed.
func slackDetails(doc slackDoc, version int) hajir.Slack {
	return hajir.Slack{
		Company: doc.Company, Team: doc.Team, TeamName: doc.TeamName, Bot: doc.Bot,
		InstalledAt: doc.InstalledAt, InstalledBy: doc.InstalledBy, Channel: doc.Channel, ChannelName: doc.ChannelName,
		Post:     hajir.SlackPost{Digest: doc.Digest, Questions: doc.Questions, Doubtful: doc.Doubtful, MissingExits: doc.MissingExits},
		DigestAt: doc.DigestAt, Remind: doc.Remind, Punch: doc.Punch, Networks: doc.Networks, Fence: (*hajir.Geofence)(doc.Fence),
		Digested: doc.Digested, Version: version,
	}
}

// Slack returns a company's connection; the default, at Version 0, when none is
// stored.
func (db *DB) Slack(ctx context.Context, company string) (hajir.Slack, error) {
	s, err := db.readSlack(db.read.QueryRowContext(ctx, `SELECT version, doc, sealed FROM Slack_details WHERE company = ?`, company))
	if hajir.CodeOf(err) == hajir.NotFound {
		return hajir.DefaultSlack(company), nil
	}
	return s, err
}

const slackByTeam = `SELECT version, doc, sealed FROM Slack_details WHERE team = ?`

// SlackByTeam returns the connection with a workspace.
func (db *DB) SlackByTeam(ctx context.Context, team string) (hajir.Slack, error) {
	return db.readSlack(db.read.QueryRowContext(ctx, slackByTeam, team))
}

// SaveSlack stores s as the successor of s.Version. A workspace that another
// company is connected with is a conflict too.
func (db *DB) SaveSlack(ctx context.Context, s hajir.Slack) error {
	doc, err := encode(slackDoc{
		Company: s.Company, Team: s.Team, TeamName: s.TeamName, Bot: s.Bot, InstalledAt: s.InstalledAt, InstalledBy: s.InstalledBy,
		Channel: s.Channel, ChannelName: s.ChannelName,
		Digest: s.Post.Digest, Questions: s.Post.Questions, Doubtful: s.Post.Doubtful, MissingExits: s.Post.MissingExits,
		DigestAt: s.DigestAt, Remind: s.Remind, Punch: s.Punch, Networks: s.Networks, Fence: (*fenceDoc)(s.Fence), Digested: s.Digested,
	}, "Slack connection")
	if err != nil {
		return err
	}
	sealed, err := db.sealText(s.Token, slackRow(s.Company))
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedSlack.where(`company = ?`, s.Company), "Slack connection", `
		INSERT INTO Slack_details (company, team, version, doc, sealed) SELECT ?1, nullif(?2, ''), ?3 + 1, ?4, ?5
		WHERE (?3 = 0 OR EXISTS (SELECT 1 FROM Slack_details WHERE company = ?1))
		AND NOT EXISTS (SELECT 1 FROM Slack_details WHERE team = ?2 AND company <> ?1)
		ON CONFLICT (company) DO UPDATE SET version = version + 1, team = excluded.team, doc = excluded.doc, sealed = excluded.sealed
		WHERE version = ?3`,
		s.Company, s.Team, s.Version, doc, sealed)
}

type slackLinkDoc struct {
	Username string    `json:"username"`
	Company  string    `json:"company"`
	Team     string    `json:"team"`
	User     string    `json:"user"`
	LinkedAt time.Time `json:"linked_at"`
}

func slackLink(doc slackLinkDoc, version int) hajir.SlackLink {
	return hajir.SlackLink{Username: doc.Username, Company: doc.Company, Team: doc.Team, User: doc.User, LinkedAt: doc.LinkedAt, Version: version}
}

// SlackLink returns who somebody is in Slack.
func (db *DB) SlackLink(ctx context.Context, username string) (hajir.SlackLink, error) {
	doc, version, err := decode[slackLinkDoc](db.read.QueryRowContext(ctx,
		`SELECT version, doc FROM Slack_links WHERE Username = ?`, username), "link with Slack")
	return slackLink(doc, version), err
}

const slackLinkByUser = `SELECT version, doc FROM Slack_links WHERE team = ? AND slackuser = ?`

// SlackLinkByUser returns who a member of a workspace is.
func (db *DB) SlackLinkByUser(ctx context.Context, team, user string) (hajir.SlackLink, error) {
	doc, version, err := decode[slackLinkDoc](db.read.QueryRowContext(ctx, slackLinkByUser, team, user), "link with Slack")
	return slackLink(doc, version), err
}

const slackLinksOf = `SELECT version, doc FROM Slack_links WHERE company = ? AND Username > ? ORDER BY Username LIMIT ?`

// SlackLinks returns at most limit of a company's links in order of usernames,
// beginning behind one.
func (db *DB) SlackLinks(ctx context.Context, company, after string, limit int) ([]hajir.SlackLink, error) {
	var all []hajir.SlackLink
	err := list(ctx, db, "links with Slack", func(doc slackLinkDoc, version int) { all = append(all, slackLink(doc, version)) },
		slackLinksOf, company, after, limit)
	return all, err
}

// SaveSlackLink stores l as the successor of l.Version. A member who is
// somebody else already is a conflict too.
func (db *DB) SaveSlackLink(ctx context.Context, l hajir.SlackLink) error {
	doc, err := encode(slackLinkDoc{Username: l.Username, Company: l.Company, Team: l.Team, User: l.User, LinkedAt: l.LinkedAt}, "link with Slack")
	if err != nil {
		return err
	}
	return db.saveAudited(ctx, auditedSlackLinks.where(`Username = ?`, l.Username), "link with Slack", `
		INSERT INTO Slack_links (Username, company, team, slackuser, version, doc) SELECT ?1, ?2, ?3, ?4, ?5 + 1, ?6
		WHERE (?5 = 0 OR EXISTS (SELECT 1 FROM Slack_links WHERE Username = ?1))
		AND NOT EXISTS (SELECT 1 FROM Slack_links WHERE team = ?3 AND slackuser = ?4 AND Username <> ?1)
		ON CONFLICT (Username) DO UPDATE SET version = version + 1, team = excluded.team, slackuser = excluded.slackuser, doc = excluded.doc
		WHERE version = ?5 AND company = excluded.company`,
		l.Username, l.Company, l.Team, l.User, l.Version, doc)
}

// DeleteSlackLink removes somebody's link; none is no error.
func (db *DB) DeleteSlackLink(ctx context.Context, username string) error {
	return db.execAudited(ctx, auditedSlackLinks.where(`Username = ?`, username), "delete link with Slack",
		`DELETE FROM Slack_links WHERE Username = ?`, username)
}

type slackMessageDoc struct {
	Team string `json:"team"`
	User string `json:"user"`
}

const slackMessagesOf = `SELECT channel, ts, company, at, doc FROM Slack_messages WHERE ref = ? ORDER BY channel, ts`

// SlackMessages returns what was sent about one thing.
func (db *DB) SlackMessages(ctx context.Context, ref string) ([]hajir.SlackMessage, error) {
	var all []hajir.SlackMessage
	err := db.each(ctx, "Slack messages", func(r row) error {
		m := hajir.SlackMessage{Ref: ref}
		var at, text string
		if err := r.Scan(&m.Channel, &m.TS, &m.Company, &at, &text); err != nil {
			return fmt.Errorf("scan Slack message: %w", err)
		}
		var doc slackMessageDoc
		if err := json.Unmarshal([]byte(text), &doc); err != nil {
			return fmt.Errorf("decode Slack message: %w", err)
		}
		when, err := time.Parse(timeFormat, at)
		if err != nil {
			return fmt.Errorf("decode Slack message: %w", err)
		}
		m.Team, m.User, m.At = doc.Team, doc.User, when
		all = append(all, m)
		return nil
	}, slackMessagesOf, ref)
	return all, err
}

// AddSlackMessage notes that a message was sent; noted again it stays as it is.
func (db *DB) AddSlackMessage(ctx context.Context, m hajir.SlackMessage) error {
	doc, err := encode(slackMessageDoc{m.Team, m.User}, "Slack message")
	if err != nil {
		return err
	}
	return db.exec(ctx, "add Slack message", `
		INSERT INTO Slack_messages (ref, channel, ts, company, at, doc) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
		m.Ref, m.Channel, m.TS, m.Company, m.At.UTC().Format(timeFormat), doc)
}

// DeleteOldSlackMessages forgets what was sent before t.
func (db *DB) DeleteOldSlackMessages(ctx context.Context, t time.Time) error {
	return db.exec(ctx, "delete old Slack messages", `DELETE FROM Slack_messages WHERE at < ?`, t.UTC().Format(timeFormat))
}

// resealSlack encrypts the bot tokens anew.
func (db *DB) resealSlack(ctx context.Context) error {
	return resealEach(ctx, db, `SELECT company FROM Slack_details WHERE sealed IS NOT NULL`, db.Slack, db.SaveSlack)
}
