package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"hajir/internal/doctor"
	"hajir/internal/hajir"
	"hajir/internal/mail"
)

// letters is a mail server that a test can break.
type letters struct {
	fail bool
	got  []string // address, "raised" or "cleared", and alarm
	last mail.Message
}

func (l *letters) Send(_ context.Context, m mail.Message) error {
	if l.fail {
		return errors.New("no connection")
	}
	begin, name, _ := strings.Cut(m.Subject, ": ")
	what := map[string]string{"Alarm": "raised", "All well again": "cleared"}[begin]
	l.got, l.last = append(l.got, m.To.Address+" "+what+" "+name), m
	return nil
}

// alarmWorld is a world whose alarms are mailed to two addresses.
func alarmWorld(t *testing.T) (*world, *letters) {
	w, l := newWorld(t), &letters{}
	w.letters.Mail, w.letters.Operators = l, []mail.Address{{Address: "a@example.com"}, {Address: "b@example.com"}}
	w.health.Mailed = len(w.letters.Operators)
	return w, l
}

// minute goes on by one, judges the alarms, and delivers what is due.
func (w *world) minute() {
	w.t.Helper()
	w.clock.Advance(time.Minute)
	if err := w.alarms.Tick(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.notify.RunDue(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) alarm(name string) hajir.Alarm {
	w.t.Helper()
	all, err := w.db.Alarms(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range all {
		if a.Name == name {
			return a
		}
	}
	return hajir.Alarm{}
}

// Every default rule is raised by the metrics that the program has, mailed once
// to each, cleared, and mailed again.
func TestEachAlarmIsRaisedAndCleared(t *testing.T) {
	w, l := alarmWorld(t)
	lag, drill, free, late := 0.0, 1.0, 1e12, 0.0
	w.metrics.Gauge("hajir_delivery_late_seconds", "", func() float64 { return late })
	w.metrics.Gauge("hajir_backup_lag_seconds", "", func() float64 { return lag })
	w.metrics.Gauge("hajir_backup_drill_success", "", func() float64 { return drill })
	w.metrics.Disk("test", func() (uint64, uint64, error) { return uint64(free), 1e12, nil })
	answer := func(status, n int) {
		h := w.metrics.Watch(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { rw.WriteHeader(status) }), w.now)
		for range n {
			serveOnce(h)
		}
	}
	took := func(d time.Duration) {
		clock := time.Time{}
		serveOnce(w.metrics.Watch(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { clock = clock.Add(d) }), func() time.Time { return clock }))
	}
	harm := map[string]func(function string){
		"function.errors":    func(f string) { w.metrics.Invoked(f, true) },
		"function.throttles": func(f string) { repeat(100, func() { w.metrics.Throttled(f) }) },
		"function.duration":  func(f string) { w.metrics.Took(f, 20*time.Second) },
		"api.4xx":            func(string) { answer(http.StatusNotFound, 60); answer(http.StatusOK, 50) },
		"api.5xx":            func(string) { answer(http.StatusServiceUnavailable, 5) },
		"api.latency":        func(string) { took(20 * time.Second) },
		"store.errors":       func(string) { w.metrics.Stored("SaveDay", true, time.Millisecond, true, false) },
		"store.throttles":    func(string) { w.metrics.Stored("SaveDay", true, time.Millisecond, false, true) },
		"store.latency":      func(string) { repeat(100, func() { w.metrics.Stored("SaveDay", true, 3*time.Second, false, false) }) },
		"queue.refused":      func(string) { repeat(10, func() { w.metrics.Refused("pictures") }) },
		"mail.failed":        func(string) { repeat(3, func() { w.metrics.Mailed(false) }) },
		"deliveries.dead":    func(string) { w.metrics.Tried("webhook", "dead", false) },
		"deliveries.late":    func(string) { late = 700 },
		"backup.lag":         func(string) { lag = 1000 },
		"backup.drill":       func(string) { drill = 0 },
		"disk.space":         func(string) { free = 1e8 },
	}
	repeat(3, w.minute)
	if len(l.got) != 0 {
		t.Fatalf("while all is well, these were mailed: %q", l.got)
	}
	tried := map[string]bool{}
	for _, rule := range w.alarms.Rules {
		t.Run(rule.Name, func(t *testing.T) {
			kind, function := rule.Name, ""
			for prefix := range harm {
				if rest, ok := strings.CutPrefix(rule.Name, prefix+"."); ok {
					kind, function = prefix, rest
				}
			}
			do, ok := harm[kind]
			if !ok {
				t.Fatal("nobody tries this rule")
			}
			tried[kind] = true
			l.got = nil
			minutes := 0
			for w.alarm(rule.Name).State != hajir.AlarmRaised {
				if minutes++; minutes > 12 {
					t.Fatalf("it is not raised: %+v", w.alarm(rule.Name))
				}
				do(function)
				w.minute()
			}
			lag, drill, free, late = 0, 1, 1e12, 0
			if a := w.alarm(rule.Name); !a.HasValue || !rule.Breaches(a.Value) {
				t.Errorf("the value is %v", a.Value)
			}
			for w.alarm(rule.Name).State != hajir.AlarmOK {
				if minutes++; minutes > 45 {
					t.Fatalf("it is not cleared: %+v", w.alarm(rule.Name))
				}
				w.minute()
			}
			repeat(16, w.minute) // so that others that follow are over
			for _, to := range []string{"a@example.com", "b@example.com"} {
				for _, what := range []string{"raised", "cleared"} {
					if n := count(l.got, to+" "+what+" "+rule.Name); n != 1 {
						t.Errorf("%s was mailed %s %d times: %q", to, what, n, l.got)
					}
				}
			}
		})
	}
	if len(tried) != len(harm) {
		t.Errorf("%d kinds of alarms, %d tried", len(harm), len(tried))
	}
	changes, err := w.db.AlarmHistory(t.Context(), 1000)
	if err != nil || len(changes) < 2*len(w.alarms.Rules) {
		t.Errorf("%d lines of history, %v", len(changes), err)
	}
}

func repeat(n int, f func()) {
	for range n {
		f()
	}
}

func count(all []string, want string) (n int) {
	for _, s := range all {
		if s == want {
			n++
		}
	}
	return n
}

// A mail that fails is tried until it works, also by another process, and a
// silence holds it back until it ends.
func TestAlarmsAreMailedUntilTheyAre(t *testing.T) {
	w, l := alarmWorld(t)
	admin := w.company("acme")
	const name, path = "store.errors", "/companies/acme/health/alarms/store.errors/silence"
	fault := func() { w.metrics.Stored("SaveDay", true, time.Millisecond, true, false) }
	l.fail = true
	fault()
	w.minute()
	if a := w.alarm(name); a.State != hajir.AlarmRaised || a.Untold() || len(l.got) != 0 {
		t.Fatalf("%+v, %q", a, l.got)
	}
	// While mail is broken, the health page shows the alarm, and the admin that it
	// waits to be told.
	r := w.want(w.call("GET", "/companies/acme/health", admin, nil), http.StatusOK, "").Body.String()
	waiting := w.want(w.call("GET", "/companies/acme/deliveries?state=waiting", admin, nil), http.StatusOK, "").Body.String()
	if !strings.Contains(r, `"name":"store.errors","state":"alarm"`) || strings.Count(waiting, "alarm.raised") != 2 {
		t.Fatalf("%s\n%s", r, waiting)
	}
	l.fail = false
	w.minute() // the first try is repeated after five seconds: another process could do it, since only the store knows
	if n := count(l.got, "a@example.com raised "+name); n != 1 || len(l.got) != 2 {
		t.Fatalf("mailed %d times: %q", n, l.got)
	}
	for _, want := range []string{"The database fails.", "Rule: Sum of hajir_store_errors_total", "Value: 1", "/health"} {
		if !strings.Contains(l.last.Text, want) {
			t.Errorf("the letter does not say %q:\n%s", want, l.last.Text)
		}
	}
	for range 10 {
		w.minute()
	}
	if n := count(l.got, "b@example.com cleared "+name); n != 1 {
		t.Fatalf("cleared %d times: %q", n, l.got)
	}
	l.got = nil
	body := func(d time.Duration, reason string) map[string]any {
		return map[string]any{"until": w.clock.Now().Add(d).Format(time.RFC3339), "reason": reason}
	}
	w.want(w.call("PUT", path, admin, body(time.Hour, "")), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PUT", path, admin, body(-time.Hour, "x")), http.StatusUnprocessableEntity, "invalid")
	w.want(w.call("PUT", strings.Replace(path, name, "none", 1), admin, body(time.Hour, "x")), http.StatusNotFound, "not_found")
	w.want(w.call("PUT", path, admin, body(time.Hour, "a new disk is coming")), http.StatusNoContent, "")
	fault()
	w.minute()
	if a := w.alarm(name); a.State != hajir.AlarmRaised || len(l.got) != 0 {
		t.Fatalf("silenced: %s, %q", a.State, l.got)
	}
	w.want(w.call("DELETE", path, admin, nil), http.StatusNoContent, "")
	w.minute()
	if count(l.got, "a@example.com raised "+name) != 1 {
		t.Errorf("when the silence ends it is not mailed: %q", l.got)
	}
	log := w.want(w.call("GET", "/companies/acme/audit?operation=silence-alarm", admin, nil), http.StatusOK, "").Body.String()
	if !strings.Contains(log, "a new disk is coming") || !strings.Contains(log, "Alarm_silences") {
		t.Errorf("the audit log does not tell: %s", log)
	}
	// Of an alarm that changed before it could be told, the last state is told.
	l.got, l.fail = nil, true
	for w.alarm(name).State != hajir.AlarmOK {
		w.minute()
	}
	if count(l.got, "a@example.com cleared "+name) != 0 {
		t.Fatalf("mail was broken: %q", l.got)
	}
	fault()
	repeat(8, w.minute)
	if l.fail = false; w.alarm(name).State != hajir.AlarmOK {
		t.Fatalf("it is not over: %+v", w.alarm(name))
	}
	repeat(60, w.minute)
	if count(l.got, "a@example.com cleared "+name) != 1 || count(l.got, "a@example.com raised "+name) != 0 {
		t.Errorf("after mail was broken: %q", l.got)
	}
}

// The health of the installation is for who operates it.
func TestWhoSeesTheHealth(t *testing.T) {
	w, _ := alarmWorld(t)
	acme := w.company("acme")
	w.health.Checks = func() []doctor.Check {
		return []doctor.Check{{Name: "x", Run: func(_ context.Context, c *doctor.Chart) { c.OK("x", "fine") }}}
	}
	const of = "/companies/acme/health"
	if r := w.want(w.call("GET", of+"/summary", acme, nil), http.StatusOK, ""); r.json["operator"] != true {
		t.Errorf("the only company does not operate: %v", r.json)
	}
	w.want(w.call("POST", of+"/examination", acme, nil), http.StatusOK, "")
	w.minute()
	r := w.want(w.call("GET", of, acme, nil), http.StatusOK, "")
	if n := len(r.json["alarms"].([]any)); n != len(w.alarms.Rules) || r.json["examination"] == nil || r.json["version"] == "" || r.json["mailed"] != 2.0 {
		t.Errorf("%d alarms: %v", n, r.json)
	}
	w.want(w.call("GET", of+"/history", acme, nil), http.StatusOK, "")
	other := w.company("other") // now the operator has to say who
	for company, token := range map[string]string{"acme": acme, "other": other} {
		at := "/companies/" + company + "/health"
		if r := w.want(w.call("GET", at+"/summary", token, nil), http.StatusOK, ""); r.json["operator"] != false {
			t.Errorf("%s operates: %v", company, r.json)
		}
		for _, what := range [][2]string{{"GET", ""}, {"GET", "/history"}, {"POST", "/examination"}, {"DELETE", "/alarms/store.errors/silence"}} {
			w.want(w.call(what[0], at+what[1], token, nil), http.StatusNotFound, "not_found")
		}
	}
	w.health.OperatorCompany = "other"
	w.want(w.call("GET", of, acme, nil), http.StatusNotFound, "not_found")
	w.want(w.call("GET", "/companies/other/health", other, nil), http.StatusOK, "")
	w.health.OperatorCompany, w.health.OpenSignUp = "", true
	if err := w.db.DeleteCompany(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	w.want(w.call("GET", of, acme, nil), http.StatusNotFound, "not_found") // anybody can be the only one
}

// serveOnce asks a handler for one operation of the API.
func serveOnce(h http.Handler) {
	r, err := http.NewRequest(http.MethodGet, "/api/v1/x", http.NoBody)
	if err == nil {
		h.ServeHTTP(discard{http.Header{}}, r)
	}
}

type discard struct{ h http.Header }

func (d discard) Header() http.Header         { return d.h }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (discard) WriteHeader(int)               {}
