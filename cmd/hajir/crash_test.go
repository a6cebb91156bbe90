package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"hajir/internal/config"
	"hajir/internal/faces"
	"hajir/internal/faces/facestest"
	"hajir/internal/hajir"
	"hajir/internal/store/sqlite"
	"hajir/models"
)

// crashKills says how often the program is killed by the long proof; without it
// there are a few. See make test-crash.
const crashKills = "HAJIR_CRASH_KILLS"

// ordeal is a company whose program is killed while several clients write, and
// what was acknowledged to them.
type ordeal struct {
	*sink
	t      *testing.T
	dir    string
	site   *url.URL // the same each time, since it is in the tokens
	seal   sqlite.Sealer
	random *rand.Rand
	people []string
	kiosks []string
	leave  string // the ID of the kind of leave
	tokens map[string]string
	issued time.Time

	mu   sync.Mutex // of acks
	acks []ack
	all  []ack
	// The company's name counts its changes.
	named, tried int
	heads        map[string]hajir.AuditHead
	next         [4]int // what each client does next
}

// ack is a write that the program said is done: how to see that it is, and, if
// somebody is to be told of it, what is told.
type ack struct {
	what, told string
	there      func(context.Context, *sqlite.DB) error
}

// Killed at any moment of mixed writes, also while it starts, the program comes
// back with a sound database, an audit log that goes on from where it was known
// to be, every write that it acknowledged, and all that is to be told of it.
func TestKilledProgramKeepsEveryWrite(t *testing.T) {
	t.Parallel() // it waits for processes
	if err := models.Ready(); err != nil {
		t.Skip("SKIPPED: ", err)
	}
	kills := 4
	if s := os.Getenv(crashKills); s != "" {
		var err error
		if kills, err = strconv.Atoi(s); err != nil {
			t.Fatalf("%s: %v", crashKills, err)
		}
	}
	x := newOrdeal(t)
	env := []string{"HAJIR_WEBHOOK_NETWORKS=127.0.0.1/32", "HAJIR_DELIVERY_LEASE=1s"}
	args := []string{"--listen", x.site.Host, "--client-rate", "0", "--company-rate", "0"}
	var ready []time.Duration
	for round := range kills + 1 {
		if time.Since(x.issued) > 8*time.Minute {
			x.issue()
		}
		from := time.Now()
		c, stderr := launchWith(t, x.dir, env, args...)
		if round%4 == 3 && round < kills { // while it starts
			kill := time.AfterFunc(time.Duration(x.random.IntN(500))*time.Millisecond, func() { _ = c.cmd.Process.Kill() })
			_, _ = io.Copy(io.Discard, stderr)
			kill.Stop()
			c.kill()
			continue
		}
		c.serves(t, stderr)
		ready = append(ready, time.Since(from))
		if round == 0 {
			x.begin(c)
		}
		x.check(round == kills || round%50 == 49)
		if t.Failed() {
			return
		}
		if round < kills {
			x.writeAndKill(c)
			continue
		}
		x.everythingIsTold()
		c.kill()
	}
	slices.Sort(ready)
	t.Logf("%d kills, %d acknowledged writes, all there; from launch to ready %v by the median, %v at most",
		kills, len(x.all), ready[len(ready)/2].Round(time.Millisecond), ready[len(ready)-1].Round(time.Millisecond))
}

func newOrdeal(t *testing.T) *ordeal {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	x := &ordeal{
		sink: newSink(t), t: t, dir: filepath.Join(t.TempDir(), "data"), random: rand.New(rand.NewPCG(seed, 0)),
		tokens: map[string]string{}, heads: map[string]hajir.AuditHead{}, site: freeSite(t),
	}
	x.within(func(a *app) {
		x.seal = a.ring
		a.pool.HashMemory = 64
		c := hajir.NewCompany("demo", "Demo 0", "admin@example.com", "Asia/Kathmandu", time.Now())
		c.RepeatWindow = 0
		if _, err := a.company.Create(t.Context(), c, password); err != nil {
			t.Fatal(err)
		}
		for i := range 40 {
			e := hajir.Employee{Username: fmt.Sprintf("person%02d", i), Company: "demo", Name: "Somebody"}
			if _, err := a.company.Add(t.Context(), e, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := a.company.SetPIN(t.Context(), "demo", e.Username, pinOf(i)); err != nil {
				t.Fatal(err)
			}
			x.people = append(x.people, e.Username)
		}
		for range 20 {
			u, _, err := a.company.AddKiosk(t.Context(), "demo", "Door")
			if err != nil {
				t.Fatal(err)
			}
			x.kiosks = append(x.kiosks, u.Username)
		}
	})
	x.issue()
	return x
}

// freeSite is an address on this machine where nobody serves.
func freeSite(t *testing.T) *url.URL {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return &url.URL{Scheme: "http", Host: l.Addr().String()}
}

func pinOf(person int) string { return fmt.Sprintf("73%02d51", person) }

// within runs f on the program's parts in this process, without its models.
func (x *ordeal) within(f func(*app)) {
	x.t.Helper()
	a, err := openWith(x.t.Context(), config.Config{Data: x.dir, LogLevel: "error"}, x.site, time.Now,
		func(faces.TemplateStore) (faces.Recognizer, error) { return facestest.NewFake(time.Now), nil })
	if err != nil {
		x.t.Fatal(err)
	}
	f(a)
	if err := a.Close(); err != nil {
		x.t.Fatal(err)
	}
}

// issue gives everybody an access token.
func (x *ordeal) issue() {
	x.t.Helper()
	x.within(func(a *app) {
		for _, who := range slices.Concat([]string{"demo"}, x.people, x.kiosks) {
			tokens, err := a.pool.Issue(x.t.Context(), who)
			if err != nil {
				x.t.Fatal(err)
			}
			x.tokens[who] = tokens.Access
		}
	})
	x.issued = time.Now()
}

// begin adds what is to be told, and a kind of leave.
func (x *ordeal) begin(c *child) {
	x.t.Helper()
	x.verify = addSink(x.t, c, x.tokens["demo"], x.URL, "invitation.sent", "leave.asked", "question.asked")
	body, code := post(x.t.Context(), c, x.tokens["demo"], "/api/v1/companies/demo/leave/types", typeBody(map[string]any{"unlimited": true, "accrual": "none", "allowance": 0, "carry_max": 0}))
	if x.leave, _ = body["id"].(string); code != http.StatusCreated {
		x.t.Fatalf("add a kind of leave: %d %v", code, body)
	}
}

// writeAndKill has all clients write until the program is killed, once some of
// their writes were acknowledged.
func (x *ordeal) writeAndKill(c *child) {
	x.t.Helper()
	enough, later := 1+x.random.IntN(30), time.Duration(x.random.IntN(20_000))*time.Microsecond
	var clients sync.WaitGroup
	for i, write := range []func(*child, int) (ack, int){x.punch, x.ask, x.settle, x.invite} {
		clients.Go(func() {
			for {
				a, code := write(c, x.next[i])
				x.next[i]++ // also after a kill: what was not acknowledged may be there
				switch code {
				case 0:
					return
				case http.StatusTooManyRequests: // the next one is another's
				case http.StatusOK, http.StatusCreated:
					x.mu.Lock()
					x.acks = append(x.acks, a)
					if len(x.acks) == enough {
						time.AfterFunc(later, func() { _ = c.cmd.Process.Kill() })
					}
					x.mu.Unlock()
				default:
					x.t.Errorf("%s is answered %d", a.what, code)
					_ = c.cmd.Process.Kill()
				}
			}
		})
	}
	clients.Wait()
	c.kill()
}

// punch is one by PIN.
func (x *ordeal) punch(c *child, n int) (ack, int) {
	i := n % len(x.people)
	// Tries that a kill cut off slow the kiosk, so that it is another one each time.
	token := x.tokens[x.kiosks[n%len(x.kiosks)]]
	body, code := post(x.t.Context(), c, token, "/api/v1/companies/demo/punches/pin", map[string]any{"who": x.people[i], "pin": pinOf(i)})
	date, _ := body["date"].(string)
	text, _ := body["at"].(string)
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil && code == http.StatusCreated {
		x.t.Errorf("a punch is answered %v", body)
	}
	return ack{what: "a punch of " + text, there: func(ctx context.Context, db *sqlite.DB) error {
		day, err := db.Day(ctx, x.people[i], date)
		if err == nil && !slices.ContainsFunc(day.Punches, func(p hajir.Punch) bool { return p.At.Equal(at) }) {
			err = errors.New("the day lacks it")
		}
		return err
	}}, code
}

// ask is a request for leave or, now and then, a question.
func (x *ordeal) ask(c *child, n int) (ack, int) {
	who := x.people[n%len(x.people)]
	of := "/api/v1/companies/demo/employees/" + who
	if n%5 == 4 {
		body, code := post(x.t.Context(), c, x.tokens[who], of+"/questions", map[string]any{"text": fmt.Sprintf("May we all come later on day %d?", n)})
		id, _ := body["id"].(string)
		return ack{"question " + id, id, func(ctx context.Context, db *sqlite.DB) error {
			_, err := db.Question(ctx, id)
			return err
		}}, code
	}
	date := time.Now().AddDate(0, 0, 2+n/len(x.people)).Format(time.DateOnly)
	body, code := post(x.t.Context(), c, x.tokens[who], of+"/leave/requests", wishOf(x.leave, date, date))
	if code == http.StatusUnprocessableEntity {
		code = http.StatusTooManyRequests // a day off
	}
	id, _ := body["id"].(string)
	return ack{"leave " + id, id, func(ctx context.Context, db *sqlite.DB) error {
		_, err := db.LeaveRequest(ctx, id)
		return err
	}}, code
}

// settle changes the company's settings.
func (x *ordeal) settle(c *child, n int) (ack, int) {
	x.tried = n + 1
	name := fmt.Sprintf("Demo %d", n+1)
	_, code := c.ask(x.t.Context(), http.MethodPatch, "/api/v1/companies/demo", x.tokens["demo"], map[string]any{"name": name})
	if code == http.StatusOK {
		x.named = n + 1
	}
	return ack{what: "the name " + name, there: func(ctx context.Context, db *sqlite.DB) error {
		stored, err := db.Company(ctx, "demo")
		if err == nil && stored.Name != fmt.Sprintf("Demo %d", x.named) && stored.Name != fmt.Sprintf("Demo %d", x.tried) {
			err = fmt.Errorf("it is %s", stored.Name)
		}
		return err
	}}, code
}

// invite invites somebody.
func (x *ordeal) invite(c *child, n int) (ack, int) {
	who := fmt.Sprintf("guest%05d", n)
	_, code := post(x.t.Context(), c, x.tokens["demo"], "/api/v1/companies/demo/invitations", map[string]any{"username": who, "name": "Somebody"})
	return ack{"the invitation of " + who, who, func(ctx context.Context, db *sqlite.DB) error {
		_, err := db.Invitation(ctx, who)
		return err
	}}, code
}

// check looks at what was left, beside the program that goes on with it; of all
// that was ever acknowledged if full, else of what was since the last time.
func (x *ordeal) check(full bool) {
	x.t.Helper()
	ctx := x.t.Context()
	db, err := sqlite.OpenRead(filepath.Join(x.dir, "hajir.db"), x.seal, time.Now)
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	look := db.QuickCheck
	if full {
		look = db.Check
	}
	if err := look(ctx); err != nil {
		x.t.Error(err)
	}
	x.checkAudit(db)
	waiting := x.waiting(db)
	x.all = append(x.all, x.acks...)
	acks := x.acks
	if full {
		acks = x.all
	}
	x.acks = nil
	for _, a := range acks {
		if err := a.there(ctx, db); err != nil {
			x.t.Errorf("%s was acknowledged: %v", a.what, err)
		}
		if a.told != "" && !waiting[a.told] && !x.wasTold(a.told) {
			x.t.Errorf("%s is neither told nor does it wait to be", a.what)
		}
	}
}

// checkAudit goes through what was added to the audit logs since the last time.
func (x *ordeal) checkAudit(db *sqlite.DB) {
	x.t.Helper()
	chains, err := db.AuditChains(x.t.Context())
	if err != nil || len(chains) == 0 {
		x.t.Fatalf("%d audit logs, %v", len(chains), err)
	}
	for _, company := range chains {
		check := hajir.AuditCheck{Company: company, Known: x.heads[company]}
		check.Begin(x.heads[company])
		for {
			page, err := db.Audit(x.t.Context(), company, hajir.AuditQuery{Oldest: true, Behind: check.Head().Seq, Limit: 500})
			if err != nil {
				x.t.Fatal(err)
			}
			for _, e := range page {
				if err := check.Add(e); err != nil {
					x.t.Fatalf("the audit log of %q: %v", company, err)
				}
			}
			if len(page) < 500 {
				break
			}
		}
		head, err := db.AuditHead(x.t.Context(), company)
		if err := errors.Join(err, check.End()); err != nil || head.Seq < check.Head().Seq {
			x.t.Errorf("the audit log of %q ends at %d, after %d: %v", company, head.Seq, check.Head().Seq, err)
		}
		x.heads[company] = check.Head()
	}
}

// waiting returns of what is still to be told.
func (x *ordeal) waiting(db *sqlite.DB) map[string]bool {
	x.t.Helper()
	all, err := db.DueDeliveries(x.t.Context(), time.Now().AddDate(1, 0, 0), hajir.Delivery{}, 1_000_000)
	if err != nil {
		x.t.Fatal(err)
	}
	waiting := map[string]bool{}
	for _, d := range all {
		waiting[d.Ref] = true
	}
	return waiting
}

func (x *ordeal) wasTold(about string) bool {
	x.sink.mu.Lock()
	defer x.sink.mu.Unlock()
	return len(x.ids[about]) > 0
}

// everythingIsTold waits until nothing is left to tell, and checks that each was
// told under one ID.
func (x *ordeal) everythingIsTold() {
	x.t.Helper()
	x.waitFor(x.t, func() bool {
		return !slices.ContainsFunc(x.all, func(a ack) bool { return a.told != "" && len(x.ids[a.told]) == 0 })
	})
	x.sink.mu.Lock()
	defer x.sink.mu.Unlock()
	for about, ids := range x.ids {
		if len(ids) != 1 {
			x.t.Errorf("%s was told under %d IDs, want 1", about, len(ids))
		}
	}
	if x.wrong > 0 {
		x.t.Errorf("%d signatures are wrong", x.wrong)
	}
}

// count returns how many of acks are in the data in dir.
func (x *ordeal) count(acks []ack, dir string) (n int) {
	x.t.Helper()
	db, err := sqlite.OpenRead(filepath.Join(dir, "hajir.db"), x.seal, time.Now)
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	for _, a := range acks {
		if a.there(x.t.Context(), db) == nil {
			n++
		}
	}
	return n
}
