package hajir_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hajir/internal/hajir"
)

var noticed = time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)

// news is a list of notices in short.
func news(all []hajir.Notice) string {
	var lines []string
	for _, n := range all {
		line := fmt.Sprintf("%s %s/%s %s by %s", n.Kind, n.State, n.Action, n.Person, n.By)
		if n.Decider != "" {
			line += " to " + n.Decider
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "; ")
}

func TestLeaveNotices(t *testing.T) {
	asha, mona := hajir.LeaveActor{Username: "asha", At: noticed}, hajir.LeaveActor{Username: "mona", At: noticed, Note: "busy"}
	type request = hajir.LeaveRequest
	approve := func(r request) request { r, _, _ = r.Approve(mona, "boss"); return r }
	refuse := func(r request) request { r, _ = r.Refuse(mona); return r }
	cancel := func(today string) func(request) request {
		return func(r request) request { r, _, _ = r.Cancel(asha, today, "mona"); return r }
	}
	second := func(r request) request { r.Second = true; return r }
	pass := func(r request) request { return r.PassOn("nina", noticed) }
	for _, tt := range []struct {
		steps []func(request) request
		want  string // of the last step
	}{
		{nil, "leave.asked requested/requested asha by asha to mona"},
		{[]func(request) request{approve}, "leave.approved approved/approved asha by mona"},
		{[]func(request) request{refuse}, "leave.refused refused/refused asha by mona"},
		{[]func(request) request{pass}, "leave.asked requested/passed_on asha by  to nina"},
		{[]func(request) request{second, approve}, "leave.asked second_level/approved asha by mona to boss"},
		{[]func(request) request{second, approve, approve}, "leave.approved approved/approved asha by mona"},
		{[]func(request) request{cancel("2026-03-01")}, "leave.cancelled cancelled/cancelled asha by asha"},
		{[]func(request) request{approve, cancel("2026-03-01")}, "leave.cancelled cancelled/cancelled asha by asha"},
		{[]func(request) request{approve, cancel("2026-03-09")}, "leave.asked cancel_asked/cancel_asked asha by asha to mona"},
		{[]func(request) request{approve, cancel("2026-03-09"), approve}, "leave.cancelled cancelled/approved asha by mona"},
		{[]func(request) request{approve, cancel("2026-03-09"), refuse}, "leave.refused approved/cancel_refused asha by mona"},
	} {
		var before request
		after := request{ID: "r1", Company: "acme", Username: "asha", LeaveSpan: hajir.LeaveSpan{From: "2026-03-05", To: "2026-03-06"}}.Request(asha, "mona")
		for _, step := range tt.steps {
			before, after = after, step(after)
		}
		got := hajir.LeaveNotices(before, after)
		if news(got) != tt.want {
			t.Errorf("%s, want %s", news(got), tt.want)
		}
		for _, n := range got {
			if n.Company != "acme" || n.Ref != "r1" || n.Date != "2026-03-05" || !n.At.Equal(noticed) {
				t.Errorf("%+v", n)
			}
		}
		if again := hajir.LeaveNotices(after, after); len(again) > 0 {
			t.Errorf("no change, and %s", news(again))
		}
	}
}

// However many steps are written at once, each is told that would have been told
// by itself, and as the same kind.
func TestLeaveStepsAreToldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []hajir.LeaveRequest
		r := hajir.LeaveRequest{ID: "r1", Company: "acme", Username: "asha", Second: rapid.Bool().Draw(t, "second")}
		r.From = "2026-03-05"
		all = append(all, hajir.LeaveRequest{}, r.Request(hajir.LeaveActor{Username: "asha", At: noticed}, "mona"))
		for range rapid.IntRange(0, 6).Draw(t, "steps") {
			is, a := all[len(all)-1], hajir.LeaveActor{Username: "mona", Note: "why", At: noticed}
			switch rapid.SampledFrom([]string{"approve", "refuse", "cancel", "pass"}).Draw(t, "step") {
			case "approve":
				is, _, _ = is.Approve(a, "boss")
			case "refuse":
				is, _ = is.Refuse(a)
			case "cancel":
				a.Username = "asha"
				is, _, _ = is.Cancel(a, rapid.SampledFrom([]string{"2026-03-01", "2026-03-09"}).Draw(t, "today"), "mona")
			case "pass":
				is = is.PassOn("nina", noticed)
			}
			all = append(all, is)
		}
		var single []hajir.NoticeKind
		kinds := func(ns []hajir.Notice) (ks []hajir.NoticeKind) {
			for _, n := range ns {
				ks = append(ks, n.Kind)
			}
			return ks
		}
		for i := 1; i < len(all); i++ {
			single = append(single, kinds(hajir.LeaveNotices(all[i-1], all[i]))...)
		}
		together := kinds(hajir.LeaveNotices(all[0], all[len(all)-1]))
		if len(single) != len(together) {
			t.Fatalf("one by one %v, at once %v", single, together)
		}
	})
}

func TestDayNotices(t *testing.T) {
	day := func(punches ...hajir.Punch) hajir.Day {
		d := hajir.Day{Name: "asha", Date: "2026-03-02", Company: "acme"}
		for i, p := range punches {
			p.At = noticed.Add(time.Duration(i) * time.Hour)
			d, _ = d.Record(p)
		}
		return d
	}
	door := hajir.Punch{ID: "p1", Source: hajir.SourceKiosk, By: "kiosk-1"}
	with := func(change func(*hajir.Punch)) hajir.Punch {
		p := hajir.Punch{ID: "p2", Source: hajir.SourceKiosk, By: "kiosk-1"}
		change(&p)
		return p
	}
	struck := day()
	struck.Struck = []hajir.Struck{{Punch: door}}
	rejected := day()
	rejected.Rejected = []hajir.Punch{door}
	for name, tt := range map[string]struct {
		before, after hajir.Day
		want          string
	}{
		"the first":             {day(), day(door), "punch.recorded entry/kiosk asha by kiosk-1"},
		"the next":              {day(door), day(door, with(func(p *hajir.Punch) { p.Source = hajir.SourcePIN })), "punch.recorded exit/pin asha by kiosk-1"},
		"nothing new":           {day(door), day(door), ""},
		"one less":              {day(door), day(), ""},
		"moved here":            {day(), day(with(func(p *hajir.Punch) { p.Moves = 1 })), ""},
		"of a correction":       {day(), day(with(func(p *hajir.Punch) { p.Correction = "c1" })), ""},
		"of a file":             {day(), day(with(func(p *hajir.Punch) { p.Source = hajir.SourceImport })), ""},
		"of a device's file":    {day(), day(with(func(p *hajir.Punch) { p.Source = hajir.SourceDevice })), ""},
		"of the example":        {day(), day(with(func(p *hajir.Punch) { p.Source = hajir.SourceDemo })), ""},
		"struck, and back":      {struck, day(door), ""},
		"rejected, and back":    {rejected, day(door), ""},
		"two that came at once": {day(), day(door, with(func(*hajir.Punch) {})), "punch.recorded entry/kiosk asha by kiosk-1; punch.recorded exit/kiosk asha by kiosk-1"},
	} {
		got := hajir.DayNotices(tt.before, tt.after)
		if news(got) != tt.want {
			t.Errorf("%s: %q, want %q", name, news(got), tt.want)
		}
	}
}

func TestOtherNotices(t *testing.T) {
	punch := hajir.Review{Company: "acme", ID: "v1", At: noticed, Username: "asha", Punch: "p1", By: "kiosk-1", State: hajir.ReviewOpen}
	refusal, done := punch, punch
	refusal.Punch, done.State = "", hajir.ReviewConfirmed
	link := hajir.Invitation{Username: "bina", Company: "acme"}.WithLink([]byte{1}, noticed)
	sent := link
	sent.Mail, sent.Version = hajir.MailSent, 2
	closed := hajir.ClosedDate{Company: "acme", Date: "2026-03-02", ClosedAt: noticed, MissingExits: []string{"asha"}}
	later := closed
	later.MissingExits, later.AutoExits = []string{"bina"}, []string{"asha", "chandra"}
	asked := hajir.Question{ID: "q1", Company: "acme", State: hajir.QuestionNew, Asker: hajir.Asker{Username: "asha"}, At: noticed}
	answered := asked
	answered.State, answered.Answer = hajir.QuestionAnswered, hajir.QuestionAnswer{By: "mona", At: noticed, Number: 1}
	corrected := func(state hajir.CorrectionState, decider string, does ...hajir.CorrectionAction) hajir.DayCorrections {
		c := hajir.Correction{ID: "c1", State: state, Decider: decider}
		for _, d := range does {
			c.History = append(c.History, hajir.CorrectionEvent{At: noticed, Does: d, By: "mona"})
		}
		return hajir.DayCorrections{Username: "asha", Date: "2026-03-02", Company: "acme", All: []hajir.Correction{c}}
	}
	const request, approve = hajir.CorrectionActionRequest, hajir.CorrectionActionApprove
	none, open := hajir.DayCorrections{}, corrected(hajir.CorrectionRequested, "mona", request)
	approved := corrected(hajir.CorrectionApproved, "", request, approve)
	applied := corrected(hajir.CorrectionApproved, "", request, approve)
	applied.All[0].Applied = true
	for name, tt := range map[string]struct {
		got  []hajir.Notice
		want string
	}{
		"a doubtful punch":       {hajir.ReviewNotices(hajir.Review{}, punch), "punch.doubtful open/ asha by kiosk-1"},
		"looked at again":        {hajir.ReviewNotices(punch, punch), ""},
		"decided":                {hajir.ReviewNotices(punch, done), ""},
		"a refused face":         {hajir.ReviewNotices(hajir.Review{}, refusal), ""},
		"a link":                 {hajir.InvitationNotices(hajir.Invitation{}, link), "invitation.sent / bina by "},
		"its mail":               {hajir.InvitationNotices(link, sent), ""},
		"a new link":             {hajir.InvitationNotices(sent, sent.WithLink([]byte{2}, noticed)), "invitation.sent / bina by "},
		"an exit is missing":     {hajir.ClosingNotices(hajir.ClosedDate{}, closed), "exit.missing open/ asha by "},
		"closed again":           {hajir.ClosingNotices(closed, later), "exit.missing open/ bina by ; exit.missing guessed/ chandra by "},
		"a question":             {hajir.QuestionNotices(hajir.Question{}, asked), "question.asked new/ asha by asha"},
		"its answer":             {hajir.QuestionNotices(asked, answered), "question.answered answered/ asha by mona"},
		"the same answer":        {hajir.QuestionNotices(answered, answered), ""},
		"a correction":           {hajir.CorrectionNotices(none, open), "correction.asked requested/requested asha by mona to mona"},
		"passed on":              {hajir.CorrectionNotices(open, corrected(hajir.CorrectionRequested, "nina", request, hajir.CorrectionActionPassOn)), "correction.asked requested/passed_on asha by mona to nina"},
		"approved":               {hajir.CorrectionNotices(open, approved), "correction.decided approved/approved asha by mona"},
		"applied":                {hajir.CorrectionNotices(approved, applied), ""},
		"refused":                {hajir.CorrectionNotices(open, corrected(hajir.CorrectionRefused, "", request, hajir.CorrectionActionRefuse)), "correction.decided refused/refused asha by mona"},
		"withdrawn":              {hajir.CorrectionNotices(open, corrected(hajir.CorrectionWithdrawn, "", request, hajir.CorrectionActionWithdraw)), "correction.decided withdrawn/withdrawn asha by mona"},
		"failed":                 {hajir.CorrectionNotices(approved, corrected(hajir.CorrectionFailed, "", request, approve, hajir.CorrectionActionFail)), "correction.decided failed/failed asha by mona"},
		"entered by the admin":   {hajir.CorrectionNotices(none, corrected(hajir.CorrectionApproved, "", hajir.CorrectionActionEdit)), "correction.decided approved/edited asha by mona"},
		"a question, and answer": {hajir.QuestionNotices(hajir.Question{}, answered), "question.asked answered/ asha by asha; question.answered answered/ asha by mona"},
	} {
		if news(tt.got) != tt.want {
			t.Errorf("%s: %q, want %q", name, news(tt.got), tt.want)
		}
	}
}

// A notice has no field in which a name, an address or a reason could be.
func TestANoticeHoldsKeysAlone(t *testing.T) {
	var fields []string
	for f := range reflect.TypeFor[hajir.Notice]().Fields() {
		fields = append(fields, f.Name)
	}
	if want := strings.Fields("ID Company Kind At Person By Ref Date State Action Decider"); !slices.Equal(fields, want) {
		t.Errorf("a notice has %v, want %v: what is added stays when a person is erased", fields, want)
	}
}

func TestDeliveriesFailAndDie(t *testing.T) {
	now := noticed
	d := hajir.Delivery{Notice: hajir.Notice{ID: "n1"}, Channel: "webhook", Target: "e1"}
	var total time.Duration
	for i, wait := range hajir.Retries() {
		d = d.Fail(hajir.Failure{Reason: "it is down"}, 0, now)
		if d.Dead() || d.Tries != i+1 || d.Due.Sub(now) != wait || !d.TriedAt.Equal(now) {
			t.Fatalf("after %d tries: %+v, want another in %s", i+1, d, wait)
		}
		total += wait
		now = d.Due
	}
	if total < 72*time.Hour || total > 96*time.Hour {
		t.Errorf("tried for %s, want about three days", total)
	}
	if d = d.Fail(hajir.Failure{Reason: strings.Repeat("é", 999)}, 0, now); !d.Dead() || !d.Due.IsZero() || len([]rune(d.Reason)) != 300 {
		t.Errorf("after the last try: %+v", d)
	}
	again := d.Again(now)
	if again.Dead() || again.Tries != 0 || !again.Due.Equal(now) || again.Key() != "n1/webhook/e1" {
		t.Errorf("sent again: %+v", again)
	}
	if f := again.Fail(hajir.Failure{Permanent: true}, 0, now); !f.Dead() {
		t.Error("what cannot succeed is tried again")
	}
	for after, want := range map[time.Duration]time.Duration{time.Second: 5 * time.Second, time.Hour: time.Hour, 99 * time.Hour: 24 * time.Hour} {
		if f := again.Fail(hajir.Failure{After: after}, 0, now); f.Due.Sub(now) != want {
			t.Errorf("asked to come after %s it comes after %s", after, f.Due.Sub(now))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		x := hajir.Delivery{Tries: rapid.IntRange(0, len(hajir.Retries())-1).Draw(t, "tries")}
		wait := hajir.Retries()[x.Tries]
		got := x.Fail(hajir.Failure{}, rapid.Float64Range(0, 1).Draw(t, "jitter"), now).Due.Sub(now)
		if got < wait || got > wait+wait/5 {
			t.Fatalf("waits %s, want %s and up to a fifth more", got, wait)
		}
	})
}
