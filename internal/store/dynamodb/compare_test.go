package dynamodb_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/faces"
	"hajir/internal/hajir"
	"hajir/internal/identity"
	"hajir/internal/store/dynamodb/dynamodbtest"
	"hajir/internal/store/sqlite"
	"hajir/internal/store/storetest"
)

// move is one operation, which both stores are asked for. What it returns is
// compared.
type move struct {
	name string
	do   func(context.Context, storetest.Store) (any, error)
}

// SQLite and DynamoDB give the same answers, whatever they are asked, in
// whatever order.
func TestSameAsSQLite(t *testing.T) { compare(t, moves) }

// compare asks both stores for moves by chance. Both begin empty and go on from
// case to case.
func compare(t *testing.T, moves []func(*rapid.T, *sqlite.DB, time.Time) move) {
	t.Helper()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // each is a round trip: make test-aws does more
		if err := f.Value.Set("25"); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Value.Set(f.DefValue) }()
	}
	now := time.Date(2026, 3, 2, 3, 15, 30, 0, time.UTC)
	clock := func() time.Time { return now }
	keys := ring(t)
	other := dynamodbtest.OpenWith(t, keys, dynamodbtest.Setting{Now: clock})
	lite, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "hajir.db"), keys, clock)
	if err != nil {
		t.Fatal(err)
	}
	defer lite.Close()
	differ := "" // from then on the stores hold different things, and a shorter case tells nothing
	rapid.Check(t, func(rt *rapid.T) {
		if differ != "" {
			rt.Fatal(differ)
		}
		for range rapid.IntRange(5, 25).Draw(rt, "moves") {
			now = now.Add(time.Duration(rapid.IntRange(1, 600).Draw(rt, "seconds")) * time.Second)
			ctx := identity.WithAct(t.Context(), identity.Act{
				Actor:     hajir.Actor{Kind: hajir.ActorAccount, Username: rapid.SampledFrom(people).Draw(rt, "actor"), Role: hajir.RoleAdmin},
				Operation: rapid.SampledFrom([]string{"do-it", "undo-it"}).Draw(rt, "operation"),
			})
			m := rapid.SampledFrom(moves).Draw(rt, "kind")(rt, lite, now)
			want, wantErr := m.do(ctx, lite)
			got, err := m.do(ctx, other)
			if (err == nil) != (wantErr == nil) || err != nil && hajir.CodeOf(err) != hajir.CodeOf(wantErr) {
				differ = fmt.Sprintf("%s: %v, and of SQLite %v", m.name, err, wantErr)
			} else if !reflect.DeepEqual(want, got) {
				differ = fmt.Sprintf("%s:\n got %+v\nwant %+v", m.name, got, want)
			}
			if differ != "" {
				rt.Fatal(differ)
			}
		}
	})
}

var (
	firms  = []string{"acme", "acme-2", "a.b"}
	people = []string{"asha", "asha-2", "bina", "chet", "x.y", "mona"}
	dates  = []string{"2026-02-28", "2026-03-01", "2026-03-02", "2026-03-31", "2026-04-01"}
)

func one[T any](rt *rapid.T, of []T, name string) T { return rapid.SampledFrom(of).Draw(rt, name) }

// stale is mostly the version that was read, and sometimes another one.
func stale(rt *rapid.T, version int) int {
	return max(0, version+one(rt, []int{0, 0, 0, 0, 0, -1, 1}, "stale"))
}

func get[T any](do func(context.Context, storetest.Store) (T, error)) func(context.Context, storetest.Store) (any, error) {
	return func(ctx context.Context, s storetest.Store) (any, error) {
		v, err := do(ctx, s)
		if err != nil {
			return nil, err
		}
		if r := reflect.ValueOf(&v).Elem(); r.Kind() == reflect.Slice && r.Len() == 0 {
			return nil, nil // none is none
		}
		return v, nil
	}
}

func put(do func(context.Context, storetest.Store) error) func(context.Context, storetest.Store) (any, error) {
	return func(ctx context.Context, s storetest.Store) (any, error) { return nil, do(ctx, s) }
}

// moves are the kinds of operations; SQLite says what is there.
var moves = []func(*rapid.T, *sqlite.DB, time.Time) move{
	func(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
		c := hajir.NewCompany(one(rt, firms, "company"), "Acme", "a@example.com", "Asia/Kathmandu", now)
		if was, err := lite.Company(rt.Context(), c.Username); err == nil {
			c.Version, c.CreatedAt = was.Version, was.CreatedAt
		}
		c.Version, c.RetentionDays = stale(rt, c.Version), rapid.IntRange(0, 3).Draw(rt, "days")
		return move{fmt.Sprintf("SaveCompany %+v", c), put(func(ctx context.Context, s storetest.Store) error { return s.SaveCompany(ctx, c) })}
	},
	func(*rapid.T, *sqlite.DB, time.Time) move {
		return move{"Companies", get(func(ctx context.Context, s storetest.Store) ([]hajir.Company, error) { return s.Companies(ctx) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c := one(rt, firms, "company")
		if rapid.IntRange(0, 3).Draw(rt, "really") > 0 {
			c = "nobody"
		}
		return move{"DeleteCompany " + c, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteCompany(ctx, c) })}
	},
	saveEmployee, saveEmployee,
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, after, limit := one(rt, firms, "company"), one(rt, append([]string{""}, people...), "after"), rapid.IntRange(1, 4).Draw(rt, "limit")
		return move{fmt.Sprintf("Employees %s %s %d", c, after, limit), get(func(ctx context.Context, s storetest.Store) ([]hajir.Employee, error) {
			return s.Employees(ctx, c, after, limit)
		})}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, m, after := one(rt, firms, "company"), one(rt, people, "manager"), one(rt, append([]string{""}, people...), "after")
		return move{"EmployeesByManager " + m, get(func(ctx context.Context, s storetest.Store) ([]hajir.Employee, error) {
			return s.EmployeesByManager(ctx, c, m, after, 2)
		})}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, code := one(rt, firms, "company"), one(rt, []string{"E-1", "e-1", "E-2", ""}, "code")
		return move{"EmployeesByCode " + code, get(func(ctx context.Context, s storetest.Store) ([]hajir.Employee, error) {
			return s.EmployeesByCode(ctx, c, code)
		})}
	},
	saveDay, saveDay,
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		date := one(rt, dates, "date")
		return move{"Days " + date, get(func(ctx context.Context, s storetest.Store) (map[string]hajir.Day, error) {
			return s.Days(ctx, date, people)
		})}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		name, month := one(rt, people, "name"), one(rt, []string{"2026-02", "2026-03", "2026-04", "2026-05"}, "month")
		return move{"Month " + name + " " + month, get(func(ctx context.Context, s storetest.Store) ([]hajir.Day, error) { return s.Month(ctx, name, month) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		from, to := one(rt, dates, "from"), one(rt, dates, "to")
		return move{"DaysOf " + from + " " + to, get(func(ctx context.Context, s storetest.Store) (map[string][]hajir.Day, error) {
			return s.DaysOf(ctx, append(people, people[0]), from, to)
		})}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		name, after := one(rt, people, "name"), one(rt, append([]string{""}, dates...), "after")
		return move{"PersonDays " + name, get(func(ctx context.Context, s storetest.Store) ([]hajir.Day, error) {
			return s.PersonDays(ctx, name, after, 2)
		})}
	},
	func(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
		u := identity.User{
			Username: one(rt, people, "account"), Name: "N", Company: one(rt, firms, "company"), CreatedAt: now,
			Role: one(rt, []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee, hajir.RoleManager}, "role"), Disabled: rapid.Bool().Draw(rt, "disabled"),
			Email: one(rt, []string{"", "a@example.com", "A@Example.com"}, "email"), PasswordHash: one(rt, []string{"x", "y"}, "hash"),
		}
		if was, err := lite.User(rt.Context(), u.Username); err == nil {
			u.Version, u.CreatedAt = was.Version, was.CreatedAt
			if rapid.IntRange(0, 5).Draw(rt, "moves") > 0 {
				u.Company = was.Company
			}
		}
		u.Version = stale(rt, u.Version)
		return move{fmt.Sprintf("SaveUser %+v", u), put(func(ctx context.Context, s storetest.Store) error { return s.SaveUser(ctx, u) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, r := one(rt, firms, "company"), one(rt, []hajir.Role{hajir.RoleAdmin, hajir.RoleEmployee, hajir.RoleManager}, "role")
		return move{"UsersByRole", get(func(ctx context.Context, s storetest.Store) ([]identity.User, error) { return s.UsersByRole(ctx, c, r) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		email, limit := one(rt, []string{"", "a@example.com"}, "email"), rapid.IntRange(1, 3).Draw(rt, "limit")
		return move{"OpenUsersByEmail", get(func(ctx context.Context, s storetest.Store) ([]identity.User, error) {
			return s.OpenUsersByEmail(ctx, email, limit)
		})}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		u := one(rt, people, "account")
		if rapid.IntRange(0, 2).Draw(rt, "account too") == 0 {
			return move{"DeleteUser " + u, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteUser(ctx, u) })}
		}
		return move{"DeleteSessions " + u, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteSessions(ctx, u) })}
	},
	func(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
		x := identity.Session{
			ID: one(rt, []string{"s1", "s2", "s3", "s4"}, "session"), Username: one(rt, people, "account"), Current: []byte{1},
			CreatedAt: now, RotatedAt: now, ExpiresAt: now.Add(time.Duration(rapid.IntRange(1, 60).Draw(rt, "minutes")) * time.Minute),
		}
		if was, err := lite.Session(rt.Context(), x.ID); err == nil {
			x.Username, x.Version = was.Username, was.Version
		}
		x.Version = stale(rt, x.Version)
		return move{fmt.Sprintf("SaveSession %+v", x), put(func(ctx context.Context, s storetest.Store) error { return s.SaveSession(ctx, x) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
		u := one(rt, people, "account")
		return move{"Sessions " + u, func(ctx context.Context, s storetest.Store) (any, error) {
			if err := s.DeleteExpiredSessions(ctx, now.Add(-time.Minute)); err != nil {
				return nil, err
			}
			return get(func(ctx context.Context, s storetest.Store) ([]identity.Session, error) { return s.Sessions(ctx, u) })(ctx, s)
		}}
	},
	func(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
		x := hajir.Erasure{
			Username: one(rt, people, "name"), Company: one(rt, firms, "company"), Number: one(rt, []int{1, 2, 10}, "number"),
			AskedAt: now, DueAt: now.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "due")) * time.Hour), Reason: hajir.ErasedWithdrawn,
		}
		if was, err := lite.Erasure(rt.Context(), x.Username, x.Number); err == nil {
			x = was
			x.ImagesAt = now
		}
		x.Version = stale(rt, x.Version)
		return move{fmt.Sprintf("SaveErasure %+v", x), put(func(ctx context.Context, s storetest.Store) error { return s.SaveErasure(ctx, x) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c := one(rt, firms, "company")
		return move{"erasures of " + c, func(ctx context.Context, s storetest.Store) (any, error) {
			return pages(func(after hajir.Erasure) ([]hajir.Erasure, error) { return s.CompanyErasures(ctx, c, after, 2) })
		}}
	},
	func(*rapid.T, *sqlite.DB, time.Time) move {
		return move{"open erasures", func(ctx context.Context, s storetest.Store) (any, error) {
			return pages(func(after hajir.Erasure) ([]hajir.Erasure, error) { return s.OpenErasures(ctx, after, 2) })
		}}
	},
	func(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
		x := faces.Template{
			Company: one(rt, firms, "company"), Username: one(rt, people, "name"), FaceID: one(rt, []string{"f1", "f2"}, "face"),
			Model: one(rt, []string{"m1", "m2"}, "model"), Vector: []float32{0.6, 0.8}, IndexedAt: now,
		}
		if rapid.Bool().Draw(rt, "beside") {
			return move{fmt.Sprintf("AddTemplate %+v", x), put(func(ctx context.Context, s storetest.Store) error { return s.AddTemplate(ctx, x) })}
		}
		return move{fmt.Sprintf("SaveTemplate %+v", x), put(func(ctx context.Context, s storetest.Store) error { return s.SaveTemplate(ctx, x) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, u, ids := one(rt, firms, "company"), one(rt, people, "name"), one(rt, [][]string{nil, {"f1"}, {"f2", "f3"}}, "faces")
		return move{"DeleteTemplates " + u, put(func(ctx context.Context, s storetest.Store) error { return s.DeleteTemplates(ctx, c, u, ids...) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c := one(rt, firms, "company")
		return move{"Templates " + c, get(func(ctx context.Context, s storetest.Store) ([]faces.Template, error) { return s.Templates(ctx, c) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, keep := one(rt, firms, "company"), one(rt, [][]string{{"m1"}, {"m2"}, {"m1", "m2"}}, "keep")
		return move{"PruneTemplates", func(ctx context.Context, s storetest.Store) (any, error) {
			if err := s.PruneTemplates(ctx, c, keep[0], keep); err != nil {
				return nil, err
			}
			return get(func(ctx context.Context, s storetest.Store) ([]faces.Indexed, error) { return s.KeptFaces(ctx, c) })(ctx, s)
		}}
	},
	func(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
		challenge := one(rt, []string{"c1", "c2"}, "challenge")
		return move{"UseChallenge", func(ctx context.Context, s storetest.Store) (any, error) {
			if err := s.DeleteExpiredChallenges(ctx, now); err != nil {
				return nil, err
			}
			return nil, s.UseChallenge(ctx, challenge, now.Add(10*time.Minute))
		}}
	},
	func(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
		p := hajir.Pairing{
			ID: one(rt, []string{"p1", "p2", "p3"}, "pairing"), CodeHash: []byte(one(rt, []string{"x", "y"}, "code")), Client: one(rt, people, "client"),
			CreatedAt: now, ExpiresAt: now.Add(time.Hour),
		}
		if was, err := lite.Pairing(rt.Context(), p.ID); err == nil {
			p.Version, p.Client = was.Version, was.Client
		}
		p.Version = stale(rt, p.Version)
		return move{fmt.Sprintf("SavePairing %+v", p), func(ctx context.Context, s storetest.Store) (any, error) {
			if err := s.DeleteExpiredPairings(ctx, now); err != nil {
				return nil, err
			}
			if err := s.SavePairing(ctx, p); err != nil {
				return nil, err
			}
			if _, err := s.PairingByCode(ctx, p.CodeHash); err != nil {
				return nil, err
			}
			mine, all, err := s.CountPairings(ctx, p.Client)
			return [2]int{mine, all}, err
		}}
	},
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		e := hajir.Event{
			Company: one(rt, append([]string{""}, firms...), "company"), Action: hajir.ActionLook, Once: one(rt, []time.Duration{0, 10 * time.Minute}, "once"),
			Subject: hajir.Subject{Table: "objects", Key: one(rt, []string{"a", "b"}, "key"), Person: one(rt, people, "person")},
		}
		return move{fmt.Sprintf("Record %+v", e), put(func(ctx context.Context, s storetest.Store) error { return s.Record(ctx, e) })}
	},
	audit, audit, audit,
	func(rt *rapid.T, _ *sqlite.DB, _ time.Time) move {
		c, kinds := one(rt, firms, "company"), one(rt, [][]hajir.NoticeKind{nil, {hajir.NoticePunch}}, "kinds")
		return move{"Want " + c, put(func(ctx context.Context, s storetest.Store) error { return s.Want(ctx, c, "webhook", kinds) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
		n := hajir.Notice{ID: one(rt, []string{"n1", "n2", "n3"}, "notice"), Company: one(rt, firms, "company"), Kind: hajir.NoticeLeaveAsked, At: now}
		return move{"Raise " + n.ID, put(func(ctx context.Context, s storetest.Store) error { return s.Raise(ctx, n) })}
	},
	func(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
		c, at := one(rt, firms, "company"), now.Add(-time.Duration(rapid.IntRange(0, 30).Draw(rt, "minutes"))*time.Minute)
		return move{"deliveries of " + c, func(ctx context.Context, s storetest.Store) (any, error) {
			due, err := s.DueDeliveries(ctx, at, hajir.Delivery{}, 3)
			if err != nil {
				return nil, err
			}
			all, err := s.Deliveries(ctx, c, false, hajir.Delivery{}, 3)
			if err != nil {
				return nil, err
			}
			n, err := s.CountDeliveries(ctx, c, false, 5)
			return []any{notices(due), notices(all), n}, err
		}}
	},
}

// notices are what deliveries tell, without the names that stores give them.
func notices(all []hajir.Delivery) (told []hajir.Delivery) {
	for _, d := range all {
		if len(d.ID) > 2 {
			d.ID = ""
		}
		told = append(told, d)
	}
	slices.SortFunc(told, func(a, b hajir.Delivery) int { return bytes.Compare(fmt.Append(nil, a), fmt.Append(nil, b)) })
	return told
}

// pages reads a list to its end.
func pages[T any](read func(after T) ([]T, error)) (all []T, err error) {
	var after T
	for {
		page, err := read(after)
		if err != nil || len(page) == 0 {
			return all, err
		}
		all = append(all, page...)
		after = page[len(page)-1]
	}
}

func saveEmployee(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	e := hajir.Employee{
		Username: one(rt, people, "name"), Company: one(rt, firms, "company"), Name: one(rt, []string{"A", "B"}, "called"), CreatedAt: now,
		Code: one(rt, []string{"", "E-1", "e-1", "E-2"}, "code"), Manager: one(rt, append([]string{""}, people...), "manager"),
		Phone: one(rt, []string{"", "+9779800000000", "+9779800000001"}, "phone"), Role: hajir.RoleEmployee, Active: true,
	}
	if was, err := lite.Employee(rt.Context(), e.Username); err == nil {
		e.Version, e.CreatedAt = was.Version, was.CreatedAt
		if rapid.IntRange(0, 5).Draw(rt, "moves") > 0 {
			e.Company = was.Company
		}
	}
	e.Version = stale(rt, e.Version)
	return move{fmt.Sprintf("SaveEmployee %+v", e), put(func(ctx context.Context, s storetest.Store) error { return s.SaveEmployee(ctx, e) })}
}

func saveDay(rt *rapid.T, lite *sqlite.DB, now time.Time) move {
	d, err := lite.Day(rt.Context(), one(rt, people, "name"), one(rt, dates, "date"))
	if err != nil {
		rt.Fatal(err)
	}
	if d.Company == "" || rapid.IntRange(0, 9).Draw(rt, "moves") == 0 {
		d.Company = one(rt, firms, "company")
	}
	d.Version = stale(rt, d.Version)
	if len(d.Punches) > 0 && rapid.IntRange(0, 3).Draw(rt, "changes") == 0 {
		d.Punches = slices.Clone(d.Punches)[1:]
	} else {
		d, _ = d.Record(hajir.Punch{ID: strconv.FormatInt(now.Unix(), 10), At: now, Source: one(rt, []hajir.Source{hajir.SourceKiosk, hajir.SourceImport}, "source"), By: "kiosk-1"})
	}
	together := []hajir.Day{d}
	if rapid.Bool().Draw(rt, "two") {
		if other, err := lite.Day(rt.Context(), one(rt, people, "other"), d.Date); err == nil && other.Name != d.Name {
			other.Company = d.Company
			together = append(together, other)
		}
	}
	return move{fmt.Sprintf("SaveDays %+v", together), put(func(ctx context.Context, s storetest.Store) error {
		if len(together) == 1 {
			return s.SaveDay(ctx, d)
		}
		return s.SaveDays(ctx, together)
	})}
}

func audit(rt *rapid.T, _ *sqlite.DB, now time.Time) move {
	c := one(rt, append([]string{""}, firms...), "company")
	some := func(of ...string) string { return one(rt, append(of, "", ""), "chosen") }
	q := hajir.AuditQuery{
		Actor: some(people...), Person: some(people...), Operation: some("do-it"), Action: hajir.Action(some("create", "change", "look")),
		Table: some("Users", "Employee_details"), Oldest: rapid.Bool().Draw(rt, "oldest"), Limit: rapid.IntRange(1, 5).Draw(rt, "limit"),
		Behind: int64(rapid.IntRange(0, 20).Draw(rt, "behind")),
	}
	if rapid.IntRange(0, 3).Draw(rt, "since") == 0 {
		q.From = now.Add(-time.Duration(rapid.IntRange(0, 120).Draw(rt, "from")) * time.Minute)
	}
	if rapid.IntRange(0, 3).Draw(rt, "until") == 0 {
		q.To = now.Add(-time.Duration(rapid.IntRange(0, 120).Draw(rt, "to")) * time.Minute)
	}
	return move{fmt.Sprintf("Audit %q %+v", c, q), func(ctx context.Context, s storetest.Store) (any, error) {
		entries, err := s.Audit(ctx, c, q)
		if err != nil {
			return nil, err
		}
		head, err := s.AuditHead(ctx, c)
		return []any{len(entries), fmt.Sprintf("%+v", entries), head}, err
	}}
}
