package storetest

import (
	"context"
	"net/netip"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
)

// kioskStore is what kiosks, their pairing and PINs need of an adapter.
type kioskStore interface {
	Kiosk(ctx context.Context, username string) (hajir.Kiosk, error)
	Kiosks(ctx context.Context, company string) ([]hajir.Kiosk, error)
	SaveKiosk(ctx context.Context, k hajir.Kiosk) error
	DeleteKiosk(ctx context.Context, username string) error
	Pairing(ctx context.Context, id string) (hajir.Pairing, error)
	PairingByCode(ctx context.Context, hash []byte) (hajir.Pairing, error)
	CountPairings(ctx context.Context, client string) (ofClient, inAll int, err error)
	SavePairing(ctx context.Context, p hajir.Pairing) error
	DeletePairing(ctx context.Context, id string, version int) error
	DeleteExpiredPairings(ctx context.Context, t time.Time) error
	PIN(ctx context.Context, username string) (hajir.PIN, error)
	SavePIN(ctx context.Context, p hajir.PIN) error
	DeletePIN(ctx context.Context, username string) error
	Failures(ctx context.Context, company, subject string) (hajir.Guesses, error)
	SaveFailures(ctx context.Context, f hajir.Guesses) error
	DeleteFailures(ctx context.Context, company, subject string) error
	DeleteOldFailures(ctx context.Context, t time.Time) error
	EmployeesByCode(ctx context.Context, company, code string) ([]hajir.Employee, error)
}

func newKiosk(company, username string) hajir.Kiosk {
	return hajir.Kiosk{
		Username: username, Company: company,
		Networks: []netip.Prefix{netip.MustParsePrefix("192.168.1.0/24"), netip.MustParsePrefix("2001:db8::/48")},
		Fence:    &hajir.Geofence{Latitude: 27.7172, Longitude: 85.324, Radius: 50},
		Mode:     hajir.KioskGroup,
	}
}

func newPairing(id, client string) hajir.Pairing {
	return hajir.Pairing{
		ID: id, CodeHash: []byte("code of " + id), SecretHash: []byte{2}, Client: client,
		CreatedAt: at, ExpiresAt: at.Add(hajir.PairingLife),
	}
}

func newPIN(company, username string) hajir.PIN {
	return hajir.PIN{Username: username, Company: company, Hash: "$argon2id$", SetAt: at}
}

func newFailures(company, subject string) hajir.Guesses {
	return hajir.Guesses{Company: company, Subject: subject, Failures: hajir.Failures{Count: 3, Last: at}}
}

// testSaves checks that a save names the version that it read.
func testSaves(t *testing.T, what string, save func(version int) error) {
	t.Helper()
	for _, step := range []struct {
		version int
		want    hajir.Code
	}{
		{3, hajir.Conflict}, {0, ""}, {0, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}, {3, hajir.Conflict}, {2, ""},
	} {
		if err := save(step.version); codeOf(err) != step.want {
			t.Errorf("save %s at version %d: %v, want code %q", what, step.version, err, step.want)
		}
	}
}

func testKiosks(t *testing.T, s Store) {
	ctx := t.Context()
	same(t, hajir.Kiosk{Username: "k0"}, get(t, s.Kiosk, "k0"))
	k := newKiosk("acme", "k1")
	testSaves(t, "kiosk", func(v int) error { x := k; x.Version = v; return s.SaveKiosk(ctx, x) })
	must(t, s.SaveKiosk(ctx, hajir.Kiosk{Username: "k2", Company: "other"}))
	k.Version = 3
	same(t, k, get(t, s.Kiosk, "k1"))
	same(t, []hajir.Kiosk{k}, get(t, s.Kiosks, "acme"))
	other := k
	other.Company = "other"
	if err := s.SaveKiosk(ctx, other); codeOf(err) != hajir.Conflict {
		t.Errorf("a kiosk moved to another company: %v", err)
	}
	must(t, s.DeleteKiosk(ctx, "k1"), s.DeleteKiosk(ctx, "k1"))
	same(t, hajir.Kiosk{Username: "k1"}, get(t, s.Kiosk, "k1"))
	must(t, s.DeleteCompany(ctx, "other"))
	same(t, hajir.Kiosk{Username: "k2"}, get(t, s.Kiosk, "k2"))
}

func testPairings(t *testing.T, s Store) {
	ctx := t.Context()
	p := newPairing("p1", "192.0.2.1")
	testSaves(t, "pairing", func(v int) error { x := p; x.Version = v; return s.SavePairing(ctx, x) })
	p.Version = 3
	same(t, p, get(t, s.Pairing, "p1"))
	same(t, p, call(t, func() (hajir.Pairing, error) { return s.PairingByCode(ctx, p.CodeHash) }))
	twin := newPairing("p2", "192.0.2.2")
	twin.CodeHash = p.CodeHash
	if err := s.SavePairing(ctx, twin); codeOf(err) != hajir.Conflict {
		t.Errorf("two devices with one code: %v", err)
	}
	must(t, s.SavePairing(ctx, newPairing("p3", "192.0.2.1")), s.SavePairing(ctx, newPairing("p4", "192.0.2.3")))
	ofClient, inAll, err := s.CountPairings(ctx, "192.0.2.1")
	if must(t, err); ofClient != 2 || inAll != 3 {
		t.Errorf("%d pairings of a client, %d in all; want 2 and 3", ofClient, inAll)
	}

	// One of many who fetch it at once gets it.
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 16 {
		wg.Go(func() {
			err := s.DeletePairing(ctx, "p1", 3)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if hajir.CodeOf(err) != hajir.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 16 took one pairing", won)
	}

	must(t, s.DeleteExpiredPairings(ctx, at.Add(hajir.PairingLife)))
	get(t, s.Pairing, "p3")
	must(t, s.DeleteExpiredPairings(ctx, at.Add(hajir.PairingLife+time.Second)))
	for _, id := range []string{"p1", "p2", "p3"} {
		if _, err := s.Pairing(ctx, id); codeOf(err) != hajir.NotFound {
			t.Errorf("pairing %s: %v, want not found", id, err)
		}
	}
	if _, err := s.PairingByCode(ctx, p.CodeHash); codeOf(err) != hajir.NotFound {
		t.Errorf("an old code: %v, want not found", err)
	}
}

func testPINs(t *testing.T, s Store) {
	ctx := t.Context()
	p := newPIN("acme", "asha")
	if _, err := s.PIN(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("no PIN: %v, want not found", err)
	}
	testSaves(t, "PIN", func(v int) error { x := p; x.Version = v; return s.SavePIN(ctx, x) })
	p.Version = 3
	same(t, p, get(t, s.PIN, "asha"))
	must(t, s.DeletePIN(ctx, "asha"), s.DeletePIN(ctx, "asha"))
	if _, err := s.PIN(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("a removed PIN: %v, want not found", err)
	}
	must(t, s.SavePIN(ctx, newPIN("acme", "asha")), s.SavePIN(ctx, newPIN("other", "olga")), s.DeleteCompany(ctx, "acme"))
	if _, err := s.PIN(ctx, "asha"); codeOf(err) != hajir.NotFound {
		t.Errorf("the PIN of a removed company: %v, want not found", err)
	}
	get(t, s.PIN, "olga")
}

func testFailures(t *testing.T, s Store) {
	ctx := t.Context()
	load := func(company, subject string) hajir.Guesses {
		return call(t, func() (hajir.Guesses, error) { return s.Failures(ctx, company, subject) })
	}
	same(t, hajir.Guesses{Company: "acme", Subject: "x"}, load("acme", "x"))
	f := newFailures("acme", "x")
	testSaves(t, "failures", func(v int) error { y := f; y.Version = v; return s.SaveFailures(ctx, y) })
	f.Version = 3
	same(t, f, load("acme", "x"))
	must(t, s.SaveFailures(ctx, newFailures("acme", "y")), s.SaveFailures(ctx, newFailures("other", "x")))
	must(t, s.DeleteFailures(ctx, "acme", "x"), s.DeleteFailures(ctx, "acme", "x"))
	must(t, s.DeleteOldFailures(ctx, at), s.DeleteCompany(ctx, "acme"))
	for _, gone := range []hajir.Guesses{load("acme", "x"), load("acme", "y")} {
		if gone.Version != 0 {
			t.Errorf("%+v was not forgotten", gone)
		}
	}
	if load("other", "x").Version != 1 {
		t.Error("another company's failures were forgotten")
	}
	must(t, s.DeleteOldFailures(ctx, at.Add(time.Second)))
	if load("other", "x").Version != 0 {
		t.Error("old failures were not forgotten")
	}
}

func testEmployeeCodes(t *testing.T, s Store) {
	ctx := t.Context()
	add := func(company, username, code string, version int) error {
		e := newEmployee(company, username)
		e.Code, e.Version = code, version
		return s.SaveEmployee(ctx, e)
	}
	must(t, add("acme", "asha", "E-7", 0), add("acme", "bina", "", 0), add("acme", "chet", "", 0), add("other", "olga", "e-7", 0))
	for what, err := range map[string]error{
		"a new person":     add("acme", "dina", "E-7", 0),
		"in another case":  add("acme", "dina", "e-7", 0),
		"a changed person": add("acme", "bina", "E-7", 1),
	} {
		if codeOf(err) != hajir.Conflict {
			t.Errorf("a code given twice, to %s: %v", what, err)
		}
	}
	must(t, add("acme", "asha", "E-7", 1), add("acme", "asha", "e-7", 2), add("acme", "bina", "E-8", 1))
	found := call(t, func() ([]hajir.Employee, error) { return s.EmployeesByCode(ctx, "acme", "E-7") })
	if len(found) != 1 || found[0].Username != "asha" {
		t.Errorf("E-7 is %+v", found)
	}
	must(t, add("acme", "asha", "", 3), add("acme", "bina", "E-7", 2))
	for code, want := range map[string]int{"e-7": 1, "E-8": 0, "nobody's": 0} {
		if found := call(t, func() ([]hajir.Employee, error) { return s.EmployeesByCode(ctx, "acme", code) }); len(found) != want {
			t.Errorf("%d people have code %s, want %d", len(found), code, want)
		}
	}
	// Many at once give one code: one of them has it.
	var wg sync.WaitGroup
	for _, u := range []string{"p1", "p2", "p3", "p4", "p5", "p6"} {
		wg.Go(func() {
			if err := add("acme", u, "E-9", 0); err != nil && hajir.CodeOf(err) != hajir.Conflict {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if found := call(t, func() ([]hajir.Employee, error) { return s.EmployeesByCode(ctx, "acme", "E-9") }); len(found) != 1 {
		t.Errorf("%d people have code E-9", len(found))
	}
}
