package hajir_test

import (
	"testing"
	"time"

	"hajir/internal/hajir"
)

var invitedAt = time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)

func invited(t *testing.T) hajir.Invitation {
	t.Helper()
	i, err := hajir.Invite(hajir.Employee{Username: " Asha ", Company: "acme", Name: " Asha Rai ", Email: "asha@example.com"}, invitedAt)
	if err != nil {
		t.Fatal(err)
	}
	if i.Username != "asha" || i.Name != "Asha Rai" {
		t.Errorf("invited %q, %q", i.Username, i.Name)
	}
	return i.WithLink([]byte("hash"), invitedAt)
}

func TestALinkIsChecked(t *testing.T) {
	for name, tt := range map[string]struct {
		hash  string
		after time.Duration
		want  hajir.Code
	}{
		"at once":            {"hash", 0, ""},
		"at the last moment": {"hash", hajir.InvitationLife - 1, ""},
		"too late":           {"hash", hajir.InvitationLife, hajir.InvitationExpired},
		"another":            {"hush", 0, hajir.InvitationUnknown},
		"another, too late":  {"hush", hajir.InvitationLife, hajir.InvitationUnknown},
		"none":               {"", 0, hajir.InvitationUnknown},
	} {
		t.Run(name, func(t *testing.T) {
			if err := invited(t).Check([]byte(tt.hash), invitedAt.Add(tt.after)); codeOf(err) != tt.want {
				t.Errorf("%v, want code %q", err, tt.want)
			}
		})
	}
	if err := (hajir.Invitation{}).Check(nil, invitedAt); codeOf(err) != hajir.InvitationUnknown {
		t.Errorf("an invitation without a link: %v", err)
	}
}

func TestANewLinkKillsTheOld(t *testing.T) {
	i := invited(t)
	i.BegunAt = invitedAt
	if !i.Joining(invitedAt.Add(time.Minute)) || i.Joining(invitedAt.Add(hajir.JoinWindow)) {
		t.Error("joining is not over after its window, or before")
	}
	i = i.WithLink([]byte("new"), invitedAt.Add(time.Hour))
	if err := i.Check([]byte("hash"), invitedAt); codeOf(err) != hajir.InvitationUnknown {
		t.Errorf("the old link: %v", err)
	}
	if i.Joining(invitedAt) || !i.ExpiresAt.Equal(invitedAt.Add(time.Hour+hajir.InvitationLife)) {
		t.Errorf("the new link began at %s and ends at %s", i.BegunAt, i.ExpiresAt)
	}
}

func TestMailIsNotOnItsWayForEver(t *testing.T) {
	i := invited(t)
	for after, want := range map[time.Duration]hajir.MailState{0: hajir.MailSending, 24 * time.Hour: hajir.MailFailed} {
		if got := i.MailAt(invitedAt.Add(after)); got != want {
			t.Errorf("after %s: %s, want %s", after, got, want)
		}
	}
	i.Email = ""
	if got := i.WithLink(nil, invitedAt).Mail; got != hajir.MailNone {
		t.Errorf("without an address: %s", got)
	}
}
