package dynamodb

import (
	"context"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/store/record"
)

func (db *DB) readSlack(s stored) (hajir.Slack, error) {
	doc, err := decode[record.Slack](s, "Slack connection")
	if err != nil {
		return hajir.Slack{}, err
	}
	c := doc.Load(s.version)
	c.Token, err = record.OpenText(db.seal, s.sealed, record.SlackRow(c.Company))
	return c, err
}

// Slack returns a company's connection; the default, at Version 0, when none is
// stored.
func (db *DB) Slack(ctx context.Context, company string) (hajir.Slack, error) {
	s, found, err := db.get(ctx, slackDetails, company)
	if err != nil || !found {
		return hajir.DefaultSlack(company), err
	}
	return db.readSlack(s)
}

// The lists of the directory with what one company, and one person, has alone.
const (
	listTeams   = "Slack workspaces"
	listMembers = "Slack members"
)

// SlackByTeam returns the connection with a workspace.
func (db *DB) SlackByTeam(ctx context.Context, team string) (hajir.Slack, error) {
	company, err := db.named(ctx, listTeams, team)
	if err != nil {
		return hajir.Slack{}, err
	}
	if company == "" {
		return hajir.Slack{}, hajir.Errorf(hajir.NotFound, "no such Slack connection")
	}
	c, err := db.Slack(ctx, company)
	if err == nil && c.Team != team { // it was given up between the two reads
		return hajir.Slack{}, hajir.Errorf(hajir.NotFound, "no such Slack connection")
	}
	return c, err
}

// SaveSlack stores s as the successor of s.Version. A workspace that another
// company is connected with is a conflict too.
func (db *DB) SaveSlack(ctx context.Context, s hajir.Slack) error {
	sealed, err := record.SealText(db.seal, s.Token, record.SlackRow(s.Company))
	if err != nil {
		return err
	}
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		was, err := t.saveAudited(ctx, "Slack connection", subject{Audit: record.AuditedSlack, company: s.Company, key: s.Company},
			row{table: slackDetails, hash: s.Company, version: s.Version, doc: record.StoreSlack(s), sealed: sealed})
		if err != nil {
			return err
		}
		var before record.Slack
		if was.doc != nil {
			if before, err = decode[record.Slack](was, "Slack connection"); err != nil {
				return err
			}
		}
		t.replace("Slack connection", listTeams, before.Team, s.Team, s.Company)
		return nil
	})
}

// replace gives up one name of a list and claims another one; "" is none. That
// it stands for something else is a conflict.
func (t *tx) replace(what, list, old, now, of string) {
	if old != "" && old != now {
		t.strike(list, old)
	}
	if now != "" {
		t.claim(list, now, of, time.Time{}, conflict(what))
	}
}

// SlackLink returns who somebody is in Slack.
func (db *DB) SlackLink(ctx context.Context, username string) (hajir.SlackLink, error) {
	return one[record.SlackLink](ctx, db, "link with Slack", slackLinks, username)
}

// SlackLinkByUser returns who a member of a workspace is.
func (db *DB) SlackLinkByUser(ctx context.Context, team, user string) (hajir.SlackLink, error) {
	username, err := db.named(ctx, listMembers, within(team, user))
	if err != nil {
		return hajir.SlackLink{}, err
	}
	l, err := db.SlackLink(ctx, username)
	if err == nil && (l.Team != team || l.User != user) { // they became somebody else between the two reads
		return hajir.SlackLink{}, hajir.Errorf(hajir.NotFound, "no such link with Slack")
	}
	return l, err
}

// SlackLinks returns at most limit of a company's links in order of usernames,
// beginning behind one.
func (db *DB) SlackLinks(ctx context.Context, company, after string, limit int) ([]hajir.SlackLink, error) {
	return listOf[record.SlackLink](ctx, db, "links with Slack", query{table: slackLinks, index: "company-index", hash: company, behind: after, limit: limit})
}

// SaveSlackLink stores l as the successor of l.Version. A member who is
// somebody else already is a conflict too.
func (db *DB) SaveSlackLink(ctx context.Context, l hajir.SlackLink) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		was, err := t.saveAudited(ctx, "link with Slack", linkSubject(l.Company, l.Username), row{
			table: slackLinks, hash: l.Username, version: l.Version, doc: record.StoreSlackLink(l),
			index: map[string]string{"company": l.Company}, fixed: []string{"company"},
		})
		if err != nil {
			return err
		}
		before, err := memberOf(was)
		if err != nil {
			return err
		}
		t.replace("link with Slack", listMembers, before, within(l.Team, l.User), l.Username)
		return nil
	})
}

// memberOf is the name on the list of members that a link has; "" without one.
func memberOf(s stored) (string, error) {
	if s.doc == nil {
		return "", nil
	}
	doc, err := decode[record.SlackLink](s, "link with Slack")
	return within(doc.Team, doc.User), err
}

// linkSubject is what the audit log says of a link.
func linkSubject(company, username string) subject {
	return subject{Audit: record.AuditedSlackLinks, company: company, key: username, person: username}
}

// DeleteSlackLink removes somebody's link; none is no error.
func (db *DB) DeleteSlackLink(ctx context.Context, username string) error {
	return db.transact(ctx, func(ctx context.Context, t *tx) error {
		return t.deleteAudited(ctx, "link with Slack", func(s stored) (subject, error) {
			member, err := memberOf(s)
			if err != nil {
				return subject{}, err
			}
			t.strike(listMembers, member)
			return linkSubject("", username).in(s)
		}, 0, slackLinks, username)
	})
}

// SlackMessages returns what was sent about one thing.
func (db *DB) SlackMessages(ctx context.Context, ref string) ([]hajir.SlackMessage, error) {
	var all []hajir.SlackMessage
	err := list(ctx, db, "Slack messages", query{table: slackMessages, hash: ref}, func(doc slackMessageDoc, s stored) {
		all = append(all, hajir.SlackMessage{
			Ref: ref, Channel: doc.Channel, TS: doc.TS, Company: s.text("company"), At: doc.At, Team: doc.Team, User: doc.User,
		})
	})
	return all, err
}

// slackMessageDoc has what SQLite has in columns.
type slackMessageDoc struct {
	record.SlackMessage
	Channel string    `json:"channel"`
	TS      string    `json:"ts"`
	At      time.Time `json:"at"`
}

// keptMessages is after how many days a message's record expires by itself, long
// after it was to be forgotten.
const keptMessages = 365

// AddSlackMessage notes that a message was sent; noted again it stays as it is.
func (db *DB) AddSlackMessage(ctx context.Context, m hajir.SlackMessage) error {
	m.At = m.At.UTC().Round(0)
	err := db.save(ctx, "Slack message", row{
		table: slackMessages, hash: m.Ref, sort: within(m.Channel, m.TS), doc: slackMessageDoc{record.StoreSlackMessage(m), m.Channel, m.TS, m.At},
		index: map[string]string{"company": m.Company, "at": record.Sortable(m.At), "day": dayOf(m.At)}, expires: m.At.AddDate(0, 0, keptMessages),
	})
	if hajir.CodeOf(err) == hajir.Conflict {
		return nil
	}
	return err
}

// DeleteOldSlackMessages forgets what was sent before t.
func (db *DB) DeleteOldSlackMessages(ctx context.Context, t time.Time) error {
	return db.sweepDays(ctx, slackMessages, t, record.Sortable(t))
}

// purgeSlack removes what a company has with Slack, and the names that it has
// alone.
func (db *DB) purgeSlack(ctx context.Context, company string) error {
	links, err := db.keysOf(ctx, query{table: slackLinks, index: byCompany.name, hash: company})
	if err != nil {
		return err
	}
	err = eachOf(ctx, links, func(ctx context.Context, username string) error {
		return db.transact(ctx, func(ctx context.Context, t *tx) error {
			s, _, err := db.get(ctx, slackLinks, username)
			if err != nil {
				return err
			}
			member, err := memberOf(s)
			if err != nil || member == "" {
				return err
			}
			t.delete("", slackLinks, 0, username)
			t.strike(listMembers, member)
			return nil
		})
	})
	if err != nil {
		return err
	}
	c, err := db.Slack(ctx, company)
	if err != nil {
		return err
	}
	return db.transact(ctx, func(_ context.Context, t *tx) error {
		t.delete("", slackDetails, 0, company)
		if c.Team != "" {
			t.strike(listTeams, c.Team)
		}
		return nil
	})
}
