// Package storetest is the suite that every store adapter must pass.
package storetest

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"hajir/internal/alarm"
	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/identity/local"
)

// Store is the union that an adapter implements.
type Store interface {
	alarm.Store
	Company(ctx context.Context, username string) (hajir.Company, error)
	Companies(ctx context.Context) ([]hajir.Company, error)
	SaveCompany(ctx context.Context, c hajir.Company) error
	DeleteCompany(ctx context.Context, username string) error
	Employee(ctx context.Context, username string) (hajir.Employee, error)
	Employees(ctx context.Context, company, after string, limit int) ([]hajir.Employee, error)
	EmployeesByManager(ctx context.Context, company, manager, after string, limit int) ([]hajir.Employee, error)
	SaveEmployee(ctx context.Context, e hajir.Employee) error
	Day(ctx context.Context, name, date string) (hajir.Day, error)
	Days(ctx context.Context, date string, names []string) (map[string]hajir.Day, error)
	Month(ctx context.Context, name, month string) ([]hajir.Day, error)
	SaveDay(ctx context.Context, d hajir.Day) error
	SaveDays(ctx context.Context, days []hajir.Day) error
	Invitations
	Audit
	DeleteExpiredSessions(ctx context.Context, t time.Time) error
	faces.TemplateStore
	local.Store
	resets
	kioskStore
	slackStore
	signUpStore
	erasureStore
	reviewStore
	leaveStore
	shiftStore
	questionStore
	correctionStore
	payrollStore
	occasionStore
	importStore
	mailStore
	deliveryStore
	webhookStore
	modelStore
}

// Run runs the suite; open returns a new, empty store.
func Run(t *testing.T, open func(*testing.T) Store) { RunBut(t, open) }

// RunBut runs the suite but for tests of what an adapter does not have yet. It
// fails when one that is left out is none, so that the list is kept.
func RunBut(t *testing.T, open func(*testing.T) Store, without ...string) {
	all := tests()
	for _, name := range without {
		if all[name] == nil {
			t.Errorf("there is no test %q to leave out", name)
		}
		delete(all, name)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		t.Run(name, func(t *testing.T) { all[name](t, open(t)) })
	}
}

func tests() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a connection with Slack is read as it was saved":    testSlack,
		"a member of Slack is one person":                    testSlackLinks,
		"days are saved together at their versions":          testSaveDays,
		"imports are listed newest first":                    testImports,
		"choices about mail are saved at a version":          testMailChoices,
		"what waits to be mailed is saved at a version":      testMailPiles,
		"mail goes with its company":                         testMailOfCompany,
		"every record is read as it was saved":               testRoundTrip,
		"a save names the version that it read":              testVersions,
		"one of many concurrent savers wins each time":       testConcurrentSaves,
		"what is not there is not found":                     testNotFound,
		"employees come in pages of one company":             testEmployeePages,
		"days are found by date and by month":                testDays,
		"templates are replaced and removed":                 testTemplates,
		"faces are kept in several versions":                 testTemplateVersions,
		"in which versions faces are kept is saved":          testFaceModels,
		"sessions end with their account and time":           testSessions,
		"a company goes whole, and alone":                    testDeleteCompany,
		"invitations come in pages of one company":           testInvitationPages,
		"an invitation is saved at a version":                testInvitationVersions,
		"an invitation is deleted at a version":              testDeleteInvitation,
		"invitations go with their company":                  testInvitationsOfCompany,
		"tries are counted and forgotten":                    testTries,
		"sessions are listed by account":                     testListSessions,
		"a second factor is kept":                            testSecondFactor,
		"passkeys belong to an account":                      testPasskeys,
		"a challenge is used once":                           testChallenges,
		"links to new passwords are kept":                    testPasswordResets,
		"an open account is found by its address":            testUsersByEmail,
		"kiosks keep their limits":                           testKiosks,
		"pairings are found, claimed once and expire":        testPairings,
		"PINs are kept apart":                                testPINs,
		"failures are counted at a version":                  testFailures,
		"an employee code is one person's":                   testEmployeeCodes,
		"people are found by their manager":                  testEmployeesByManager,
		"sign-ups are counted, confirmed and expire":         testSignUps,
		"every change is an entry of the audit log":          testAuditOfRecords,
		"a changed punch is an entry":                        testAuditOfDays,
		"what is refused is no entry":                        testAuditOfRefusals,
		"entries are found":                                  testAuditQueries,
		"many writers make one chain":                        testAuditConcurrently,
		"a company's log goes with it":                       testAuditOfRemoval,
		"erasures are found by person, company and due date": testErasures,
		"an erasure is saved at a version":                   testErasureVersions,
		"erasures go with their company":                     testErasuresOfCompany,
		"a person's days come in pages":                      testPersonDays,
		"a person's templates are theirs alone":              testPersonTemplates,
		"leave is read as it was saved":                      testLeave,
		"leave is saved at a version":                        testLeaveVersions,
		"leave requests come in pages":                       testLeavePages,
		"a ledger is only added to":                          testLeaveLedger,
		"questions are read as they were saved":              testQuestions,
		"questions are found":                                testQuestionLists,
		"questions go with their company":                    testQuestionsOfCompany,
		"leave goes with its company":                        testLeaveOfCompany,
		"alarms, their history and silences":                 testAlarms,
		"reviews are read as they were saved":                testReviews,
		"reviews are found by what is left to do":            testReviewPages,
		"a review is saved at a version":                     testReviewVersions,
		"reviews go with their company":                      testReviewsOfCompany,
		"a rejected punch stays with its day":                testRejectedPunch,
		"shifts and patterns are kept apart":                 testShifts,
		"assignments are found by whom they are for":         testAssignments,
		"a roster is found by person and date":               testRoster,
		"days are found by a range of dates":                 testDaysBetween,
		"shifts go with their company":                       testShiftsOfCompany,
		"corrections are read as they were saved":            testCorrections,
		"corrections are saved at a version":                 testCorrectionVersions,
		"corrections are found by who has to decide":         testCorrectionsToDo,
		"closings are kept by company and date":              testClosings,
		"corrections and closings go with their company":     testCorrectionsOfCompany,
		"mappings for payroll are saved at a version":        testPayroll,
		"days of several people are found by dates":          testDaysOf,
		"ledgers of several people are found":                testLedgersOf,
		"events are found by date and month":                 testOccasions,
		"chosen holidays are kept":                           testHolidayChoices,
		"calendar links are found by their secret's hash":    testFeeds,
		"a calendar goes with its company":                   testCalendarOfCompany,
		"notices are written with what they follow from":     testNotices,
		"punches are told of where they are wanted":          testPunchNotices,
		"deliveries are found when they are due":             testDeliveries,
		"webhooks are read as they were saved":               testWebhooks,
		"attempts are listed latest first":                   testAttempts,
		"one of many claims a delivery":                      testClaims,
	}
}

var at = time.Date(2026, 3, 2, 3, 15, 30, 123456789, time.UTC)

func newCompany(username string) hajir.Company {
	c := hajir.NewCompany(username, "Acme "+username, username+"@example.com", "Asia/Kathmandu", at)
	c.WeeklyOff, c.QueueBound = hajir.WeekdaysOf(time.Tuesday), 0
	c.Demo = true
	c.RetentionDays, c.CorrectionDays = 0, 0
	c.Close = hajir.Close{At: 30, AutoExit: true, Closing: hajir.Closing{Lunch: 45 * time.Minute}}
	c.Close.Hours[time.Friday] = 6*time.Hour + 30*time.Minute
	c.RetentionDays, c.RefusalDays = 0, 0
	c.Language, c.DigestHour = hajir.Nepali, 0
	c.Match = hajir.MatchPolicy{Threshold: 0.42, ThresholdModel: "m1", Margin: 0.06, MinFacePixels: 70, Doubt: 0, Liveness: hajir.LivenessWarn, MinLiveness: 0.7, Challenge: hajir.ChallengeAlways, Frames: 3}
	return c
}

func newEmployee(company, username string) hajir.Employee {
	return hajir.Employee{
		Username: username, Company: company, Name: "Asha स्थापित", Email: "asha@example.com",
		Code: "E-" + username, Department: "Sales", Phone: "+9779812345678", Picture: "p1",
		Role: hajir.RoleManager, Manager: "boss-" + company, Active: true, CreatedAt: at,
		Consent: hajir.Consent{State: hajir.ConsentWithdrawn, TextVersion: "2", At: at, Means: hajir.ConsentPaper, By: "acme", RetentionDays: 7},
		ConsentHistory: []hajir.Consent{
			{State: hajir.ConsentDeclined, TextVersion: "1", At: at, Means: hajir.ConsentSelf, By: username},
			{State: hajir.ConsentGiven, TextVersion: "2", At: at, Means: hajir.ConsentDemo, By: "acme", RetentionDays: 7},
		},
		TimeZone: "Asia/Kolkata",
		Dates:    hajir.DateStyle{Calendar: hajir.BikramSambat, Both: true},
		Language: hajir.Hindi,
		JoinedBy: "07ff",
		Renewal:  hajir.Renewal{Reason: hajir.RenewalScores, At: at, Before: 0.8, Lately: 0.65, PINs: 1},
	}
}

func newDay(company, name, date string) hajir.Day {
	d, _ := hajir.Day{Name: name, Date: date, Company: company}.Record(hajir.Punch{
		ID: "p1", At: at, Source: hajir.SourceKiosk, By: "kiosk-1", Place: "front door", Key: "k", Picture: "a/b.jpg",
		Decision: hajir.Decision{
			Username: name, Score: 0.7, Margin: 0.3, Threshold: 0.4, MinMargin: 0.05, Model: "m1",
			Candidates: []hajir.Candidate{
				{Username: name, FaceID: "f1", Score: 0.7}, {Username: "other", FaceID: "f2", Score: 0.2, Model: hajir.Version{Name: "m2", Threshold: 0.5}},
			},
		},
		Claimed: at.Add(-time.Hour), Received: at.Add(time.Hour), Moves: 2,
	})
	return d
}

func newUser(company, username string, role hajir.Role) identity.User {
	return identity.User{
		Username: username, Name: "Asha", Email: "asha@example.com", Company: company, Role: role, Disabled: true, CreatedAt: at, PasswordHash: "$argon2id$",
	}
}

func newSession(id, username string) identity.Session {
	return identity.Session{
		ID: id, Username: username, Client: identity.Client{Address: "192.0.2.7", Device: "Firefox on Linux"}, Current: []byte{1}, Previous: []byte{2},
		CreatedAt: at, RotatedAt: at.Add(time.Minute), ExpiresAt: at.Add(time.Hour),
	}
}

func newTemplate(company, username, faceID string) faces.Template {
	return faces.Template{
		Company: company, Username: username, FaceID: faceID, Model: "m1", Vector: []float32{0.6, -0.8, 0}, IndexedAt: at,
	}
}

func testRoundTrip(t *testing.T, s Store) {
	ctx := t.Context()
	company, employee, day := newCompany("acme"), newEmployee("acme", "asha"), newDay("acme", "asha", "2026-03-02")
	account, session, template := newUser("acme", "asha", hajir.RoleEmployee), newSession("s1", "asha"), newTemplate("acme", "asha", "f1")
	must(t, s.SaveCompany(ctx, company), s.SaveEmployee(ctx, employee), s.SaveDay(ctx, day),
		s.SaveUser(ctx, account), s.SaveSession(ctx, session), s.SaveTemplate(ctx, template))
	company.Version, employee.Version, day.Version, account.Version, session.Version = 1, 1, 1, 1, 1

	same(t, company, get(t, s.Company, "acme"))
	same(t, []hajir.Company{company}, call(t, func() ([]hajir.Company, error) { return s.Companies(ctx) }))
	same(t, employee, get(t, s.Employee, "asha"))
	same(t, day, call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") }))
	same(t, account, get(t, s.User, "asha"))
	same(t, session, get(t, s.Session, "s1"))
	same(t, []faces.Template{template}, get(t, s.Templates, "acme"))
}

func testVersions(t *testing.T, s Store) {
	ctx := t.Context()
	company, employee, day := newCompany("acme"), newEmployee("acme", "asha"), newDay("acme", "asha", "2026-03-02")
	account, session := newUser("acme", "asha", hajir.RoleEmployee), newSession("s1", "asha")
	for name, save := range map[string]func(version int) error{
		"company":  func(v int) error { c := company; c.Version = v; return s.SaveCompany(ctx, c) },
		"employee": func(v int) error { e := employee; e.Version = v; return s.SaveEmployee(ctx, e) },
		"day":      func(v int) error { d := day; d.Version = v; return s.SaveDay(ctx, d) },
		"account":  func(v int) error { u := account; u.Version = v; return s.SaveUser(ctx, u) },
		"session":  func(v int) error { x := session; x.Version = v; return s.SaveSession(ctx, x) },
	} {
		for _, step := range []struct {
			version int
			want    hajir.Code
		}{
			{3, hajir.Conflict}, // nothing is there to be changed
			{0, ""}, {0, hajir.Conflict}, {1, ""}, {1, hajir.Conflict}, {3, hajir.Conflict}, {2, ""},
		} {
			if err := save(step.version); codeOf(err) != step.want {
				t.Errorf("save %s at version %d: %v, want code %q", name, step.version, err, step.want)
			}
		}
	}
	other := employee
	other.Company, other.Version = "other", 3
	if err := s.SaveEmployee(ctx, other); codeOf(err) != hajir.Conflict {
		t.Errorf("an employee moved to another company: %v", err)
	}
}

func testConcurrentSaves(t *testing.T, s Store) {
	const savers, each = 8, 5
	ctx := t.Context()
	var wg sync.WaitGroup
	for range savers {
		wg.Go(func() {
			for range each {
				for {
					d, err := s.Day(ctx, "asha", "2026-03-02")
					if err != nil {
						t.Error(err)
						return
					}
					d.Company = "acme"
					d, _ = d.Record(hajir.Punch{At: at.Add(time.Duration(d.Version) * time.Hour)})
					err = s.SaveDay(ctx, d)
					if err == nil {
						break
					}
					if hajir.CodeOf(err) != hajir.Conflict {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	wg.Wait()
	d := call(t, func() (hajir.Day, error) { return s.Day(ctx, "asha", "2026-03-02") })
	if len(d.Punches) != savers*each || d.Version != savers*each {
		t.Fatalf("%d punches at version %d, want %d of each", len(d.Punches), d.Version, savers*each)
	}
}

func testNotFound(t *testing.T, s Store) {
	ctx := t.Context()
	_, err1 := s.Company(ctx, "x")
	_, err2 := s.Employee(ctx, "x")
	_, err3 := s.User(ctx, "x")
	_, err4 := s.Session(ctx, "x")
	for i, err := range []error{err1, err2, err3, err4} {
		if codeOf(err) != hajir.NotFound {
			t.Errorf("%d: %v, want not found", i, err)
		}
	}
	d, err := s.Day(ctx, "x", "2026-03-02")
	if err != nil || d.Version != 0 || len(d.Punches) != 0 || d.Name != "x" || d.Date != "2026-03-02" {
		t.Errorf("Day = %+v, %v; want an empty day", d, err)
	}
	must(t, s.DeleteUser(ctx, "x"), s.DeleteSession(ctx, "x"), s.DeleteSessions(ctx, "x"),
		s.DeleteCompany(ctx, "x"), s.DeleteTemplates(ctx, "x", "y", "z"))
}

func testEmployeePages(t *testing.T, s Store) {
	ctx := t.Context()
	for _, u := range []string{"d", "b", "a", "c"} {
		must(t, s.SaveEmployee(ctx, newEmployee("acme", u)))
	}
	must(t, s.SaveEmployee(ctx, newEmployee("other", "bb")))
	for _, tt := range []struct {
		after string
		limit int
		want  []string
	}{
		{"", 10, []string{"a", "b", "c", "d"}}, {"", 2, []string{"a", "b"}}, {"b", 2, []string{"c", "d"}}, {"d", 2, nil},
	} {
		page := call(t, func() ([]hajir.Employee, error) { return s.Employees(ctx, "acme", tt.after, tt.limit) })
		var got []string
		for _, e := range page {
			got = append(got, e.Username)
		}
		same(t, tt.want, got)
	}
}

func testEmployeesByManager(t *testing.T, s Store) {
	ctx := t.Context()
	save := func(company, username, manager string, version int) {
		e := newEmployee(company, username)
		e.Manager, e.Version = manager, version
		must(t, s.SaveEmployee(ctx, e))
	}
	for _, u := range []string{"d", "b", "a", "c"} {
		save("acme", u, "mona", 0)
	}
	save("acme", "e", "", 0)
	save("acme", "f", "", 0)
	save("acme", "mona", "d", 0)
	save("other", "bb", "mona", 0) // by a mistake: names are one company's
	save("acme", "c", "lena", 1)   // moves
	save("acme", "a", "", 1)       // leaves
	save("acme", "e", "mona", 1)   // comes
	for _, tt := range []struct {
		company, manager, after string
		limit                   int
		want                    []string
	}{
		{"acme", "mona", "", 10, []string{"b", "d", "e"}},
		{"acme", "mona", "", 2, []string{"b", "d"}},
		{"acme", "mona", "d", 2, []string{"e"}},
		{"acme", "mona", "e", 2, nil},
		{"acme", "lena", "", 10, []string{"c"}},
		{"acme", "d", "", 10, []string{"mona"}},
		{"other", "mona", "", 10, []string{"bb"}},
		{"other", "lena", "", 10, nil},
		{"acme", "nobody", "", 10, nil},
		{"acme", "", "", 10, nil}, // having no manager is no name
	} {
		page := call(t, func() ([]hajir.Employee, error) {
			return s.EmployeesByManager(ctx, tt.company, tt.manager, tt.after, tt.limit)
		})
		var got []string
		for _, e := range page {
			got = append(got, e.Username)
		}
		same(t, tt.want, got)
	}
	plain := newEmployee("acme", "plain")
	plain.Role = ""
	must(t, s.SaveEmployee(ctx, plain))
	same(t, hajir.RoleEmployee, get(t, s.Employee, "plain").Role)
	must(t, s.DeleteCompany(ctx, "acme"))
	if page := call(t, func() ([]hajir.Employee, error) { return s.EmployeesByManager(ctx, "acme", "mona", "", 10) }); len(page) > 0 {
		t.Errorf("people of a removed company: %+v", page)
	}
}

func testDays(t *testing.T, s Store) {
	ctx := t.Context()
	for _, key := range [][2]string{
		{"asha", "2026-03-02"}, {"asha", "2026-03-01"}, {"asha", "2026-04-01"}, {"bina", "2026-03-02"}, {"chet", "2026-03-02"},
	} {
		must(t, s.SaveDay(ctx, newDay("acme", key[0], key[1])))
	}
	month := call(t, func() ([]hajir.Day, error) { return s.Month(ctx, "asha", "2026-03") })
	if len(month) != 2 || month[0].Date != "2026-03-01" || month[1].Date != "2026-03-02" {
		t.Errorf("Month = %+v", month)
	}
	days := call(t, func() (map[string]hajir.Day, error) {
		return s.Days(ctx, "2026-03-02", []string{"asha", "bina", "nobody"})
	})
	if len(days) != 2 || days["asha"].Version != 1 || days["bina"].Name != "bina" {
		t.Errorf("Days = %+v", days)
	}
}

func testTemplates(t *testing.T, s Store) {
	ctx := t.Context()
	for _, key := range [][3]string{{"acme", "asha", "f1"}, {"acme", "asha", "f2"}, {"acme", "bina", "f1"}, {"other", "asha", "f1"}} {
		must(t, s.SaveTemplate(ctx, newTemplate(key[0], key[1], key[2])))
	}
	changed := newTemplate("acme", "asha", "f1")
	changed.Vector = []float32{0, 1, 0, 0}
	must(t, s.SaveTemplate(ctx, changed))
	same(t, []faces.Template{changed, newTemplate("acme", "asha", "f2"), newTemplate("acme", "bina", "f1")}, get(t, s.Templates, "acme"))
	must(t, s.DeleteTemplates(ctx, "acme", "asha", "f2", "no such face"))
	same(t, []faces.Template{changed, newTemplate("acme", "bina", "f1")}, get(t, s.Templates, "acme"))
	must(t, s.DeleteTemplates(ctx, "acme", "asha"))
	same(t, []faces.Template{newTemplate("acme", "bina", "f1")}, get(t, s.Templates, "acme"))
	same(t, []faces.Template{newTemplate("other", "asha", "f1")}, get(t, s.Templates, "other"))
}

func testSessions(t *testing.T, s Store) {
	ctx := t.Context()
	must(t, s.SaveUser(ctx, newUser("acme", "k2", hajir.RoleKiosk)), s.SaveUser(ctx, newUser("acme", "asha", hajir.RoleEmployee)),
		s.SaveUser(ctx, newUser("other", "k3", hajir.RoleKiosk)))
	kiosks := call(t, func() ([]identity.User, error) { return s.UsersByRole(ctx, "acme", hajir.RoleKiosk) })
	if len(kiosks) != 1 || kiosks[0].Username != "k2" {
		t.Errorf("UsersByRole = %+v", kiosks)
	}
	late := newSession("s3", "bina")
	late.ExpiresAt = at.Add(2 * time.Hour)
	must(t, s.SaveSession(ctx, newSession("s1", "asha")), s.SaveSession(ctx, newSession("s2", "bina")), s.SaveSession(ctx, late))
	must(t, s.DeleteSessions(ctx, "asha"), s.DeleteExpiredSessions(ctx, at.Add(90*time.Minute)))
	for id, want := range map[string]hajir.Code{"s1": hajir.NotFound, "s2": hajir.NotFound, "s3": ""} {
		if _, err := s.Session(ctx, id); codeOf(err) != want {
			t.Errorf("session %s: %v, want code %q", id, err, want)
		}
	}
}

func testDeleteCompany(t *testing.T, s Store) {
	ctx := t.Context()
	for _, c := range []string{"acme", "other"} {
		u := "u-" + c
		must(t, s.SaveCompany(ctx, newCompany(c)), s.SaveEmployee(ctx, newEmployee(c, u)), s.SaveDay(ctx, newDay(c, u, "2026-03-02")),
			s.SaveUser(ctx, newUser(c, u, hajir.RoleAdmin)), s.SaveSession(ctx, newSession("s-"+c, u)), s.SaveSecondFactor(ctx, newSecondFactor(u)), s.SaveTemplate(ctx, newTemplate(c, u, "f1")),
			s.SavePasskey(ctx, newPasskey("p-"+c, u)), s.SavePasswordReset(ctx, newReset(c, u)))
	}
	must(t, s.DeleteCompany(ctx, "acme"))
	for c, want := range map[string]int{"acme": 0, "other": 1} {
		found := 0
		count := func(err error) {
			if err == nil {
				found++
			}
		}
		_, err := s.Company(ctx, c)
		count(err)
		_, err = s.Employee(ctx, "u-"+c)
		count(err)
		_, err = s.User(ctx, "u-"+c)
		count(err)
		_, err = s.Session(ctx, "s-"+c)
		count(err)
		_, err = s.SecondFactor(ctx, "u-"+c)
		count(err)
		_, err = s.Passkey(ctx, "p-"+c)
		count(err)
		_, err = s.PasswordReset(ctx, "u-"+c)
		count(err)
		found += len(get(t, s.Templates, c))
		d := call(t, func() (hajir.Day, error) { return s.Day(ctx, "u-"+c, "2026-03-02") })
		found += d.Version
		if found != want*9 {
			t.Errorf("company %s: %d of 9 records are there, want %d", c, found, want*9)
		}
	}
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func codeOf(err error) hajir.Code {
	if err == nil {
		return ""
	}
	return hajir.CodeOf(err)
}

func call[T any](t *testing.T, f func() (T, error)) T {
	t.Helper()
	v, err := f()
	must(t, err)
	return v
}

func get[T any](t *testing.T, f func(context.Context, string) (T, error), key string) T {
	t.Helper()
	return call(t, func() (T, error) { return f(t.Context(), key) })
}

func same(t *testing.T, want, got any) {
	t.Helper()
	if !reflect.DeepEqual(want, got) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
