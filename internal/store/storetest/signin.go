package storetest

import (
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

func newTries(key string) identity.Tries {
	return identity.Tries{Key: key, Failures: hajir.Failures{Count: 3, Last: at}, ForgottenAt: at.Add(time.Hour)}
}

func testTries(t *testing.T, s Store) {
	ctx := t.Context()
	same(t, identity.Tries{Key: "k1"}, get(t, s.Tries, "k1"))
	tries := newTries("k1")
	late := newTries("k2")
	late.ForgottenAt = at.Add(2 * time.Hour)
	must(t, s.SaveTries(ctx, tries), s.SaveTries(ctx, late))
	tries.Version = 1
	same(t, tries, get(t, s.Tries, "k1"))
	if err := s.SaveTries(ctx, newTries("k1")); codeOf(err) != hajir.Conflict {
		t.Errorf("saved a second first: %v", err)
	}
	must(t, s.SaveTries(ctx, tries))
	if err := s.SaveTries(ctx, tries); codeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	must(t, s.DeleteForgottenTries(ctx, at.Add(90*time.Minute)))
	same(t, identity.Tries{Key: "k1"}, get(t, s.Tries, "k1"))
	if err := s.SaveTries(ctx, tries); codeOf(err) != hajir.Conflict {
		t.Errorf("saved what is forgotten: %v", err)
	}
	late.Version = 1
	same(t, late, get(t, s.Tries, "k2"))
	must(t, s.DeleteTries(ctx, "k2"), s.DeleteTries(ctx, "k2"))
	same(t, identity.Tries{Key: "k2"}, get(t, s.Tries, "k2"))
}

func testListSessions(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveSession(ctx, newSession("s2", "asha")), s.SaveSession(ctx, newSession("s1", "asha")), s.SaveSession(ctx, newSession("s3", "bina")))
	all := get(t, s.Sessions, "asha")
	if len(all) != 2 || all[0].ID == all[1].ID {
		t.Fatalf("asha's sessions: %+v", all)
	}
	for _, one := range all {
		want := newSession(one.ID, "asha")
		want.Version = 1
		same(t, want, one)
	}
	same(t, 0, len(get(t, s.Sessions, "nobody")))
}

func newSecondFactor(username string) identity.SecondFactor {
	return identity.SecondFactor{
		Username: username, Secret: "JBSWY3DPEHPK3PXP", ConfirmedAt: at, LastStep: 59000000, Recovery: [][]byte{{1, 2}, {3}},
	}
}

func testSecondFactor(t *testing.T, s Store) {
	ctx := t.Context()
	if _, err := s.SecondFactor(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("a second factor that is not there: %v", err)
	}
	fresh := identity.SecondFactor{Username: "asha", Secret: "MFRGGZDFMZTWQ2LK"}
	must(t, s.SaveSecondFactor(ctx, fresh))
	fresh.Version = 1
	same(t, fresh, get(t, s.SecondFactor, "asha"))
	full := newSecondFactor("asha")
	if err := s.SaveSecondFactor(ctx, full); codeOf(err) != hajir.Conflict {
		t.Errorf("saved a second first: %v", err)
	}
	full.Version = 1
	must(t, s.SaveSecondFactor(ctx, full))
	if err := s.SaveSecondFactor(ctx, full); codeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	full.Version = 2
	same(t, full, get(t, s.SecondFactor, "asha"))
	must(t, s.DeleteSecondFactor(ctx, "asha"), s.DeleteSecondFactor(ctx, "asha"))
	if err := s.SaveSecondFactor(ctx, full); codeOf(err) != hajir.Conflict {
		t.Errorf("saved what was deleted: %v", err)
	}
}
