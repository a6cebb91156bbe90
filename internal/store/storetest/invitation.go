package storetest

import (
	"context"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// Invitations is the part of a store that keeps who waits to join.
type Invitations interface {
	Invitation(ctx context.Context, username string) (hajir.Invitation, error)
	Invitations(ctx context.Context, company, after string, limit int) ([]hajir.Invitation, error)
	SaveInvitation(ctx context.Context, i hajir.Invitation) error
	DeleteInvitation(ctx context.Context, i hajir.Invitation) error
}

func newInvitation(company, username string) hajir.Invitation {
	i, _ := hajir.Invite(newEmployee(company, username), at)
	return i.WithLink([]byte{1, 2, 3}, at.Add(time.Minute))
}

func testInvitationVersions(t *testing.T, s Store) {
	ctx := t.Context()
	want := newInvitation("acme", "asha")
	want.BegunAt = at.Add(time.Hour)
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{
		{3, hajir.Conflict}, // nothing is there to be changed
		{0, ""}, {0, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}, {3, hajir.Conflict}, {2, ""},
	} {
		want.Version = step.version
		if err := s.SaveInvitation(ctx, want); codeOf(err) != step.want {
			t.Errorf("save at version %d: %v, want code %q", step.version, err, step.want)
		}
	}
	want.Version = 3
	same(t, want, get(t, s.Invitation, "asha"))
	other := want
	other.Company = "other"
	if err := s.SaveInvitation(ctx, other); codeOf(err) != hajir.Conflict {
		t.Errorf("an invitation moved to another company: %v", err)
	}
	if _, err := s.Invitation(ctx, "x"); codeOf(err) != hajir.NotFound {
		t.Errorf("%v, want not found", err)
	}
}

func testDeleteInvitation(t *testing.T, s Store) {
	ctx := t.Context()
	i := newInvitation("acme", "asha")
	must(t, s.SaveInvitation(ctx, i))
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{{0, hajir.Conflict}, {2, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}} {
		i.Version = step.version
		if err := s.DeleteInvitation(ctx, i); codeOf(err) != step.want {
			t.Errorf("delete at version %d: %v, want code %q", step.version, err, step.want)
		}
	}
	if _, err := s.Invitation(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("%v, want not found", err)
	}
}

func testInvitationPages(t *testing.T, s Store) {
	ctx := t.Context()
	for _, u := range []string{"d", "b", "a", "c"} {
		must(t, s.SaveInvitation(ctx, newInvitation("acme", u)))
	}
	must(t, s.SaveInvitation(ctx, newInvitation("other", "bb")))
	for _, tt := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 10, []string{"a", "b", "c", "d"}}, {"", 2, []string{"a", "b"}}, {"b", 2, []string{"c", "d"}}, {"d", 2, nil},
	} {
		page := call(t, func() ([]hajir.Invitation, error) { return s.Invitations(ctx, "acme", tt.after, tt.limit) })
		var got []string
		for _, i := range page {
			got = append(got, i.Username)
		}
		same(t, tt.want, got)
	}
}

func testInvitationsOfCompany(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveInvitation(ctx, newInvitation("acme", "asha")), s.SaveInvitation(ctx, newInvitation("other", "olga")), s.DeleteCompany(ctx, "acme"))
	for username, want := range map[string]hajir.Code{"asha": hajir.NotFound, "olga": ""} {
		if _, err := s.Invitation(ctx, username); codeOf(err) != want {
			t.Errorf("%s: %v, want code %q", username, err, want)
		}
	}
}
