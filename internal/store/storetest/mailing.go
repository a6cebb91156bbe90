package storetest

import (
	"context"
	"reflect"
	"testing"
	"time"

	"hajir/internal/hajir"
)

type mailStore interface {
	MailChoices(ctx context.Context, username string) (hajir.MailChoices, error)
	SaveMailChoices(ctx context.Context, c hajir.MailChoices) error
	MailPile(ctx context.Context, username string) (hajir.MailPile, error)
	SaveMailPile(ctx context.Context, m hajir.MailPile) error
}

func testMailChoices(t *testing.T, s Store) {
	ctx := t.Context()
	c, err := s.MailChoices(ctx, "asha")
	if err != nil || c.Username != "asha" || c.Version != 0 || len(c.Manners) != 0 {
		t.Fatalf("never chosen: %+v %v", c, err)
	}
	c.Company, c.Manners = "acme", map[hajir.Topic]hajir.Manner{hajir.TopicOwnExit: hajir.Daily}
	must(t, s.SaveMailChoices(ctx, c))
	if err := s.SaveMailChoices(ctx, c); codeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	c.Version = 1
	if got, err := s.MailChoices(ctx, "asha"); err != nil || !reflect.DeepEqual(got, c) {
		t.Errorf("%+v %v, want %+v", got, err, c)
	}
	c.Manners = nil
	must(t, s.SaveMailChoices(ctx, c))
	if got, err := s.MailChoices(ctx, "asha"); err != nil || got.Version != 2 || len(got.Manners) != 0 {
		t.Errorf("chosen anew: %+v %v", got, err)
	}
}

func testMailPiles(t *testing.T, s Store) {
	ctx := t.Context()
	m, err := s.MailPile(ctx, "asha")
	if err != nil || m.Username != "asha" || m.Version != 0 || len(m.Waiting) != 0 {
		t.Fatalf("nothing waits: %+v %v", m, err)
	}
	at := time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)
	n := hajir.Notice{
		ID: "n1", Company: "acme", Kind: hajir.NoticeLeaveAsked, At: at, Person: "bina", By: "bina", Ref: "r", Date: "2026-03-10",
		State: "requested", Action: "requested", Decider: "asha",
	}
	m.Company = "acme"
	m.Add(hajir.Daily, hajir.Piled{Notice: n, Topic: hajir.TopicDecide}, at.Add(time.Hour))
	m.Sent(hajir.TopicDecide, at)
	must(t, s.SaveMailPile(ctx, m))
	if err := s.SaveMailPile(ctx, m); codeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	m.Version = 1
	if got, err := s.MailPile(ctx, "asha"); err != nil || !reflect.DeepEqual(got, m) {
		t.Errorf("%+v %v, want %+v", got, err, m)
	}
	m.Take(hajir.Daily, m.Waiting[hajir.Daily], at)
	must(t, s.SaveMailPile(ctx, m))
	if got, err := s.MailPile(ctx, "asha"); err != nil || len(got.Waiting) != 0 || got.Version != 2 {
		t.Errorf("taken: %+v %v", got, err)
	}
}

func testMailOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for company, name := range map[string]string{"acme": "asha", "other": "olga"} {
		must(t, s.SaveMailChoices(ctx, hajir.MailChoices{Username: name, Company: company, Manners: map[hajir.Topic]hajir.Manner{hajir.TopicOwnExit: hajir.Never}}))
		must(t, s.SaveMailPile(ctx, hajir.MailPile{Username: name, Company: company}))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for name, want := range map[string]int{"asha": 0, "olga": 1} {
		c, err1 := s.MailChoices(ctx, name)
		m, err2 := s.MailPile(ctx, name)
		if err1 != nil || err2 != nil || c.Version != want || m.Version != want {
			t.Errorf("%s: %+v %v, %+v %v", name, c, err1, m, err2)
		}
	}
}
