package storetest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hajir/internal/hajir"
	"hajir/internal/identity"
)

// Audit is the part of a store that keeps audit logs. Every save and deletion
// of a record appends to the log of the record's company what was changed by
// whom, as the context tells, in one step: neither is there without the other.
type Audit interface {
	Record(ctx context.Context, e hajir.Event) error
	Audit(ctx context.Context, company string, q hajir.AuditQuery) ([]hajir.AuditEntry, error)
	AuditHead(ctx context.Context, company string) (hajir.AuditHead, error)
}

// by returns a context in which username acts by operation.
func by(ctx context.Context, username, operation string) context.Context {
	ctx = identity.WithClient(ctx, identity.Client{Address: "192.0.2.7", Device: "Firefox on Linux"})
	return identity.WithAct(ctx, identity.Act{
		Actor:     hajir.Actor{Kind: hajir.ActorAccount, Username: username, Name: "Of " + username, Role: hajir.RoleAdmin},
		Operation: operation, Function: "CompanyRequestHandler",
	})
}

// log returns a company's whole log in order, and makes sure that it is right.
func log(t *testing.T, s Store, company string) []hajir.AuditEntry {
	t.Helper()
	all := call(t, func() ([]hajir.AuditEntry, error) {
		return s.Audit(t.Context(), company, hajir.AuditQuery{Oldest: true, Limit: 1000})
	})
	head := call(t, func() (hajir.AuditHead, error) { return s.AuditHead(t.Context(), company) })
	check := hajir.AuditCheck{Company: company, Known: head}
	for _, e := range all {
		must(t, check.Add(e))
	}
	must(t, check.End())
	return all
}

// line is an entry in one line, without what is the same in all.
func line(e hajir.AuditEntry) string {
	return fmt.Sprintf("%s %s %s (%s) %s -> %s", e.Action, e.Subject.Table, e.Subject.Key, e.Subject.Person, e.Before, e.After)
}

// Every kind of record, from its making to its end.
func testAuditOfRecords(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "do-it")
	account := newUser("acme", "asha", hajir.RoleEmployee)
	must(t, s.SaveUser(ctx, account))
	account.Version, account.PasswordHash = 1, "$argon2id$other"
	must(t, s.SaveUser(ctx, account))
	account.Version, account.Disabled = 2, false
	must(t, s.SaveUser(ctx, account))

	session := newSession("s1", "asha")
	must(t, s.SaveSession(ctx, session))
	session.Version, session.Current, session.RotatedAt = 1, []byte{7}, at.Add(time.Hour)
	must(t, s.SaveSession(ctx, session), s.SaveSession(ctx, newSession("s2", "asha")), s.DeleteSession(ctx, "s1"), s.DeleteSessions(ctx, "asha"))

	factor := newSecondFactor("asha")
	must(t, s.SaveSecondFactor(ctx, factor))
	factor.Version, factor.LastStep = 1, 59000001 // a code was used
	must(t, s.SaveSecondFactor(ctx, factor))
	factor.Version, factor.Recovery = 2, factor.Recovery[:1]
	must(t, s.SaveSecondFactor(ctx, factor), s.DeleteSecondFactor(ctx, "asha"))

	company := newCompany("acme")
	must(t, s.SaveCompany(ctx, company))
	company.Version, company.Match.Threshold = 1, 0.5
	must(t, s.SaveCompany(ctx, company))

	employee := newEmployee("acme", "asha")
	must(t, s.SaveEmployee(ctx, employee))
	employee.Version, employee.Name, employee.Active = 1, "Asha Rai", false
	must(t, s.SaveEmployee(ctx, employee))
	employee.Version = 2
	must(t, s.SaveEmployee(ctx, employee)) // nothing changed
	employee.Version, employee.Phone = 3, "+9779800000000"
	must(t, s.SaveEmployee(ctx, employee))

	invitation := newInvitation("acme", "bina")
	must(t, s.SaveInvitation(ctx, invitation))
	invitation.Version, invitation.Mail = 1, hajir.MailSent
	must(t, s.SaveInvitation(ctx, invitation))
	invitation.Version, invitation.TokenHash = 2, []byte{9}
	must(t, s.SaveInvitation(ctx, invitation))
	invitation.Version = 3
	must(t, s.DeleteInvitation(ctx, invitation))

	kiosk := newKiosk("acme", "kiosk-1")
	must(t, s.SaveKiosk(ctx, kiosk))
	kiosk.Version, kiosk.Networks = 1, kiosk.Networks[:1]
	must(t, s.SaveKiosk(ctx, kiosk), s.DeleteKiosk(ctx, "kiosk-1"))

	pin := newPIN("acme", "asha")
	must(t, s.SavePIN(ctx, pin))
	pin.Version = 1
	must(t, s.SavePIN(ctx, pin)) // encrypted anew, and the same PIN
	pin.Version, pin.SetAt = 2, at.Add(time.Hour)
	must(t, s.SavePIN(ctx, pin), s.DeletePIN(ctx, "asha"))

	template := newTemplate("acme", "asha", "f1")
	must(t, s.SaveTemplate(ctx, template), s.SaveTemplate(ctx, template), s.SaveTemplate(ctx, newTemplate("acme", "asha", "f2")),
		s.DeleteTemplates(ctx, "acme", "asha", "f1"), s.DeleteTemplates(ctx, "acme", "asha"))

	must(t, s.DeleteUser(ctx, "asha"), s.DeleteUser(ctx, "asha"))

	at := `"2026-03-02T03:15:30.123456789Z"`
	later := `"2026-03-02T04:15:30.123456789Z"`
	face := func(id string) string { return `{"face_id":"` + id + `","indexed_at":` + at + `,"model":"m1"}` }
	user := `{"company":"acme","created_at":` + at + `,"disabled":true,"email":"asha@example.com","name":"Asha","password_hash":"(hidden)","role":"employee","username":"asha"}`
	sessionDoc := func(id string) string {
		return `{"address":"192.0.2.7","created_at":` + at + `,"device":"Firefox on Linux","id":"` + id + `","username":"asha"}`
	}
	want := []string{
		"create Users asha (asha)  -> " + user,
		`change Users asha (asha) {"password_hash":"(hidden)"} -> {"password_hash":"(hidden)"}`,
		`change Users asha (asha) {"disabled":true} -> {}`,
		"create Sessions s1 (asha)  -> " + sessionDoc("s1"),
		"create Sessions s2 (asha)  -> " + sessionDoc("s2"),
		"delete Sessions s1 (asha) " + sessionDoc("s1") + " -> ",
		"delete Sessions s2 (asha) " + sessionDoc("s2") + " -> ",
		`create Two_factor asha (asha)  -> {"confirmed_at":` + at + `,"recovery_codes":2}`,
		`change Two_factor asha (asha) {"recovery_codes":2} -> {"recovery_codes":1}`,
		`delete Two_factor asha (asha) {"confirmed_at":` + at + `,"recovery_codes":1} -> `,
		"create Company_details acme ()  -> *",
		`change Company_details acme () {"match":{"threshold":0.42}} -> {"match":{"threshold":0.5}}`,
		"create Employee_details asha (asha)  -> *",
		`change Employee_details asha (asha) {"active":true,"name":"Asha स्थापित"} -> {"active":false,"name":"Asha Rai"}`,
		`change Employee_details asha (asha) {"phone":"(hidden)"} -> {"phone":"(hidden)"}`,
		"create Employee_presignup bina (bina)  -> *",
		`change Employee_presignup bina (bina) {"token_hash":"(hidden)"} -> {"token_hash":"(hidden)"}`,
		"delete Employee_presignup bina (bina) *",
		"create Kiosk_details kiosk-1 (kiosk-1)  -> *",
		`change Kiosk_details kiosk-1 (kiosk-1) {"networks":["2001:db8::/48"]} -> {"networks":[]}`,
		"delete Kiosk_details kiosk-1 (kiosk-1) *",
		`create Employee_pins asha (asha)  -> {"set_at":` + at + `}`,
		`change Employee_pins asha (asha) {"set_at":` + at + `} -> {"set_at":` + later + `}`,
		`delete Employee_pins asha (asha) {"set_at":` + later + `} -> `,
		"create Face_templates f1 (asha)  -> " + face("f1"),
		"create Face_templates f2 (asha)  -> " + face("f2"),
		"delete Face_templates f1 (asha) " + face("f1") + " -> ",
		"delete Face_templates f2 (asha) " + face("f2") + " -> ",
		"delete Users asha (asha) *",
	}
	all := log(t, s, "acme")
	for i, e := range all {
		got := line(e)
		if i >= len(want) {
			t.Errorf("one too many: %s", got)
			continue
		}
		prefix, open := strings.CutSuffix(want[i], "*")
		if got != want[i] && (!open || !strings.HasPrefix(got, prefix)) {
			t.Errorf("entry %d:\n got %s\nwant %s", i+1, got, want[i])
		}
		if e.Actor.Username != "acme" || e.Actor.Name != "Of acme" || e.Actor.Role != hajir.RoleAdmin || e.Operation != "do-it" ||
			e.Function != "CompanyRequestHandler" || e.Address != "192.0.2.7" || e.Device != "Firefox on Linux" || e.At.IsZero() {
			t.Errorf("entry %d does not say who did it: %+v", i+1, e)
		}
		for _, secret := range []string{"argon2id", "AQID", "07ff", "JBSWY3DPEHPK3PXP", "0.6", "sealed", "doc"} {
			if strings.Contains(got, secret) {
				t.Errorf("entry %d tells %s: %s", i+1, secret, got)
			}
		}
	}
	if len(all) < len(want) {
		t.Errorf("%d entries, want %d", len(all), len(want))
	}
}

// A punch that is added is told by its day; one that is changed or removed by
// the log.
func testAuditOfDays(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "correct-day")
	d := newDay("acme", "asha", "2026-03-02")
	must(t, s.SaveDay(ctx, d))
	d = call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") })
	d, _ = d.Record(hajir.Punch{ID: "p2", At: at.Add(time.Hour), Source: hajir.SourceKiosk})
	must(t, s.SaveDay(ctx, d))
	if all := log(t, s, "acme"); len(all) != 0 {
		t.Fatalf("a punch is an entry: %s", line(all[0]))
	}
	d = call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") })
	changed := d
	changed.Punches = slices.Clone(d.Punches)
	changed.Punches[1].Place = "back door"
	must(t, s.SaveDay(ctx, changed))
	changed.Version++
	changed.Punches = changed.Punches[1:]
	must(t, s.SaveDay(ctx, changed))
	if err := s.SaveDay(ctx, changed); codeOf(err) != hajir.Conflict {
		t.Errorf("saved at a stale version: %v", err)
	}
	all := log(t, s, "acme")
	if len(all) != 2 {
		t.Fatalf("%d entries, want 2", len(all))
	}
	if got := line(all[0]); !strings.HasPrefix(got, "change Employee asha/2026-03-02 (asha) ") ||
		!strings.Contains(string(all[0].After), "back door") || strings.Contains(got, "p1") {
		t.Errorf("a changed punch: %s", got)
	}
	if !strings.Contains(string(all[1].Before), `"p1"`) || string(all[1].After) != `{"punches":[]}` {
		t.Errorf("a removed punch: %s", line(all[1]))
	}
}

// What is refused leaves no entry, and chains are apart.
func testAuditOfRefusals(t *testing.T, s Store) {
	ctx := t.Context() // in which nobody is said to act
	must(t, s.SaveEmployee(ctx, newEmployee("acme", "asha")), s.SaveEmployee(ctx, newEmployee("other", "olga")))
	if err := s.SaveEmployee(ctx, newEmployee("acme", "asha")); codeOf(err) != hajir.Conflict {
		t.Errorf("saved twice: %v", err)
	}
	for _, company := range []string{"acme", "other"} {
		all := log(t, s, company)
		if len(all) != 1 || all[0].Seq != 1 || all[0].Actor.Kind != hajir.ActorProgram || all[0].Address != "" {
			t.Errorf("the log of %s: %+v", company, all)
		}
	}
	if all := log(t, s, "nobody"); len(all) != 0 {
		t.Errorf("the log of nobody: %+v", all)
	}
}

func testAuditQueries(t *testing.T, s Store) {
	look := func(viewer, key string, once time.Duration) {
		t.Helper()
		must(t, s.Record(by(t.Context(), viewer, "get-object"), hajir.Event{
			Company: "acme", Action: hajir.ActionLook, Subject: hajir.Subject{Table: "objects", Key: key, Person: "asha"}, Once: once,
		}))
	}
	look("acme", "a", time.Hour)
	look("acme", "a", time.Hour) // is the same look
	look("acme", "a", 0)
	look("acme", "b", time.Hour)
	look("kiosk-1", "a", time.Hour)
	must(t, s.Record(by(t.Context(), "acme", "sign-in"), hajir.Event{
		Company: "acme", Action: hajir.ActionRefuse, Subject: hajir.Subject{Table: "Users", Key: "bina", Person: "bina"},
	}))
	now := log(t, s, "acme")[0].At
	for name, tt := range map[string]struct {
		q    hajir.AuditQuery
		want []int64
	}{
		"all":              {hajir.AuditQuery{}, []int64{5, 4, 3, 2, 1}},
		"a page":           {hajir.AuditQuery{Limit: 2}, []int64{5, 4}},
		"the next page":    {hajir.AuditQuery{Limit: 2, Behind: 4}, []int64{3, 2}},
		"the oldest":       {hajir.AuditQuery{Limit: 2, Oldest: true}, []int64{1, 2}},
		"behind the first": {hajir.AuditQuery{Behind: 1, Oldest: true}, []int64{2, 3, 4, 5}},
		"of one actor":     {hajir.AuditQuery{Actor: "kiosk-1"}, []int64{4}},
		"of one person":    {hajir.AuditQuery{Person: "bina"}, []int64{5}},
		"of an operation":  {hajir.AuditQuery{Operation: "sign-in"}, []int64{5}},
		"of an action":     {hajir.AuditQuery{Action: hajir.ActionLook, Person: "asha"}, []int64{4, 3, 2, 1}},
		"of a table":       {hajir.AuditQuery{Table: "Users"}, []int64{5}},
		"since now":        {hajir.AuditQuery{From: now}, []int64{5, 4, 3, 2, 1}},
		"until now":        {hajir.AuditQuery{To: now}, nil},
		"of the next hour": {hajir.AuditQuery{From: now.Add(time.Hour)}, nil},
		"of the last hour": {hajir.AuditQuery{From: now.Add(-time.Hour), To: now.Add(time.Hour), Actor: "acme", Action: hajir.ActionLook}, []int64{3, 2, 1}},
		"of both":          {hajir.AuditQuery{Actor: "kiosk-1", Person: "bina"}, nil},
		"with a quote":     {hajir.AuditQuery{Actor: "' OR 1=1 --"}, nil},
	} {
		if tt.q.Limit == 0 {
			tt.q.Limit = 100
		}
		var got []int64
		for _, e := range call(t, func() ([]hajir.AuditEntry, error) { return s.Audit(t.Context(), "acme", tt.q) }) {
			got = append(got, e.Seq)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// Many who write at once make one chain.
func testAuditConcurrently(t *testing.T, s Store) {
	const writers, each = 8, 5
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			for j := range each {
				if err := s.SaveEmployee(by(t.Context(), "acme", "x"), newEmployee("acme", fmt.Sprintf("p-%d-%d", i, j))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if all := log(t, s, "acme"); len(all) != writers*each {
		t.Errorf("%d entries, want %d", len(all), writers*each)
	}
}

// A company's log goes with it; the installation's tells of it, and where the
// log ended.
func testAuditOfRemoval(t *testing.T, s Store) {
	ctx := by(t.Context(), "acme", "remove-demo")
	must(t, s.SaveCompany(ctx, newCompany("acme")), s.SaveCompany(ctx, newCompany("other")))
	head := call(t, func() (hajir.AuditHead, error) { return s.AuditHead(ctx, "acme") })
	must(t, s.DeleteCompany(ctx, "acme"), s.DeleteCompany(ctx, "acme"))
	if n := len(log(t, s, "acme")); n != 0 {
		t.Errorf("%d entries stay of a company that was removed", n)
	}
	if n := len(log(t, s, "other")); n != 1 {
		t.Errorf("%d entries of another company, want 1", n)
	}
	all := log(t, s, "")
	if len(all) != 1 || all[0].Action != hajir.ActionDelete || all[0].Subject.Key != "acme" || all[0].Actor.Username != "acme" {
		t.Fatalf("the installation's log: %+v", all)
	}
	var after map[string]string
	must(t, json.Unmarshal(all[0].After, &after))
	if after["audit_head"] != head.String() {
		t.Errorf("the removed log ended at %s, it is told %v", head, after)
	}
	must(t, s.SaveCompany(ctx, newCompany("acme")))
	if all := log(t, s, "acme"); len(all) != 1 {
		t.Errorf("a company of the same name begins with %+v", all)
	}
}
