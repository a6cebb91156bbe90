package storetest

import (
	"context"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// signUpStore is what open sign-up needs of an adapter.
type signUpStore interface {
	SignUp(ctx context.Context, id string) (hajir.SignUp, error)
	CountSignUps(ctx context.Context, client, address string) (ofClient, toAddress, inAll int, err error)
	SaveSignUp(ctx context.Context, s hajir.SignUp) error
	DeleteSignUp(ctx context.Context, id string, version int) error
	DeleteExpiredSignUps(ctx context.Context, t time.Time) error
}

func newSignUp(id, client, email string) hajir.SignUp {
	s, _ := hajir.NewSignUp("acme", "Acme", email, "Asia/Kathmandu", hajir.Nepali, at)
	s.ID, s.Client, s.TokenHash = id, client, []byte{1, 2, 3}
	return s
}

func testSignUps(t *testing.T, s Store) {
	ctx := t.Context()
	wish := newSignUp("s1", "192.0.2.1", "Asha@example.com")
	wish.BegunAt, wish.UsedAt = at.Add(time.Minute), at.Add(time.Hour)
	if _, err := s.SignUp(ctx, "s1"); codeOf(err) != hajir.NotFound {
		t.Errorf("%v, want not found", err)
	}
	testSaves(t, "sign-up", func(v int) error { x := wish; x.Version = v; return s.SaveSignUp(ctx, x) })
	wish.Version = 3
	same(t, wish, get(t, s.SignUp, "s1"))
	// Two may want one username.
	must(t, s.SaveSignUp(ctx, newSignUp("s2", "192.0.2.1", "bina@example.com")), s.SaveSignUp(ctx, newSignUp("s3", "192.0.2.2", "asha@example.com")))
	for _, tt := range []struct {
		client, address            string
		ofClient, toAddress, inAll int
	}{
		{"192.0.2.1", "asha@example.com", 2, 2, 3},
		{"192.0.2.2", "bina@example.com", 1, 1, 3},
		{"192.0.2.3", "Asha@example.com", 0, 0, 3},
	} {
		ofClient, toAddress, inAll, err := s.CountSignUps(ctx, tt.client, tt.address)
		if must(t, err); ofClient != tt.ofClient || toAddress != tt.toAddress || inAll != tt.inAll {
			t.Errorf("%+v: %d, %d, %d", tt, ofClient, toAddress, inAll)
		}
	}
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{{0, hajir.Conflict}, {2, hajir.Conflict}, {3, ""}, {3, hajir.Conflict}} {
		if err := s.DeleteSignUp(ctx, "s1", step.version); codeOf(err) != step.want {
			t.Errorf("delete at version %d: %v, want code %q", step.version, err, step.want)
		}
	}
	must(t, s.DeleteExpiredSignUps(ctx, at.Add(hajir.SignUpLife)))
	get(t, s.SignUp, "s2")
	must(t, s.DeleteExpiredSignUps(ctx, at.Add(hajir.SignUpLife+time.Second)))
	for _, id := range []string{"s1", "s2", "s3"} {
		if _, err := s.SignUp(ctx, id); codeOf(err) != hajir.NotFound {
			t.Errorf("%s: %v, want not found", id, err)
		}
	}
}
