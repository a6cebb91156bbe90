package storetest

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type slackStore interface {
	Slack(ctx context.Context, company string) (hajir.Slack, error)
	SlackByTeam(ctx context.Context, team string) (hajir.Slack, error)
	SaveSlack(ctx context.Context, s hajir.Slack) error
	SlackLink(ctx context.Context, username string) (hajir.SlackLink, error)
	SlackLinkByUser(ctx context.Context, team, user string) (hajir.SlackLink, error)
	SlackLinks(ctx context.Context, company, after string, limit int) ([]hajir.SlackLink, error)
	SaveSlackLink(ctx context.Context, l hajir.SlackLink) error
	DeleteSlackLink(ctx context.Context, username string) error
	SlackMessages(ctx context.Context, ref string) ([]hajir.SlackMessage, error)
	AddSlackMessage(ctx context.Context, m hajir.SlackMessage) error
	DeleteOldSlackMessages(ctx context.Context, t time.Time) error
}

func newSlack(company string) hajir.Slack {
	const team = "T1"
	return hajir.Slack{
		Company: company, Team: team, TeamName: "Acme Team", Bot: "UBOT", Token: "xoxb-of-" + team, InstalledAt: at, InstalledBy: company,
		Channel: "C1", ChannelName: "general", Post: hajir.SlackPost{Digest: true, Doubtful: true}, DigestAt: hajir.DefaultSlackDigest, Remind: true,
		Punch: true, Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")},
		Fence: &hajir.Geofence{Latitude: 27.7, Longitude: 85.3, Radius: 50}, Digested: "2026-03-02",
	}
}

func testSlack(t *testing.T, s Store) {
	ctx := t.Context()
	if c, err := s.Slack(ctx, "acme"); err != nil || c.Connected() || c.Version != 0 || c.Punch {
		t.Errorf("before anything is stored: %+v, %v", c, err)
	}
	testSaves(t, "Slack connection", func(version int) error {
		c := newSlack("acme")
		c.Version = version
		return s.SaveSlack(ctx, c)
	})
	want := newSlack("acme")
	want.Version = 3
	same(t, want, get(t, s.Slack, "acme"))
	same(t, want, get(t, s.SlackByTeam, "T1"))
	if err := s.SaveSlack(ctx, newSlack("other")); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("one workspace of two companies: %v", err)
	}
	gone := want.Disconnected()
	must(t, s.SaveSlack(ctx, gone), s.SaveSlack(ctx, newSlack("other")))
	gone.Version++
	same(t, gone, get(t, s.Slack, "acme"))
	if c := get(t, s.SlackByTeam, "T1"); c.Company != "other" {
		t.Errorf("the workspace is %s's", c.Company)
	}
	if _, err := s.SlackByTeam(ctx, ""); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("no workspace is found: %v", err)
	}
	// A company that is gone keeps neither its workspace nor a member of it.
	l := hajir.SlackLink{Username: "olga", Company: "other", Team: "T1", User: "U1", LinkedAt: at}
	must(t, s.SaveSlackLink(ctx, l), s.DeleteCompany(ctx, "other"))
	if _, err := s.SlackByTeam(ctx, "T1"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("the workspace of a company that is gone: %v", err)
	}
	l.Username, l.Company = "asha", "acme"
	must(t, s.SaveSlackLink(ctx, l), s.SaveSlack(ctx, func() hajir.Slack { c := want; c.Version = gone.Version; return c }()))
}

func testSlackLinks(t *testing.T, s Store) {
	ctx := t.Context()
	link := func(username, user string) hajir.SlackLink {
		return hajir.SlackLink{Username: username, Company: "acme", Team: "T1", User: user, LinkedAt: at}
	}
	testSaves(t, "link with Slack", func(version int) error {
		l := link("asha", "U1")
		l.Version = version
		return s.SaveSlackLink(ctx, l)
	})
	asha, bina := link("asha", "U1"), link("bina", "U2")
	asha.Version, bina.Version = 3, 1
	must(t, s.SaveSlackLink(ctx, link("bina", "U2")))
	if err := s.SaveSlackLink(ctx, link("chet", "U2")); hajir.CodeOf(err) != hajir.Conflict {
		t.Errorf("one member is two people: %v", err)
	}
	same(t, asha, get(t, s.SlackLink, "asha"))
	same(t, bina, call(t, func() (hajir.SlackLink, error) { return s.SlackLinkByUser(ctx, "T1", "U2") }))
	same(t, []hajir.SlackLink{asha}, call(t, func() ([]hajir.SlackLink, error) { return s.SlackLinks(ctx, "acme", "", 1) }))
	same(t, []hajir.SlackLink{bina}, call(t, func() ([]hajir.SlackLink, error) { return s.SlackLinks(ctx, "acme", "asha", 9) }))
	must(t, s.DeleteSlackLink(ctx, "asha"), s.DeleteSlackLink(ctx, "asha"))
	if _, err := s.SlackLinkByUser(ctx, "T1", "U1"); hajir.CodeOf(err) != hajir.NotFound {
		t.Errorf("found after it was ended: %v", err)
	}

	m := hajir.SlackMessage{Company: "acme", Ref: "leave/1", Team: "T1", Channel: "D1", TS: "1.000001", User: "U1", At: at}
	n := m
	n.Channel, n.User = "D2", "U2"
	must(t, s.AddSlackMessage(ctx, n), s.AddSlackMessage(ctx, m), s.AddSlackMessage(ctx, m))
	same(t, []hajir.SlackMessage{m, n}, get(t, s.SlackMessages, "leave/1"))
	must(t, s.DeleteOldSlackMessages(ctx, at))
	same(t, []hajir.SlackMessage{m, n}, get(t, s.SlackMessages, "leave/1"))
	must(t, s.DeleteCompany(ctx, "acme"))
	if _, err := s.SlackLink(ctx, "bina"); hajir.CodeOf(err) != hajir.NotFound || len(get(t, s.SlackMessages, "leave/1")) != 0 {
		t.Errorf("links or messages outlive their company: %v", err)
	}
	must(t, s.AddSlackMessage(ctx, m), s.DeleteOldSlackMessages(ctx, at.Add(time.Second)))
	if n := len(get(t, s.SlackMessages, "leave/1")); n != 0 {
		t.Errorf("%d old messages stay", n)
	}
	oneOfMany(t, 6, func(i int) error {
		return s.SaveSlackLink(ctx, hajir.SlackLink{Username: fmt.Sprintf("p%d", i), Company: "acme", Team: "T1", User: "U9", LinkedAt: at})
	})
}

// oneOfMany expects that of those who do something at once one is let, and that
// it is a conflict for the others.
func oneOfMany(t *testing.T, many int, do func(i int) error) {
	t.Helper()
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range many {
		wg.Go(func() {
			switch err := do(i); {
			case err == nil:
				won.Add(1)
			case codeOf(err) != hajir.Conflict:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	same(t, int32(1), won.Load())
}
