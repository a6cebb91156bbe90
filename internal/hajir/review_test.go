package hajir_test

import (
	"crypto/sha256"
	"slices"
	"testing"
	"time"

	"hajir/internal/hajir"
)

var monday = time.Date(2026, 3, 2, 3, 15, 0, 0, time.UTC)

func TestReviewIDsOrder(t *testing.T) {
	early, late := hajir.ReviewID(monday, "zz"), hajir.ReviewID(monday.Add(time.Nanosecond), "aa")
	if early >= late || hajir.ReviewID(monday, "") >= early {
		t.Errorf("%s, %s", early, late)
	}
}

func TestKeeps(t *testing.T) {
	for code, want := range map[hajir.Code]bool{
		hajir.FaceUnknown: true, hajir.FaceConfirm: true, hajir.FaceAmbiguous: true, hajir.FaceNotLive: true, hajir.FaceContradicted: true,
		hajir.FaceNone: false, hajir.FaceSmall: false, hajir.FaceSeveral: false, hajir.PictureInvalid: false, hajir.KioskPlace: false,
	} {
		if hajir.Keeps(code) != want {
			t.Errorf("Keeps(%s) = %t", code, !want)
		}
	}
}

func refusal() hajir.Review {
	hash := sha256.Sum256([]byte("secret"))
	return hajir.Review{
		Company: "acme", ID: "r", At: monday, LastAt: monday, Count: 1, Code: hajir.FaceConfirm, By: "kiosk-1", State: hajir.ReviewOpen, Picture: "p",
		Ask:      []string{"asha", "bina"},
		Decision: hajir.Decision{Threshold: 0.4, Candidates: []hajir.Candidate{like("asha", 0.6), like("bina", 0.59), like("chet", 0.2)}},
		Ticket:   hajir.Ticket{Hash: hash[:], ExpiresAt: monday.Add(hajir.TicketLife)},
	}
}

// Somebody who stands before the camera is one refusal, for a while.
func TestContinues(t *testing.T) {
	same := hajir.Outcome{Code: hajir.FaceConfirm, Ask: []string{"bina", "asha"}}
	for name, tt := range map[string]struct {
		change func(*hajir.Review, *hajir.Outcome)
		by     string
		after  time.Duration
		want   bool
	}{
		"half a second later": {nil, "kiosk-1", time.Second / 2, true},
		"a minute later":      {nil, "kiosk-1", time.Minute, true},
		"later":               {nil, "kiosk-1", time.Minute + 1, false},
		"earlier":             {nil, "kiosk-1", -1, false},
		"all the time":        {func(r *hajir.Review, _ *hajir.Outcome) { r.LastAt = monday.Add(10 * time.Minute) }, "kiosk-1", 10 * time.Minute, true},
		"for too long":        {func(r *hajir.Review, _ *hajir.Outcome) { r.LastAt = monday.Add(10 * time.Minute) }, "kiosk-1", 10*time.Minute + 1, false},
		"at another kiosk":    {nil, "kiosk-2", 0, false},
		"for another reason":  {func(_ *hajir.Review, o *hajir.Outcome) { o.Code = hajir.FaceNotLive }, "kiosk-1", 0, false},
		"like others":         {func(_ *hajir.Review, o *hajir.Outcome) { o.Ask = []string{"asha", "chet"} }, "kiosk-1", 0, false},
		"after it was done":   {func(r *hajir.Review, _ *hajir.Outcome) { r.State = hajir.ReviewRejected }, "kiosk-1", 0, false},
		"a punch":             {func(r *hajir.Review, _ *hajir.Outcome) { r.Punch = "p1" }, "kiosk-1", 0, false},
	} {
		r, o := refusal(), same
		if tt.change != nil {
			tt.change(&r, &o)
		}
		if got := r.Continues(o, tt.by, monday.Add(tt.after)); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}

func TestTicketIsGoodOnce(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*hajir.Review)
		secret string
		by     string
		after  time.Duration
		code   hajir.Code
	}{
		"the right secret":   {nil, "secret", "kiosk-1", hajir.TicketLife - 1, ""},
		"another secret":     {nil, "Secret", "kiosk-1", 0, hajir.TicketEnded},
		"no secret":          {func(r *hajir.Review) { r.Ticket.Hash = nil }, "", "kiosk-1", 0, hajir.TicketEnded},
		"too late":           {nil, "secret", "kiosk-1", hajir.TicketLife, hajir.TicketEnded},
		"another kiosk":      {nil, "secret", "kiosk-2", 0, hajir.TicketEnded},
		"used":               {func(r *hajir.Review) { r.Ticket.UsedAt = monday }, "secret", "kiosk-1", 0, hajir.TicketEnded},
		"decided by someone": {func(r *hajir.Review) { r.State = hajir.ReviewRejected }, "secret", "kiosk-1", 0, hajir.TicketEnded},
	} {
		r := refusal()
		if tt.change != nil {
			tt.change(&r)
		}
		if err := r.Admits([]byte(tt.secret), tt.by, monday.Add(tt.after)); codeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReviewIsDecidedOnce(t *testing.T) {
	begun, err := refusal().Begin(hajir.ReviewReassigned, "asha", "acme", monday)
	if err != nil || begun.State != hajir.ReviewOpen {
		t.Fatalf("%+v, %v", begun, err)
	}
	if err := begun.Admits([]byte("secret"), "kiosk-1", monday); codeOf(err) != hajir.TicketEnded {
		t.Errorf("its ticket is still good: %v", err)
	}
	if _, err := begun.Begin(hajir.ReviewReassigned, "asha", "acme", monday); err != nil {
		t.Errorf("who was cut off begins again: %v", err)
	}
	if _, err := begun.Begin(hajir.ReviewReassigned, "bina", "acme", monday); codeOf(err) != hajir.Conflict {
		t.Errorf("otherwise: %v", err)
	}
	r := begun.Done(monday)
	if r.State != hajir.ReviewReassigned || r.To != "asha" || r.DoneBy != "acme" || !r.DoneAt.Equal(monday) || r.Begun != "" {
		t.Fatalf("%+v", r)
	}
	if _, err := r.Begin(hajir.ReviewRejected, "", "acme", monday); codeOf(err) != hajir.Conflict {
		t.Errorf("again: %v", err)
	}
	punch := hajir.Review{State: hajir.ReviewOpen, Punch: "p1", Username: "asha"}
	for name, tt := range map[string]struct {
		r     hajir.Review
		state hajir.ReviewState
		to    string
		code  hajir.Code
	}{
		"confirm a punch":              {punch, hajir.ReviewConfirmed, "", ""},
		"reject a punch":               {punch, hajir.ReviewRejected, "", ""},
		"give a punch to another":      {punch, hajir.ReviewReassigned, "bina", ""},
		"give a punch to its person":   {punch, hajir.ReviewReassigned, "asha", hajir.Invalid},
		"give a punch to nobody":       {punch, hajir.ReviewReassigned, "", hajir.Invalid},
		"confirm a punch of another":   {punch, hajir.ReviewConfirmed, "bina", hajir.Invalid},
		"reopen a punch":               {punch, hajir.ReviewOpen, "", hajir.Invalid},
		"something else about a punch": {punch, "perhaps", "", hajir.Invalid},
		"confirm a refusal":            {refusal(), hajir.ReviewConfirmed, "", hajir.Invalid},
		"dismiss a refusal":            {refusal(), hajir.ReviewRejected, "", ""},
	} {
		if _, err := tt.r.Begin(tt.state, tt.to, "acme", monday); codeOf(err) != tt.code {
			t.Errorf("%s: %v, want %q", name, err, tt.code)
		}
	}
}

func TestExpiry(t *testing.T) {
	r := refusal()
	for days, want := range map[int]time.Time{14: monday.AddDate(0, 0, 14), 0: monday.Add(hajir.TicketLife)} {
		if got := r.Expiry(days); !got.Equal(want) {
			t.Errorf("%d days: %s", days, got)
		}
	}
}

func TestForget(t *testing.T) {
	names := func(r hajir.Review) (all []string) {
		for _, c := range r.Decision.Candidates {
			all = append(all, c.Username)
		}
		return all
	}
	r, changed, picture := refusal().Forget("asha")
	if !changed || picture != "p" || r.Picture != "" || !r.PictureErased || !slices.Equal(names(r), []string{"bina", "chet"}) || !slices.Equal(r.Ask, []string{"bina"}) {
		t.Errorf("asha: %+v, %t, %q", r, changed, picture)
	}
	r, changed, picture = refusal().Forget("chet") // it was never taken for theirs
	if !changed || picture != "" || r.Picture != "p" || !slices.Equal(names(r), []string{"asha", "bina"}) {
		t.Errorf("chet: %+v, %t, %q", r, changed, picture)
	}
	if _, changed, _ = refusal().Forget("dipa"); changed {
		t.Error("dipa changes something")
	}
	given := refusal()
	given.To = "dipa"
	if _, changed, picture = given.Forget("dipa"); !changed || picture != "p" {
		t.Error("a picture that was given to dipa stays")
	}
	if len(refusal().Decision.Candidates) != 3 || len(refusal().Ask) != 2 {
		t.Error("Forget changed what it was given")
	}
}
